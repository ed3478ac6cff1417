"""The archive's index: all issues, the newest first, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct

from newsletter_cli.archive.issue_page import Around, shared_context
from newsletter_cli.render.dates import format_day


class IndexEntry(Struct, frozen=True, kw_only=True):
    """An issue in the index. `link` leads to its page, and `cover` to its picture, from the archive's top;
    `cover_size` in pixels. `contents` are the titles of its sections.
    """

    number: int
    link: str
    title: str
    day: date | None = None
    summary: str | None = None
    contents: tuple[str, ...] = ()
    cover: str | None = None
    cover_size: tuple[int, int] | None = None
    has_plate: bool = False
    is_draft: bool = False


def index_context(entries: Sequence[IndexEntry], around: Around) -> dict[str, Any]:
    """What the template of the index is filled in with; `entries` are in the order of the issues."""
    newest_first = list(reversed(entries))
    latest = next((one for one in newest_first if not one.is_draft), None)
    groups = groupby(newest_first, key=lambda one: None if one.day is None else one.day.year)
    return {
        **shared_context(around, top=""),
        "years": [
            {
                "name": around.words.undated if year is None else str(year),
                "issues": [_entry(one, around, is_latest=one is latest) for one in found],
            }
            for year, found in groups
        ],
    }


def _entry(entry: IndexEntry, around: Around, *, is_latest: bool) -> dict[str, Any]:
    frame = around.frame
    return {
        "number": entry.number,
        "link": entry.link,
        "title": entry.title,
        "date_text": None if entry.day is None else format_day(entry.day, frame.words, frame.language),
        "date_iso": None if entry.day is None else entry.day.isoformat(),
        "summary": entry.summary,
        "contents": list(entry.contents),
        "cover": entry.cover,
        "cover_size": entry.cover_size,
        "has_plate": entry.has_plate,
        "is_draft": entry.is_draft,
        "is_latest": is_latest,
    }
