"""The addresses in a post's body, each with its place, and the body with some of them written otherwise.

Nothing but these addresses changes by a byte. The body is read as one document, as the site reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.survey import Survey, survey_texts
from newsletter_cli.markdown.survey.tags import find_tags
from newsletter_cli.model import SourceText

# Attributes of raw HTML that hold an address, beside those of links and images, which the survey has.
ADDRESSES = frozenset({"src", "href", "poster", "data"})
# Hugo's and Quarto's; what a value in quotes names there may be a file. Those within /* */ are shown, not run.
SHORTCODE = Pattern(r"\{\{[<%](?!\s*/\*)(.*?)[>%]\}\}", re.DOTALL)
QUOTED = Pattern(r"\"([^\"\n]+)\"|`([^`\n]+)`|=([^\s\"'`>%]+)")


class Address(Struct, frozen=True, kw_only=True):
    """An address as it was typed, and its place in the body (from 0); `line` counts from 1.

    `written_by`: in Markdown some signs need to be encoded, a shortcode names files alone.
    """

    typed: str
    start: int
    end: int
    line: int
    written_by: Literal["markdown", "html", "shortcode"]


def find_addresses(body: str, *, has_shortcodes: bool) -> tuple[tuple[Address, ...], Survey]:
    """The addresses of links, images, definitions, raw HTML and, for a site that has some, shortcodes, in
    order; and the survey of the body.
    """
    survey = survey_texts([SourceText(text=body, file="")])[0]
    found = {one.start: one for one in _all(body, survey, has_shortcodes=has_shortcodes)}
    return tuple(found[start] for start in sorted(found)), survey


def rewrite(body: str, addresses: tuple[Address, ...], new_of: Callable[[Address], str | None]) -> str:
    """The body with each address for which `new_of` has another one written so; all else stays."""
    pieces, position = [], 0
    for one in addresses:
        new = new_of(one)
        if new is not None and new != one.typed and one.start >= position:
            pieces += [body[position : one.start], new]
            position = one.end
    return "".join(pieces) + body[position:]


def _all(body: str, survey: Survey, *, has_shortcodes: bool) -> Iterator[Address]:
    def address(start: int, end: int, *, written_by: Literal["markdown", "html", "shortcode"]) -> Address:
        line = body.count("\n", 0, start) + 1
        return Address(typed=body[start:end], start=start, end=end, line=line, written_by=written_by)

    for found in SHORTCODE.finditer(body) if has_shortcodes else ():
        for value in QUOTED.finditer(found[1]):
            group = next(index for index in (1, 2, 3) if value[index] is not None)
            start = found.start(1) + value.start(group)
            yield address(start, start + len(value[group]), written_by="shortcode")
    for mark in survey.html:
        if mark.span.end - mark.span.start == len(mark.text):
            for start, end in _in_html(mark.text):
                yield address(mark.span.start + start, mark.span.start + end, written_by="html")
    for definition in survey.definitions:
        yield address(definition.span.start, definition.span.end, written_by="markdown")
    links = [one for one in survey.links if one.kind in ("inline", "html")]
    for span, kind in [
        *((one.address_span, one.kind) for one in survey.images),
        *((one.address_span, one.kind) for one in links),
    ]:
        if span is not None:
            yield address(span.start, span.end, written_by="html" if kind == "html" else "markdown")


def _in_html(text: str) -> Iterator[tuple[int, int]]:
    for tag in find_tags(text):
        for name, attribute in tag.attributes.items():
            if name in ADDRESSES:
                yield attribute.start, attribute.end
            elif name == "srcset":
                value = text[attribute.start : attribute.end]
                for found in re.finditer(r"(?:^|,)\s*([^\s,]\S*[^\s,])", value):
                    yield attribute.start + found.start(1), attribute.start + found.end(1)
