"""`[words] (address)`: the blank makes text of what was meant as a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-spaced", level=Level.WARNING, title=_("A blank keeps a link from being one"), is_fixable=True)
SPACED = Pattern(
    r"\[(?P<words>[^\[\]\n]+)\](?P<blank>[ \t\u00a0\u202f]+)"
    r"\((?:https?://|mailto:)[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*\)",
    re.IGNORECASE,
)
# “[sic]”, “[…]”, “[3]”: a remark or the number of a source, with its address behind it.
REMARK = Pattern(r"(?:sic|\W+|\d+)", re.IGNORECASE)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each; the blank is what goes (CommonMark 0.31, 6.3: no white space is allowed there)."""
    for text in manuscript.all_texts:
        survey = text.survey
        for block in survey.blocks:
            if "] " not in block.text and "]\t" not in block.text and "]\u00a0" not in block.text:
                continue
            for found in SPACED.finditer(block.text):
                start, end = found.span("blank")
                # Not within code, nor the words of a link already.
                is_prose = block.prose[found.start()] == "[" and block.prose[start - 1] == "]"
                if not is_prose or REMARK.fullmatch(found["words"]):
                    continue
                yield RULE.at(
                    survey.place_in(block, *found.span()),
                    _("“{words}” is no link yet: there is a blank before the address").format(
                        words=shorten(found["words"])
                    ),
                    suggestion=_("take the blank away: [{words}](https://…)").format(words=shorten(found["words"])),
                    edits=survey.edits_in(block, start, end, ""),
                )
