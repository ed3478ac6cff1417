"""The blocks of a plain text: what begins a line, what is wrapped, where a blank line goes."""

from __future__ import annotations

import re

from lxml import etree
from msgspec import Struct

from newsletter_cli.markdown.captions import CAPTION
from newsletter_cli.markdown.text_inline import BREAK, InlineText
from newsletter_cli.markdown.text_table import Cell, Table, render_table
from newsletter_cli.markdown.text_wrap import display_width, wrap

RULE = "-" * 40
_CODE_INDENT = "    "
_LEAST_WIDTH = 36  # however deep quotes and lists are, this many columns are left for words
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu"})
_CELLS = frozenset({"td", "th"})
_GRID = frozenset({"pre", "table", "tr", *_CELLS})
_PLAIN = (
    "address",
    "article",
    "aside",
    "caption",
    "center",
    "details",
    "div",
    "fieldset",
    "figcaption",
    "figure",
)
_MORE = ("footer", "form", "header", "main", "nav", "p", "section", "summary", "tbody", "tfoot", "thead")
_BLOCKS = frozenset({*_PLAIN, *_MORE, *_GRID, *_HEADINGS, *_LISTS, "blockquote", "dd", "dl", "dt", "hr", "li"})


class _Frame(Struct, kw_only=True):
    """What surrounds a block: `first` begins its first line, `indent` (with all outer frames') the others."""

    first: str
    indent: str
    is_tight: bool = False
    is_used: bool = False


class _List(Struct):
    next_number: int | None
    is_tight: bool


