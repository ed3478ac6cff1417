"""The blocks of a text, each handed to the survey of its inline content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from markdown_it.token import Token
from msgspec import Struct, field

from newsletter_cli.markdown.dialects import MARK
from newsletter_cli.markdown.lines import LINE, Published
from newsletter_cli.markdown.parse import TypedPart
from newsletter_cli.markdown.parser import parse_inline
from newsletter_cli.markdown.spans import Span
from newsletter_cli.markdown.survey.elements import Block, BlockKind, Definition, Footnote, ForeignMark
from newsletter_cli.markdown.survey.inline import InlineSurvey, survey_html, survey_inline
from newsletter_cli.markdown.survey.survey import BlockLines, Survey
from newsletter_cli.model import SourceText

TARGET = re.compile(r"\]:[ \t]*(?:\n[ \t]*)?(<[^<>\n]*>|\S+)")
CONTAINERS = {
    "bullet_list": "lists",
    "ordered_list": "lists",
    "blockquote": "quotes",
    "footnote_reference": "notes",
}
HOLDERS: dict[str, BlockKind] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "th_open": "cell",
    "td_open": "cell",
    "dt_open": "term",
}


def survey_blocks(
    source: SourceText, published: Published, typed: TypedPart, env: dict[str, Any], *, is_exact: bool
) -> Survey:
    """The survey of a text that has been parsed as part of a document, which defines `env`."""
    reader = _Reader(source, published)
    definitions = sorted(
        (found for label, one in typed.definitions if (found := reader.definition(label, one))),
        key=lambda one: one.span.start,
    )
    return reader.survey(typed.tokens, env, tuple(definitions), is_exact=is_exact)


class _Reader(Struct):
    """Reads the blocks of one text in order."""

    source: SourceText
    published: Published
    starts: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    # How far each line has been read: the cells of a table's row stand on one.
    read_up_to: dict[int, int] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=lambda: {"lists": 0, "quotes": 0, "notes": 0})

    def __post_init__(self) -> None:
        found = list(LINE.finditer(self.published.text))
        self.starts = [one.start() for one in found]
        self.texts = [one[0].rstrip("\r\n") for one in found]

    def definition(self, label: str, reference: dict[str, Any]) -> Definition | None:
        first, after = reference["map"]
        text = "\n".join(self.texts[first:after])
        found = TARGET.search(text)
        if found is None:
            return None
        typed = found[1].strip("<>")
        line = text.count("\n", 0, found.start(1))
        column = found.start(1) - (text.rfind("\n", 0, found.start(1)) + 1) + (found[1] != typed)
        start = self.published.source_offset(self.starts[first + line] + column)
        return Definition(
            label=label,
            address=typed,
            href=reference["href"],
            span=Span(start=start, end=start + len(typed)),
            line=self._line(first),
        )

    def footnotes(self, tokens: list[Token]) -> Iterator[Footnote]:
        for token, inner in pairwise(tokens):
            if token.type == "footnote_reference_open":
                # The plugin gives the note itself no line, but what stands in it has one.
                yield Footnote(str(token.meta["label"]), self._line(inner.map[0] if inner.map else 0))

    def _block_mark(self, kind: str, line: int) -> ForeignMark:
        """The mark with which a block of another program begins."""
        typed = self.texts[line].strip()
        start = self.starts[line] + self.texts[line].find(typed)
        first, last = (self.published.source_offset(at) for at in (start, start + max(0, len(typed) - 1)))
        return ForeignMark(kind=kind, text=typed, span=Span(start=first, end=last + 1))

    def _line(self, line: int) -> int:
        return self.source.first_line + self.published.lines[line]

    def survey(
        self,
        tokens: list[Token],
        env: dict[str, Any],
        definitions: tuple[Definition, ...],
        *,
        is_exact: bool,
    ) -> Survey:
        blocks: list[Block] = []
        # The first of several definitions of one label is the one that counts.
        found = InlineSurvey(definitions={one.label: one.span for one in reversed(definitions)})
        holder: BlockKind = "paragraph"
        level = 0
        is_item = False
        for token in tokens:
            name, _underscore, edge = token.type.rpartition("_")
            if MARK in token.meta and token.map:
                found.marks.append(self._block_mark(token.meta[MARK], token.map[0]))
            if name in CONTAINERS:
                self.depths[CONTAINERS[name]] += 1 if edge == "open" else -1
            elif token.type == "list_item_open":
                is_item = True
            elif token.type in HOLDERS:
                holder, level = HOLDERS[token.type], int(token.tag[1]) if token.type == "heading_open" else 0
            elif token.type in ("inline", "fence", "code_block", "html_block"):
                kind = holder if token.type == "inline" else "html" if token.type == "html_block" else "code"
                text = token.content if kind not in ("html", "code") else token.content.removesuffix("\n")
                children = token.children or []
                if kind == "cell" and "|" in text:
                    # As typed: the parser has unescaped the pipes of the cell, and offsets would not fit.
                    text = text.replace("|", "\\|")
                    children = parse_inline(text, {"references": env.get("references", {})})
                lines = self._place_lines(token, text)
                where = BlockLines(self.published, text, lines)
                masked, words = text, ""
                if token.type == "inline":
                    masked, words = survey_inline(text, children, len(blocks), where.span, found)
                elif kind == "html":
                    masked = survey_html(token, text, len(blocks), where.span, found)
                blocks.append(
                    Block(
                        kind=kind,
                        text=text,
                        prose=masked if kind != "code" else "",
                        words=words,
                        lines=lines,
                        level=level if kind == "heading" else 0,
                        depth=self.depths["lists"],
                        is_quoted=self.depths["quotes"] > 0,
                        is_item=is_item,
                        is_note=self.depths["notes"] > 0,
                        info=token.info.strip(),
                        is_indented=token.type == "code_block",
                    )
                )
                is_item = False
        return Survey(
            source=self.source,
            published=self.published,
            blocks=tuple(blocks),
            links=_in_order(found.links),
            images=_in_order(found.images),
            runs=tuple(found.runs),
            code=tuple(found.code),
            html=tuple(found.html),
            tag_words=tuple(found.words),
            lost=tuple(found.lost),
            unclosed=tuple(found.unclosed),
            definitions=definitions,
            footnotes=tuple(self.footnotes(tokens)),
            marks=_in_order(found.marks),
            is_exact=is_exact,
        )

    def _place_lines(self, token: Token, text: str) -> tuple[int, ...]:
        """Where each line of a block's text begins in the published text.

        The parser has taken indentation and the marks of containers away; what is left ends the line.
        """
        first = token.map[0] if token.map else 0
        if token.type == "fence":
            first += 1
        elif token.type == "inline":
            # The parser strips a paragraph of what Python takes for blanks; a line of these alone is blank to it.
            last = token.map[1] if token.map else first
            while last - first > text.count("\n") + 1 and not self.texts[first].strip():
                first += 1
        places = []
        for index, content in enumerate(text.split("\n")):
            line = min(first + index, len(self.texts) - 1)
            if line < 0:
                return (0,)
            begin = self.read_up_to.get(line, 0)
            column = self._find(content, self.texts[line], begin)
            self.read_up_to[line] = column + len(content)
            places.append(self.starts[line] + column)
        return tuple(places)

    @staticmethod
    def _find(content: str, line: str, begin: int) -> int:
        # Blanks at the end go with a paragraph's last line.
        whole = line.rstrip()
        if begin == 0 and content and whole.endswith(content.rstrip()) and "|" not in line:
            return len(whole) - len(content.rstrip())
        found = line.find(content, begin)
        if found < 0:
            # A pipe in a cell is escaped, a tab has become blanks.
            found = line.find(content.split("|", maxsplit=1)[0].strip(), begin)
        return max(found, 0)


def _in_order(found: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(found, key=lambda one: one.span.start))
