"""The words a rendition uses, in the newsletter's language, read from `templates/words/XX.toml`.

The file is read strictly: a word that is missing or misspelt would otherwise show only in front of
readers. Patterns such as `"Numéro {number}"` may use the names listed here and no other.
"""

from __future__ import annotations

import difflib
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from newsletter_cli.errors import ConfigError
from newsletter_cli.i18n import _

_DAY = frozenset({"weekday", "day", "month", "year"})
_DAYS = _DAY | {f"end_{name}" for name in _DAY}
_TIME = frozenset({"hour", "hour12", "minute", "period"})

# What each pattern may name; a key absent from here is plain text, in which braces are plain as well.
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "issue_number": frozenset({"number"}),
    "label": frozenset({"label", "value"}),
    "image_text": frozenset({"alt"}),
    "note_mark": frozenset({"number"}),
    "announce_title": frozenset({"newsletter", "title"}),
    "announce_read": frozenset({"url"}),
    "dates.day": _DAY,
    "dates.days_in_month": _DAYS,
    "dates.days_in_year": _DAYS,
    "dates.days": _DAYS,
    "dates.hour": _TIME,
    "dates.hour_minute": _TIME,
    "dates.moment": frozenset({"date", "start"}),
    "dates.hours": frozenset({"date", "start", "end"}),
    "dates.moments": frozenset({"date", "start", "end_date", "end"}),
    "dates.zone": frozenset({"text", "zone"}),
}


@dataclass(frozen=True, slots=True)
class DatePatterns:
    """How a language sets days and hours; names of days and months come from Babel (CLDR).

    `day` is one day; `days_in_month`, `days_in_year`, `days` are spans within a month, within a year
    and across years; `hour` is a full hour, `hour_minute` any other time; `moment` is a day and an
    hour, `hours` a span within a day, `moments` one over several days; `zone` adds a time zone's name.
    """

    day: str
    days_in_month: str
    days_in_year: str
    days: str
    hour: str
    hour_minute: str
    moment: str
    hours: str
    moments: str
    zone: str
    first_of_month: str = "1"
    am: str = "am"
    pm: str = "pm"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. `dates` is `None` where Babel's generic patterns are to be used."""

    language: str
    contents: str
    read_online: str
    reply: str
    unsubscribe: str
    links: str
    notes: str
    issue_number: str
    when: str
    place: str
    register: str
    employer: str
    reference: str
    deadline: str
    see_job: str
    image: str
    video: str
    embedded: str
    calendar: str
    label: str
    image_text: str
    note_mark: str
    announce_title: str
    announce_contents: str
    announce_read: str
    dates: DatePatterns | None = None

    def text(self, key: str, **values: object) -> str:
        """The word or pattern `key`, filled in with `values`. Raises `KeyError` for a key that is none."""
        word = self.as_dict().get(key)
        if word is None:
            raise KeyError(key)
        return word.format(**values) if key in PLACEHOLDERS else word

    def labelled(self, label: str, value: str) -> str:
        """`Lieu : Paris`, with the language's own spacing."""
        return self.label.format(label=label, value=value)

    def as_dict(self) -> dict[str, str]:
        """The words by key, for a template; the date patterns are not among them."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "dates"}


def parse_words(text: str, *, file: str) -> Words:
    """Words from the text of a TOML file; `file` is only named in errors.

    Every key of `Words` is required, and the table `[dates]` is whole or absent. Raises `ConfigError`
    for broken TOML (with the line), an unknown, missing or empty key, a value that is no text, and a
    pattern that names something else than `PLACEHOLDERS` allows.
    """
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        raise ConfigError(
            _("This is not valid TOML: {reason}").format(reason=error),
            file=file,
            line=int(place[1]) if place else None,
        ) from None
    dates = data.pop("dates", None)
    if dates is not None and not isinstance(dates, dict):
        raise ConfigError(_("“{key}” must be a table").format(key="dates"), file=file)
    words = _strict(data, Words, file=file, prefix="")
    patterns = None if dates is None else DatePatterns(**_strict(dates, DatePatterns, file=file, prefix="dates."))
    return Words(**words, dates=patterns)


def _strict(data: dict[str, Any], cls: type[Words] | type[DatePatterns], *, file: str, prefix: str) -> dict[str, Any]:
    known = {item.name: item.default is MISSING for item in fields(cls) if item.name != "dates"}
    for key in data:
        if key not in known:
            nearest = difflib.get_close_matches(key, [name for name in known if name not in data] or known, n=1)
            hint = _("Did you mean “{key}”?").format(key=prefix + nearest[0]) if nearest else None
            raise ConfigError(_("Unknown key “{key}”").format(key=prefix + key), file=file, hint=hint)
    for key, is_required in known.items():
        if key in data:
            _check_value(prefix + key, data[key], file=file)
        elif is_required:
            hint = _("Take the line from the shipped templates/words/en.toml or fr.toml and translate it.")
            raise ConfigError(_("Missing key “{key}”").format(key=prefix + key), file=file, hint=hint)
    return data


def _check_value(key: str, value: object, *, file: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(_("“{key}” must be a text that is not empty").format(key=key), file=file)
    allowed = PLACEHOLDERS.get(key)
    if allowed is None:
        return
    try:
        pieces = list(string.Formatter().parse(value))
    except ValueError as error:
        message = _("“{key}” has a brace too many or too few: {reason}").format(key=key, reason=error)
        raise ConfigError(message, file=file) from None
    for _literal, name, spec, conversion in pieces:
        # `{x.y}`, `{x!r}` and `{x:>9}` are refused as well: the file comes from a workspace.
        if name is not None and (name not in allowed or spec or conversion):
            nearest = difflib.get_close_matches(name, sorted(allowed), n=1) or sorted(allowed)[:1]
            raise ConfigError(
                _("“{key}” names {{{name}}}, which it cannot show").format(key=key, name=name),
                file=file,
                hint=_("It may use: {names}").format(names=", ".join(f"{{{item}}}" for item in sorted(allowed)))
                + (" · " + _("Did you mean “{key}”?").format(key=nearest[0]) if nearest else ""),
            )
