"""The part of the configuration that says where issues are published: tables `[site]` and `[archive]`."""

from __future__ import annotations

import re
from typing import Literal

from newsletter_cli.base.tables import Table, option
from newsletter_cli.config.meant import meant_secure_url, meant_url

ProfileName = Literal["hugo", "hugo-static", "quarto", "jekyll", "eleventy", "pelican"]
ISSUES_PATTERN = r"\s*[1-9][0-9]{0,5}(\s*-\s*[1-9][0-9]{0,5})?(\s*,\s*[1-9][0-9]{0,5}(\s*-\s*[1-9][0-9]{0,5})?)*\s*"
# What the patterns of `[site]` may hold; the month is a number here.
PATH_FIELDS = frozenset({"area", "slug", "number", "date", "year", "month", "day"})
FILE_LINK_FIELDS = PATH_FIELDS | {"name", "base"}
PAGE_LINK_FIELDS = frozenset({"file", "source", "page", "base"})
# Each pattern of the table and what it may hold.
PATTERNS = {
    "page": PATH_FIELDS,
    "files": PATH_FIELDS,
    "page_url": PATH_FIELDS,
    "files_url": PATH_FIELDS,
    "file_link": FILE_LINK_FIELDS,
    "page_link": PAGE_LINK_FIELDS,
}
# A relative path without a way up, nothing hidden in it.
_PATH = r"(?!\.)(?!.*/\.)[^\\/:\s][^\\:\n]*"
PAGE_PATTERN = _PATH + r"\.(?:md|markdown|qmd|mdx)"
FOLDER_PATTERN = _PATH
# The keys that `nl` knows of a page's header, each perhaps under another name: `summary: description`.
KEY_PATTERN = r"(title|slug|date|summary|images|image)(: ?[A-Za-z_][\w.-]*)?"


class SiteSettings(Table, frozen=True, kw_only=True):
    """Table `[site]`: the repository of the site, and how its generator wants a page."""

    folder: str | None = option(
        None, doc="The folder of the site's repository, seen from the workspace: .. or ../site.", filled=True
    )
    profile: ProfileName = option("hugo", doc="The kind of site: what pages, pictures and links look like there.")
    base_url: str | None = option(
        None,
        doc="Where the site is read: https://www.example.org, or https://example.github.io/site.",
        pattern=r"https?://[^\s/?#{}]+(/[^\s?#{}]*)?",
        meant=meant_url,
    )
    area: str = option(
        "posts", doc="The folder of the site that holds the issues: posts, actualites…", pattern=FOLDER_PATTERN
    )
    page: str | None = option(None, doc="Where the page goes: content/{area}/{date}-{slug}.md.", pattern=PAGE_PATTERN)
    files: str | None = option(
        None, doc="The folder its pictures and files go to: static/img/{slug}.", pattern=FOLDER_PATTERN
    )
    file_link: str | None = option(
        None, doc="How the page names one of them: {name} beside it, else {base}/img/{slug}/{name}.", filled=True
    )
    page_url: str | None = option(
        None, doc="Where the page is read, below the site's address: {area}/{slug}/.", pattern=r"[^\s/?#][^\s?#]*"
    )
    files_url: str | None = option(
        None, doc="Where its files are read, below the site's address: img/{slug}/.", pattern=r"[^\s/?#][^\s?#]*"
    )
    page_link: str | None = option(
        None, doc="How the page names another page of the site: {file}, {source}, {page}; empty: as it was typed."
    )
    fields: tuple[str, ...] = option(
        (), doc='The keys of the page\'s header, in order: ["title", "date", "summary: description"].'
    )
    date: Literal["iso", "day"] | None = option(None, doc="How the header says the date: iso (with the hour) or day.")
    header: str | None = option(None, doc="YAML that stands in every page's header besides: layout: post.", filled=True)


def wrong_key(entry: str) -> bool:
    """Whether an entry of `fields` is none."""
    return re.fullmatch(KEY_PATTERN, entry) is None


class ArchiveSettings(Table, frozen=True, kw_only=True):
    """Table `[archive]`: the static pages of all issues that `nl archive` writes."""

    folder: str = option("public", doc="Folder of the workspace that the pages are written to.", filled=True)
    url: str | None = option(
        None,
        doc="Where the archive is read online: https://org.example.io/letter/. The feed needs it.",
        pattern=r"https?://[^\s/?#]+(/[^\s?#]*)?",
        meant=meant_url,
    )
    first_url: str | None = option(
        None,
        doc="Where it was read first, once it has moved: feed readers go on knowing its issues.",
        pattern=r"https?://[^\s/?#]+(/[^\s?#]*)?",
        meant=meant_url,
    )
    title: str | None = option(None, doc="The archive's title; the newsletter's name by default.", filled=True)
    subscribe: str | None = option(
        None,
        doc="Page (https) or address where people subscribe.",
        pattern=r"https://[^\s/]\S*|(mailto:)?[^@\s:/]+@[^@\s]+",
        meant=meant_secure_url,
    )
    also: str | None = option(
        None, doc="Issues that readers had by another way than nl send: 1-12, 15.", pattern=ISSUES_PATTERN
    )
