"""The comments that are meant for editors only, `<!-- nl: … -->`: found, and taken out before anything is parsed.

Everything here keeps the bytes: what is not such a comment comes out as it went in.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache

from msgspec import Struct, field

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.lines import LINE, Published, split_lines

NL_COMMENT = re.compile(r"<!--\s*nl:")
BACKTICKS = re.compile(r"`+")
INLINE_STOP = re.compile(r"\\.|`+|<", re.DOTALL)
UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")
# An indentation that could be that of code, or a `<` that is escaped.
CODE_OR_ESCAPE = re.compile(r"    |\t|\\\Z")
BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)")
KINDS = {"fence": "code", "code_block": "code", "inline": "inline", "html_block": "html"}
# https://spec.commonmark.org/0.31.2/#autolinks
AUTOLINK = Pattern(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*|[^\s<>`@]+@[A-Za-z0-9.-]+)>")


class UnclosedComment(ValueError):
    """A comment `<!-- nl: …` has no `-->`. `line` counts from 0."""

    def __init__(self, line: int):
        super().__init__(line)
        self.line = line


@lru_cache(maxsize=128)
def remove_nl_comments(text: str) -> Published:
    """The text without its comments `<!-- nl: … -->`; nothing else changes by a byte.

    A comment alone on its lines takes the lines with it, another goes alone. Comments that are code
    (fences, indented code, code spans) or part of another comment stay. A comment ends at the first
    `-->`, even beyond a blank line where CommonMark would end the paragraph: editors' notes must not
    reach a reader. Raises `UnclosedComment`.
    """
    lines = tuple(range(len(split_lines(text))))
    pieces: tuple[tuple[int, int], ...] = ((0, 0),)
    # Taking a comment out can join blocks and turn what was code into text (an indented paragraph
    # that a comment had cut off from its list): look again until nothing is left to take.
    while NL_COMMENT.search(text):
        try:
            comments = _plain_comments(text)
            cuts = _cuts(text, list(_nl_comments(text)) if comments is None else comments)
        except UnclosedComment as error:
            raise UnclosedComment(lines[error.line]) from None
        if not cuts:
            break
        text, origins, cut_pieces = _without(text, cuts)
        lines = tuple(lines[origin] for origin in origins)
        pieces = _through(pieces, cut_pieces, len(text))
    return Published(text, lines, pieces)


def publish(text: str) -> Published:
    """The text without its comments for editors; whole where one of them is never closed."""
    try:
        return remove_nl_comments(text)
    except UnclosedComment as error:
        return Published(text, tuple(range(len(split_lines(text)))), unclosed_line=error.line)


def _plain_comments(text: str) -> list[tuple[int, int]] | None:
    """The offsets of the comments for editors where nothing around them could make code of one, else `None`.

    That is nearly always so, and saves reading the blocks of the text only to see that none of them is code.
    """
    if "```" in text or "~~~" in text:
        return None
    comments: list[tuple[int, int]] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        is_ours = NL_COMMENT.match(text, start) is not None
        line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        # At the head of a line it is a block of its own, which ends whatever was open.
        if line < start and (
            not is_ours
            or "`" in text
            or CODE_OR_ESCAPE.search(text, line, start)
            or "<" in _paragraph_before(text, position, start)
        ):
            return None
        # `<!-->` and `<!--->` are whole comments.
        end = text.find("-->", start + (4 if is_ours else 2))
        if end < 0 and is_ours:
            raise UnclosedComment(len(split_lines(text[: start + 1])) - 1)
        position = end + 3 if end >= 0 else len(text)
        if is_ours:
            comments.append((start, position))
    return comments


def _paragraph_before(text: str, start: int, end: int) -> str:
    """What stands before `end`, from the last blank line on."""
    return BLANK_LINE.split(text[start:end])[-1]


def _through(
    outer: tuple[tuple[int, int], ...], inner: list[tuple[int, int]], length: int
) -> tuple[tuple[int, int], ...]:
    """The pieces of a text cut twice: those of the second cut, in terms of the first one's source."""
    result = []
    ends = [start for start, _middle in inner[1:]] + [length]
    for (start, middle), end in zip(inner, ends, strict=bool(inner)):
        first = max(0, bisect_right(outer, (middle, sys.maxsize)) - 1)
        for outer_start, source in outer[first:]:
            begin = max(middle, outer_start)
            if begin > middle and begin >= middle + end - start:
                break
            result.append((start + begin - middle, source + begin - outer_start))
    return tuple(result) or ((0, 0),)


class _Stretch(Struct, kw_only=True):
    """Lines of one kind, as offsets into the text: `code`, `inline`, or `html` for all others."""

    kind: str
    start: int
    end: int
    # The runs of backticks by length, as sorted offsets: looking each one up anew is quadratic.
    runs: dict[int, list[int]] = field(default_factory=dict)


