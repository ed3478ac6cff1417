"""`nl bounces`: the messages of a mailbox judged, decided about, recorded; and only then moved or marked.

    with open_triage(workspace, source, folder=…, is_looking=False) as found:
        found.read(…)                                     and decided: nothing has changed
        found.refuse_burst(…)
        found.apply()                                     one transaction
        found.settle()                                    the messages, over IMAP

Killed at any moment and run again: what was not recorded is read anew, what was recorded counts no second time.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from newsletter_cli.after.bounces.judging import judge
from newsletter_cli.after.bounces.verdict import Addressee as Addressed
from newsletter_cli.after.bounces.verdict import Doubt, Verdict
from newsletter_cli.audience.store import Store
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.flows.audience import open_state, write_back
from newsletter_cli.flows.bounces.batch import Batch, refuse_burst
from newsletter_cli.flows.bounces.people import Addressee, People
from newsletter_cli.flows.bounces.rules import read_rules
from newsletter_cli.flows.bounces.values import Incoming, Recorded
from newsletter_cli.flows.mailboxes import CONFIGURED, open_source
from newsletter_cli.flows.sending.leaving import tell_senders
from newsletter_cli.mailbox.imap import FolderPlace, ImapSource
from newsletter_cli.mailbox.settling import Settle, Settling, check_target, settle
from newsletter_cli.mailbox.source import Unread
from newsletter_cli.model.feedback import Feedback, FeedbackAction, FeedbackKind
from newsletter_cli.workspace.folder import Workspace

SOURCE = "mailbox"
# Nothing has failed, or not yet.
NOT_YET = (Doubt.DELAYED, Doubt.NOTHING)
# What a person wants to read stays where it lies.
FOR_READING = frozenset({FeedbackKind.REPLY, FeedbackKind.UNKNOWN})
# What stands before a server's words in a report (RFC 3464 §2.3.6).
DIAGNOSTIC_TYPE = re.compile(r"^(?:smtp|x-[\w-]+) *; *", re.IGNORECASE)
Progress = Callable[[int, int], None]


class Triage:
    """What a source holds, decided about. `unread` is what could not be read there, each with its place and why."""

    def __init__(self, workspace: Workspace, store: Store, people: People, batch: Batch, *, said: str, folder: Path):
        self._workspace, self._store, self._people = workspace, store, people
        self.batch = batch
        self._said, self._folder = said, folder
        self._imap: FolderPlace | None = None
        self.name = said
        self.unread: list[Unread] = []
        self.recorded: Recorded | None = None

    @property
    def messages(self) -> int:
        """How many there were, those that could not be read among them."""
        return len(self.batch) + len(self.unread)

    def read(self, wanted: Settle, on_progress: Progress) -> None:
        """Judge each message and decide. Raises `MailboxError`, `NotTrusted`, `LedgerError`, `ListError`."""
        now, total = timestamp(datetime.now(UTC)), 0

        def note(count: int) -> None:
            nonlocal total
            total = count

        with open_source(self._workspace, self._said, folder=self._folder) as source:
            self.name = source.name
            if isinstance(source, ImapSource):
                self._imap = source.place
                check_target(source.connection, wanted)
            elif wanted.what is not Settling.STAY:
                raise UsageError(
                    _("--{what} is for a mailbox over IMAP; files stay as they are").format(what=wanted.what),
                    hint=as_called("nl bounces imaps://USER@HOST/INBOX --apply"),
                )
            for number, (head, octets) in enumerate(source.wholes(note=note), 1):
                verdict = judge(octets, find=self._find, now=now, place=head.place)
                self.batch.add(self._incoming(verdict, now=now, handle=head.key))
                on_progress(number, total)
            self.unread = list(source.unread)
        self.batch.decide(self._store, self._people, read_rules(self._workspace.config))

    def has_work(self, wanted: Settle) -> bool:
        """Whether there is anything to record, or to do with messages."""
        return self.batch.has_records() or (
            wanted.what is not Settling.STAY and next(self._settled(), None) is not None
        )

    def refuse_burst(self, command: str) -> None:
        """Raises `TooManyLeaving` where so many would be taken off that somebody has to look first, and then give this
        command.
        """
        refuse_burst(self.batch.burst(self._people), command=command)

    def apply(self) -> Recorded:
        """Record it, in one transaction. Raises `ListError`."""
        self.recorded = self.batch.record(self._store, now=timestamp(datetime.now(UTC)))
        return self.recorded

    def apply_wishes(self) -> Recorded:
        """Where too many would go at once: record who asked to leave all the same, and nothing else. Raises
        `ListError`.
        """
        now = timestamp(datetime.now(UTC))
        self.recorded = self.batch.record(self._store, now=now, only=FeedbackKind.UNSUBSCRIBE)
        return self.recorded

    def tell_source(self) -> None:
        """Note who asked to leave in a list of Grist, where that is configured. Raises `ListError`."""
        if self.recorded is not None and self.recorded.unsubscribed:
            tell_senders(self._workspace, self.recorded.unsubscribed)
            write_back(self._workspace, self._store, self.recorded.unsubscribed)

    def settle(self, wanted: Settle, on_progress: Progress) -> int:
        """Move, mark or delete what is settled, in a mailbox over IMAP; how many. Raises `MailboxError`."""
        if wanted.what is Settling.STAY or self._imap is None:
            return 0
        source = open_source(self._workspace, self._said, folder=self._folder)
        assert isinstance(source, ImapSource)
        done, total = 0, sum(1 for _number in self._settled())
        with source.connection as connection:
            for count in settle(connection, self._imap, self._settled(), wanted):
                done += count
                on_progress(done, total)
                reach("after-settling-some")
        return done

    def _settled(self) -> Iterator[int]:
        for one in self.batch.decided():
            if one.action is not FeedbackAction.REVIEW and one.kind not in FOR_READING:
                yield int(one.handle)

    def _find(self, token: str) -> Addressed | None:
        whom = self._people.of_token(token)
        return None if whom is None else Addressed(address=whom.address, issue=whom.issue)

    def _incoming(self, verdict: Verdict, *, now: str, handle: str) -> Incoming:
        whom: Addressee | None = self._people.of_token(verdict.token) if verdict.token else None
        feedback = Feedback(
            reference=verdict.reference,
            kind=verdict.kind,
            issue=verdict.issue,
            status=verdict.status,
            words=DIAGNOSTIC_TYPE.sub("", verdict.words),
            # A clock that is ahead must not outweigh what happens here later.
            at=min(timestamp(datetime.fromisoformat(verdict.at)), now),
            source=SOURCE,
        )
        return Incoming(
            feedback=feedback,
            whom=whom,
            is_certain=verdict.is_certain,
            has_happened=verdict.doubt not in NOT_YET,
            doubt=verdict.doubt or "",
            address=verdict.address if verdict.is_certain else (verdict.candidate or verdict.address),
            place=verdict.place,
            handle=handle,
        )


@contextlib.contextmanager
def open_triage(workspace: Workspace, said: str | None, *, folder: Path, is_looking: bool) -> Iterator[Triage]:
    """What a source holds (`None`: the mailbox of the configuration), to be read. Paths begin at `folder`.

    `is_looking`: nothing is going to be recorded, and nothing in `state/` is made for it. Raises `LedgerError`,
    `ListError`.
    """
    said = CONFIGURED if said is None else said
    with open_state(workspace, is_looking=is_looking) as store, People(workspace, store) as people, Batch() as batch:
        yield Triage(workspace, store, people, batch, said=said, folder=folder)
