"""What the header of a post says, as an issue needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.markdown.frontmatter import Document, parse_header
from newsletter_cli.model import Finding, Level
from newsletter_cli.workspace.importing.dates import parse_date, parse_date_in_name
from newsletter_cli.workspace.importing.matching import own_slug

# "Newsletter #12", "n° 12", "Nº12", "№ 12", "第12号".
TITLE_NUMBER = re.compile(r"(?:#\s?|\bn\s?[°º]\s?|№\s?|第)(\d{1,4})(?![^\W号期回])", re.IGNORECASE)
# "newsletter1", "infolettre_12", "this-week-in-rust-170"; not "newsletter-2023-03".
NAME_NUMBER = re.compile(r"[^\W\d][^\d]*?[-_ ]*?0*(?P<number>\d{1,4})")
YEARS = range(1900, 2101)
LEADING_DATE = re.compile(r"\d{4}[-_]\d{2}[-_]\d{2}[-_ ]*")
# A post that is the only one of its folder is named after it: `infolettre_12/index.qmd`.
FOLDER_FILES = frozenset({"index", "_index", "readme"})
# What the file of a pad, of an export, of a first try is called: nothing of the post's own.
NAMELESS = frozenset(
    {"pad", "hedgedoc", "codimd", "hackmd", "untitled", "sans-titre", "sans_titre", "sans titre", "document", "doc",
     "note", "notes", "export", "download", "brouillon", "draft", "post", "article", "test", "tmp", "index", "readme"}
)  # fmt: skip
OWN_KEYS = ("title", "slug", "date", "summary", "images")


class PostHeader(Struct, frozen=True, kw_only=True):
    """The header's values; `None` where it says nothing. `extra` holds its other keys, in their order."""

    title: str | None
    slug: str | None
    date: datetime | date | None
    summary: str | None
    images: tuple[str, ...]
    extra: Mapping[str, Any]
    number: int | None
    findings: tuple[Finding, ...]


def parse_post_header(doc: Document, *, name: str, language: str) -> PostHeader:
    """Read the header of the post in file `name`. Raises `FrontMatterError`."""
    header = parse_header(doc, file=name)
    values, typed, lines = header.values, header.typed, header.lines
    found = {own: key for own in OWN_KEYS if (key := _spelling(own, values))}

    def text(own: str) -> str | None:
        # As typed: YAML makes 750 of the title `12:30`.
        key = found.get(own)
        typed_text = typed.get((key,), "").strip() if key else ""
        if key and typed_text:
            del values[key]
        return typed_text or None

    def line(own: str) -> int | None:
        return lines.get((found.get(own, own),))

    title, slug, summary = text("title"), text("slug"), text("summary")
    if summary is None and "summary" not in found and isinstance(values.get("description"), str):
        summary = values["description"].strip() or None
    when, reports = _date(values, found.get("date"), name, language, line("date"))
    images = _images(values, found.get("images"))
    for own in ("title", "slug", "summary"):
        # `summary:` without a value says nothing; a list is kept aside.
        if own in found and values.get(found[own], "") is None:
            del values[found[own]]
    return PostHeader(
        title=title,
        slug=slug,
        date=when,
        summary=summary,
        images=images,
        extra=values,
        number=_number(values, title, slug, name),
        findings=(*header.findings, *reports),
    )


def stem_of(name: str) -> str:
    """The name of a post's file, without folder, date and suffix; of `news-12/index.md`, the folder's."""
    path = PurePosixPath(name.replace("\\", "/"))
    stem = path.stem
    if stem.lower() in FOLDER_FILES and path.parent.name:
        stem = path.parent.name
    return LEADING_DATE.sub("", stem, count=1) or stem


def slug_of(name: str, title: str) -> str:
    """How the site most likely calls the post: its file, as it is called; of a pad's file, the title."""
    stem = stem_of(name).lower()
    if stem.removesuffix(".md") in NAMELESS or not re.search(r"[^\W\d]", stem):
        return own_slug(title, 1)
    return stem if re.fullmatch(r"[a-z0-9][a-z0-9_-]*", stem) else own_slug(stem, 1)


def number_in_title(title: str | None) -> int | None:
    """The number that a title gives the issue: “Newsletter #12”."""
    found = TITLE_NUMBER.search(title) if title else None
    return int(found[1]) if found else None


def _spelling(own: str, values: Mapping[str, Any]) -> str | None:
    """The key as the header spells it: `title`, else `Title`."""
    return own if own in values else next((key for key in values if key.lower() == own), None)


def _date(
    values: dict[str, Any], key: str | None, name: str, language: str, line: int | None
) -> tuple[datetime | date | None, list[Finding]]:
    """The post's date, taken out of `values` when it could be read."""

    def report(rule: str, level: Level, message: str, suggestion: str | None = None) -> list[Finding]:
        return [Finding(file=name, rule=rule, level=level, message=message, line=line, suggestion=suggestion)]

    path = PurePosixPath(name.replace("\\", "/"))
    in_name = parse_date_in_name(path.name) or parse_date_in_name(path.parent.name)
    raw = values.get(key) if key else None
    if raw is None or raw == "":
        if key:
            del values[key]
        if in_name is None:
            return None, []
        message = _("the date, {date}, is taken from the file's name").format(date=in_name.isoformat())
        return in_name, report("import-date-from-name", Level.INFO, message)
    read = parse_date(raw, language)
    if read is None or key is None:
        return None, report(
            "import-date-unreadable",
            Level.WARNING,
            _("“{value}” is no date that can be read").format(value=raw),
            _("write it as 2023-03-28T13:00:00+01:00"),
        )
    del values[key]
    day = read.value.date() if isinstance(read.value, datetime) else read.value
    if read.is_assumed:
        message = _("“{value}” was read as {date}").format(value=raw, date=day.isoformat())
        return read.value, report(
            "import-date-assumed", Level.INFO, message, _("write it as 2023-03-28T13:00:00+01:00")
        )
    if in_name is not None and in_name != day:
        message = _("the header says {date}, the file's name {other}; the header's date is kept").format(
            date=day.isoformat(), other=in_name.isoformat()
        )
        return read.value, report("import-date-differs", Level.INFO, message)
    return read.value, []


def _images(values: dict[str, Any], key: str | None) -> tuple[str, ...]:
    """The header's images, taken out of `values` when they are addresses; anything else stays there."""
    raw = values.get(key) if key else None
    if key is None or isinstance(raw, dict) or (isinstance(raw, list) and not all(isinstance(i, str) for i in raw)):
        return ()
    if raw is not None and not isinstance(raw, str | list):
        return ()
    del values[key]
    return tuple([raw] if isinstance(raw, str) else raw or [])


def _number(values: Mapping[str, Any], title: str | None, slug: str | None, name: str) -> int | None:
    """The issue's number: what the header says, else what title, slug or file name end on."""
    for key, value in values.items():
        if key.lower() in ("number", "issue") and re.fullmatch(r"\d{1,5}", str(value)):
            return int(value)
    if (number := number_in_title(title)) is not None:
        return number
    for text in (slug, stem_of(name)):
        found = NAME_NUMBER.fullmatch(LEADING_DATE.sub("", text, count=1)) if text else None
        if found and int(found["number"]) not in YEARS:
            return int(found["number"])
    return None