def _stretches(text: str) -> Iterator[_Stretch]:
    """The text cut where a code span or an inline comment cannot reach further."""
    from newsletter_cli.markdown.parser import parse_blocks

    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    owners: list[tuple[str, int]] = [("html", -1)] * len(lines)
    in_table = False
    tables = set()
    for index, token in enumerate(parse_blocks(text, {})):
        if token.type in ("table_open", "table_close"):
            in_table = token.nesting == 1
        kind = KINDS.get(token.type)
        if kind and token.map:
            # The plugin of definition lists gives a term an empty range.
            begin, stop = token.map[0], max(token.map[1], token.map[0] + 1)
            if in_table:
                tables.add(begin)
            owners[begin:stop] = [(kind, begin if in_table else index)] * (stop - begin)
    first = 0
    for after in range(1, len(lines) + 1):
        if after < len(lines) and owners[after] == owners[first]:
            continue
        kind = owners[first][0]
        start, end = starts[first], starts[after]
        if first in tables:
            # A code span does not leave its cell.
            for pipe in UNESCAPED_PIPE.finditer(text, start, end):
                yield _Stretch(kind=kind, start=start, end=pipe.end())
                start = pipe.end()
        yield _Stretch(kind=kind, start=start, end=end)
        first = after


def _nl_comments(text: str) -> Iterator[tuple[int, int]]:
    """The offsets (start, end) of each comment for editors, in order."""
    position = 0
    for stretch in _stretches(text):
        # A comment that began before may end within code; what follows it is still code.
        position = max(position, stretch.end if stretch.kind == "code" else stretch.start)
        while position < stretch.end:
            found = _next_angle(text, position, stretch)
            if found is None:
                position = stretch.end
            elif NL_COMMENT.match(text, found):
                close = text.find("-->", found + 4)
                if close < 0:
                    raise UnclosedComment(len(split_lines(text[: found + 1])) - 1)
                position = close + 3
                yield found, position
            else:
                position = _after_markup(text, found, stretch)


def _next_angle(text: str, position: int, stretch: _Stretch) -> int | None:
    """The next `<` that may open markup: neither escaped nor in a code span."""
    if stretch.kind == "html":
        found = text.find("<", position, stretch.end)
        return found if found >= 0 else None
    while stop := INLINE_STOP.search(text, position, stretch.end):
        if stop[0] == "<":
            return stop.start()
        position = _after_code_span(text, stop, stretch) if stop[0][0] == "`" else stop.end()
    return None


def _after_code_span(text: str, opener: re.Match[str], stretch: _Stretch) -> int:
    """Where the code span ends; after the opener when no run of its length closes it."""
    if not stretch.runs:
        for run in BACKTICKS.finditer(text, stretch.start, stretch.end):
            stretch.runs.setdefault(len(run[0]), []).append(run.start())
    length = len(opener[0])
    closers = stretch.runs.get(length, [])
    index = bisect_left(closers, opener.end())
    return closers[index] + length if index < len(closers) else opener.end()


def _after_markup(text: str, position: int, stretch: _Stretch) -> int:
    """Where to go on after a `<` that opens no comment for editors."""
    if text.startswith("<!--", position):
        # In a paragraph a comment ends with it or is no comment; in raw HTML a browser reads on.
        limit = stretch.end if stretch.kind == "inline" else len(text)
        # `<!-->` and `<!--->` are whole comments.
        close = text.find("-->", position + 2, limit)
        if close >= 0:
            return close + 3
        return position + 4 if stretch.kind == "inline" else limit
    if stretch.kind == "inline":
        tag = _tag_pattern().match(text, position, stretch.end) or AUTOLINK.match(text, position, stretch.end)
        if tag:
            return tag.end()
    return position + 1


@cache
def _tag_pattern() -> re.Pattern[str]:
    from markdown_it.common.html_re import close_tag, open_tag

    return re.compile(f"{open_tag}|{close_tag}")


def _cuts(text: str, comments: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What to take out: whole lines where comments stand alone on them, else the comments."""
    cuts: list[tuple[int, int]] = []
    group: list[tuple[int, int]] = []
    for comment in comments:
        if group and text[group[-1][1] : comment[0]].strip(" \t"):
            cuts += _cut(text, group)
            group = []
        group.append(comment)
    return cuts + (_cut(text, group) if group else [])


def _cut(text: str, group: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The cut for comments that stand on one line with nothing but blanks between them."""
    start, end = group[0][0], group[-1][1]
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    while end < len(text) and text[end] in " \t":
        end += 1
    begins_line = start == 0 or text[start - 1] in "\r\n"
    if not begins_line or (end < len(text) and text[end] not in "\r\n"):
        return group
    end += 2 if text.startswith("\r\n", end) else 1
    return [(start, min(end, len(text)))]


def _without(text: str, cuts: list[tuple[int, int]]) -> tuple[str, list[int], list[tuple[int, int]]]:
    """The text without the cuts, the source line of each line that is left, and the pieces (see `Published`)."""
    kept: list[str] = []
    # Where each kept piece begins, in the result and in the source.
    result_starts, source_starts = [], []
    length = position = 0
    for start, end in [*cuts, (len(text), len(text))]:
        if start > position:
            result_starts.append(length)
            source_starts.append(position)
            kept.append(text[position:start])
            length += start - position
        position = end
    result = "".join(kept)
    line_starts = [match.start() for match in LINE.finditer(text)]
    origins = []
    for match in LINE.finditer(result):
        piece = bisect_right(result_starts, match.start()) - 1
        source = source_starts[piece] + match.start() - result_starts[piece]
        origins.append(bisect_right(line_starts, source) - 1)
    return result, origins, list(zip(result_starts, source_starts, strict=True))
