"""The author's CSS moved into style attributes, by premailer: SFR, La Poste and Gmail's mobile web drop `<style>`."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import types
from collections.abc import Iterator
from functools import cache
from typing import Any

MARK = ' data-premailer="ignore"'
# cssutils would fetch what it names.
IMPORT = re.compile(r"@import\b[^;{}]*;?", re.IGNORECASE)


def inline_css(html: str, css: str) -> str:
    """The document with `css` inlined; its own `<style>` elements (resets, media queries) stay as they are."""
    premailer_class = _premailer_class()
    marked = re.sub(r"<style\b", f"<style{MARK}", html)
    # libxml2 knows the doctype in capitals only, and a lost doctype means quirks mode.
    marked = re.sub(r"^\s*<!doctype html>", "<!DOCTYPE html>", marked, flags=re.IGNORECASE)
    result = premailer_class(
        marked,
        css_text=IMPORT.sub("", css),
        allow_network=False,
        strip_important=False,
        keep_style_tags=True,
        disable_leftover_css=True,
        disable_validation=True,
        align_floating_images=False,
        disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
        remove_classes=False,
        cssutils_logging_level=logging.CRITICAL,
    ).transform(pretty_print=False)
    return str(result).replace(MARK, "")


@cache
def _premailer_class() -> type[Any]:
    with _fetchers_left_out():
        from premailer import Premailer
    import cssutils

    # premailer has every inline style validated, to no effect but a log entry; compiling the patterns for it
    # takes 70 ms. Without profiles there is nothing to validate against.
    cssutils.profile.removeProfile(all=True)
    return Premailer  # type: ignore[no-any-return]


@contextlib.contextmanager
def _fetchers_left_out() -> Iterator[None]:
    """premailer imports requests, and cssutils a module of its own, to fetch stylesheets, which is never done here.

    They are a third of premailer's start-up, and rendering without an HTTP client cannot reach out.
    """
    fetcher = types.ModuleType("cssutils._fetch")
    fetcher._defaultFetcher = None  # type: ignore[attr-defined]
    placeholders = {"requests": types.ModuleType("requests"), "cssutils._fetch": fetcher}
    placed = {name: module for name, module in placeholders.items() if name not in sys.modules}
    sys.modules.update(placed)
    try:
        yield
    finally:
        for name in placed:
            del sys.modules[name]
