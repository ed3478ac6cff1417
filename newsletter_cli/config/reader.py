"""`newsletter.toml` → `Config`, or an error that names file, line, key and the nearest right one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from newsletter_cli.config.defaults import default_sections
from newsletter_cli.config.place import line_of_path
from newsletter_cli.config.settings import Config
from newsletter_cli.config.strict import Problem, nearest, read_strictly
from newsletter_cli.errors import ConfigError
from newsletter_cli.i18n import _

CONFIG_FILE = "newsletter.toml"
SHIPPED_LANGUAGES = ("fr", "en")
PATTERN_FIELDS = {
    ("newsletter", "title"): {"number", "month", "year"},
    ("post", "slug"): {"number", "month", "year"},
    ("post", "url"): {"number", "slug"},
}


def parse_config(text: str, *, file: str = CONFIG_FILE) -> Config:
    """The configuration written in `text`.

    Raises `ConfigError` for the first problem, the others in its `also`, each with the line it stands on.
    """
    data = parse_toml(text, file=file)
    config, problems = read_strictly(Config, data)
    if not problems:
        problems = list(_check_sense(config))
    if problems:
        errors = [
            ConfigError(problem.message, file=file, line=line_of_path(text, problem.path), hint=problem.hint)
            for problem in problems
        ]
        errors[0].also = tuple(errors[1:])
        raise errors[0]
    if "sections" not in data:
        config = replace(config, sections=default_sections(config.newsletter.language))
    return config  # type: ignore[no-any-return]


def parse_toml(text: str, *, file: str) -> dict[str, Any]:
    """The tables of a TOML text, with or without a byte order mark. Raises `ConfigError` with the line."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    # A number of 5,000 digits is no TOMLDecodeError, nor are 1,000 brackets.
    except (ValueError, RecursionError) as error:
        raise _not_toml(error, text, file) from None


def _not_toml(error: Exception, text: str, file: str) -> ConfigError:
    reason, _separator, where = str(error).partition(" (at ")
    found = re.search(r"line (\d+)", where)
    # tomllib names no line for what is missing at the end.
    line = int(found.group(1)) if found else text.count("\n") + 1 if where else None
    return ConfigError(
        _("this is not valid TOML: {reason}").format(reason=reason[:1].lower() + reason[1:]),
        file=file,
        line=line,
        hint=_("texts stand in double quotes, lists in [square brackets], one `key = value` a line"),
    )


def _check_sense(config: Config) -> Iterator[Problem]:
    """What types alone cannot say."""
    yield from _twice_named(config)
    yield from _check_list(config)
    try:
        ZoneInfo(config.newsletter.timezone)
    except (KeyError, ValueError, OSError):
        yield _unknown_timezone(config.newsletter.timezone)
    yield from _unknown_language(config.newsletter.language)
    for (table, key), allowed in PATTERN_FIELDS.items():
        pattern = getattr(getattr(config, table), key)
        for name in re.findall(r"\{([^{}]*)\}", pattern or ""):
            if name not in allowed:
                message = _("{key} holds “{{{name}}}”, which means nothing here").format(
                    key=f"{table}.{key}", name=name
                )
                fields = ", ".join(f"{{{field}}}" for field in sorted(allowed))
                yield Problem((table, key), message, _("it may hold: {fields}").format(fields=fields))


def _unknown_language(language: str) -> Iterator[Problem]:
    """Dates are set in the newsletter's language, so it must be one that Babel knows."""
    if language in SHIPPED_LANGUAGES:
        return
    from babel.localedata import exists

    if not any(exists(name) for name in (language.replace("-", "_"), language.partition("-")[0].lower())):
        message = _("newsletter.language: there is no language “{language}”").format(language=language)
        yield Problem(("newsletter", "language"), message, _("for instance: fr, en, de, pt-BR"))


def _check_list(config: Config) -> Iterator[Problem]:
    """What the chosen source of the list needs, and no password where everybody can read it."""
    chosen = config.list
    if chosen.source == "grist":
        for key in ("doc", "table"):
            if getattr(chosen.grist, key) is None:
                yield Problem(("list", "grist", key), _("{key} is missing").format(key=f"list.grist.{key}"))
    if chosen.source == "sql" and chosen.sql.query is None:
        yield Problem(("list", "sql", "query"), _("{key} is missing").format(key="list.sql.query"))
    if re.search(r"://[^/@\s]*:[^/@\s]+@", chosen.sql.url or "") or re.search(
        r"[?&](password|passwd|pwd)=", chosen.sql.url or "", re.IGNORECASE
    ):
        yield Problem(
            ("list", "sql", "url"),
            _("list.sql.url holds a password, and newsletter.toml is shared"),
            _("put the whole URL into the environment variable {variable}, or let url_command print it").format(
                variable=chosen.sql.url_env
            ),
        )


def _twice_named(config: Config) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, section in enumerate(config.sections):
        if section.slug in seen:
            message = _("two sections are called “{slug}” (the {first} and the {second})").format(
                slug=section.slug, first=seen[section.slug] + 1, second=index + 1
            )
            yield Problem(("sections", index, "slug"), message, _("each section needs a slug of its own"))
        seen.setdefault(section.slug, index)


def _unknown_timezone(name: str) -> Problem:
    from zoneinfo import available_timezones

    message = _("newsletter.timezone: there is no time zone “{name}”").format(name=name)
    close = nearest(name, sorted(available_timezones()))
    hint = _("did you mean “{key}”?").format(key=close) if close else _("for instance: Europe/Paris")
    return Problem(("newsletter", "timezone"), message, hint)
