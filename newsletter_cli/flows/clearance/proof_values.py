"""A proof as values: what is asked for, what is asked before it goes, and what came of it."""

from __future__ import annotations

import shlex
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct, field

from newsletter_cli.base.called import called
from newsletter_cli.deliver.progress import Ended, SendTally
from newsletter_cli.flows.clearance.proof_dress import Dressed
from newsletter_cli.flows.clearance.reviewers import Wanted
from newsletter_cli.flows.sending.job import INTERRUPTED, NOT_COMPLETE, Question, Sent
from newsletter_cli.flows.sending.problems import SendProblem
from newsletter_cli.flows.sending.verifying import Verified


class ProofOptions(Struct, frozen=True, kw_only=True):
    """What a proof is asked for. `until`: `None` for the configured number of days."""

    wanted: Wanted = Wanted()
    transport: str | None = None
    list_file: str | None = None
    until: date | datetime | None = None
    by: str = ""
    has_changes: bool = True
    is_again: bool = False
    directory: str | None = None

    def command(self, number: int) -> str:
        """What to type to go on; whom it was for is in the ledger."""
        place = ["-C", self.directory] if self.directory is not None else []
        where = ["--transport", self.transport] if self.transport is not None else []
        return f"{called()} " + shlex.join([*place, "proof", f"{number}", *where])


class ProofQuestion(Struct, frozen=True, kw_only=True):
    """What is shown before a proof goes. `waiting` get it now, by address; `known` of those asked for have it already.

    `faults` are those that would stop a send; `notes` are for the editor.
    """

    issue: int
    proof: int
    subject: str
    sender: str
    transport: str
    is_embedded: bool
    waiting: tuple[str, ...]
    known: int
    until: date | datetime | None
    dressed: Dressed
    faults: tuple[SendProblem, ...]
    notes: tuple[str, ...]


class ProofWatcher(Protocol):
    """Who asks the editor and shows how it goes: a `Watcher` that is asked about proofs, too."""

    def ask(self, question: Question) -> None:
        """As for a send."""
        ...

    def ask_proof(self, question: ProofQuestion) -> None:
        """Ask whether to send it. Raises `UsageError` where the answer is no, or nobody can be asked."""
        ...

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None:
        """It begins."""
        ...

    def show(self) -> None:
        """A round is over."""
        ...

    def end(self) -> None:
        """It has ended."""
        ...


class Reviewer(Struct, frozen=True, kw_only=True):
    """What became of the proof for one of those asked for. `state` is a `DeliveryState`."""

    address: str
    state: str
    code: int
    reply: str


class SentProof(Struct, kw_only=True):
    """What came of a proof. `people` are those asked for this time; `sent` is `None` where all of them had it."""

    issue: int
    dressed: Dressed
    until: date | datetime | None
    by: str
    people: tuple[Reviewer, ...]
    transport: str
    is_embedded: bool
    command: str
    sent: Sent | None = None
    notes: tuple[str, ...] = ()
    doubtful: int = 0

    @property
    def exit_status(self) -> int:
        """0 where everybody who was asked for has it, 3 where not, 130 where somebody stopped it."""
        if self.sent is not None and self.sent.ending.how is Ended.INTERRUPTED:
            return INTERRUPTED
        return 0 if all(one.state == "sent" for one in self.people) else NOT_COMPLETE

    def as_dict(self) -> dict[str, object]:
        """The result for scripts; it names nobody."""
        states = [one.state for one in self.people]
        ending = None if self.sent is None else self.sent.ending
        return {
            "issue": self.issue,
            **dressed_dict(self.dressed, self.until, self.by),
            "addresses": len(states),
            "counts": {state: states.count(state) for state in dict.fromkeys(states)},
            "complete": self.exit_status == 0,
            "ending": "nothing-new" if ending is None else ending.how.name.lower(),
            "reason": None if ending is None else ending.reason or None,
            "in_folder_only": self.is_embedded,
            "transport": self.transport,
        }


class DryProof(Struct, kw_only=True):
    """What a proof would do; nothing was sent, and nothing recorded."""

    question: ProofQuestion | None = None
    dressed: Dressed
    until: date | datetime | None
    by: str
    problems: list[SendProblem] = field(default_factory=list)
    transport: str = ""
    messages: Verified = field(default_factory=Verified)
    outbox: str = ""
    written: int = 0
    notes: list[str] = field(default_factory=list)

    def as_dict(self, number: int) -> dict[str, object]:
        """The result for scripts; it names nobody."""
        asked = self.question
        return {
            "issue": number,
            **dressed_dict(self.dressed, self.until, self.by),
            "addresses": 0 if asked is None else len(asked.waiting),
            "faults": [] if asked is None else [one.as_dict() for one in asked.faults],
            "subject": None if asked is None else asked.subject,
            "messages_verified": self.messages.verified,
            "size_bytes": {"max": self.messages.most_bytes, "median": self.messages.median_bytes},
            "problems": [one.as_dict() for one in self.problems],
            "notes": self.notes,
            "transport": self.transport,
            "outbox": self.outbox,
        }


def dressed_dict(dressed: Dressed, until: date | datetime | None, by: str) -> dict[str, object]:
    """Which proof it is, for scripts."""
    changed = [one for one in dressed.changes if one.standing != "same"]
    return {
        "proof": dressed.number,
        "content": dressed.content_hash,
        "same_as_before": dressed.is_known or dressed.is_same,
        "changed_since": dressed.since,
        "changed": [one.slug for one in changed],
        "until": None if until is None else until.isoformat(),
        "by": by or None,
    }
