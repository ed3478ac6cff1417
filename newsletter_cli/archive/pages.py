"""The pages as files: templates, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsletter_cli.render.active import refuse_active
from newsletter_cli.render.templating import render_template
from newsletter_cli.render.theme import Theme

ISSUE, INDEX, ENTRY, STYLE = "issue.html.j2", "index.html.j2", "entry.html.j2", "style.css.j2"


def render_page(theme: Theme, name: str, context: Mapping[str, Any]) -> str:
    """A page by its template. Raises `RenderError`, with the template's file and line."""
    page = render_template(theme, name, context)
    refuse_active(page, theme, is_archive=True)
    return page


def render_style(theme: Theme) -> str:
    """The style sheet of all pages. Raises `RenderError`."""
    return render_template(theme, STYLE, {"theme": theme.settings})
