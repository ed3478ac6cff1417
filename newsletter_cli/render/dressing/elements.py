"""What the modules of this room do to elements."""

from __future__ import annotations

from lxml import html


def add_class(element: html.HtmlElement, name: str) -> None:
    """One class more."""
    element.set("class", f"{element.get('class') or ''} {name}".strip())
