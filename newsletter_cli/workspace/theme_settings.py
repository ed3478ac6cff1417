"""The settings of a theme, read strictly: they end up in the e-mail's CSS, where a slip shows to readers only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import Path, Problem, name_of_path, unknown_key
from newsletter_cli.config.meant import COLOR_PATTERN, meant_color

EXTENDS, DESCRIPTION = "extends", "description"
COLOR = re.compile(COLOR_PATTERN)
LENGTH = re.compile(r"[0-9]{1,4}px|0")
# The sheet: below, no telephone is that narrow; above, no mail reader shows as much beside its own columns.
WIDTHS = {"width": (320, 960)}
# All else: the edges take part of the sheet, and must leave some.
USUAL_LENGTHS = (0, 96)
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
            hint = _("a length in pixels, for instance: 24px")
            yield from _check_value(path, value, LENGTH, hint, meant=_mend_length(value))
            yield from _check_length(path, value)
        elif table == "fonts":
            yield from _check_value(path, value, FONTS, _("names of fonts and commas, without quotes inside"))
        else:
            hint = _("a colour as #rgb or #rrggbb, for instance: #0b5c66")
            yield from _check_value(path, value, COLOR, hint, meant=meant_color(str(value)))


def _check_length(path: tuple[str, str], value: object) -> Iterator[Problem]:
    least, most = WIDTHS.get(path[1], USUAL_LENGTHS)
    if isinstance(value, str) and LENGTH.fullmatch(value) and not least <= int(value.removesuffix("px")) <= most:
        yield Problem(
            path=path,
            message=_("{key} must lie between {minimum} and {maximum}").format(
                key=name_of_path(path), minimum=f"{least}px", maximum=f"{most}px"
            ),
            hint=_("mail is read on telephones and beside a list of messages: 600px to 660px is usual")
            if path[1] in WIDTHS
            else None,
        )


def _mend_length(value: object) -> str:
    digits = re.fullmatch(r"\s*([0-9]{1,4})\s*(?:px|pt)?\s*", str(value), re.IGNORECASE)
    return f"{digits[1]}px" if digits else ""


def _check_value(
    path: Path, value: object, pattern: re.Pattern[str], hint: str, *, meant: str = ""
) -> Iterator[Problem]:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        if pattern.fullmatch(meant):
            hint = _("did you mean “{key}”?").format(key=meant)
        yield Problem(
            path=path, message=_("{key} cannot be “{value}”").format(key=name_of_path(path), value=value), hint=hint
        )
