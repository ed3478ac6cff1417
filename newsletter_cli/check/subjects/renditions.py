"""The issue as it will reach its readers: what the rules on renditions are given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

from lxml import etree, html
from msgspec import Struct, field

from newsletter_cli.check.looks import Cascade, ShownText, look_at, running_texts
from newsletter_cli.check.subjects.manuscript import Asset
from newsletter_cli.check.subjects.origins import Origins, squeezed
from newsletter_cli.markdown.fragment import LINE
from newsletter_cli.model import Place

CONFIG_FILE = "newsletter.toml"


class RenderedText(Struct, frozen=True, kw_only=True):
    """A text of the issue as a tree of clean HTML; blocks say their line in `data-line`.

    `heading` is the section's title as plain text, empty for the editorial and for what stands in a header (an
    event's description, whose lines are those of `first_line`). `slug` is the section's, `source` the text as typed.
    `has_lines`: the marks of the tree are lines of the file; otherwise `first_line` (and `column`) stand for all of it.
    """

    slug: str
    file: str
    first_line: int
    heading: str
    tree: html.HtmlElement
    source: str = ""
    has_lines: bool = True
    column: int | None = None

    def place_of(self, element: html.HtmlElement) -> Place:
        """The file and line that an element of the tree comes from."""
        if not self.has_lines:
            return Place(file=self.file, line=self.first_line, column=self.column)
        marked = _marked_line(element)
        return Place(file=self.file, line=self._raw_line(element) if marked is None else marked)

    def _raw_line(self, element: html.HtmlElement) -> int:
        """The line of an element of raw HTML, which bears no mark: that of its tag, between the marks around it."""
        before, after, position, is_past = self.first_line, self.first_line + self.source.count("\n") + 1, 0, False
        for one in self.tree.iter(etree.Element):
            line = one.get(LINE)
            is_past = is_past or one is element
            if line and is_past:
                after = int(line)
                break
            if line:
                before, position = int(line), 0
            elif one.tag == element.tag and not is_past and _marked_line(one) is None:
                position += 1
        return self._line_of_tag(element, range(before, after), position) or before

    def _line_of_tag(self, element: html.HtmlElement, lines: range, position: int) -> int | None:
        source = self.source.split("\n")
        # Some elements nobody wrote: a table has a body.
        for one in (element, *element.iterancestors()):
            tag = re.compile(rf"<{one.tag!s}\b", re.IGNORECASE)
            found = [line for line in lines if tag.search(source[line - self.first_line])]
            if found:
                return found[min(position, len(found) - 1)]
        return None


def _marked_line(element: html.HtmlElement) -> int | None:
    lines = (one.get(LINE) for one in (element, *element.iterancestors()))
    return next((int(line) for line in lines if line), None)


class TypedAddress(Struct, frozen=True, kw_only=True):
    """An address as an editor typed it.

    `href` is what Markdown made of it, before any cleaning; `final` is what the e-mail has if it has it at all.
    """

    kind: Literal["link", "image"]
    place: Place
    address: str
    href: str
    final: str


class ToldFault(Struct, frozen=True, kw_only=True):
    """A fault that was seen while the issue was rendered, with its place and what to do."""

    place: Place
    message: str
    suggestion: str | None = None


class SaidWords(Struct, frozen=True, kw_only=True):
    """Words of an editor's text that stand one behind the other, and where."""

    words: str
    place: Place


