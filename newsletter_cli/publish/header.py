"""The header of a page: the post's keys by the names, in the order and in the form that a generator knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.markdown.frontmatter import dump_header
from newsletter_cli.model import Issue
from newsletter_cli.publish.places import fill
from newsletter_cli.publish.profiles import Profile


class UnwritableKey(ValueError):
    """A key of the issue has a value that this form of a header has no way to write; it is named."""


def render_header(
    issue: Issue, profile: Profile, fields: Mapping[str, str], cover_of: Callable[[str], str], newline: str
) -> str:
    """The header, fences included. `cover_of` is how the site names an image of the front matter.

    Keys that the post keeps aside (Hugo's, Quarto's own) come last, as they stand in the issue. Raises `ConfigError`
    for a `[site] header` that is no YAML, `UnwritableKey`.
    """
    values = _values(issue, profile, fields, cover_of)
    values |= {key: value for key, value in _fixed(profile, fields).items() if key not in issue.extra}
    for key, value in issue.extra.items():
        values.setdefault(key, value)
    if profile.form == "lines":
        text = "".join(f"{key[:1].upper()}{key[1:]}: {_line(key, value)}\n" for key, value in values.items()) + "\n"
    else:
        text = f"---\n{dump_header(values)}---\n"
    return text if newline == "\n" else text.replace("\n", newline)


def _values(
    issue: Issue, profile: Profile, fields: Mapping[str, str], cover_of: Callable[[str], str]
) -> dict[str, Any]:
    known: dict[str, Any] = {"title": issue.title, "slug": fields["slug"]}
    if issue.date is not None:
        known["date"] = issue.date.date() if profile.date == "day" else issue.date
    if issue.summary:
        known["summary"] = issue.summary
    if issue.images:
        known["images"] = [cover_of(image) for image in issue.images]
        known["image"] = cover_of(issue.images[0])
    named = [entry.partition(":") for entry in profile.fields]
    return {(other.strip() or key.strip()): known[key.strip()] for key, _colon, other in named if key.strip() in known}


def _fixed(profile: Profile, fields: Mapping[str, str]) -> dict[str, Any]:
    """What stands in every page's header."""
    if not profile.header:
        return {}
    import yaml

    try:
        found = yaml.safe_load(fill(profile.header, fields))
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise ConfigError(
            _("site.header is no YAML header: {text}").format(text=profile.header),
            file=CONFIG_FILE,
            hint=_("for instance: {names}").format(names='header = "layout: post"'),
        )
    return {str(key): value for key, value in found.items()}


def _line(key: str, value: Any) -> str:
    """One value on a line of its own, as Python-Markdown's metadata has it: no quotes, lists by commas.

    https://python-markdown.github.io/extensions/meta_data/
    """
    if isinstance(value, Mapping) or (
        isinstance(value, list) and any(isinstance(one, Mapping | list) for one in value)
    ):
        raise UnwritableKey(key)
    if isinstance(value, list):
        return ", ".join(_line(key, one) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return "" if value is None else " ".join(str(value).split())
