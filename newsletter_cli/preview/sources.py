"""The views of what is written to files: sources with the number of each line, HTML and calendar in colours. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Literal

from newsletter_cli.preview.documents import page_around

# Lines that a browser lays out together; those out of sight it leaves alone, however many there are.
CHUNK = 200
# A source of more lines, or more letters, is a message that carries pictures. A browser takes seconds to lay out an
# element for each of its lines: there so many share one, and its number.
MOST_LINES, MOST_LETTERS, SHARED_LINES = 5_000, 500_000, 50
LINE_PX = 20
Syntax = Literal["html", "calendar"]
TAG = re.compile(r"<!--.*?-->|<[/!A-Za-z][^<>]*>", re.DOTALL)
PART = re.compile(r"""<!?/?[\w:-]+|/?>|[\w:-]+(?=\s*=)|"[^"]*"|'[^']*'""")
PROPERTY = re.compile(r"^[A-Z][A-Z-]*(?=[;:])")
CSS = f"""
pre{{margin:0;padding:1rem 1.25rem 1rem 0;font-size:13px;line-height:{LINE_PX}px}}
pre>div{{content-visibility:auto}}
[data-line]{{display:block;padding-inline-start:4.5rem;position:relative;white-space:pre-wrap;overflow-wrap:anywhere;
min-height:{LINE_PX}px}}
[data-line]::before{{content:attr(data-line);position:absolute;inset-inline-start:0;width:3.5rem;text-align:end;
color:light-dark(#5c646c,#9aa3ab);user-select:none}}
.t{{color:light-dark(#0e6470,#7fd1dc)}}.a{{color:light-dark(#7a4300,#f0b672)}}.v{{color:light-dark(#2a5a8c,#a3cbf5)}}
.c{{color:light-dark(#5c646c,#9aa3ab);font-style:italic}}
"""


def source_page(text: str, *, language: str, syntax: Syntax | None = None) -> str:
    """A source, each line with its number."""
    return page_around(source_block(text, syntax), CSS, language)


def source_block(text: str, syntax: Syntax | None = None) -> str:
    """The same as a part of a page that has `CSS`: a `pre`, whose lines have `data-line`."""
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(lines) > MOST_LINES or len(text) > MOST_LETTERS:
        return f"<pre>{''.join(_chunks([escape(line) for line in lines], SHARED_LINES))}</pre>"
    coloured = _html_lines(lines) if syntax == "html" else [_plain(line, syntax) for line in lines]
    return f"<pre>{''.join(_chunks(coloured, 1))}</pre>"


def _chunks(lines: Sequence[str], shared: int) -> Iterator[str]:
    """Parts of the lines, laid out together; `shared` lines have one element."""
    for start in range(0, len(lines), CHUNK):
        part = lines[start : start + CHUNK]
        texts = ("\n".join(part[at : at + shared]) for at in range(0, len(part), shared))
        rows = "".join(f'<span data-line="{start + at * shared + 1}">{text}</span>' for at, text in enumerate(texts))
        yield f'<div style="contain-intrinsic-height:auto {len(part) * LINE_PX}px">{rows}</div>'


def _plain(line: str, syntax: Syntax | None) -> str:
    found = PROPERTY.match(line) if syntax == "calendar" else None
    return escape(line) if found is None else f'<b class="t">{found[0]}</b>{escape(line[found.end() :])}'


def _html_lines(lines: Sequence[str]) -> list[str]:
    text, coloured, end = "\n".join(lines), [], 0
    for tag in TAG.finditer(text):
        coloured += [escape(text[end : tag.start()]), _tag(tag[0])]
        end = tag.end()
    return "".join([*coloured, escape(text[end:])]).split("\n")


def _tag(tag: str) -> str:
    if tag.startswith("<!--"):
        return _in_colour("c", tag)
    parts, end = [], 0
    for part in PART.finditer(tag):
        kind = "v" if part[0][0] in "\"'" else "t" if part[0][0] in "</>" else "a"
        parts += [escape(tag[end : part.start()]), _in_colour(kind, part[0])]
        end = part.end()
    return "".join([*parts, escape(tag[end:])])


def _in_colour(kind: str, text: str) -> str:
    """Of each line its own element: a line is cut out of the whole afterwards."""
    return "\n".join(f'<span class="{kind}">{escape(line)}</span>' if line else "" for line in text.split("\n"))
