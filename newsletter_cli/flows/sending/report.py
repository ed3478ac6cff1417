"""`nl report N`: what became of everyone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.audience.csv_output import private_file, refuse_existing
from newsletter_cli.audience.row import guarded
from newsletter_cli.base.i18n import _, shown_count, shown_moment
from newsletter_cli.console.lines import Line
from newsletter_cli.deliver.ledger.reading import (
    Report,
    read_deliveries,
    read_exclusions,
    read_replies,
    read_report,
)
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.flows.sending.ledger import open_existing_ledger
from newsletter_cli.flows.sending.words import complete_line, reason_names, state_names, told_reply
from newsletter_cli.model.delivery import DeliveryState, Reply
from newsletter_cli.workspace.folder import Workspace

MOST_REPLIES = 5
TOLD_STATES = (DeliveryState.REFUSED, DeliveryState.DEFERRED, DeliveryState.IN_DOUBT)


class IssueReport(Struct, frozen=True):
    """What became of an issue. `replies`: for each state that wants a look, the commonest answers and how many."""

    numbers: Report
    replies: dict[DeliveryState, list[tuple[str, int, int]]]

    @property
    def accepted(self) -> list[str]:
        """The rules that were let pass, for whomever."""
        return list(dict.fromkeys(rule for freeze in self.numbers.freezes for rule in freeze.accepted.split()))

    @property
    def approved(self) -> dict[str, Any] | None:
        """The approval of what was frozen last, as it was then; `None` where nobody had approved it."""
        last = self.numbers.freezes[-1].approved if self.numbers.freezes else ""
        return json.loads(last) if last else None

    def rows(self) -> list[tuple[str, str]]:
        """The table: what became of how many."""
        names, reasons = state_names(), reason_names()
        counts = [(names[state], self.numbers.counts[state]) for state in DeliveryState]
        left_out = [(reasons.get(reason, reason), count) for reason, count in self.numbers.excluded.items()]
        return [(name, shown_count(count)) for name, count in counts if count] + [
            (_("left out: {reason}").format(reason=name), shown_count(count)) for name, count in left_out
        ]

    def lines(self) -> Iterator[str]:
        """The servers' own words, and what is to be done."""
        names = state_names()
        for state, replies in self.replies.items():
            yield Line((_("{state}, with the reasons given:").format(state=names[state]), "strong"))
            for text, code, count in replies:
                yield f"  {shown_count(count):>7} × {told_reply(Reply(code, text)) or '–'}"
            yield ""
        if self.accepted:
            yield _("Rules that were let pass: {rules}").format(rules=", ".join(self.accepted))
        if (approval := self.approved) is not None:
            yield _approved_line(approval)
        yield from complete_line(self.numbers)

    def as_dict(self) -> dict[str, Any]:
        """The report for scripts; of people, it names who approved the issue, and nobody else."""
        return {
            **self.numbers.as_dict(),
            "accepted_rules": self.accepted,
            "approved": self.approved,
            "freezes": [
                {
                    "at": freeze.frozen_at,
                    "part": freeze.segment or None,
                    "list": freeze.list_name,
                    "subject": freeze.subject,
                    "content": freeze.content_hash,
                    "send_by": freeze.send_by or None,
                    "accepted_rules": freeze.accepted.split(),
                }
                for freeze in self.numbers.freezes
            ],
        }


def _approved_line(approved: dict[str, Any]) -> str:
    words = _("by {name} on {moment}").format(name=approved["by"], moment=shown_moment(approved["at"]))
    if approved["stands"]:
        return _("Approved {words}").format(words=words)
    return _("Sent although the approval {words} did not stand any more").format(words=words)


def report_issue(workspace: Workspace, number: int) -> IssueReport:
    """What became of the issue. Raises `UsageError` for one that was never sent, `LedgerError`."""
    with open_existing_ledger(workspace, number, is_looking=True) as connection:
        numbers = read_report(connection, number)
        replies = {
            state: read_replies(connection, number, state, MOST_REPLIES)
            for state in TOLD_STATES
            if numbers.counts[state]
        }
    return IssueReport(numbers, replies)


def write_report_csv(workspace: Workspace, number: int, path: Path) -> int:
    """Everybody one by one, those left out included, as a private CSV file; how many rows."""
    refuse_existing(path)
    count = 0
    with (
        open_existing_ledger(workspace, number, is_looking=True) as connection,
        private_file(path, name=str(path)) as file,
    ):
        remember(workspace, path, Holding.ROWS)
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(("address", "name", "state", "tries", "at", "code", "reply"))
        for one in read_deliveries(connection, number):
            writer.writerow(
                (
                    guarded(one.address),
                    guarded(one.name),
                    one.state,
                    one.tries,
                    one.at,
                    one.code or "",
                    guarded(one.reply),
                )
            )
            count += 1
        freeze_id = read_report(connection, number).freezes[-1].id
        for row, reason, detail in read_exclusions(connection, freeze_id):
            writer.writerow(("", _("row {row} of the list").format(row=row), f"excluded:{reason}", "", "", "", detail))
            count += 1
    return count
