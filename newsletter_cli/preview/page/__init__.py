"""The page itself: its files, and its words in the editor's language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any

from newsletter_cli.base.i18n import interface_language
from newsletter_cli.preview.page.words import page_words

SCRIPTS = (
    "page.js",
    "asking.js",
    "card.js",
    "clients.js",
    "dom.js",
    "findings.js",
    "inbox.js",
    "live.js",
    "notices.js",
    "panel.js",
    "screen.js",
    "sightings.js",
    "stage.js",
    "together.js",
    "tools.js",
    "words.js",
    "written.js",
)
# What may be asked for beside the page, and what it is.
ASSETS: Mapping[str, str] = {
    "style.css": "text/css; charset=utf-8",
    "panel.css": "text/css; charset=utf-8",
    "clients.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    **dict.fromkeys(SCRIPTS, "text/javascript; charset=utf-8"),
}
HOLE = re.compile(r"\{\{ ([\w-]+) \}\}")


def render_index() -> str:
    """The page, its words filled in; those that scripts need stand in it as JSON."""
    words = page_words()
    filled: dict[str, str] = {name: escape(said) for name, said in words.items() if isinstance(said, str)}
    filled |= {"language": interface_language(), "words-json": _as_data(words)}
    page = read_asset("index.html").decode()
    return HOLE.sub(lambda hole: filled[hole[1]], page)


def read_asset(name: str) -> bytes:
    """The bytes of one of the page's files."""
    return (files("newsletter_cli.preview.page") / name).read_bytes()


def _as_data(words: Mapping[str, Any]) -> str:
    # Inside <script> only this sequence could end it.
    return json.dumps(words, ensure_ascii=False).replace("</", "<\\/")
