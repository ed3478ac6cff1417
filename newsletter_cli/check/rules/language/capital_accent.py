"""A capital that has lost its accent: “A l’agenda”, “l’Etat”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import all_passages
from newsletter_cli.markdown.typography import correct_capitals
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="capital-accent", level=Level.INFO, title=_("A capital lacks its accent"), is_fixable=True)
# A preposition is shown with what follows.
WORD = re.compile(r"A \w+(?:['’]\w+)?|\w+")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each, in French; only words that are nothing without the accent."""
    for passage in all_passages(manuscript) if manuscript.is_french else ():
        for one in correct_capitals(passage.prose, manuscript.language):
            found = WORD.match(passage.prose, one.start)
            end = found.end() if found else one.end
            word = passage.prose[one.start : end]
            yield RULE.at(
                passage.place(one.start, end),
                _("“{word}” lacks the accent of its capital").format(word=word),
                suggestion=_("write “{word}”").format(word=one.new + word[1:]),
                edits=passage.edits(one.start, one.end, one.new),
            )
