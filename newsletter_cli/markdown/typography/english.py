"""English: curly quotation marks and apostrophes, one sign for three dots. Dashes are the author's."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.typography.correction import Correction, TypographyRules
from newsletter_cli.markdown.typography.marks import apostrophe, ellipsis
from newsletter_cli.markdown.typography.quotes import find_pairs

SIGNS = Pattern(r"'|\.{3}")


def find_english(text: str, rules: TypographyRules) -> Iterator[Correction]:
    """The corrections of an English text, in no order."""
    for found in SIGNS.finditer(text):
        one = apostrophe(text, found.start()) if found[0] == "'" else ellipsis(text, found.start())
        if one is not None:
            yield one
    if rules.quotes and '"' in text:
        for start, end in find_pairs(text):
            if text[start] == '"':
                yield Correction(start=start, end=start + 1, new="“", kind="quote")
                yield Correction(start=end, end=end + 1, new="”", kind="quote")
