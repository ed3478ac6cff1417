"""Stars that should have made bold or italics, and show as stars."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import Block
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="emphasis-unclosed", level=Level.WARNING, title=_("Bold or italics is not closed"))
# What is left of the marks as text: `**bold`, `** bold **`, `**bold **`. Not `2 ** 3`, `**kwargs`, `src/**/x`.
OPENED = Pattern(r"(?<![\w*/\\])\*\*(?!kwargs|args|options)[^\W\d_][^*\n]*(?:\*\*)?")
PADDED = Pattern(r"(?<![\w*])\*\*[ \u00a0]+[^\W\d_][^*\n]*?[ \u00a0]*\*\*(?!\*)")
UNDERLINED = Pattern(r"(?<![\w_])__[^\W_]+[ \u00a0][^\n]*?(?:__|$)")
STRUCK = Pattern(r"(?<![\w~/])~~[^\W\d_][^~\n]*(?:~~)?")
# `*word *`: a blank keeps the second star from closing.
ITALIC = Pattern(r"(?<![\w*\\])\*[^\W\d_][^*\n]{0,80}?[ \u00a0]\*(?![\w*])(?=[ \u00a0]*[^\W\d_])")
PATTERNS = ((OPENED, None), (PADDED, None), (UNDERLINED, None), (STRUCK, None), (ITALIC, Level.INFO))
# “12 %**” and, further on, “**without Corsica”: the mark of a note.
NOTE_MARK = Pattern(r"[\w%)»]\*\*(?![\w*])")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each mark that opens and finds no end in its paragraph (CommonMark 0.31, 6.2).

    Stars as the mark of a note are left alone.
    """
    for text in manuscript.all_texts:
        survey = text.survey
        if not any(sign in survey.source.text for sign in ("*", "__", "~~")):
            continue
        blocks = [block for block in survey.blocks if block.kind not in ("html", "code")]
        has_notes = any(_is_note_mark(block) for block in blocks if "**" in block.prose)
        for block in blocks:
            if "*" not in block.prose and "__" not in block.prose and "~~" not in block.prose:
                continue
            taken = -1
            for pattern, level in PATTERNS:
                if has_notes and pattern is OPENED:
                    continue
                for found in pattern.finditer(block.prose):
                    if found.start() <= taken:
                        continue
                    taken = found.start()
                    yield RULE.at(
                        survey.place_in(block, *found.span()),
                        _("the marks of “{words}” show as they are: they are not closed").format(
                            words=shorten(found[0].strip("\ufffc"), 30)
                        ),
                        suggestion=_("put the same mark on both sides, without a blank inside: **like this**"),
                        level=level,
                    )


def _is_note_mark(block: Block) -> bool:
    return NOTE_MARK.search(block.prose) is not None and not OPENED.search(block.prose)
