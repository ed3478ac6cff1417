"""Mark-up in fields of a header that are shown as they were typed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model import Finding, Level, Place

FIELDS = ("title", "subject", "preheader", "summary")


@rule(
    "header-markup",
    Level.WARNING,
    _("Mark-up in a field that is shown as typed"),
    why="""
        Subject, preheader, summary and the issue's title are plain text: asterisks, brackets, tags, entities and
        `:names:` of emoji are shown as they were typed. Titles of sections and events do take Markdown.
    """,
    bad='`subject: "The lighthouse **needs** a keeper"`',
    good='`subject: "The lighthouse needs a keeper"`',
)
def header_markup(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each field with mark-up, with the text as it would be without."""
    issue = manuscript.issue
    for name in FIELDS:
        value = getattr(issue, name) if name in issue.lines else None
        if value and (found := _finding(name, value, manuscript.field(name))):
            yield found


def _finding(name: str, value: str, place: Place) -> Finding | None:
    marks = [found[0] for found in _marks().finditer(value) if _is_mark(found[0])]
    if not marks:
        return None
    plain = _plain(value)
    return header_markup.at(
        place,
        _("“{key}” is shown as it was typed, with “{mark}”").format(key=name, mark=marks[0]),
        suggestion=_("write: {example}").format(example=f"{name}: {plain}")
        if plain != value
        else _("leave the mark-up out"),
    )


def _is_mark(text: str) -> bool:
    return not text.startswith("&") or html.unescape(text) != text


def _plain(value: str) -> str:
    """The text without its mark-up."""
    without = _marks().sub(lambda found: next((part for part in found.groups() if part is not None), found[0]), value)
    if without != value and _marks().search(without):
        without = _marks().sub(
            lambda found: next((part for part in found.groups() if part is not None), found[0]), without
        )
    return html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", without))


@cache
def _marks() -> Pattern:
    return Pattern(
        r"""
        !?\[([^\[\]]+)\]\([^()\s]*\)                      # a link, an image
        | \*\*(?=\S)([^*]+)(?<=\S)\*\* | (?<!\w)__(?=\S)([^_]+)(?<=\S)__(?!\w)
        | ~~(?=\S)([^~]+)(?<=\S)~~ | ==(?=\S)([^=]+)(?<=\S)==
        | (?<![\w*])\*(?=[^\s*])([^*]+)(?<=[^\s*])\*(?![\w*])
        | (?<!\w)_(?=[^\s_])([^_]+)(?<=[^\s_])_(?!\w)
        | `([^`]+)`
        | ^\#{1,6}[ ](.+)
        | </?(?:b|i|u|em|strong|br|span|a|p|sup|sub|font|mark|code)(?:\s[^<>]*)?/?>
        | &(?:[A-Za-z][A-Za-z0-9]{1,30}|\#\d{1,7}|\#x[0-9A-Fa-f]{1,6});
        | (?<![\w:]):[a-z][a-z0-9_+-]*[a-z0-9]:(?![\w:])
        """,
        re.VERBOSE,
        rough=r"[\[*_~=`<&]|^#|:\w[^:\s]*:",
    )
