"""The headings of a post: where they stand, and what their text is once numbers and bold are off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.workspace.importing.dates import is_month

if TYPE_CHECKING:
    from markdown_it.token import Token

# `**8. Title**`: bold is taken off only where it holds the whole heading.
WHOLE_BOLD = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)*\S)\1", re.DOTALL)
# "1. ", "8) ", "1\. " (as pandoc writes it), "2/ ", "3 : ", "4 - "; but neither "3.11 is out", "24/7"
# nor "12 - 14 June". Three digits are no section number.
TYPED_NUMBER = re.compile(r"(?P<number>\d{1,2})(?:\s*\\?[.)/:]|\s+[-–—](?!\s*\d))\s+(?=\S)")
# https://pandoc.org/MANUAL.html#heading-identifiers; Goldmark and kramdown have the same.
ATTRIBUTES = re.compile(r"(?:^|\s+)(\{[ \t]*(?::?[ \t]*[#.]|[\w-]+=|-[ \t]*\})[^{}]*\}?)$")
FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
DIV_OPEN = re.compile(r" {0,3}:{3,}[ \t]*(?:\{[^{}]*\}|[\w-]+)[ \t]*:*[ \t]*[\r\n]*")
DIV_CLOSE = re.compile(r" {0,3}:{3,}[ \t]*[\r\n]*")
WRAPPER = re.compile(r"<(?P<end>/?)(?P<tag>details|table|blockquote|aside)\b", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class Heading(Struct, frozen=True, kw_only=True):
    """A heading of the post's own level of blocks.

    `start` and `end` are lines of the body, from 0, the second exclusive. `title` is inline Markdown
    without hand-typed number, whole-heading bold and attributes; `plain_title` its bare text;
    `numbered_title` the title with its `number` still in front; `attributes` what stood in braces at
    its end (`{#id .class}`).
    """

    level: int
    start: int
    end: int
    title: str
    plain_title: str
    numbered_title: str
    attributes: str = ""
    number: int | None = None


def parse_headings(body: str) -> tuple[Heading, ...]:
    """The headings that may begin a section, in order.

    Not those in code, raw HTML, lists, quotes, comments or footnotes; nor those inside a fenced div
    (`:::`), a raw `<details>`, `<table>`, `<blockquote>` or `<aside>`, which cannot be cut in two, unless
    all headings stand there.
    """
    from newsletter_cli.markdown.parser import parse_blocks

    env: dict[str, Any] = {}
    tokens = parse_blocks(body, env)
    enclosed = _enclosed_lines(body, tokens)
    headings, free = [], []
    # So many blocks of another tool (`:::`) are open.
    dialects = 0
    for token, inline in pairwise(tokens):
        dialects += {"dialect_open": 1, "dialect_close": -1}.get(token.type, 0)
        if token.type == "heading_open" and token.level == dialects and token.map:
            heading = _heading(int(token.tag[1]), token.map, inline.content, env)
            headings.append(heading)
            if not dialects and heading.start not in enclosed:
                free.append(heading)
    return tuple(free or headings)


def _heading(level: int, lines: Sequence[int], content: str, env: dict[str, Any]) -> Heading:
    # A setext heading may have several lines.
    title = re.sub(r"[ \t]*\n[ \t]*", " ", content).strip()
    attributes = ""
    if found := ATTRIBUTES.search(title):
        attributes = found[1]
        title = title[: found.start()].rstrip()
    numbered = title = _without_bold(title)
    number = None
    if (typed := TYPED_NUMBER.match(title)) and not _is_day(typed, title):
        number = int(typed["number"])
        title = _without_bold(title[typed.end() :])
    return Heading(
        level=level,
        start=lines[0],
        end=lines[1],
        title=title,
        plain_title=plain_text(title, env),
        numbered_title=numbered,
        attributes=attributes,
        number=number,
    )


def _without_bold(title: str) -> str:
    while bold := WHOLE_BOLD.fullmatch(title):
        title = bold[2].strip()
    return title.strip()


def _is_day(typed: re.Match[str], title: str) -> bool:
    """Whether the number is the day of a date: "14. Juli"."""
    word = re.match(r"[^\W\d_]+", title[typed.end() :])
    return word is not None and is_month(word[0])


def plain_text(inline: str, env: dict[str, Any] | None = None) -> str:
    """The bare text of inline Markdown: no links, emphasis, code marks or tags. `env`: its references."""
    from newsletter_cli.markdown.parser import markdown_parser

    # Only the references: parsing must not write footnotes into the post's environment.
    references = {"references": env["references"]} if env and "references" in env else {}
    words: list[str] = []

    def visit(tokens: Sequence[Any]) -> None:
        for token in tokens:
            if token.children:
                visit(token.children)
            elif token.type in ("text", "code_inline", "text_special"):
                words.append(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                words.append(" ")

    visit(markdown_parser().parseInline(inline, references))
    return " ".join(FOOTNOTE_MARK.sub("", "".join(words)).split())


def _enclosed_lines(body: str, tokens: Sequence[Token]) -> set[int]:
    """The lines inside balanced fenced divs and raw elements that must stay whole."""
    if ":::" not in body and not WRAPPER.search(body):
        return set()
    # (line, kind, whether it opens) of each mark outside code.
    marks: list[tuple[int, str, bool]] = []
    lines = split_lines(body)
    code: set[int] = set()
    for token in tokens:
        if token.map and token.type in ("fence", "code_block"):
            code.update(range(*token.map))
        elif token.map and token.type == "html_block":
            content = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), token.content)
            marks += [
                (token.map[0] + content.count("\n", 0, tag.start()), tag["tag"].lower(), not tag["end"])
                for tag in WRAPPER.finditer(content)
            ]
    for number, line in enumerate(lines):
        if ":::" in line and number not in code:
            if DIV_CLOSE.fullmatch(line):
                marks.append((number, "div", False))
            elif DIV_OPEN.fullmatch(line):
                marks.append((number, "div", True))
    enclosed: set[int] = set()
    open_lines: dict[str, list[int]] = {}
    for number, kind, opens in sorted(marks, key=lambda mark: mark[0]):
        if opens:
            open_lines.setdefault(kind, []).append(number)
        elif open_lines.get(kind):
            enclosed.update(range(open_lines[kind].pop(), number))
    return enclosed
