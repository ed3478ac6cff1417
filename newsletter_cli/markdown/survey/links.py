"""The links and images of a block: from what the parser says of one to where its parts stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token
from msgspec import Struct

from newsletter_cli.base.remembering import remembered
from newsletter_cli.markdown.parser import SPAN, markdown_parser, normalise_link
from newsletter_cli.markdown.spans import Span
from newsletter_cli.markdown.survey.elements import Image, Link, LinkKind
from newsletter_cli.markdown.survey.tags import Attribute, Tag

ToSource = Callable[[int, int], Span]


class BlockText(Struct, frozen=True):
    """A block's text; `to_source` turns its offsets into those of the source, `index` is which block it is."""

    text: str
    index: int
    to_source: ToSource

    def place(self, span: Span) -> Span:
        """A stretch of the block as one of the source."""
        return self.to_source(span.start, span.end)

    def typed(self, span: Span) -> str:
        """What stands there."""
        return self.text[span.start : span.end]

    def link(
        self, kind: LinkKind, href: str, words: str, whole: Span, address: Span, *, holds_image: bool = False
    ) -> Link:
        """A link whose address stands in the block."""
        return Link(
            kind=kind,
            address=self.typed(address),
            href=href,
            text=words,
            span=self.place(whole),
            address_span=self.place(address),
            block=self.index,
            holds_image=holds_image,
        )

    def bare_links(self, start: int, end: int) -> Iterable[tuple[Span, Link]]:
        """The addresses in plain text that become links by themselves, each with its place in the block."""
        for first, last, url, typed in _bare_addresses(self.text[start:end]):
            span = Span(start=start + first, end=start + last)
            yield span, self.link("bare", normalise_link(url), typed, span, span)

    def written_link(
        self, token: Token, words: str, last: int, definitions: Mapping[str, Span], *, holds_image: bool
    ) -> Link:
        """The link that `token` opens; its words end at the offset `last`. `definitions`: where addresses stand."""
        whole: Span = token.meta[SPAN]
        href = str(token.attrs.get("href", ""))
        if token.markup == "linkify":
            return self.link("bare", normalise_link(href), words, whole, whole)
        if token.markup == "autolink":
            return self.link("auto", href, words, whole, Span(start=whole.start + 1, end=whole.end - 1))
        close = self.text.find("]", max(last, whole.start + 1), whole.end)
        if self.text[close + 1 : close + 2] == "(" and close + 1 < whole.end:
            return self.link("inline", href, words, whole, self._target(close + 2, whole.end), holds_image=holds_image)
        label = normalizeReference(self.text[close + 2 : whole.end - 1] or self.text[whole.start + 1 : close])
        return Link(
            kind="reference",
            address=href,
            href=href,
            text=words,
            span=self.place(whole),
            address_span=definitions.get(label),
            block=self.index,
            holds_image=holds_image,
            label=label,
        )

    def html_link(self, tag: Tag, end: int, words: str, *, holds_image: bool) -> Link:
        """The link that an `<a href>` opens, up to the offset `end`."""
        href = tag.attributes["href"]
        whole, address = Span(start=tag.start, end=end), Span(start=href.start, end=href.end)
        return self.link("html", normalise_link(href.value), words, whole, address, holds_image=holds_image)

    def written_image(self, token: Token, link_href: str | None) -> Image:
        """An image of Markdown; `link_href`: where the link around it leads."""
        whole: Span = token.meta[SPAN]
        alt = Span(start=whole.start + 2, end=whole.start + 2 + len(token.content))
        src = str(token.attrs.get("src", ""))
        is_inline = alt.end + 1 < whole.end and self.text[alt.end + 1] == "("
        address = self._target(alt.end + 2, whole.end) if is_inline else None
        return Image(
            kind="inline" if is_inline else "reference",
            address=src if address is None else self.typed(address),
            src=src,
            alt=_plain(token.children or []),
            span=self.place(whole),
            address_span=None if address is None else self.place(address),
            alt_span=self.place(alt),
            block=self.index,
            link_href=link_href,
        )

    def html_image(self, tag: Tag, link_href: str | None) -> Image:
        """An `<img>`."""
        src, alt = tag.attributes.get("src"), tag.attributes.get("alt")
        return Image(
            kind="html",
            address="" if src is None else self.text[src.start : src.end],
            src="" if src is None else normalise_link(src.value),
            alt=None if alt is None else alt.value,
            span=self.to_source(tag.start, tag.end),
            address_span=self._attribute(src),
            alt_span=self._attribute(alt),
            block=self.index,
            link_href=link_href,
        )

    def _attribute(self, attribute: Attribute | None) -> Span | None:
        return None if attribute is None else self.to_source(attribute.start, attribute.end)

    def _target(self, start: int, end: int) -> Span:
        """The address within `(…)`, without the angle brackets it may stand in."""
        while start < end and self.text[start].isspace():
            start += 1
        # https://spec.commonmark.org/0.31.2/#link-destination
        found: Any = markdown_parser().helpers.parseLinkDestination(self.text, start, end)
        after = int(found.pos) if found.ok else start
        if self.text[start : start + 1] == "<" and after > start:
            return Span(start=start + 1, end=after - 1)
        return Span(start=start, end=after)


def _plain(tokens: Iterable[Token]) -> str:
    return "".join(
        _plain(token.children or []) if token.type == "image" else "\n" if token.type == "softbreak" else token.content
        for token in tokens
        if token.type != "html_inline"
    )


@remembered(texts=1_024)
def _bare_addresses(text: str) -> tuple[tuple[int, int, str, str], ...]:
    """From where to where an address stands in plain text, where it leads, and how it was typed."""
    found = markdown_parser().linkify.match(text) or []  # type: ignore[union-attr]
    return tuple((one.index, one.last_index, one.url, one.raw) for one in found)
