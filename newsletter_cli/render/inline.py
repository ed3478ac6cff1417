"""The theme's CSS moved into style attributes, by premailer: SFR, La Poste and Gmail's mobile web drop `<style>`."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Any

from lxml import etree

from newsletter_cli.base.fetchers import keep_from_fetching
from newsletter_cli.markdown.selecting import PageIndex
from newsletter_cli.render.lean_styles import lean_styles

MARK = ' data-premailer="ignore"'
# cssutils would fetch what it names.
IMPORT = re.compile(r"@import\b[^;{}]*;?", re.IGNORECASE)
TABLE_BODY = re.compile(r"</?tbody>")
BODY_ASKED = re.compile(r"\btbody\b[^<>{}]*[>{]")

OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "allow_network": False,
        "strip_important": False,
        "keep_style_tags": True,
        "disable_leftover_css": True,
        "disable_validation": True,
        "align_floating_images": False,
        "disable_basic_attributes": ["width", "height", "align", "valign", "bgcolor"],
        "remove_classes": False,
        "cssutils_logging_level": logging.CRITICAL,
    }
)


def inline_css(html: str, css: str) -> str:
    """The document with `css` inlined; its own `<style>` elements (resets, media queries) stay as they are."""
    premailer_class = _premailer_class()
    marked = re.sub(r"<style\b", f"<style{MARK}", html)
    # libxml2 knows the doctype in capitals only, and a lost doctype means quirks mode.
    marked = re.sub(r"^\s*<!doctype html>", "<!DOCTYPE html>", marked, flags=re.IGNORECASE)
    root = etree.fromstring(marked.strip(), etree.HTMLParser())
    premailer_class(root, css_text=IMPORT.sub("", css), **OPTIONS).transform()
    lean_styles(root)
    page = root.getroottree() if marked.startswith(root.getroottree().docinfo.doctype) else root
    result = etree.tostring(page, method="html", encoding="utf-8").decode().replace(MARK, "")
    # A table's body may stand unsaid (HTML, 13.1.2.4), unless a theme's style asks for it.
    return result if BODY_ASKED.search(result) else TABLE_BODY.sub("", result)


@cache
def _premailer_class() -> type[Any]:
    keep_from_fetching()
    import cssutils
    from premailer import premailer

    # premailer has every inline style validated, to no effect but a log entry; compiling the patterns for it
    # takes 70 ms. Without profiles there is nothing to validate against.
    cssutils.profile.removeProfile(all=True)

    @lru_cache(maxsize=8)
    def rules_of(css: str, index: int) -> Any:
        return premailer.Premailer("", **OPTIONS)._parse_style_rules(css, index)

    # Its own way asks XPath about the whole page for each selector, which takes most of an inlining.
    premailer._create_cssselector = partial(_Elements, premailer._create_cssselector)

    class Remembering(premailer.Premailer):  # type: ignore[misc]
        """Reads a stylesheet once: a preview renders at every save, and the theme is nearly always the one of before.

        The rules are tuples that premailer only reads.
        """

        def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Any:
            return rules_of(css_body, ruleset_index)

        def transform(self, *arguments: Any, **options: Any) -> Any:
            """The document, inlined. The page that it was made of is kept no longer."""
            try:
                return super().transform(*arguments, **options)
            finally:
                _index_of.cache_clear()

    return Remembering


class _Elements:
    """What premailer asks for the elements of a selector: it is called with the page."""

    def __init__(self, by_xpath: Callable[[str], Callable[[Any], Any]], selector: str):
        self._by_xpath, self._selector = by_xpath, selector

    def __call__(self, page: Any) -> Any:
        page = page.getroot() if hasattr(page, "getroot") else page
        found = _index_of(page).find(self._selector)
        return self._by_xpath(self._selector)(page) if found is None else found


# For as long as one page is inlined, or for two by two threads.
_index_of = lru_cache(maxsize=2)(PageIndex)
