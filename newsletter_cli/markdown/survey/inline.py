"""What stands within one block: its links, images, code, raw HTML and prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from markdown_it.token import Token
from msgspec import Struct, field

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.values import replace
from newsletter_cli.markdown.dialects import MARK
from newsletter_cli.markdown.parser import SPAN, normalise_link
from newsletter_cli.markdown.raw_html import CLOSERS, IS_TEXT, LOST, TEXTS
from newsletter_cli.markdown.spans import Span
from newsletter_cli.markdown.survey.elements import NOT_PROSE, ForeignMark, Image, Link, Mark, Run
from newsletter_cli.markdown.survey.links import BlockText, ToSource
from newsletter_cli.markdown.survey.tags import Attribute, Tag, find_tags

ANY_TAG = Pattern(r"<!--.*?-->|<[^<>]*>", re.DOTALL)


class InlineSurvey(Struct, kw_only=True):
    """What has been found so far, over all blocks of a text. `definitions`: where the address of each label stands."""

    definitions: dict[str, Span]
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    code: list[Mark] = field(default_factory=list)
    html: list[Mark] = field(default_factory=list)
    marks: list[ForeignMark] = field(default_factory=list)
    words: list[Mark] = field(default_factory=list)
    lost: list[Mark] = field(default_factory=list)
    unclosed: list[Mark] = field(default_factory=list)
    # Elements of raw HTML that say their words are in another language, or not to be translated; they may reach
    # over several blocks.
    foreign: list[str] = field(default_factory=list)


class _Open(Struct, kw_only=True):
    """A link whose end is still to come."""

    token: Token | None
    tag: Tag | None
    words: list[str] = field(default_factory=list)
    holds_image: bool = False
    last: int = 0


def survey_inline(
    text: str, tokens: Iterable[Token], block: int, to_source: ToSource, found: InlineSurvey
) -> tuple[str, str]:
    """Add what stands in `text` to `found`; gives its prose (as long as `text`) and its plain words."""
    return _BlockSurvey(BlockText(text, block, to_source), found).read(tokens)


def survey_html(token: Token, text: str, block: int, to_source: ToSource, found: InlineSurvey) -> str:
    """Add what stands in a block of raw HTML to `found`; none of it is prose."""
    found.html.append(Mark(text, to_source(0, len(text)), block))
    for start, end in token.meta.get(TEXTS, ()):
        found.words.append(Mark(text[start:end], to_source(start, min(end, len(text))), block))
    for end, _closer in token.meta.get(CLOSERS, ()):
        start = text.rfind("<", 0, end)
        found.unclosed.append(Mark(text[start:end], to_source(start, end), block))
    if LOST in token.meta:
        lost = token.meta[LOST]
        found.lost.append(Mark(text[lost:], to_source(lost, len(text)), block))
    survey = _BlockSurvey(BlockText(text, block, to_source), found)
    position = 0
    for tag in find_tags(text):
        survey.words_of_html(ANY_TAG.sub("", text[position : tag.start]))
        survey.tag(tag)
        position = tag.end
    return NOT_PROSE * len(text)


class _Plain(Struct, frozen=True, kw_only=True):
    """A stretch of plain text, in offsets of its block, with what is true of it."""

    start: int
    end: int
    is_strong: bool
    is_in_link: bool
    is_foreign: bool


class _BlockSurvey:
    def __init__(self, block: BlockText, found: InlineSurvey):
        self.block = block
        self.found = found
        self.first_link = len(found.links)
        self.words: list[str] = []
        self.open: list[_Open] = []
        self.strong = 0
        self.plain: list[_Plain] = []
        self.breaks: list[Span] = []

    def read(self, tokens: Iterable[Token]) -> tuple[str, str]:
        for token in tokens:
            self._read(token)
        prose = [(one.start, one.end) for one in self.breaks]
        for plain in self._without_addresses():
            prose.append((plain.start, plain.end))
            self._add_run(plain)
        return _masked(self.block.text, sorted(prose)), "".join(self.words)

    def _read(self, token: Token) -> None:
        span: Span = token.meta.get(SPAN) or Span(start=0, end=0)
        kind = token.type
        if MARK in token.meta:
            self.found.marks.append(
                ForeignMark(kind=token.meta[MARK], text=self.block.typed(span), span=self.block.place(span))
            )
        if kind in ("text", "text_special", "code_inline"):
            self._say(token.content, span)
            if kind == "text" and token.content:
                self._add_plain(span)
                if IS_TEXT in token.meta:
                    self._mark(self.found.words, span)
            elif kind == "code_inline":
                self._mark(self.found.code, span)
        elif kind in ("softbreak", "hardbreak"):
            self._say("\n", span)
            self.breaks.append(span)
        elif token.tag == "strong":
            self.strong += token.nesting
        elif kind == "link_open":
            self.open.append(_Open(token=token, tag=None))
        elif kind == "link_close":
            self._close_link()
        elif kind == "image":
            self._add_image(partial(self.block.written_image, token), span.end)
        elif kind == "html_inline":
            self._read_html(token, span)
        elif kind == "dialect_formula":
            self._say(token.content, span)

    def _say(self, words: str, span: Span) -> None:
        self.words.append(words)
        for link in self.open:
            link.words.append(words)
            link.last = span.end

    def words_of_html(self, words: str) -> None:
        """Words between the tags of a block of raw HTML."""
        self._say(words, Span(start=0, end=0))

    def _add_plain(self, span: Span) -> None:
        is_strong, is_in_link, is_foreign = self.strong > 0, bool(self.open), bool(self.found.foreign)
        start = span.start
        if self.plain and self.plain[-1].end == start:
            last = self.plain[-1]
            if (last.is_strong, last.is_in_link, last.is_foreign) == (is_strong, is_in_link, is_foreign):
                start = self.plain.pop().start
        self.plain.append(
            _Plain(start=start, end=span.end, is_strong=is_strong, is_in_link=is_in_link, is_foreign=is_foreign)
        )

    def _without_addresses(self) -> Iterator[_Plain]:
        """The plain text without the addresses that become links by themselves."""
        of_this_block = self.found.links[self.first_link :]
        bare = {link.span for link in of_this_block if link.kind in ("bare", "auto")}
        for one in self.plain:
            if one.is_in_link:
                if self.block.to_source(one.start, one.end) not in bare:
                    yield one
                continue
            position = one.start
            for span, link in self.block.bare_links(one.start, one.end):
                self.found.links.append(link)
                if span.start > position:
                    yield replace(one, start=position, end=span.start)
                position = span.end
            if one.end > position:
                yield replace(one, start=position)

    def _add_run(self, plain: _Plain) -> None:
        start = plain.start
        while start < plain.end:
            stop = self._end_of_piece(start, plain.end)
            self.found.runs.append(
                Run(
                    text=self.block.text[start:stop],
                    start=self.block.to_source(start, stop).start,
                    block=self.block.index,
                    is_strong=plain.is_strong,
                    is_foreign=plain.is_foreign,
                )
            )
            start = stop

    def _end_of_piece(self, start: int, end: int) -> int:
        """How far the text from `start` on stands in one piece in the source: a comment may have stood within."""
        span = self.block.to_source(start, end)
        if span.end - span.start == end - start:
            return end
        origin = span.start - start
        return next(at for at in range(start + 1, end) if self.block.to_source(at, at + 1).start - at != origin)

    def _close_link(self) -> None:
        opened = next((index for index in range(len(self.open) - 1, -1, -1) if self.open[index].token), None)
        if opened is None:
            return
        link = self.open.pop(opened)
        assert link.token is not None
        words = "".join(link.words)
        self.found.links.append(
            self.block.written_link(link.token, words, link.last, self.found.definitions, holds_image=link.holds_image)
        )

    def _add_image(self, image: Callable[[str | None], Image], end: int) -> None:
        for link in self.open:
            link.holds_image, link.last = True, end
        self.found.images.append(image(self._outer_href()))

    def _outer_href(self) -> str | None:
        for link in reversed(self.open):
            if link.token is not None:
                return str(link.token.attrs.get("href", ""))
            if link.tag is not None:
                return normalise_link(link.tag.value("href") or "")
        return None

    def _read_html(self, token: Token, span: Span) -> None:
        self._mark(self.found.html, span)
        if CLOSERS in token.meta:
            self._mark(self.found.unclosed, span)
        for tag in find_tags(self.block.typed(span)):
            self.tag(_moved(tag, span.start))

    def _mark(self, found: list[Mark], span: Span) -> None:
        found.append(Mark(self.block.typed(span), self.block.place(span), self.block.index))

    def tag(self, tag: Tag) -> None:
        """A tag of raw HTML, its offsets those of this block."""
        self._follow_language(tag)
        if tag.name == "img" and not tag.is_closing:
            self._add_image(partial(self.block.html_image, tag), tag.end)
        elif tag.name == "a" and tag.is_closing:
            self._close_html_link(tag.end)
        elif tag.name == "a" and "href" in tag.attributes:
            # Links do not nest: browsers end the one that is open.
            self._close_html_link(tag.start)
            self.open.append(_Open(token=None, tag=tag))
        elif tag.name == "br":
            self._say("\n", Span(start=tag.start, end=tag.end))

    def _follow_language(self, tag: Tag) -> None:
        if tag.is_closing:
            if self.found.foreign and self.found.foreign[-1] == tag.name:
                self.found.foreign.pop()
        elif "lang" in tag.attributes or tag.value("translate") == "no" or self.found.foreign[-1:] == [tag.name]:
            self.found.foreign.append(tag.name)

    def _close_html_link(self, end: int) -> None:
        opened = next((index for index in range(len(self.open) - 1, -1, -1) if self.open[index].tag), None)
        if opened is None:
            return
        link = self.open.pop(opened)
        assert link.tag is not None
        self.found.links.append(self.block.html_link(link.tag, end, "".join(link.words), holds_image=link.holds_image))


def _masked(text: str, prose: Iterable[tuple[int, int]]) -> str:
    """The text with a sign that is none for all but its prose, whose stretches come in order."""
    pieces, position = [], 0
    for start, end in prose:
        pieces += [NOT_PROSE * (start - position), text[max(start, position) : end]]
        position = max(position, end)
    return "".join(pieces) + NOT_PROSE * (len(text) - position)


def _moved(tag: Tag, by: int) -> Tag:
    attributes = {
        name: Attribute(value=one.value, start=one.start + by, end=one.end + by) for name, one in tag.attributes.items()
    }
    return Tag(name=tag.name, is_closing=tag.is_closing, start=tag.start + by, end=tag.end + by, attributes=attributes)
