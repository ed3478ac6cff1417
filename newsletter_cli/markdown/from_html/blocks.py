"""The blocks of HTML → blocks of Markdown, and what of them Markdown has no way to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from lxml import html
from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.markdown.from_html.inline import line_of
from newsletter_cli.markdown.from_html.runs import SKIPPED, Kind, Run, plain_text, runs_of
from newsletter_cli.markdown.from_html.structure import CONTAINERS, HEADINGS, LISTS, grouped, levels_of, notes_in
from newsletter_cli.markdown.from_html.tables import grid_of, is_box, table_of

# What an e-mail can lead to. A drive, a share, a script or a bookmark of the document is not among them.
LINKS = re.compile(r"(?:https?:|mailto:|tel:)", re.IGNORECASE)
MOST_DEPTH = 60
SHOWN = 60  # letters


class LossKind(StrEnum):
    """What Markdown cannot say."""

    LINK = "link"
    MERGED_CELLS = "merged-cells"
    TABLE_IN_TABLE = "table-in-table"
    LIST_IN_TABLE = "list-in-table"


class Loss(Struct, frozen=True, kw_only=True):
    """Something that is not there as it was. `text`: what of it is in the text, or where it led; `place`: the words
    that it stands at.
    """

    kind: LossKind
    text: str
    place: str


class FromHtml(Struct, frozen=True, kw_only=True):
    """The Markdown, with one line end at its end, and what it lacks."""

    text: str
    losses: tuple[Loss, ...]


def markdown_of_html(source: str, *, headings_from: int | None = None, notes_prefix: str = "") -> FromHtml:
    """The Markdown that says what `source` says.

    `headings_from`: the level that its highest headings get; a first one that stands above all the others, or has the
    class `title`, is its title, and stays one of the first level. `notes_prefix`: before the number of each note, whose
    labels have to be unique in an issue.
    """
    if not source.strip():
        return FromHtml(text="", losses=())
    tree = html.fragment_fromstring(source, create_parent="div")
    converter = _Converter(tree, headings_from=headings_from, notes_prefix=notes_prefix)
    text = "\n".join(converter.document(tree)).strip("\n")
    return FromHtml(text=f"{text}\n" if text else "", losses=tuple(converter.losses))


class _Converter:
    def __init__(self, tree: Any, *, headings_from: int | None, notes_prefix: str):
        self.losses: list[Loss] = []
        self._notes = notes_in(tree)
        self._labels = {f"#{name}": f"{notes_prefix}{number}" for number, name in enumerate(self._notes, 1)}
        self._pending: list[str] = []
        self._levels = levels_of(tree, headings_from)
        self._place = ""

    def document(self, tree: Any) -> list[str]:
        """The lines of the whole."""
        lines: list[str] = []
        for block in self._blocks(tree, 0, is_outermost=True):
            lines += ["", *block] if lines else block
        return lines

    def _blocks(self, element: Any, depth: int, *, is_outermost: bool = False) -> Iterator[list[str]]:
        """The blocks in an element; what stands loose between them is a paragraph. Notes follow the outermost."""
        last = ""
        for child in grouped(element):
            for kind, block in self._block(child, depth, last):
                if block:
                    yield block
                    last = kind
            if is_outermost:
                pending, self._pending = self._pending, []
                for label in pending:
                    last = ""
                    yield self._note(label)

    def _block(self, element: Any, depth: int, last: str) -> Iterator[tuple[str, list[str]]]:
        tag = element.tag
        if depth > MOST_DEPTH:
            yield "p", self._paragraph(element)
        elif tag in HEADINGS:
            yield "h", self._heading(element)
        elif tag in LISTS:
            mark = ("*" if last == "ul-" else "-") if tag == "ul" else (")" if last == "ol." else ".")
            yield f"{tag}{mark}", self._list(element, depth, mark)
        elif tag == "blockquote":
            inner = self._joined(element, depth + 1)
            yield "blockquote", [f"> {line}".rstrip() for line in inner]
        elif tag == "table":
            yield from self._table(element, depth)
        elif tag == "pre":
            yield "pre", _fenced("".join(element.itertext()))
        elif tag == "hr":
            yield "hr", ["* * *"]
        elif tag in CONTAINERS:
            if element.get("id") not in self._notes:
                yield from (("p", block) for block in self._blocks(element, depth + 1))
        elif tag not in SKIPPED:
            yield "p", self._paragraph(element)

    def _joined(self, element: Any, depth: int) -> list[str]:
        lines: list[str] = []
        for block in self._blocks(element, depth):
            lines += ["", *block] if lines else block
        return lines

    def _paragraph(self, element: Any) -> list[str]:
        return line_of(self._runs(element)).split("\n")

    def _heading(self, element: Any) -> list[str]:
        runs = [Run(text=" ") if run.kind is Kind.BREAK else run for run in self._runs(element)]
        if not runs:
            return []
        # That it is a heading says that it is bold.
        bare = [replace(run, marks=run.marks - {"strong"}) for run in runs]
        # Signs at its end would be taken for the end of the mark.
        line = re.sub(r"(?<!\\)(#+)$", r"\\\1", line_of(bare))
        return [f"{'#' * self._levels[element]} {line}"]

    def _list(self, element: Any, depth: int, mark: str) -> list[str]:
        lines: list[str] = []
        number = int(start) if (start := element.get("start") or "").isdecimal() else 1
        items = [child for child in element if isinstance(child.tag, str) and child.tag not in SKIPPED]
        blocks = [list(self._blocks(item, depth + 1)) for item in items if item.get("id") not in self._notes]
        is_tight = all(sum(not _is_list(block) for block in item) <= 1 for item in blocks)
        for item in blocks:
            head = f"{mark} " if mark in "-*" else f"{number}{mark} "
            number += 1
            inner: list[str] = []
            for block in item:
                inner += block if not inner or is_tight else ["", *block]
            if lines and not is_tight:
                lines.append("")
            lines += [
                (head if index == 0 else " " * len(head) if line else "") + line
                for index, line in enumerate(inner or [""])
            ]
        return lines

    def _table(self, element: Any, depth: int) -> Iterator[tuple[str, list[str]]]:
        rows = grid_of(element)
        if is_box(rows):
            # One cell: a frame around text, and no table.
            for row in rows:
                for cell in row:
                    yield from (("p", block) for block in self._blocks(cell.element, depth + 1))
            return
        place = _short(_words(element))
        if any(cell.is_spread for row in rows for cell in row):
            self.losses.append(Loss(kind=LossKind.MERGED_CELLS, text="", place=place))
        cells = [["" if cell.is_spread else self._cell(cell.element) for cell in row] for row in rows]
        yield "table", table_of(cells)

    def _cell(self, element: Any) -> str:
        pieces: list[str] = []
        for block in grouped(element):
            pieces += self._cell_pieces(block)
        return "<br>".join(piece for piece in pieces if piece)

    def _cell_pieces(self, element: Any) -> Iterator[str]:
        tag = element.tag
        if tag in LISTS or tag == "table":
            kind = LossKind.TABLE_IN_TABLE if tag == "table" else LossKind.LIST_IN_TABLE
            words = _short(_words(element))
            self.losses.append(Loss(kind=kind, text=words, place=words))
        if tag in LISTS:
            for number, item in enumerate((one for one in element if one.tag == "li"), 1):
                head = "• " if tag == "ul" else f"{number}. "
                inner = [piece for block in grouped(item) for piece in self._cell_pieces(block)]
                yield head + "<br>".join(piece for piece in inner if piece)
        elif tag in CONTAINERS or tag in ("table", "blockquote", "tbody", "thead", "tr"):
            for child in grouped(element):
                yield from self._cell_pieces(child)
        elif tag not in SKIPPED:
            yield line_of(self._runs(element), in_cell=True)

    def _note(self, label: str) -> list[str]:
        """The text of a note, behind the block that refers to it."""
        element = self._notes[next(name for name in self._notes if self._labels[f"#{name}"] == label)]
        lines = self._joined(element, 1) or [""]
        return [f"[^{label}]: {lines[0]}", *(f"    {line}" if line else "" for line in lines[1:])]

    def _runs(self, element: Any) -> list[Run]:
        runs = runs_of(element, notes=self._labels)
        self._place = _short(plain_text(runs)) or self._place
        for run in runs:
            if run.kind is Kind.NOTE and run.text not in self._pending:
                self._pending.append(run.text)
        return [self._linked(run) for run in runs]

    def _linked(self, run: Run) -> Run:
        if run.link is None or LINKS.match(run.link):
            return run
        # `#…`: an entry of a table of contents, a reference; there is nothing that it could lead to.
        self.losses.append(Loss(kind=LossKind.LINK, text=run.link, place=_short(run.text)))
        return replace(run, link=None)


def _is_list(block: Sequence[str]) -> bool:
    return bool(re.match(r"(?:[-*]|\d+[.)]) ", block[0])) if block else False


def _fenced(text: str) -> list[str]:
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return [fence, *text.strip("\n").split("\n"), fence]


def _words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + "…"
