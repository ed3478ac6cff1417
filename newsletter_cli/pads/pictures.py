"""The pictures that a pad's text shows from the web, each with its place; the text with other addresses for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.web.address import is_web
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.markdown.parser import SPAN, parse_blocks, parse_inline

# From the last `](` of a picture on: its address. `![…][label]` has none of its own.
ADDRESS = re.compile(r"\]\([ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*))")
IMAGE_TAG = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*([\"'])(?P<bare>[^\"'\n]+)\1", re.IGNORECASE)
# How files of pictures begin; the suffix that such a file is to have.
SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), ".png"),
    (re.compile(rb"\xff\xd8\xff"), ".jpg"),
    (re.compile(rb"GIF8[79]a"), ".gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), ".webp"),
    (re.compile(rb"....ftyp(?:avif|avis)", re.DOTALL), ".avif"),
    (re.compile(rb"....ftyp(?:heic|heix|mif1)", re.DOTALL), ".heic"),
    (re.compile(rb"BM"), ".bmp"),
    (re.compile(rb"II\*\x00|MM\x00\*"), ".tif"),
)


class _Place(Struct, frozen=True, kw_only=True):
    """Where an address stands: the line, from 0, and columns within it. `is_raw`: between signs, blanks and all."""

    line: int
    start: int
    end: int
    address: str
    is_raw: bool


def web_pictures(text: str) -> dict[str, int]:
    """The addresses of the pictures that the text shows from the web, each with its first line, from 1."""
    found: dict[str, int] = {}
    for place in _places(text):
        if is_web(place.address):
            found.setdefault(place.address, place.line + 1)
    return found


def readdressed(text: str, names: Mapping[str, str]) -> str:
    """The text, its pictures at other addresses where there is a name for theirs; nothing else of it changes."""
    lines = split_lines(text)
    for place in sorted(_places(text), key=lambda one: (one.line, one.start), reverse=True):
        if place.address in names:
            line = lines[place.line]
            name = names[place.address] if place.is_raw else quote(names[place.address])
            lines[place.line] = line[: place.start] + name + line[place.end :]
    return "".join(lines)


def picture_suffix(content: bytes) -> str | None:
    """How the name of a file of this content ends; `None` for what is no picture that could be shown."""
    return next((suffix for signature, suffix in SIGNATURES if signature.match(content)), None)


def _places(text: str) -> Iterator[_Place]:
    lines = split_lines(text)
    env: dict[str, object] = {}
    for token in parse_blocks(text, env):
        if token.map is None:
            continue
        first, after = token.map
        if token.type == "html_block":
            for number in range(first, min(after, len(lines))):
                yield from _in_tags(lines[number], number, 0, len(lines[number]))
        elif token.type == "inline" and ("![" in token.content or "<img" in token.content.lower()):
            # Where on a line the last picture ended: two may be alike.
            ends: dict[int, int] = {}
            for child in parse_inline(token.content, env):
                if child.type not in ("image", "html_inline"):
                    continue
                span = child.meta[SPAN]
                typed = token.content[span.start : span.end]
                number = first + token.content.count("\n", 0, span.start)
                start = lines[number].find(typed, ends.get(number, 0)) if number < len(lines) else -1
                if start < 0:
                    continue
                ends[number] = start + len(typed)
                yield from _in_mark(lines[number], number, start, ends[number], is_tag=child.type == "html_inline")


def _in_mark(line: str, number: int, start: int, end: int, *, is_tag: bool) -> Iterator[_Place]:
    if is_tag:
        yield from _in_tags(line, number, start, end)
        return
    found = ADDRESS.match(line, line.rfind("](", start, end), end) if "](" in line[start:end] else None
    if found is not None:
        group = "bare" if found["angled"] is None else "angled"
        start, end = found.span(group)
        yield _Place(line=number, start=start, end=end, address=found[group], is_raw=group == "angled")


def _in_tags(line: str, number: int, start: int, end: int) -> Iterator[_Place]:
    for found in IMAGE_TAG.finditer(line, start, end):
        start, end = found.span("bare")
        yield _Place(line=number, start=start, end=end, address=found["bare"], is_raw=True)
