"""The e-mail as one mail reader shows it: without all that this reader does not know. Pure.

What caniemail calls unknown, and what it has no test for, stays as it is. A font that a theme fetches is never there.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree, html
from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.check.clients.conditional import taken_by_word
from newsletter_cli.check.clients.elements import WITH_CONTENT, features_of_element
from newsletter_cli.check.clients.readers import MailReader
from newsletter_cli.check.clients.shown_styles import Noted, ShownStyles

# Gmail reads no style sheet that is longer, none behind so many bytes of them, and shows no more of an e-mail
# (hteumeuleu/email-bugs 90 and 41).
SHEET_BYTES, SHEETS_BYTES, SHOWN_BYTES = 8_192, 16_384, 102_400
# How mail apps force the dark: the formula that the rule on contrast measures with (`looks.inverted`). Pictures are
# turned back.
INVERSION = (
    "html{background:#fff;filter:invert(1) hue-rotate(180deg)}"
    "img,video,[background],[style*='url(']{filter:invert(1) hue-rotate(180deg)}"
    "[background] img,[style*='url('] img{filter:none}"
)
# What leads nowhere, and is a link all the same.
NOWHERE = "#-"
START_TAG = re.compile(r"<[a-z][^<>]*>", re.IGNORECASE)
COMMENTED_RULE = re.compile(r"[^{}]*\{[^{}]*/\*.*?\*/[^{}]*\}", re.DOTALL)


class Loss(Struct, frozen=True, kw_only=True):
    """A feature that a mail reader does not show: how often, and the `mark`s of the elements, each once."""

    feature: str
    count: int
    places: tuple[str, ...] = ()


def as_shown_by(
    page: str, reader: MailReader, *, is_dark: bool = False, original: str | None = None, noted: Noted | None = None
) -> str:
    """The e-mail (a whole HTML document) as the reader shows it, in the light or in the dark.

    Media queries that the reader knows stay: who shows the result says whether the dark is preferred. `original` is
    the e-mail as it travels, where `page` bears marks that make it longer. `noted` is told each loss, and where.
    """
    if reader.is_gmail:
        page = _cut(page, original or page, noted)
    if reader.is_word:
        page = taken_by_word(page)
    tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    _Showing(reader, tree, noted or (lambda feature, element: None)).run(is_dark=is_dark)
    return etree.tostring(tree, method="html", encoding="unicode", doctype="<!DOCTYPE html>")


def losses(page: str, reader: MailReader, *, original: str | None = None, mark: str = "id") -> list[Loss]:
    """What the reader does not show of the e-mail; places are the attribute `mark` of elements or those around them."""
    counts: Counter[str] = Counter()
    places: dict[str, dict[str, None]] = {}

    def note(feature: str, element: html.HtmlElement | None) -> None:
        counts[feature] += 1
        around = () if element is None else (element, *element.iterancestors())
        place = next((one.get(mark) for one in around if one.get(mark)), None)
        if place is not None:
            places.setdefault(feature, {})[place] = None

    as_shown_by(page, reader, original=original, noted=note)
    return [
        Loss(feature=feature, count=count, places=tuple(places.get(feature, ())))
        for feature, count in sorted(counts.items())
    ]


def _cut(page: str, original: str, noted: Noted | None) -> str:
    """Gmail shows the first 102,400 bytes, and a link to the whole."""
    if len(original.encode()) <= SHOWN_BYTES:
        return page
    begun = len(START_TAG.findall(original.encode()[:SHOWN_BYTES].decode(errors="ignore")))
    end = next((tag.start() for number, tag in enumerate(START_TAG.finditer(page)) if number == begun), len(page))
    if noted is not None:
        noted("email-size", None)
    return page[:end] + f"<p>{_('[Message clipped] View entire message')}</p>"


class _Showing:
    def __init__(self, reader: MailReader, tree: html.HtmlElement, noted: Noted):
        self.reader = reader
        self.tree = tree
        self.noted = noted
        self._styles = ShownStyles(reader, noted)
        self._known: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}

    def run(self, *, is_dark: bool) -> None:
        self._show_elements()
        self._show_sheets()
        if self._styles.has_frame:
            self._show_frame()
        if is_dark and self.reader.darkening == "forced":
            _add_style(self.tree, INVERSION)
        elif is_dark and self.reader.darkening == "marked":
            # In truth they stand on each element whose colours Outlook would have changed.
            for attribute in ("data-ogsc", "data-ogsb"):
                self.tree.set(attribute, "")

    # --- elements ---

    def _show_elements(self) -> None:
        for element in list(self.tree.iter(etree.Element)):
            gone = None
            for needed in list(features_of_element(element)):
                if not self._styles.lacks(needed.feature):
                    continue
                self.noted(needed.feature, element)
                if needed.attribute is None:
                    gone = element
                elif needed.attribute == "href":
                    element.set("href", NOWHERE)
                else:
                    element.attrib.pop(needed.attribute, None)
            self._show_style(element)
            if gone is not None and gone.getparent() is not None:
                gone.drop_tree() if gone.tag in WITH_CONTENT else gone.drop_tag()
        for meta in list(self.tree.iter("meta")):
            is_scheme = (meta.get("name") or "").lower() in ("color-scheme", "supported-color-schemes")
            if is_scheme and self._styles.lacks("html-meta-color-scheme"):
                meta.drop_tree()
        # What a browser would run, and nothing but Word and browsers know.
        for element in list(self.tree.iter("script", "xml")):
            element.drop_tree()

    def _show_style(self, element: html.HtmlElement) -> None:
        style = element.get("style")
        if not style:
            return
        key = (style, str(element.tag))
        if key not in self._known:
            self._known[key] = self._styles.of_element(*key)
        shown, lost = self._known[key]
        for feature in lost:
            self.noted(feature, element)
        if shown != style:
            element.set("style", shown)

    # --- sheets ---

    def _show_sheets(self) -> None:
        size_bytes = 0
        for sheet in list(self.tree.iter("style")):
            text = sheet.text or ""
            size_bytes += len(text.encode())
            is_long = self.reader.is_gmail and (len(text.encode()) > SHEET_BYTES or size_bytes > SHEETS_BYTES)
            if self._styles.lacks("html-style") or is_long:
                if text.strip():
                    self.noted("style-size" if is_long else "html-style", None)
                sheet.drop_tree()
                continue
            if "/*" in text and self._styles.lacks("css-comments"):
                text = COMMENTED_RULE.sub("", text)
            if self._styles.holds_for(sheet.get("media") or ""):
                sheet.text = "\n".join(self._styles.rules_of(text))
            else:
                sheet.drop_tree()

    # --- frame ---

    def _show_frame(self) -> None:
        """`<body>` becomes a `<div>` with what it bore, or is gone with it (caniemail, “`<body>` element”)."""
        body = self.tree.find("body")
        if body is None:
            return
        inner = html.Element("div")
        inner.text, body.text = body.text, None
        inner.extend(list(body))
        if self.reader.answer("html-body") == "a":
            inner.attrib.update(body.attrib)
        for element in (body, self.tree):
            for name in [name for name in element.attrib if name not in ("lang", "dir")]:
                del element.attrib[name]
        body.append(inner)


def _add_style(tree: html.HtmlElement, css: str) -> None:
    head = tree.find("head")
    style = html.Element("style")
    style.text = css
    (tree if head is None else head).append(style)
