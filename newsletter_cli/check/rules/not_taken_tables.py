"""Markdown that did not take: tables that are none, and cells that are lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.lines import dominant_newline
from newsletter_cli.markdown.survey import Block, Span, Survey, TextLine
from newsletter_cli.model import Edit, Finding, Level

# `|---|:--:|`, with whatever dashes and blanks a word processor made of it.
SEPARATOR = Pattern(r"\|?\s*:?[-–—]+:?\s*(?:\|\s*:?[-–—]*:?\s*)*\|?")
PIPE = Pattern(r"(?<!\\)\|")
# A row that begins and ends with a pipe.
ROW = Pattern(r"\|[^\n]*[^\s|\\][^\n]*(?<!\\)\|\s*")


@rule(
    "table-broken",
    Level.WARNING,
    _("A table did not take"),
    why="""
        Readers see pipes and dashes: the line below the header is missing, has another number of columns or long dashes
        that a word processor made, or an empty line stands between the rows. An error where a row has more cells than
        the header: the words beyond are lost. A note where the line after a table, without an empty one between, is
        taken for one more row. `--fix` writes the line below the header.
    """,
    bad="""
        ```markdown
        | Month | Sand |
        |---|
        | May | 12 t |
        ```
    """,
    good="""
        ```markdown
        | Month | Sand |
        |---|---|
        | May | 12 t |
        ```
    """,
    is_fixable=True,
)
def table_broken(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each table that is text, and for each row with more cells than the header has (GFM, tables)."""
    for text in manuscript.texts:
        survey = text.survey
        if "|" not in survey.source.text:
            continue
        above: Block | None = None
        for block in survey.blocks:
            if block.kind == "paragraph" and "|" in block.prose:
                if not (above and _is_row(above.text, above.prose) and "\n" not in above.text):
                    yield from _failed_table(survey, block)
                above = block
            elif block.kind != "cell":
                above = None
        yield from _uneven_rows(survey)


def _failed_table(survey: Survey, block: Block) -> Iterator[Finding]:
    lines = block.text_lines
    separator = next((index for index, line in enumerate(lines) if _is_separator(line.text)), None)
    if separator is None:
        yield from _without_separator(survey, block, lines)
        return
    line = lines[separator]
    place = survey.place_in(block, line.start, line.end)
    if separator == 0:
        if len(lines) > 1 or lines[0].text.count("|") > 1:
            yield table_broken.at(
                survey.place_in(block, 0, lines[0].end),
                _("the table has no header: its first row is the line of dashes"),
                suggestion=_("write a row of headings above it, without an empty line between"),
            )
        return
    header = _cells(lines[separator - 1].text)
    columns = len(_cells(line.text))
    if "|" not in lines[separator - 1].text:
        return
    edits = survey.edits_in(block, line.start, line.end, _separator(len(header)))
    yield table_broken.at(
        place,
        _("no table: the header has {cells} columns, the line below it has {columns}").format(
            cells=len(header), columns=columns
        )
        if len(header) != columns
        else _("no table: the line below the header is not made of plain dashes and pipes"),
        suggestion=_("write {separator}").format(separator=shorten(_separator(len(header)), 40)),
        edits=edits if separator == 1 or not block.depth else (),
    )


def _is_separator(line: str) -> bool:
    return "|" in line and SEPARATOR.fullmatch(line.strip()) is not None


def _separator(columns: int) -> str:
    return "|" + "---|" * columns


def _cells(line: str) -> list[str]:
    """As the parser cuts a row: at every pipe that is not escaped."""
    cells = [cell.strip() for cell in PIPE.split(line.strip())]
    return cells[1 if cells and not cells[0] else 0 : -1 if len(cells) > 1 and not cells[-1] else None]


def _is_row(text: str, prose: str) -> bool:
    return (
        prose.startswith("|")
        and ROW.fullmatch(text) is not None
        and len([one for one in PIPE.finditer(text) if prose[one.start()] == "|"]) > 2
    )


def _without_separator(survey: Survey, block: Block, lines: Sequence[TextLine]) -> Iterator[Finding]:
    rows = [index for index, line in enumerate(lines) if _is_row(line.text, line.prose)]
    if not rows:
        return
    first = rows[0]
    counts = {len(_cells(lines[index].text)) for index in rows}
    is_table = len(rows) > 1 and rows == list(range(first, len(lines))) and len(counts) == 1
    newline = dominant_newline(survey.source.text)
    edits: tuple[Edit, ...] = ()
    if is_table and not block.depth and not block.is_quoted:
        end, last = lines[first].end, lines[first].text[-1]
        edits = survey.edits_in(block, end - 1, end, f"{last}{newline}{_separator(counts.pop())}")
    yield table_broken.at(
        survey.place_in(block, lines[first].start, lines[first].end),
        ngettext(
            "a row of a table stands alone: readers see its pipes",
            "no table: the line of dashes below the header is missing",
            len(rows),
        ),
        suggestion=ngettext(
            "a table begins with its header and a line of dashes, without an empty line between the rows",
            "write {separator} below the first row",
            len(rows),
        ).format(separator=_separator(len(_cells(lines[first].text)))),
        edits=edits,
    )


def _uneven_rows(survey: Survey) -> Iterator[Finding]:
    """What stands beyond the last column of a table, in no rendition at all; and what was meant to stand below it."""
    if not survey.is_exact:
        return
    rows: dict[int, list[Block]] = {}
    for block in survey.blocks:
        if block.kind == "cell":
            rows.setdefault(survey.line_of(survey.published.source_offset(block.lines[0])), []).append(block)
    offset = 0
    for number, line in enumerate(survey.lines, survey.source.first_line):
        cells = rows.get(number)
        if cells:
            yield from _beyond(survey, line, offset, len(cells))
            is_first = number - 1 not in rows
            if "|" not in line and not is_first:
                words = line.strip()
                start = offset + line.find(words)
                yield table_broken.at(
                    survey.place(Span(start=start, end=start + len(words))),
                    _("“{words}” is taken for a row of the table above").format(words=shorten(words, 40)),
                    suggestion=_("leave an empty line before it"),
                    level=Level.INFO,
                )
        offset += len(line)


def _beyond(survey: Survey, line: str, offset: int, columns: int) -> Iterator[Finding]:
    # The marks of a list or a quote stand before the first pipe.
    body = re.sub(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?", "", line) if line.lstrip()[:1] != "|" else line.lstrip()
    cells = _cells(body)
    lost = " | ".join(cell for cell in cells[columns:] if cell)
    if not lost:
        return
    at = offset + max(line.rfind(cells[columns]) if cells[columns] else 0, 0)
    yield table_broken.at(
        survey.place(Span(start=at, end=at + max(len(cells[columns]), 1))),
        _("the row has more cells than the header: “{words}” is lost").format(words=shorten(lost, 40)),
        suggestion=_("add a column to the header and the line below it, or write \\| for a pipe among the words"),
        level=Level.ERROR,
    )
