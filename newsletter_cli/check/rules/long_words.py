"""Words that no telephone has room for."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import Block
from newsletter_cli.markdown.text_width import text_width
from newsletter_cli.model import Finding, Level

# Shorter ones fit anywhere. A line may end behind a hyphen or a slash, and at a soft hyphen.
LONG = Pattern("[^\\s\ufffc\u00ad\u200b/–—-]{16,}")
SOFT_HYPHEN = Pattern("&shy;|&#173;|&#x0*ad;")
KINDS = frozenset(("paragraph", "heading", "cell", "term"))
# The text column of a telephone of 320 pixels; what a list or a quotation takes of it; the sizes of text and headings.
PHONE_PX, LIST_PX, QUOTE_PX = 280, 24, 36
TEXT_PX, HEADING_PX = 16, 19


@rule(
    "word-too-wide",
    Level.INFO,
    _("A word is wider than a small telephone's screen"),
    why="""
        A word of the text has no room in one line of a telephone of 320 pixels, where nothing but cutting it is left:
        in a table, too, whose rows are shown there line by line. Its width is estimated with a wide font; addresses
        and code are left alone, they may be cut anywhere.
    """,
    bad="`The Donaudampfschifffahrtsgesellschaftskapitän retires.`",
    good="`The Donaudampfschifffahrts&shy;gesellschafts&shy;kapitän retires.`",
)
def word_too_wide(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such word (WCAG 2.2, 1.4.10), once in a text."""
    for text in manuscript.all_texts:
        seen = set()
        for block in text.survey.blocks:
            if block.kind not in KINDS:
                continue
            for found in LONG.finditer(block.prose):
                word = found[0]
                if word in seen or SOFT_HYPHEN.search(word) or not _is_too_wide(word, block):
                    continue
                seen.add(word)
                yield word_too_wide.at(
                    text.survey.place_in(block, found.start(), found.end()),
                    _("“{word}” is wider than the screen of a small telephone, which cuts it").format(
                        word=shorten(word)
                    ),
                    suggestion=_("say it in several words, or write &shy; where it may be divided"),
                    subject=word,
                )


def _is_too_wide(word: str, block: Block) -> bool:
    room = PHONE_PX - LIST_PX * block.depth - QUOTE_PX * block.is_quoted
    is_heading = block.kind == "heading"
    return text_width(word, HEADING_PX if is_heading else TEXT_PX, is_bold=is_heading) > room
