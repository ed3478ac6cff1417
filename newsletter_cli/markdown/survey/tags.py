"""The tags of raw HTML as editors type it, curly quotes and all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern

# A comment, or a tag with what stands in it; `<!-->` and `<!--->` are whole comments.
MARKUP = Pattern(r"<!--(?:>|->|.*?-->|.*\Z)|<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
CURLY = "“”„«»"
ATTRIBUTE = Pattern(
    rf"""([^\s"'=<>/{CURLY}]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|[“”„«]([^{CURLY}<>]*)[“”»]|([^\s"'=<>`{CURLY}]+)))?"""
)


class Attribute(Struct, frozen=True, kw_only=True):
    """An attribute's value, references resolved, and where it stands (without its quotes)."""

    value: str
    start: int
    end: int


class Tag(Struct, frozen=True, kw_only=True):
    """A tag, from its `<` to behind its `>`; `name` and the attributes' names are in small letters."""

    name: str
    is_closing: bool
    start: int
    end: int
    attributes: dict[str, Attribute]

    def value(self, name: str) -> str | None:
        """The value of an attribute, if it has that."""
        found = self.attributes.get(name)
        return None if found is None else found.value


def find_tags(text: str) -> Iterator[Tag]:
    """The tags in `text`, in order; those in comments are none."""
    for found in MARKUP.finditer(text):
        if found[2]:
            yield Tag(
                name=found[2].lower(),
                is_closing=bool(found[1]),
                start=found.start(),
                end=found.end(),
                attributes=_attributes(found),
            )


def _attributes(tag: re.Match[str]) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {}
    for found in ATTRIBUTE.finditer(tag[3]):
        group = next((index for index in range(2, 6) if found[index] is not None), 1)
        value = unescape(found[group]) if group > 1 else ""
        start, end = found.span(group) if group > 1 else (found.end(), found.end())
        offset = tag.start(3)
        attributes.setdefault(found[1].lower(), Attribute(value=value, start=offset + start, end=offset + end))
    return attributes
