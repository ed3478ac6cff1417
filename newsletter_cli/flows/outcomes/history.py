"""What became of all issues: a line of numbers each, what came back, and how the list grew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from newsletter_cli.audience.feedback import FeedbackRecords
from newsletter_cli.audience.history import ListHistory, read_history
from newsletter_cli.base.errors import ListError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.breakdown import read_runs
from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.reading import Report, one_look, read_issues, read_report
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.sending.ledger import look_into_ledger
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.workspace.folder import Workspace

BOUNCES = (FeedbackKind.HARD, FeedbackKind.FULL, FeedbackKind.SOFT, FeedbackKind.SENDER_FAULT)


class PastIssue(Struct, frozen=True, kw_only=True):
    """An issue that was sent, or begun to be. `began` is ISO 8601, UTC: of its first run, else of its freeze."""

    numbers: Report
    began: str
    feedback: Mapping[FeedbackKind, int]

    @property
    def number(self) -> int:
        """The issue's."""
        return self.numbers.issue

    @property
    def subject(self) -> str:
        """As it was frozen last."""
        return self.numbers.freezes[-1].subject if self.numbers.freezes else ""

    @property
    def open(self) -> int:
        """Of how many recipients it is not known yet whether they get it: they wait, were put off, or are in doubt."""
        counts = self.numbers.counts
        return self.numbers.deliveries - counts[DeliveryState.SENT] - counts[DeliveryState.REFUSED]

    @property
    def bounces(self) -> int:
        """What could not be delivered, or was sent back, for whatever reason."""
        return sum(self.feedback.get(kind, 0) for kind in BOUNCES)

    @property
    def complaints(self) -> int:
        """How many pressed “spam”."""
        return self.feedback.get(FeedbackKind.COMPLAINT, 0)

    @property
    def wishes_to_leave(self) -> int:
        """How many unsubscribed by an answer or the link."""
        return self.feedback.get(FeedbackKind.UNSUBSCRIBE, 0)

    def as_dict(self) -> dict[str, Any]:
        """For scripts: what `nl report N --json` says, and what came back."""
        return {
            **self.numbers.as_dict(),
            "began": self.began,
            "recipients": self.numbers.deliveries,
            "feedback": {kind.value: self.feedback.get(kind, 0) for kind in FeedbackKind},
        }


class History(Struct, frozen=True, kw_only=True):
    """All issues, the first one first. `unplaced` is what came back without anybody's knowing of which issue;
    `fault`: why nothing is known of the list.
    """

    issues: tuple[PastIssue, ...]
    unplaced: Mapping[FeedbackKind, int]
    list: ListHistory | None
    fault: ListError | None = None

    def as_dict(self) -> dict[str, Any]:
        """For scripts; it names nobody."""
        counts = dict(self.list.subscribers()) if self.list is not None else {}
        return {
            "issues": [one.as_dict() for one in self.issues],
            "feedback_of_no_issue": {kind.value: self.unplaced.get(kind, 0) for kind in FeedbackKind},
            "list": None
            if self.list is None
            else [
                {
                    "month": month,
                    "subscribers": counts.get(month),
                    "joined": self.list.joined.get(month, 0),
                    "left": self.list.left.get(month, {}),
                }
                for month in self.list.months()
            ],
        }


def gather_history(workspace: Workspace) -> History:
    """Raises `UsageError` where nothing was ever sent from here, `LedgerError`."""
    if not has_ledger(ledger_of(workspace)):
        raise _nothing_sent()
    fault, feedback, history = None, [], None
    try:
        with open_state(workspace, is_looking=True) as store, store.reading():
            feedback, history = FeedbackRecords(store).counts(), read_history(store)
    except ListError as error:
        # What the ledger knows is told all the same.
        fault = error
    of_issue: dict[int | None, dict[FeedbackKind, int]] = {}
    for number, kind, count in feedback:
        of_issue.setdefault(number, {})[kind] = count
    with look_into_ledger(workspace) as connection, one_look(connection):
        issues = []
        for number in read_issues(connection):
            numbers, runs = read_report(connection, number), read_runs(connection, number)
            began = runs[0].started_at if runs else numbers.freezes[0].frozen_at
            issues.append(PastIssue(numbers=numbers, began=began, feedback=of_issue.pop(number, {})))
    if not issues:
        raise _nothing_sent()
    unplaced: dict[FeedbackKind, int] = {}
    for counts in of_issue.values():
        for kind, count in counts.items():
            unplaced[kind] = unplaced.get(kind, 0) + count
    return History(issues=tuple(issues), unplaced=unplaced, list=history, fault=fault)


def came_back_of(workspace: Workspace, issue: int) -> Mapping[FeedbackKind, int]:
    """What came back from one issue. Raises `ListError`."""
    with open_state(workspace, is_looking=True) as store:
        return {kind: count for number, kind, count in FeedbackRecords(store).counts() if number == issue}


def _nothing_sent() -> UsageError:
    return UsageError(_("no issue was ever sent from here"), hint=_("see what a send would do: nl send --dry-run"))
