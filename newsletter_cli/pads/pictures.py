"""The pictures that a pad's text shows from the web, each with its place; the text with other addresses for them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from markdown_it.token import Token
from msgspec import Struct

from newsletter_cli.base.web.address import is_web
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.markdown.parser import SPAN, normalise_link, parse_blocks, parse_inline

# From the last `](` of a picture on: its address. `![…][label]` has it in the definition.
ADDRESS = re.compile(r"\]\([ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*))")
DEFINITION = re.compile(r"[ ]{0,3}\[[^\]\n]+\]:[ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>\S+))")
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
            name = names[place.address]
            name = name if place.is_raw or is_web(name) else quote(name)
            lines[place.line] = line[: place.start] + name + line[place.end :]
    return "".join(lines)


def picture_suffix(content: bytes) -> str | None:
    """How the name of a file of this content ends; `None` for what is no picture that could be shown."""
    return next((suffix for signature, suffix in SIGNATURES if signature.match(content)), None)


def _places(text: str) -> Iterator[_Place]:
    lines = split_lines(text)
    env: dict[str, object] = {}
    # How far into a line its tokens have come: cells of a table share one.
    taken: dict[int, int] = {}
    referred: set[str] = set()
    for token in parse_blocks(text, env):
        if token.map is None:
            continue
        first, after = token.map
        if token.type == "html_block":
            for number in range(first, min(after, len(lines))):
                yield from _in_tags(lines[number], number, 0, len(lines[number]))
        elif token.type == "inline":
            columns = []
            for number, part in enumerate(token.content.split("\n"), first):
                # Its marks and blanks before (`> - `) are no part of the content.
                column = lines[number].find(part, taken.get(number, 0)) if number < len(lines) else -1
                columns.append(column)
                if column >= 0:
                    taken[number] = column + len(part)
            yield from _in_content(token, lines, columns, env, referred)
    for number, line in enumerate(lines) if referred else ():
        found = DEFINITION.match(line)
        if found is not None and normalise_link(found["angled"] or found["bare"] or "") in referred:
            yield _place(found, number)


def _in_content(
    token: Token, lines: Sequence[str], columns: Sequence[int], env: dict[str, object], referred: set[str]
) -> Iterator[_Place]:
    """Those in the content of a block, whose lines begin at these columns of the text's own. `referred` gets the
    addresses of those whose own stands elsewhere.
    """
    content = token.content
    if "![" not in content and "<img" not in content.lower():
        return
    first = (token.map or [0])[0]
    starts = [0, *(found.end() for found in re.finditer("\n", content))]
    for child in parse_inline(content, env):
        if child.type not in ("image", "html_inline"):
            continue
        start, end = child.meta[SPAN].start, child.meta[SPAN].end
        if child.type == "image":
            # Its words may go over several lines.
            start = content.rfind("](", start, end)
            if start < 0:
                referred.add(str(child.attrs.get("src")))
                continue
        index = bisect_right(starts, start) - 1
        if columns[index] < 0 or "\n" in content[start:end]:
            continue
        shift = columns[index] - starts[index]
        line, number = lines[first + index], first + index
        if child.type == "html_inline":
            yield from _in_tags(line, number, start + shift, end + shift)
        elif found := ADDRESS.match(line, start + shift, end + shift):
            yield _place(found, number)


def _place(found: re.Match[str], number: int) -> _Place:
    group = "bare" if found["angled"] is None else "angled"
    start, end = found.span(group)
    return _Place(line=number, start=start, end=end, address=found[group], is_raw=group == "angled")


def _in_tags(line: str, number: int, start: int, end: int) -> Iterator[_Place]:
    for found in IMAGE_TAG.finditer(line, start, end):
        start, end = found.span("bare")
        yield _Place(line=number, start=start, end=end, address=found["bare"], is_raw=True)
