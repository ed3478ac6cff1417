"""Which issues the archive shows: those that readers have had."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.sent import read_sent_records, record_name

# Nobody has as many; `1-999999` is a slip.
MOST_ISSUES = 5_000


class Reason(StrEnum):
    """Why an issue is left out."""

    NOT_SENT = "not-sent"
    NOT_THERE = "not-there"


class ChosenIssue(Struct, frozen=True, kw_only=True):
    """An issue for the archive. `sent_at`: when its send began; `None` where it went another way, or not yet."""

    number: int
    sent_at: datetime | None = None
    is_draft: bool = False


class LeftOut(Struct, frozen=True, kw_only=True):
    """An issue that the archive does not show, and why."""

    number: int
    reason: Reason
    message: str

    def as_dict(self) -> dict[str, str | int]:
        """For scripts."""
        return {"issue": self.number, "reason": self.reason.value, "message": self.message}


def choose_issues(workspace: Workspace, *, has_drafts: bool) -> tuple[list[ChosenIssue], list[LeftOut]]:
    """The issues that were sent (`sent/N.toml`) or that `archive.also` names; with `has_drafts`, the others, too.

    Raises `ConfigError` for a record that is none.
    """
    sent = read_sent_records(workspace)
    also = numbers_in(workspace.config.archive.also or "")
    there = workspace.issue_numbers()
    chosen: list[ChosenIssue] = []
    left_out: list[LeftOut] = []
    for number in there:
        if number in sent:
            chosen.append(ChosenIssue(number=number, sent_at=datetime.fromisoformat(sent[number].at)))
        elif number in also:
            chosen.append(ChosenIssue(number=number))
        elif has_drafts:
            chosen.append(ChosenIssue(number=number, is_draft=True))
        else:
            message = _("it was not sent: there is no {file}").format(file=record_name(number))
            left_out.append(LeftOut(number=number, reason=Reason.NOT_SENT, message=message))
    for number in sorted({*sent, *also} - {*there}):
        named = record_name(number) if number in sent else "archive.also"
        message = _("{file} names it, and there is no such issue here").format(file=named)
        left_out.append(LeftOut(number=number, reason=Reason.NOT_THERE, message=message))
    return chosen, left_out


def numbers_in(text: str) -> frozenset[int]:
    """`1-3, 7` → 1, 2, 3, 7. `text` is as `ISSUES_PATTERN` has it."""
    numbers: set[int] = set()
    for piece in re.findall(r"(\d+)\s*(?:-\s*(\d+))?", text):
        first, last = int(piece[0]), int(piece[1] or piece[0])
        numbers.update(range(first, min(last, first + MOST_ISSUES) + 1))
    return frozenset(numbers)