class TextWriter:
    """Turns the events of a walk over the tree into `lines`. It keeps where it stands, never looks back."""

    def __init__(self, inline: InlineText, *, width: int, label_pattern: str):
        self.lines: list[str] = []
        self.inline = inline
        self.width = width
        self.label_pattern = label_pattern
        self.frames: list[_Frame] = []
        self.lists: list[_List] = []
        self.heading = 0
        self.code_depth = 0
        self.table: Table | None = None
        self.table_depth = 0
        self.cell_depth = 0
        self.wants_blank = False

    def text(self, text: str) -> None:
        """Text of the element that is open."""
        self.inline.add(text, is_code=bool(self.code_depth))

    def start(self, element: etree._Element) -> None:
        """An element begins."""
        tag = str(element.tag)
        if tag in _BLOCKS:
            self._start_block(tag, element)
        else:
            self.inline.start(tag, element)

    def end(self, element: etree._Element) -> None:
        """The element ends."""
        tag = str(element.tag)
        if tag in _BLOCKS:
            self._end_block(tag, element)
        else:
            self.inline.end(tag, element)

    def _start_block(self, tag: str, element: etree._Element) -> None:
        self._separate(tag)
        if tag == "pre":
            self.code_depth += 1
        elif tag in _CELLS:
            self.cell_depth += 1
        elif tag == "table":
            self.table_depth += 1
            self.table = self.table or Table()
        elif tag == "tr":
            if self.table is not None and not self.cell_depth:
                self.table.add_row()
        elif not self.cell_depth and not self.code_depth:
            self._open(tag, element)

    def _end_block(self, tag: str, element: etree._Element) -> None:
        if tag == "pre" and self.code_depth == 1 and not self.cell_depth:
            self._emit_code()
        elif tag in _CELLS and self.cell_depth == 1:
            self._end_cell(tag, element)
        else:
            self._separate(tag)
        if tag == "pre":
            self.code_depth -= 1
        elif tag in _CELLS:
            self.cell_depth -= 1
        elif tag == "table":
            self._end_table()
        elif tag != "tr" and not self.cell_depth and not self.code_depth:
            self._close(tag)

    def _separate(self, tag: str) -> None:
        """Ends what stands before the edge of a block. Within cells and code, blocks are mere lines."""
        if self.cell_depth:
            self._break_in_cell(tag)
        elif not self.code_depth:
            self.flush()
        elif tag != "pre":
            self.inline.add_own(BREAK)

    def _open(self, tag: str, element: etree._Element) -> None:
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
            self.wants_blank = True
        elif tag == "hr":
            self._emit([RULE])
            self._end_of_block()
        elif tag == "blockquote":
            self._push("> ", "> ")
        elif tag in _LISTS:
            start = _number(element.get("start"), 1) if tag == "ol" else None
            self.lists.append(_List(start, _is_tight(element)))
        elif tag == "li":
            self._start_item(element)
        elif tag == "p" and element.get("class") == CAPTION:
            # Right below its picture.
            self.wants_blank = False
        elif tag == "dd":
            self.wants_blank = False
            self._push("    ", "    ")

    def _close(self, tag: str) -> None:
        if tag in _HEADINGS:
            self.heading = 0
        elif tag == "blockquote":
            self.frames.pop()
            self._end_of_block()
        elif tag in _LISTS:
            self.lists.pop()
            self._end_of_block()
        elif tag == "li":
            self._end_item()
        elif tag == "dt":
            self.wants_blank = False
        elif tag == "dd":
            self.frames.pop()
            self.wants_blank = True

    def _start_item(self, element: etree._Element) -> None:
        current = self.lists[-1] if self.lists else _List(None, True)
        if current.next_number is None:
            label = "- "
        else:
            number = _number(element.get("value"), current.next_number)
            label = f"{number}. "
            current.next_number = number + 1
        self._push(label, " " * len(label), is_tight=current.is_tight)

    def _end_item(self) -> None:
        frame = self.frames[-1]
        if not frame.is_used and frame.first:  # an empty item holds its number's place
            self._emit([""])
        self.frames.pop()
        self.wants_blank = not frame.is_tight

    def _break_in_cell(self, tag: str) -> None:
        if tag in _CELLS:
            self.inline.add_own(" ")
        elif tag not in {"tbody", "thead", "tfoot"}:
            self.inline.add_own(BREAK)
            if tag == "li":
                self.inline.add_own("- ")

    def _end_cell(self, tag: str, element: etree._Element) -> None:
        lines = [part for part in self.inline.take() if part]
        style = f"{element.get('style') or ''} {element.get('align') or ''}"
        cell = Cell(
            lines=lines,
            is_header=tag == "th",
            is_right="right" in style,
            columns=max(_number(element.get("colspan"), 1), 1),
            rows=max(_number(element.get("rowspan"), 1), 1),
        )
        if self.table is not None:
            self.table.add_cell(cell)
        elif lines:  # a cell without a table
            self._emit_parts(lines)

    def _end_table(self) -> None:
        self.table_depth -= 1
        if self.table_depth or self.table is None:
            return
        table, self.table = self.table, None
        self._emit(render_table(table, width=self._columns(), label_pattern=self.label_pattern))
        self._end_of_block()

    def _emit_code(self) -> None:
        lines = self.inline.take_code()
        if lines:
            self._emit([_CODE_INDENT + line for line in lines])
            self._end_of_block()

    def flush(self) -> None:
        """Ends the paragraph or heading that was being gathered, if any."""
        parts = self.inline.take()
        if parts:
            self._emit_parts(parts)

    def _emit_parts(self, parts: list[str]) -> None:
        width = self._columns()
        lines = [line for part in parts for line in (wrap(part, width) or [""])]
        if 1 <= self.heading <= 3:
            # At least three: a line of two hyphens begins the signature in many a mail program.
            lines.append("-" * max([3, *map(display_width, lines)]))
        self._emit(lines)
        self._end_of_block()

    def _push(self, first: str, rest: str, *, is_tight: bool = False) -> None:
        outer = self.frames[-1].indent if self.frames else ""
        if len(outer) + len(rest) > self.width - _LEAST_WIDTH:
            first = rest = ""
        self.frames.append(_Frame(first=first, indent=outer + rest, is_tight=is_tight))

    def _columns(self) -> int:
        return max(self.width - (len(self.frames[-1].indent) if self.frames else 0), 1)

    def _end_of_block(self) -> None:
        self.wants_blank = not (self.frames and self.frames[-1].is_tight)

    def _emit(self, lines: list[str]) -> None:
        if not lines:
            return
        fresh = len(self.frames)  # the frames from here on have no line yet
        while fresh and not self.frames[fresh - 1].is_used:
            fresh -= 1
        prefix = self.frames[fresh - 1].indent if fresh else ""
        if self.wants_blank and self.lines:
            self.lines.append(prefix.rstrip(" "))
        self.wants_blank = False
        for frame in self.frames[fresh:]:
            prefix += frame.first
            frame.is_used = True
        for line in lines:
            self.lines.append((prefix + line).rstrip(" "))
            prefix = self.frames[-1].indent if self.frames else ""


def _number(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?[0-9]{1,9}", value) else default


def _is_tight(element: etree._Element) -> bool:
    return not any(part.tag == "p" for item in element for part in item)
