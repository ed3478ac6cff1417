"""`nl new`: the files of a new issue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.base.errors import ContentError, UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.config import Config
from newsletter_cli.model.moment import parse_moment
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace, parse_issue_number
from newsletter_cli.workspace.issue_header import moment_of_publication
from newsletter_cli.workspace.read import read_issue
from newsletter_cli.workspace.scaffold import Scaffolded, create_issue


class Started(Struct, frozen=True):
    """A new issue: its number, its date and what was written."""

    number: int
    date: datetime
    folder: str
    files: Scaffolded

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.number,
            "date": self.date.isoformat(),
            "written": list(self.files.written),
            "kept": list(self.files.kept),
            "carried": list(self.files.carried),
        }

    def lines(self) -> Iterator[str]:
        """The result for people."""
        files = self.files
        count = len(files.written)
        yield ngettext(
            "Issue {number}: {count} new file in {folder}/", "Issue {number}: {count} new files in {folder}/", count
        ).format(number=self.number, count=count, folder=self.folder)
        if f"{self.folder}/{ISSUE_FILE}" in files.written:
            yield _("Date of publication: {date}; change it in {folder}/_issue.md").format(
                date=self.date.date().isoformat(), folder=self.folder
            )
        for name in files.written:
            note = _(" (carried over)") if name.rpartition("/")[2].removesuffix(".md") in files.carried else ""
            yield f"  {name}{note}"
        if files.kept:
            yield _("Left as they were: {files}").format(files=", ".join(files.kept))
        yield _("Next: fill the files in, then see how far they are: nl status {number}").format(number=self.number)


def propose_date(workspace: Workspace, number: int | None = None, today: Day | None = None) -> datetime:
    """When issue `number` (the next one by default) may appear: as long after the one before it as that was after its
    own, else a month; before the issue that follows it, if there is one.

    Never in the past, unless the following issue is; without an earlier issue, today.
    """
    config = workspace.config
    zone = ZoneInfo(config.newsletter.timezone)
    today = today or datetime.now(zone).date()
    numbers = workspace.issue_numbers()
    earlier = [known for known in numbers if number is None or known < number]
    dated = [(known, day) for known in earlier[-2:] if (day := _date_of(workspace, known)) is not None]
    day = _in_rhythm([day for _number, day in dated], today)
    following = [known for known in numbers if number is not None and known > number][:1]
    limit = _date_of(workspace, following[0]) if following else None
    if number is not None and limit is not None and day >= limit:
        day = _between(dated[-1] if dated else None, (following[0], limit), number, today)
    return moment_of_publication(day, config)


def _in_rhythm(days: list[Day], today: Day) -> Day:
    if not days:
        return today
    rhythm = days[-1] - days[-2] if len(days) == 2 and days[-1] > days[-2] else timedelta(weeks=4)
    count = max(1, -((days[-1] - today) // rhythm))
    try:
        return days[-1] + rhythm * count
    except OverflowError:  # after the year 9999
        return today


def _between(before: tuple[int, Day] | None, after: tuple[int, Day], number: int, today: Day) -> Day:
    """A day for an issue between two that have theirs, in proportion to their numbers."""
    latest = after[1] - timedelta(days=1)
    if before is None:
        return min(latest, today)
    if before[1] >= after[1]:
        return latest
    day = before[1] + (after[1] - before[1]) * (number - before[0]) // (after[0] - before[0])
    return min(latest, max(day, today))


def start_issue(workspace: Workspace, *, number: str | None, date: str | None, source: str | None) -> Started:
    """Write the files of issue `number` (the next one by default).

    Raises `UsageError` for a number, a date or a source that cannot be.
    """
    # Two of them at once must not come to the same number.
    with only_writer(workspace, *workspace.section_folders()):
        numbers = workspace.issue_numbers()
        wanted = parse_issue_number(number) if number is not None else (numbers[-1] + 1 if numbers else 1)
        earlier = [known for known in numbers if known < wanted]
        carried_from = workspace.existing_issue(source) if source is not None else (earlier[-1] if earlier else None)
        if carried_from == wanted:
            raise UsageError(
                _("issue {number} cannot be carried over from itself").format(number=wanted),
                hint=_("--from names another issue"),
            )
        if date is None:
            moment = propose_date(workspace, wanted)
        else:
            moment = parse_date(date, workspace.config)
            _refuse_dated_otherwise(workspace, wanted, moment)
        files = create_issue(workspace, wanted, date=moment, carried_from=carried_from)
    return Started(wanted, moment, workspace.name_of(workspace.issue_folder(wanted)), files)


def parse_date(text: str, config: Config) -> datetime:
    """A date as typed (`2026-12-15`, with or without an hour), in the newsletter's zone. Raises `UsageError`."""
    moment = parse_moment(text)
    if moment is None:
        raise UsageError(
            _("“{value}” is no date").format(value=text),
            hint=_("write a day as 2026-06-11, with its hour as 2026-06-11T14:00"),
        )
    return moment_of_publication(moment, config)


def is_dated(workspace: Workspace, number: str | None) -> bool:
    """Whether issue `number` has its `_issue.md`, which is left alone, date and all."""
    return number is not None and (workspace.issue_folder(parse_issue_number(number)) / ISSUE_FILE).is_file()


def _refuse_dated_otherwise(workspace: Workspace, number: int, moment: datetime) -> None:
    # The same date once more completes what a run that was killed had begun.
    if is_dated(workspace, str(number)) and _moment_of(workspace, number) != moment:
        file = workspace.name_of(workspace.issue_folder(number) / ISSUE_FILE)
        raise UsageError(
            _("issue {number} has its date already").format(number=number), file=file, hint=_("change it in this file")
        )


def _date_of(workspace: Workspace, number: int) -> Day | None:
    moment = _moment_of(workspace, number)
    return None if moment is None else moment.date()


def _moment_of(workspace: Workspace, number: int) -> datetime | None:
    try:
        return read_issue(workspace, number).issue.date
    except ContentError:
        return None
