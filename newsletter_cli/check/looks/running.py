"""Which texts of the e-mail are read as text: paragraphs, lists, quotes. Not headings, buttons or badges."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.check.looks.cascade import Looks, ShownText

HOLDERS = frozenset(("p", "li", "dd", "dt", "blockquote"))
OTHERS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "caption", "table", "body"))


def running_texts(looks: Looks) -> Iterator[ShownText]:
    """The texts within paragraphs, list items and quotes that a screen reader is not told to pass over."""
    for shown in looks.texts:
        if shown.element.tag == "img":
            continue
        around = [shown.element, *shown.element.iterancestors()]
        nearest = next((one.tag for one in around if one.tag in HOLDERS or one.tag in OTHERS), None)
        if nearest in HOLDERS and all(one.get("aria-hidden") != "true" for one in around):
            yield shown
