"""The settings of a theme, read strictly: they end up in the e-mail's CSS, where a slip shows to readers only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import Path, Problem, name_of_path, unknown_key

EXTENDS, DESCRIPTION = "extends", "description"
COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
LENGTH = re.compile(r"[0-9]{1,4}px|0")
FONTS = re.compile(r"[^\"';{}<>\\\n\r]*[^\"';{}<>\\\s,]")


def check_settings(settings: Mapping[str, Any], base: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a theme's own settings; `base` are those of the default theme, which name every key."""
    known = [EXTENDS, DESCRIPTION, *(key for key in base if key not in (EXTENDS, DESCRIPTION))]
    for key, value in settings.items():
        if key not in known:
            yield unknown_key((key,), known)
        elif key in (EXTENDS, DESCRIPTION):
            if not isinstance(value, str):
                yield Problem(path=(key,), message=_("“{key}” must be a text").format(key=key))
        elif not isinstance(value, dict):
            yield Problem(path=(key,), message=_("{key} must be a table").format(key=key))
        else:
            yield from _check_table(key, value, list(base[key]))


def _check_table(table: str, values: Mapping[str, Any], known: list[str]) -> Iterator[Problem]:
    for key, value in values.items():
        path = (table, key)
        if key not in known:
            yield unknown_key(path, known)
        elif table == "shape":
            yield from _check_value(path, value, LENGTH, _("a length in pixels, for instance: 24px"))
        elif table == "fonts":
            yield from _check_value(path, value, FONTS, _("names of fonts and commas, without quotes inside"))
        else:
            yield from _check_value(path, value, COLOR, _("a colour as #rgb or #rrggbb, for instance: #0b5c66"))


def _check_value(path: Path, value: object, pattern: re.Pattern[str], hint: str) -> Iterator[Problem]:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        yield Problem(
            path=path, message=_("{key} cannot be “{value}”").format(key=name_of_path(path), value=value), hint=hint
        )
