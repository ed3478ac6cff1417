"""What stands within one block: its links, images, code, raw HTML and prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from markdown_it.token import Token

from newsletter_cli.markdown.parser import SPAN, markdown_parser, normalise_link
from newsletter_cli.markdown.spans import Span
from newsletter_cli.markdown.survey.elements import NOT_PROSE, Image, Link, Mark, Run
from newsletter_cli.markdown.survey.tags import Attribute, Tag, find_tags

ToSource = Callable[[int, int], Span]
WEIGHT = {"strong_open": "strong", "em_open": "emphasised"}
ANY_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)


@dataclass(kw_only=True)
class InlineSurvey:
    """What has been found so far, over all blocks of a text. `definitions`: where the address of each label stands."""

    definitions: dict[str, Span]
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    code: list[Mark] = field(default_factory=list)
    html: list[Mark] = field(default_factory=list)
    # Elements of raw HTML that say their words are in another language, or not to be translated; they may reach
    # over several blocks.
    foreign: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class _Open:
    """A link whose end is still to come."""

    token: Token | None
    tag: Tag | None
    start: int
    words: list[str] = field(default_factory=list)
    holds_image: bool = False
    last: int = 0


def survey_inline(
    text: str, tokens: Iterable[Token], block: int, to_source: ToSource, found: InlineSurvey
) -> tuple[str, str]:
    """Add what stands in `text` to `found`; gives its prose (as long as `text`) and its plain words."""
    return _BlockSurvey(text, block, to_source, found).read(tokens)


def survey_html(text: str, block: int, to_source: ToSource, found: InlineSurvey) -> str:
    """Add what stands in a block of raw HTML to `found`; none of it is prose."""
    found.html.append(Mark(text, to_source(0, len(text)), block))
    survey = _BlockSurvey(text, block, to_source, found)
    position = 0
    for tag in find_tags(text):
        survey.words_of_html(ANY_TAG.sub("", text[position : tag.start]))
        survey.tag(tag)
        position = tag.end
    return NOT_PROSE * len(text)


class _BlockSurvey:
    def __init__(self, text: str, block: int, to_source: ToSource, found: InlineSurvey):
        self.text = text
        self.block = block
        self.to_source = to_source
        self.found = found
        self.first_link = len(found.links)
        self.words: list[str] = []
        self.open: list[_Open] = []
        self.weights = {"strong": 0, "emphasised": 0}
        # Stretches of plain text, in offsets of this block, with what is true of each.
        self.plain: list[tuple[int, int, tuple[bool, bool, bool, bool]]] = []
        self.breaks: list[Span] = []

    def read(self, tokens: Iterable[Token]) -> tuple[str, str]:
        for token in tokens:
            self._read(token)
        prose = bytearray(len(self.text))
        for start, end, traits in self._without_addresses():
            prose[start:end] = b"\x01" * (end - start)
            self._add_run(start, end, traits)
        for one in self.breaks:
            prose[one.start : one.end] = b"\x01" * (one.end - one.start)
        masked = "".join(sign if is_prose else NOT_PROSE for sign, is_prose in zip(self.text, prose, strict=True))
        return masked, "".join(self.words)

    def _read(self, token: Token) -> None:
        span: Span = token.meta.get(SPAN) or Span(start=0, end=0)
        kind = token.type
        if kind in ("text", "text_special", "code_inline"):
            self._say(token.content, span)
            if kind == "text" and token.content:
                self._add_plain(span)
            elif kind == "code_inline":
                self.found.code.append(Mark(self.text[span.start : span.end], self.to_source(*_ends(span)), self.block))
        elif kind in ("softbreak", "hardbreak"):
            self._say("\n", span)
            self.breaks.append(span)
        elif kind.endswith(("strong_open", "em_open")):
            self.weights[WEIGHT[kind]] += 1
        elif kind.endswith(("strong_close", "em_close")):
            self.weights[WEIGHT[kind.replace("close", "open")]] -= 1
        elif kind == "link_open":
            self.open.append(_Open(token=token, tag=None, start=span.start))
        elif kind == "link_close":
            self._close_link(span)
        elif kind == "image":
            self._add_image(token, span)
        elif kind == "html_inline":
            self._read_html(span)

    def _say(self, words: str, span: Span) -> None:
        self.words.append(words)
        for link in self.open:
            link.words.append(words)
            link.last = span.end

    def words_of_html(self, words: str) -> None:
        """Words between the tags of a block of raw HTML."""
        self._say(words, Span(start=0, end=0))

    def _add_plain(self, span: Span) -> None:
        traits = (
            self.weights["strong"] > 0,
            self.weights["emphasised"] > 0,
            bool(self.open),
            bool(self.found.foreign),
        )
        if self.plain and self.plain[-1][1] == span.start and self.plain[-1][2] == traits:
            self.plain[-1] = (self.plain[-1][0], span.end, traits)
        else:
            self.plain.append((span.start, span.end, traits))

    def _without_addresses(self) -> Iterator[tuple[int, int, tuple[bool, bool, bool, bool]]]:
        """The plain text without the addresses that become links by themselves."""
        of_this_block = self.found.links[self.first_link :]
        bare = {_ends(link.span) for link in of_this_block if link.kind in ("bare", "auto")}
        for start, end, traits in self.plain:
            if traits[2]:
                if _ends(self.to_source(start, end)) not in bare:
                    yield start, end, traits
                continue
            position = start
            for match in _bare_addresses(self.text[start:end]):
                first, last = start + match.index, start + match.last_index
                self._add_link("bare", match.raw, match.url, match.raw, first, last, Span(start=first, end=last))
                if first > position:
                    yield position, first, traits
                position = last
            if end > position:
                yield position, end, traits

    def _add_run(self, start: int, end: int, traits: tuple[bool, bool, bool, bool]) -> None:
        strong, emphasised, in_link, foreign = traits
        while start < end:
            stop = self._end_of_piece(start, end)
            place = self.to_source(start, stop).start
            self.found.runs.append(
                Run(
                    text=self.text[start:stop],
                    start=place,
                    block=self.block,
                    is_strong=strong,
                    is_emphasised=emphasised,
                    is_link_text=in_link,
                    is_foreign=foreign,
                )
            )
            start = stop

    def _end_of_piece(self, start: int, end: int) -> int:
        """How far the text from `start` on stands in one piece in the source: a comment may have stood within."""
        span = self.to_source(start, end)
        if span.end - span.start == end - start:
            return end
        origin = span.start - start
        return next(at for at in range(start + 1, end) if self.to_source(at, at + 1).start - at != origin)

    def _close_link(self, span: Span) -> None:
        opened = next((index for index in range(len(self.open) - 1, -1, -1) if self.open[index].token), None)
        if opened is None:
            return
        link = self.open.pop(opened)
        token = link.token
        assert token is not None
        whole: Span = token.meta[SPAN]
        words = "".join(link.words)
        href = str(token.attrs.get("href", ""))
        raw = self.text[whole.start : whole.end]
        if token.markup == "linkify":
            self._add_link("bare", raw, href, words, whole.start, whole.end, whole)
        elif token.markup == "autolink":
            inner = Span(start=whole.start + 1, end=whole.end - 1)
            self._add_link("auto", raw[1:-1], href, words, whole.start, whole.end, inner)
        else:
            self._add_written_link(raw, whole, max(link.last - whole.start, 1), words, href, link.holds_image)

    def _add_written_link(
        self, raw: str, whole: Span, after_words: int, words: str, href: str, holds_image: bool
    ) -> None:
        close = raw.find("]", after_words)
        if raw[close + 1 : close + 2] == "(":
            target = _target(raw, close + 2)
            address = Span(start=whole.start + target.start, end=whole.start + target.end)
            typed = self.text[address.start : address.end]
            self._add_link("inline", typed, href, words, whole.start, whole.end, address, holds_image=holds_image)
            return
        from markdown_it.common.utils import normalizeReference

        label = raw[close + 2 : -1] or raw[1:close]
        known = normalizeReference(label)
        where = self.found.definitions.get(known)
        self.found.links.append(
            Link(
                kind="reference",
                address=href,
                href=href,
                text=words,
                span=self.to_source(whole.start, whole.end),
                address_span=where,
                block=self.block,
                holds_image=holds_image,
                label=known,
            )
        )

    def _add_link(
        self,
        kind: Any,
        address: str,
        href: str,
        words: str,
        start: int,
        end: int,
        address_span: Span | None,
        *,
        holds_image: bool = False,
    ) -> None:
        self.found.links.append(
            Link(
                kind=kind,
                address=address,
                href=normalise_link(href) if kind in ("html", "bare") else href,
                text=words,
                span=self.to_source(start, end),
                address_span=None if address_span is None else self.to_source(*_ends(address_span)),
                block=self.block,
                holds_image=holds_image,
            )
        )

    def _add_image(self, token: Token, span: Span) -> None:
        raw = self.text[span.start : span.end]
        alt = Span(start=span.start + 2, end=span.start + 2 + len(token.content))
        after = alt.end - span.start + 1
        src = str(token.attrs.get("src", ""))
        address, typed = None, src
        is_inline = raw[after : after + 1] == "("
        if is_inline:
            target = _target(raw, after + 1)
            typed = raw[target.start : target.end]
            address = self.to_source(span.start + target.start, span.start + target.end)
        self._hold_image()
        self.found.images.append(
            Image(
                kind="inline" if is_inline else "reference",
                address=typed,
                src=src,
                alt=_plain(token.children or []),
                span=self.to_source(*_ends(span)),
                address_span=address,
                alt_span=self.to_source(*_ends(alt)),
                block=self.block,
                link_href=self._outer_href(),
            )
        )

    def _hold_image(self) -> None:
        for link in self.open:
            link.holds_image = True

    def _outer_href(self) -> str | None:
        for link in reversed(self.open):
            if link.token is not None:
                return str(link.token.attrs.get("href", ""))
            if link.tag is not None:
                return normalise_link(link.tag.value("href") or "")
        return None

    def _read_html(self, span: Span) -> None:
        raw = self.text[span.start : span.end]
        self.found.html.append(Mark(raw, self.to_source(*_ends(span)), self.block))
        for tag in find_tags(raw):
            self.tag(_moved(tag, span.start))

    def tag(self, tag: Tag) -> None:
        """A tag of raw HTML, its offsets those of this block."""
        self._follow_language(tag)
        if tag.name == "img" and not tag.is_closing:
            self._add_html_image(tag)
        elif tag.name == "a" and tag.is_closing:
            self._close_html_link(tag.end)
        elif tag.name == "a" and "href" in tag.attributes:
            # Links do not nest: browsers end the one that is open.
            self._close_html_link(tag.start)
            self.open.append(_Open(token=None, tag=tag, start=tag.start))
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
        href = link.tag.attributes["href"]
        self._add_link(
            "html",
            self.text[href.start : href.end],
            href.value,
            "".join(link.words),
            link.start,
            end,
            Span(start=href.start, end=href.end),
            holds_image=link.holds_image,
        )

    def _add_html_image(self, tag: Tag) -> None:
        self._hold_image()
        src, alt = tag.attributes.get("src"), tag.attributes.get("alt")
        self.found.images.append(
            Image(
                kind="html",
                address="" if src is None else self.text[src.start : src.end],
                src="" if src is None else normalise_link(src.value),
                alt=None if alt is None else alt.value,
                span=self.to_source(tag.start, tag.end),
                address_span=None if src is None else self.to_source(src.start, src.end),
                alt_span=None if alt is None else self.to_source(alt.start, alt.end),
                block=self.block,
                link_href=self._outer_href(),
            )
        )


def _target(raw: str, start: int) -> Span:
    """The address within `(…)`, without the angle brackets it may stand in."""
    while raw[start : start + 1].isspace():
        start += 1
    # https://spec.commonmark.org/0.31.2/#link-destination
    found = markdown_parser().helpers.parseLinkDestination(raw, start, len(raw))
    end = int(found.pos) if found.ok else start
    if raw[start : start + 1] == "<" and end > start:
        return Span(start=start + 1, end=end - 1)
    return Span(start=start, end=end)


def _bare_addresses(text: str) -> list[Any]:
    """The addresses in plain text that become links: linkify-it's matches."""
    return markdown_parser().linkify.match(text) or []  # type: ignore[union-attr]


def _moved(tag: Tag, by: int) -> Tag:
    attributes = {
        name: Attribute(value=one.value, start=one.start + by, end=one.end + by) for name, one in tag.attributes.items()
    }
    return Tag(name=tag.name, is_closing=tag.is_closing, start=tag.start + by, end=tag.end + by, attributes=attributes)


def _plain(tokens: Iterable[Token]) -> str:
    return "".join(
        _plain(token.children or []) if token.type == "image" else "\n" if token.type == "softbreak" else token.content
        for token in tokens
        if token.type not in ("html_inline",)
    )


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end