class Renditions(Struct, frozen=True, kw_only=True, dict=True):
    """Everything a rule on renditions may look at.

    `email` and `text` are the finished e-mail and its plain text. `texts` are the editor's texts as clean HTML, in
    order; `addresses` are all that a reader is led to, those of events and jobs included; `typed` are those of the
    texts as they were typed. `words` are the other texts that people wrote (titles, employers, legal lines…).
    `theme_file` is what to look at for a fault of the theme, `theme_settings` where its colours and sizes are.
    `images` are the known pictures by the address the e-mail has for them, `local_files` the addresses that are
    relative on purpose. `contents` is how the contents lead to the sections. `clients` are the mail readers that
    count, as in `[check]`. `lines` tells where in `issue_file` each field of the header stands.
    `theme_faults` are those of the theme's files by kind, `missing_words` is that the language has none.
    `anchors` are the fragments that the online post gives its headings. `said` are the words of the texts as they were
    parsed: what has to be in every rendition. `is_embedding`: each message carries the issue's own pictures.
    `logo` is the newsletter's, by its address in the e-mail, and where it is named.
    """

    email: str
    text: str
    texts: tuple[RenderedText, ...]
    subject: str
    preheader: str | None
    language: str
    direction: str
    theme_file: str
    theme_settings: str
    issue_file: str
    online_url: str | None = None
    unsubscribe_url: str | None = None
    sender: str | None = None
    images: Mapping[str, Asset] = field(default_factory=dict)
    clients: tuple[str, ...] = ()
    local_files: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()
    typed: tuple[TypedAddress, ...] = ()
    words: tuple[str, ...] = ()
    contents: Literal["online", "anchors", "plain", "none"] = "online"
    lines: Mapping[str, int] = field(default_factory=dict)
    theme_faults: Mapping[str, Sequence[ToldFault]] = field(default_factory=dict)
    missing_words: ToldFault | None = None
    anchors: frozenset[str] = frozenset()
    said: tuple[SaidWords, ...] = ()
    is_embedding: bool = False
    logo: tuple[str, Place] | None = None

    @cached_property
    def page(self) -> html.HtmlElement:
        """The e-mail as a mail reader parses it."""
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
        return html.document_fromstring(self.email.encode(), parser=parser)

    @cached_property
    def squeezed_text(self) -> str:
        """The letters and digits of the plain text."""
        return squeezed(self.text)

    @property
    def body(self) -> html.HtmlElement:
        """The page's body; an empty one where the theme has none."""
        body = self.page.find("body")
        return html.Element("body") if body is None else body

    @cached_property
    def looks(self) -> Cascade:
        """How each element of the page is shown, light and dark."""
        return look_at(self.page)

    @cached_property
    def running_texts(self) -> tuple[ShownText, ...]:
        """What is read as text: no headings, buttons or badges."""
        return tuple(running_texts(self.looks))

    @cached_property
    def origins(self) -> Origins:
        """Where the elements of the page come from."""
        return Origins(self.page, [(text.place_of, text.tree) for text in self.texts])

    @property
    def theme(self) -> Place:
        """The theme as a whole: what no editor has written."""
        return Place(file=self.theme_file)

    def field(self, name: str) -> Place:
        """A field of the issue's header: its line, or the file that lacks it."""
        return Place(file=self.issue_file, line=self.lines.get(name))

    def origin_of(self, element: html.HtmlElement) -> Place:
        """What the editor has to look at for an element of the page; the theme for what is the theme's own."""
        place = self.origins.find(element)
        return self.theme if place is None else self.typed_place(element, place)

    def typed_place(self, element: html.HtmlElement, place: Place) -> Place:
        """For a link or an image in the block at `place`, where its very address stands; else `place`."""
        if element.tag not in ("a", "img") or place.column is not None:
            return place
        address = element.get("href" if element.tag == "a" else "src") or ""
        known = self._typed_places.get(("link" if element.tag == "a" else "image", place.file, address), [])
        return next((one for one in known if (one.line or 0) >= (place.line or 0)), place)

    @cached_property
    def _typed_places(self) -> Mapping[tuple[str, str, str], list[Place]]:
        found: dict[tuple[str, str, str], list[Place]] = {}
        for one in self.typed:
            found.setdefault((one.kind, one.place.file, one.final), []).append(one.place)
        return found

    @cached_property
    def placed_images(self) -> tuple[tuple[html.HtmlElement, Place], ...]:
        """The pictures of the page, in order, and where each comes from: the cover the issue's header, the logo the
        settings.
        """
        found = []
        for image in self.body.iter("img"):
            place = self.origin_of(image)
            if self.logo is not None and place == self.theme and image.get("src") == self.logo[0]:
                place = self.logo[1]
            elif place == self.theme and image.get("src") in self.images:
                place = self.field("images")
            found.append((image, place))
        return tuple(found)
