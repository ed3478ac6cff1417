"""What stands in a text and where: the values a survey is made of.

Offsets are Python string offsets into `SourceText.text` of the surveyed text, comments for editors included.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from newsletter_cli.markdown.spans import Span

LinkKind = Literal["inline", "reference", "auto", "bare", "html"]
ImageKind = Literal["inline", "reference", "html"]
# U+FFFC, the object replacement character, stands for what is no prose.
NOT_PROSE = "\ufffc"


class Link(Struct, frozen=True, kw_only=True):
    """A link as a reader finds it.

    `address` is as typed in the source (of a bare one without a scheme too), `href` what it leads to, normalised.
    `text` is the link's words, without mark-up. `address_span` is where the address itself stands: for a reference
    that is its definition when that stands in this text, else `None`. `holds_image`: an image is (part of) its text.
    `label` is a reference's name. `kind`: `auto` is `<https://…>`, `bare` an address typed as such in prose.
    """

    kind: LinkKind
    address: str
    href: str
    text: str
    span: Span
    address_span: Span | None
    block: int
    holds_image: bool = False
    label: str | None = None


class Image(Struct, frozen=True, kw_only=True):
    """An image. `alt` is `None` where an `<img>` has no such attribute; `link_href` is where a click on it leads."""

    kind: ImageKind
    address: str
    src: str
    alt: str | None
    span: Span
    address_span: Span | None
    alt_span: Span | None
    block: int
    link_href: str | None = None


class Run(Struct, frozen=True, kw_only=True):
    """A stretch of prose, verbatim: no mark-up, no code, no address, no raw HTML within.

    `block` is the index of its block in `Survey.blocks`. `is_strong`: set in bold. `is_foreign`: within raw HTML that
    says `lang=` or `translate=no`.
    """

    text: str
    start: int
    block: int
    is_strong: bool = False
    is_foreign: bool = False

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.start + len(self.text)


class TextLine(NamedTuple):
    """A line of a block: where it begins in the block's `text`, what stands there, and what of it is prose."""

    start: int
    text: str
    prose: str

    @property
    def end(self) -> int:
        """Where it ends, without the line's end."""
        return self.start + len(self.text)


BlockKind = Literal["paragraph", "heading", "cell", "term", "html", "code"]


class Block(Struct, frozen=True, kw_only=True):
    """A block that holds text: a paragraph, a heading, a table's cell, raw HTML, code.

    `text` is its Markdown without the marks of the containers (quotes, lists), lines joined by `\n`; `prose` is the
    same, as long, with U+FFFC for each character that is no prose (mark-up, code, addresses, raw HTML): patterns can
    be looked for across bold marks and line ends. `Survey.span` turns offsets in either into offsets in the source.
    `words` is its plain text, code spans included (empty for blocks of code and of HTML). `level` is a heading's
    level. `depth` counts the lists around it, `is_quoted` tells whether a block quote is, `is_item` whether it is the
    first text of a list item, `is_note` whether it belongs to a footnote. `info` is a fence's language,
    `is_indented` tells code without a fence.
    `lines` are where its lines begin in the text without comments for editors.
    """

    kind: BlockKind
    text: str
    prose: str
    words: str
    lines: tuple[int, ...]
    level: int = 0
    depth: int = 0
    is_quoted: bool = False
    is_item: bool = False
    is_note: bool = False
    info: str = ""
    is_indented: bool = False

    @property
    def text_lines(self) -> list[TextLine]:
        """Its text, line by line."""
        found, start = [], 0
        for line in self.text.split("\n"):
            end = start + len(line)
            found.append(TextLine(start=start, text=line, prose=self.prose[start:end]))
            start = end + 1
        return found


class Definition(Struct, frozen=True, kw_only=True):
    """A link reference definition: `[label]: address`. `span` is that of the address, `line` that of the file."""

    label: str
    address: str
    href: str
    span: Span
    line: int


class Footnote(Struct, frozen=True):
    """A footnote: `[^label]: its text`, which begins on that `line` of the file."""

    label: str
    line: int


class Mark(Struct, frozen=True):
    """Any other stretch that a rule may ask for, as it stands: a code span, a piece of raw HTML, a comment."""

    text: str
    span: Span
    block: int


class ForeignMark(Struct, frozen=True, kw_only=True):
    """A mark of another program that e-mail and text understand; `kind` as in `[post] extensions`.

    `text` is what was typed, the first line of a block.
    """

    kind: str
    text: str
    span: Span
