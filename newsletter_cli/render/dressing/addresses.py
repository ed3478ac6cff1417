"""Bare addresses, shown short; the link leads to the whole."""

from __future__ import annotations

from lxml import html

from newsletter_cli.markdown.bare import is_bare, short_address


def shorten_addresses(root: html.HtmlElement) -> None:
    """In place: the text of each bare link of the tree."""
    for link in root.iter("a"):
        if not is_bare(link):
            continue
        typed = "".join(link.itertext()).strip()
        shown = short_address(typed)
        if shown != typed:
            for child in list(link):
                link.remove(child)
            link.text = shown
