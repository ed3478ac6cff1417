"""The words a rendition uses, in the newsletter's language, read from `templates/words/XX.toml`.

The file is read strictly: a word that is missing or misspelt would otherwise show only in front of
readers. Patterns such as `"Numéro {number}"` may use the names listed here and no other.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial

from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import config_error, parse_toml
from newsletter_cli.base.strict import Path, Problem, read_strictly
from newsletter_cli.base.tables import Table, option, options_of

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
    "proof.heading": frozenset({"number"}),
    "proof.answer": frozenset({"address"}),
    "proof.until": frozenset({"moment"}),
    "proof.by": frozenset({"name"}),
    "proof.changes": frozenset({"number"}),
    "proof.nothing": frozenset({"number"}),
    "proof.beyond": frozenset({"number"}),
    "proof.words": frozenset({"counts"}),
    "proof.more": frozenset({"count"}),
    "remind.heading": frozenset({"newsletter", "number"}),
    "remind.nothing": frozenset({"newsletter", "number"}),
    "remind.line": frozenset({"section", "when"}),
    "remind.late": frozenset({"count", "day"}),
    "remind.late_one": frozenset({"day"}),
    "remind.late_today": frozenset({"day"}),
    "remind.today": frozenset({"day"}),
    "remind.tomorrow": frozenset({"day"}),
    "remind.soon": frozenset({"count", "day"}),
    "announce.jobs": frozenset({"count"}),
    "archive.permalink": frozenset({"title"}),
    "archive.back": frozenset({"number"}),
}

# Written to a person who finds the key missing or wrong.
_word = partial(
    option, filled=True, doc="Take the line from the shipped templates/words/en.toml or fr.toml and translate it."
)


class DatePatterns(Table, frozen=True, kw_only=True):
    """How a language sets days and hours; names of days and months come from Babel (CLDR).

    `day` is one day; `days_in_month`, `days_in_year`, `days` are spans within a month, within a year
    and across years; `hour` is a full hour, `hour_minute` any other time; `moment` is a day and an
    hour, `hours` a span within a day, `moments` one over several days; `zone` adds a time zone's name.
    """

    day: str = _word()
    days_in_month: str = _word()
    days_in_year: str = _word()
    days: str = _word()
    hour: str = _word()
    hour_minute: str = _word()
    moment: str = _word()
    hours: str = _word()
    moments: str = _word()
    zone: str = _word()
    first_of_month: str = _word("1")
    am: str = _word("am")
    pm: str = _word("pm")


class ProofWords(Table, frozen=True, kw_only=True):
    """What stands in a proof only. `mark` begins its subject; `beyond` is said where no text has changed, and something
    else has.
    """

    mark: str = _word()
    heading: str = _word()
    about: str = _word()
    answer: str = _word()
    until: str = _word()
    by: str = _word()
    leaving: str = _word()
    changes: str = _word()
    nothing: str = _word()
    beyond: str = _word()
    new_section: str = _word()
    gone_section: str = _word()
    words: str = _word()
    more: str = _word()
    subject: str = _word()
    preheader: str = _word()
    editorial: str = _word()


class RemindWords(Table, frozen=True, kw_only=True):
    """What a reminder for the chat says. `late_one`: by one day; `late_today`: the hour is past; `no_day`: nobody has
    said until when; `nobody`: those texts that nobody writes yet.
    """

    heading: str = _word()
    nothing: str = _word()
    nobody: str = _word()
    line: str = _word()
    late: str = _word()
    late_one: str = _word()
    late_today: str = _word()
    today: str = _word()
    tomorrow: str = _word()
    soon: str = _word()
    no_day: str = _word()


class ArchiveWords(Table, frozen=True, kw_only=True):
    """What the pages of the archive say. `back` leads from a footnote to its mark; `draft` is for an issue not sent."""

    issues: str = _word()
    latest: str = _word()
    undated: str = _word()
    previous: str = _word()
    next: str = _word()
    neighbours: str = _word()
    skip: str = _word()
    feed: str = _word()
    subscribe: str = _word()
    permalink: str = _word()
    back: str = _word()
    table: str = _word()
    draft: str = _word()


class AnnounceWords(Table, frozen=True, kw_only=True):
    """What stands between the facts in an announcement: before the dates, before one job offer, before several."""

    dates: str = _word()
    jobs_one: str = _word()
    jobs: str = _word()


# Tables within the words; none of them has to be there.
TABLES = ("dates", "proof", "remind", "announce", "archive")


class Words(Table, frozen=True, kw_only=True):
    """The words of one language. `dates` is `None` where Babel's generic patterns are to be used, the other tables
    where the shipped words are: a file of a newsletter's own may be older than those.
    """

    language: str = _word()
    contents: str = _word()
    read_online: str = _word()
    reply: str = _word()
    unsubscribe: str = _word()
    links: str = _word()
    notes: str = _word()
    issue_number: str = _word()
    when: str = _word()
    place: str = _word()
    register: str = _word()
    employer: str = _word()
    reference: str = _word()
    deadline: str = _word()
    see_job: str = _word()
    image: str = _word()
    video: str = _word()
    embedded: str = _word()
    calendar: str = _word()
    label: str = _word()
    image_text: str = _word()
    note_mark: str = _word()
    announce_title: str = _word()
    announce_contents: str = _word()
    announce_read: str = _word()
    dates: DatePatterns | None = option(None, doc="How days and hours are set.")
    proof: ProofWords | None = option(None, doc="What stands in a proof only.")
    remind: RemindWords | None = option(None, doc="What a reminder says.")
    announce: AnnounceWords | None = option(None, doc="What an announcement says.")
    archive: ArchiveWords | None = option(None, doc="What the pages of the archive say.")

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
        """The words by key, for a template; the tables are not among them."""
        return {name: getattr(self, name) for name in options_of(self) if name not in TABLES}


# Once for each text, however often an issue is read: the preview reads at each save.
@lru_cache(maxsize=8)
def parse_words(text: str, *, file: str) -> Words:
    """Words from the text of a TOML file; `file` is only named in errors.

    Every key of `Words` is required, and each of its tables is whole or absent. Raises `ConfigError`, with the
    lines, for broken TOML, an unknown, missing or empty key, a value that is no text, and a pattern that names
    something else than `PLACEHOLDERS` allows.
    """
    words, problems = read_strictly(Words, parse_toml(text, file=file))
    problems = problems or list(_check_patterns(words))
    if problems:
        raise config_error(problems, text, file=file)
    return words  # type: ignore[no-any-return]


def _check_patterns(words: Words) -> Iterator[Problem]:
    for key, allowed in PLACEHOLDERS.items():
        table, _dot, name = key.rpartition(".")
        holder = getattr(words, table) if table else words
        if holder is not None:
            path = (table, name) if table else (name,)
            yield from _check_pattern(path, key, getattr(holder, name), sorted(allowed))


def _check_pattern(path: Path, key: str, pattern: str, allowed: list[str]) -> Iterator[Problem]:
    try:
        pieces = list(string.Formatter().parse(pattern))
    except ValueError as error:
        yield Problem(
            path=path, message=_("“{key}” has a brace too many or too few: {reason}").format(key=key, reason=error)
        )
        return
    for _literal, name, spec, conversion in pieces:
        # `{x.y}`, `{x!r}` and `{x:>9}` are refused as well: the file comes from a workspace.
        if name is not None and (name not in allowed or spec or conversion):
            message = _("{key} holds “{{{name}}}”, which means nothing here").format(key=key, name=name)
            fields = ", ".join(f"{{{item}}}" for item in allowed)
            yield Problem(path=path, message=message, hint=_("it may hold: {fields}").format(fields=fields))
