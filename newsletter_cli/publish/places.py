"""Where an issue is published, the one answer: its page and files in the site's repository, and their addresses.

The e-mail, the check, the archive and the announcement take the addresses from here, and `nl publish` the paths.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from msgspec import Struct

from newsletter_cli.base.domains import ascii_url
from newsletter_cli.config import Config
from newsletter_cli.model import Issue

if TYPE_CHECKING:
    from newsletter_cli.publish.profiles import Profile

# In a slug, `#` and `?` are signs like others; `%` stands where somebody encoded it already.
SLUG_SAFE = string.punctuation.replace("#", "").replace("?", "")
DATE_FIELDS = frozenset({"date", "year", "month", "day"})


class Places(Struct, frozen=True, kw_only=True):
    """Where an issue goes in the site's repository: `page` is a file, `files` a folder, with forward slashes.
    `fields` are what patterns are filled with.
    """

    page: str
    files: str
    fields: Mapping[str, str]


def fill(pattern: str, fields: Mapping[str, str]) -> str:
    """The pattern with each `{name}` that is known filled in; other braces are somebody else's and stay."""
    return re.sub(r"\{([a-z]+)\}", lambda found: fields.get(found[1], found[0]), pattern)


def site_slug(slug: str) -> str:
    """The slug as generators have it in an address, and as a file can be called: `Été à Paris` → `été-à-paris`.

    Hugo makes it so by itself (https://gohugo.io/content-management/urls/#slug); where others do not, the page is told.
    """
    return re.sub(r"\s+", "-", unicodedata.normalize("NFC", slug).strip()).lower()


def needs_date(*patterns: str) -> bool:
    """Whether one of the patterns holds a part of the date."""
    return any(f"{{{name}}}" in pattern for pattern in patterns for name in DATE_FIELDS)


def site_places(config: Config, issue: Issue) -> Places:
    """The paths of an issue, as `[site]` says; for an issue without a date they may have gaps."""
    profile = _profile(config)
    fields = _fields(config, issue)
    return Places(page=fill(profile.page, fields), files=fill(profile.files, fields).rstrip("/"), fields=fields)


def site_url(config: Config) -> str | None:
    """Where the site is read, in ASCII, ending in a slash: as configured, else the host of the post's address."""
    if config.site.base_url is not None:
        return ascii_url(config.site.base_url).rstrip("/") + "/"
    if config.post.url is None:
        return None
    parts = urlsplit(ascii_url(config.post.url))
    return f"{parts.scheme}://{parts.netloc}/"


def online_url(config: Config, issue: Issue) -> str | None:
    """Where the issue will be read online: a page, or a folder with its slash; `None` where it is not configured.

    `[post] url` says it, else the site's address and profile. In the one form that the e-mail, the text and what
    compares them have: ASCII, whatever letters the slug has. Without the date that it needs it is not known yet.
    """
    pattern = config.post.url
    if pattern is None:
        if config.site.base_url is None:
            return None
        pattern = str(site_url(config)) + _profile(config).page_url
    return _address(pattern, config, issue)


def awaits_date(config: Config, issue: Issue) -> bool:
    """Whether where the issue will be read is not known for want of its date only."""
    if issue.date is not None:
        return False
    pattern = config.post.url
    if pattern is None and config.site.base_url is not None:
        pattern = _profile(config).page_url
    return pattern is not None and needs_date(pattern)


def profile_url(config: Config, issue: Issue) -> str | None:
    """Where the site will have the page, as its profile tells; `None` where that is not configured, or not known yet.

    Other than `online_url` where `[post] url` is set too, and says something else.
    """
    base = site_url(config)
    return (
        None
        if config.site.base_url is None or base is None
        else _address(base + _profile(config).page_url, config, issue)
    )


def files_url(config: Config, issue: Issue) -> str | None:
    """Where the pictures and files of the issue will be read: the folder, ending in a slash, where a site is
    configured whose pages do not have them beside them; else `None`, and they are beside the post.
    """
    base = site_url(config)
    if not has_site(config) or base is None:
        return None
    profile = _profile(config)
    if profile.files_url == profile.page_url:
        return None
    address = _address(base + profile.files_url, config, issue)
    return address if address is None or address.endswith("/") else address + "/"


def site_file_url(config: Config, path: str) -> str | None:
    """Where a file of the site itself is read, which its pages name by a path from the top: `/img/cover.png`. `None`
    where no site is configured.
    """
    base = site_url(config)
    if base is None or not has_site(config) or not path.startswith("/") or path.startswith("//"):
        return None
    # Some write the path that the whole site lies under, some do not.
    path = path.removeprefix(base_path(config) + "/").lstrip("/")
    return base + quote(path, safe=SLUG_SAFE + "?#")


def has_site(config: Config) -> bool:
    """Whether the configuration says anything of a site."""
    return config.site.folder is not None or config.site.base_url is not None


def file_link(config: Config, profile: Profile, fields: Mapping[str, str], name: str) -> str:
    """How a page names one of its files; `name` is the file's path, percent-encoded."""
    encoded = {key: quote(value, safe=SLUG_SAFE) for key, value in fields.items()}
    return fill(profile.file_link, {**encoded, "name": name, "base": base_path(config)})


def base_path(config: Config) -> str:
    """The path that all addresses of the site begin with, without its last slash; most have none."""
    return urlsplit(site_url(config) or "").path.rstrip("/")


def _profile(config: Config) -> Profile:
    # Most newsletters name no site: an assembly does without.
    from newsletter_cli.publish.profiles import profile_of

    return profile_of(config.site)


def _fields(config: Config, issue: Issue) -> dict[str, str]:
    day = issue.date
    return {
        "area": config.site.area.strip("/"),
        "slug": site_slug(issue.slug),
        "number": str(issue.number),
        "date": "" if day is None else day.strftime("%Y-%m-%d"),
        "year": "" if day is None else f"{day.year:04d}",
        "month": "" if day is None else f"{day.month:02d}",
        "day": "" if day is None else f"{day.day:02d}",
    }


def _address(pattern: str, config: Config, issue: Issue) -> str | None:
    if issue.date is None and needs_date(pattern):
        return None
    # Encoded first: what DNS does with a host must not meet the slug.
    own = {} if config.post.url is None or pattern != config.post.url else {"slug": issue.slug}
    fields = {name: quote(value, safe=SLUG_SAFE) for name, value in (_fields(config, issue) | own).items()}
    url = fill(ascii_url(pattern), fields)
    last = url.rpartition("/")[2]
    return url if url.endswith("/") or "." in last else url + "/"
