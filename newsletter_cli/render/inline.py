"""The theme's CSS moved into style attributes, by premailer: SFR, La Poste and Gmail's mobile web drop `<style>`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache, lru_cache, partial, wraps
from types import MappingProxyType
from typing import Any

from lxml import etree

from newsletter_cli.base.fetchers import keep_from_fetching
from newsletter_cli.markdown.selecting import PageIndex
from newsletter_cli.render.known_css import IN_PROCESS, KnownCss, Style
from newsletter_cli.render.lean_styles import lean_styles

MARK = ' data-premailer="ignore"'
# cssutils would fetch what it names.
IMPORT = re.compile(r"@import\b[^;{}]*;?", re.IGNORECASE)

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
    }
)
# What is known of the CSS of the page that is being inlined; premailer's functions are given its text alone.
_known: ContextVar[KnownCss] = ContextVar("known")


def inline_css(html: str, css: str, known: KnownCss = IN_PROCESS) -> str:
    """The document with `css` inlined; its own `<style>` elements (resets, media queries) stay as they are.

    `known`: what CSS was read as before; what is read now is added to it.
    """
    premailer_class = _premailer_class()
    marked = re.sub(r"<style\b", f"<style{MARK}", html)
    # libxml2 knows the doctype in capitals only, and a lost doctype means quirks mode.
    marked = re.sub(r"^\s*<!doctype html>", "<!DOCTYPE html>", marked, flags=re.IGNORECASE)
    root = etree.fromstring(marked.strip(), etree.HTMLParser())
    former = _known.set(known)
    try:
        premailer_class(root, css_text=IMPORT.sub("", css), **OPTIONS).transform()
    finally:
        _known.reset(former)
    lean_styles(root)
    page = root.getroottree() if marked.startswith(root.getroottree().docinfo.doctype) else root
    return str(etree.tostring(page, method="html", encoding="utf-8").decode()).replace(MARK, "")


@cache
def _premailer_class() -> type[Any]:
    keep_from_fetching()
    from premailer import merge_style, premailer

    read_style = merge_style.csstext_to_pairs

    @wraps(read_style)
    def style_of(text: str, **options: Any) -> Style:
        return _known.get().style_of(text, lambda: tuple(read_style(text, **options)))

    premailer.csstext_to_pairs = merge_style.csstext_to_pairs = style_of
    # Its own way asks XPath about the whole page for each selector, which takes most of an inlining.
    premailer._create_cssselector = partial(_Elements, premailer._create_cssselector)

    class Remembering(premailer.Premailer):  # type: ignore[misc]
        """Reads a stylesheet once: a theme is nearly always the one of before."""

        def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Any:
            # The sheet is the only one, and what cannot be inlined (its second value) is not asked for.
            read = super()._parse_style_rules
            return _known.get().rules_of(css_body, lambda: tuple(read(css_body, ruleset_index)[0])), ()

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
