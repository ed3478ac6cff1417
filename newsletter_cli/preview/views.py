"""An issue as its readers see it: each view a whole HTML document for the preview's sandboxed frame. Pure.

The documents are shown in a frame with `sandbox="allow-same-origin"` and served with `security.view_policy`, which
says why that is safe.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from lxml import etree, html

from newsletter_cli.check.clients.readers import MailReader
from newsletter_cli.check.clients.shown import INVERSION, Loss, as_shown_by, losses
from newsletter_cli.check.subjects.origins import HEADINGS, Origins, squeezed
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Place
from newsletter_cli.preview import restyle
from newsletter_cli.preview.documents import post_page, text_page
from newsletter_cli.preview.outline import OutlineEntry, outline_of
from newsletter_cli.preview.sources import source_page

EMAIL_VIEWS = ("email", "dark", "inverted", "images-off", "style-stripped")
VIEWS = (*EMAIL_VIEWS, "text", "post", "post-source", "source")
# What can be looked at as a mail reader shows it.
READER_VIEWS = ("email", "dark", "images-off")
# What is not the same for every reader.
PERSONAL_VIEWS = (*EMAIL_VIEWS, "text")
PLACE = "data-nl"
# What an editor writes; the frame of layout tables around it is the theme's.
WRITTEN = frozenset((*HEADINGS, "p", "li", "dt", "dd", "pre", "blockquote", "img", "a"))
CELLS = frozenset(("td", "th"))
# A finding's place, lit by the page.
LIT = (
    "[data-nl-lit]{outline:3px solid #c2410c!important;outline-offset:4px!important;"
    "box-shadow:0 0 0 7px rgba(251,191,36,.45)!important;border-radius:3px}"
    "a[data-nl-lit]{outline-offset:2px!important;box-shadow:none!important}"
    # Of browsers that draw no line here, the ground tells the words.
    "::highlight(nl-spelling){text-decoration:underline wavy 1.5px #dc2626;background-color:rgba(220,38,38,.1)}"
    "::highlight(nl-grammar){text-decoration:underline wavy 1.5px #2563eb;background-color:rgba(37,99,235,.1)}"
    "::highlight(nl-chosen){background-color:rgba(251,191,36,.5)}"
)

Marks = Mapping[int, Place]


class Views:
    """The views of one rendering.

    `post` is the Markdown post, `message` the source of the message (empty where there is none). `files` maps the
    address that a rendition has for one of the issue's own files to where the preview serves it. The work that views
    share is done once, when first asked for.
    """

    def __init__(self, renditions: Renditions, *, post: str, message: str = "", files: Mapping[str, str] | None = None):
        self._renditions = renditions
        self._post = post
        self._message = message
        self._files = files or {}
        self._losses: dict[str, list[Loss]] = {}

    def build(self, name: str, *, has_remote: bool = False, reader: MailReader | None = None) -> str:
        """The document of a view of `VIEWS`. `has_remote`: images from elsewhere may load. Raises `KeyError`.

        `reader`: the e-mail as this mail reader shows it, in the light or in the dark, or without pictures.
        """
        if name in EMAIL_VIEWS:
            return self._email(name, reader if name in READER_VIEWS else None, has_remote=has_remote)
        language = self._renditions.language
        if name == "text":
            return text_page(self._renditions.text, language=language)
        if name == "post":
            return self._post_view(has_remote=has_remote)
        if name == "post-source":
            return source_page(self._post, language=language)
        if name == "source":
            return source_page(self._message, language="en")
        raise KeyError(name)

    def anchor_of(self, file: str, line: int | None) -> str | None:
        """The id, in the views of the e-mail, of the block that `line` of `file` was made into, or the one before.

        Without a line: the file's first block. `None` where nothing of the file is shown.
        """
        known = self._ids_by_file.get(file)
        if not known:
            return None
        index = 0 if line is None else max(bisect_right(known, (line, "\uffff")) - 1, 0)
        return known[index][1]

    @cached_property
    def outline(self) -> tuple[OutlineEntry, ...]:
        """What a screen reader meets in the e-mail, each with the id of its place."""
        return tuple(outline_of(self._marked))

    @cached_property
    def _marked(self) -> html.HtmlElement:
        """The e-mail, harmless, its written elements marked with their place."""
        page = deepcopy(self._renditions.page)
        _mark(page, self._marks)
        restyle.disarm(page)
        return page

    @cached_property
    def _marks(self) -> Marks:
        return dict(_places(self._renditions.page, self._renditions, self._renditions.origin_of))

    @cached_property
    def _ids_by_file(self) -> Mapping[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for element in self._marked.iter(etree.Element):
            place = element.get(PLACE)
            if place and element.get("id"):
                file, _colon, line = place.rpartition(":")
                found[file].append((int(line), element.get("id") or ""))
        return {file: sorted(known) for file, known in found.items()}

    def losses(self, reader: MailReader) -> list[Loss]:
        """What a mail reader does not show of the e-mail; places are ids of the views."""
        if reader.name not in self._losses:
            self._losses[reader.name] = losses(self.marked_source, reader, original=self._renditions.email)
        return self._losses[reader.name]

    @cached_property
    def marked_source(self) -> str:
        """The e-mail with its marks, from which each mail reader's is made."""
        return etree.tostring(self._marked, method="html", encoding="unicode", doctype="<!DOCTYPE html>")

    def _shown_by(self, reader: MailReader, *, is_dark: bool) -> html.HtmlElement:
        shown = as_shown_by(self.marked_source, reader, is_dark=is_dark, original=self._renditions.email)
        page = html.document_fromstring(shown.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
        # What Word takes out of its comments has not been looked at.
        restyle.disarm(page)
        return page

    def _email(self, name: str, reader: MailReader | None, *, has_remote: bool) -> str:
        is_dark = name == "dark"
        page = deepcopy(self._marked) if reader is None else self._shown_by(reader, is_dark=is_dark)
        if name == "style-stripped":
            restyle.strip_styles(page)
        # Forced inversion is for e-mails that are shown as if they knew no dark of their own.
        restyle.settle_scheme(page, is_dark=is_dark and (reader is None or reader.darkening != "forced"))
        restyle.lead_files(page, self._files)
        if name == "images-off":
            restyle.drop_images(page, lambda address: True)
        elif not has_remote:
            # One whose kind a mail reader does not know has no address any more.
            restyle.drop_images(page, lambda address: not address or is_remote(address))
        if name == "inverted":
            restyle.add_style(page, INVERSION)
        return _written(page)

    def _post_view(self, *, has_remote: bool) -> str:
        page = post_page(self._post, self._renditions)
        origins = Origins(page, [(text.place_of, text.tree) for text in self._renditions.texts])
        _mark(page, dict(_places(page, self._renditions, origins.find)))
        restyle.disarm(page)
        restyle.lead_files(page, self._files)
        if not has_remote:
            restyle.drop_images(page, is_remote)
        return _written(page)


def is_remote(address: str) -> bool:
    """Whether showing an image of this address would ask another machine, or nobody."""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:  # a bracket of IPv6 that is not closed: no browser would ask either
        return True
    return scheme not in ("", "data") or address.startswith("//")


def _written_elements(page: html.HtmlElement) -> Iterator[tuple[int, html.HtmlElement]]:
    for index, element in enumerate(page.iter(etree.Element)):
        if element.tag in WRITTEN or (element.tag in CELLS and _is_data_cell(element)):
            yield index, element


def _is_data_cell(element: html.HtmlElement) -> bool:
    table = next(element.iterancestors("table"), None)
    return table is not None and table.get("role") not in ("presentation", "none")


def _places(
    page: html.HtmlElement, renditions: Renditions, find: Callable[[html.HtmlElement], Place | None]
) -> Iterator[tuple[int, Place]]:
    titles = _titles(renditions)
    for index, element in _written_elements(page):
        place = find(element)
        if place is not None and place.file != renditions.theme_file:
            yield index, place
        # The theme's heading of a section: its number may stand before the title.
        elif titles and element.tag in HEADINGS and squeezed(element.text_content()).endswith(titles[0][0]):
            yield index, titles.pop(0)[1]


def _titles(renditions: Renditions) -> list[tuple[str, Place]]:
    """The titles of the sections, in order, as they are recognised, and where they were written."""
    lines = {text.slug: text.first_line for text in renditions.texts if text.column is not None}
    return [
        (squeezed(text.heading), Place(file=text.file, line=lines.get(text.slug, 1)))
        for text in renditions.texts
        if squeezed(text.heading)
    ]


def _mark(page: html.HtmlElement, marks: Marks) -> None:
    """Each element's place in `data-nl`; the first of each place has an id, its own or one made of the place."""
    taken: set[tuple[str, int]] = set()
    for index, element in enumerate(page.iter(etree.Element)):
        place = marks.get(index)
        if place is None:
            continue
        line = place.line or 1
        element.set(PLACE, f"{place.file}:{line}")
        if (place.file, line) not in taken:
            taken.add((place.file, line))
            if not element.get("id"):
                element.set("id", f"nl-{PurePosixPath(place.file).stem}-{line}")


def _written(page: html.HtmlElement) -> str:
    restyle.add_style(page, LIT)
    return etree.tostring(page, method="html", encoding="unicode", doctype="<!DOCTYPE html>")
