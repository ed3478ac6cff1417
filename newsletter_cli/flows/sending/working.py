"""`nl worker`: one more process that sends what an editor has planned with `nl send N --distributed`.

The ledger decides who is written to: a worker claims what nobody else holds, under a lease of its own. It asks nobody,
chooses nobody and repeats nothing; it can be started and stopped, or killed, at any time.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.handing import read_handed_out
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.transactions import as_shared
from newsletter_cli.deliver.ledger.waiting import count_waiting
from newsletter_cli.deliver.opening import parse_transport_url
from newsletter_cli.deliver.progress import Ended, SendTally
from newsletter_cli.flows.ledger_place import shared_ledger_of
from newsletter_cli.flows.sending.job import Means, Question, SendJob, SendOptions, Sent, opening_means
from newsletter_cli.flows.sending.problems import refuse_obstacles
from newsletter_cli.flows.sending.send import deliver
from newsletter_cli.flows.sending.transport import ChosenTransport, choose_transport
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.deliver.ledger.postgresql import PostgresqlDatabase

MAIL = ("smtp", "smtps")
# Who is not woken looks all the same.
LOOK_SECONDS = 5.0
# What others hold may come back at any moment.
HELD_SECONDS = 0.5
# After a fault of the database: so long at first, then twice that, up to the longest.
FIRST_REST_SECONDS, LONGEST_REST_SECONDS = 0.5, 30.0


class WorkerOptions(Struct, frozen=True, kw_only=True):
    """`is_until_done`: end once nothing is left to send. `transport` overrides the configured one."""

    transport: str | None = None
    is_until_done: bool = False


class Worked(Struct, kw_only=True):
    """What a worker did: messages taken by the server, by issue; why it stopped, where a server made it."""

    sent: dict[int, int]
    stopped: Sent | None = None


class WorkerWatcher(Protocol):
    """Who shows how a worker is getting on; as a send's `Watcher`, but it asks nothing."""

    def begin_issue(self, issue: int) -> None:
        """It begins to send this issue, or goes on with it."""
        ...

    def end_issue(self, issue: int, sent: Sent) -> None:
        """Nothing is left of it to claim, for now."""
        ...

    def wait(self) -> None:
        """There is nothing to send."""
        ...

    def skip(self, issue: int, transport: str) -> None:
        """An issue is to go another way than this worker's."""
        ...

    def lose(self, error: LedgerError) -> None:
        """The ledger cannot be used now; it is tried again."""
        ...

    def ask(self, question: Question) -> None:
        """Never called: an editor was asked when the send was planned."""
        ...

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None:
        """A run begins."""
        ...

    def show(self) -> None:
        """`tally` has changed."""
        ...

    def end(self) -> None:
        """A run has ended."""
        ...


def work(
    workspace: Workspace, options: WorkerOptions, watcher: WorkerWatcher, is_interrupted: Callable[[], bool]
) -> Worked:
    """Send what is planned, until somebody interrupts it, a server refuses everything, or nothing is left.

    Raises `UsageError`, `ConfigError`, `TransportError`, `ListError`; `LedgerError` where the ledger cannot be reached
    at the very beginning.
    """
    place = shared_ledger_of(workspace)
    chosen = choose_transport(workspace, options.transport)
    done = Worked(sent={})
    rest = FIRST_REST_SECONDS
    has_begun = False
    with opening_means(workspace, chosen) as first:
        means: Iterator[Means] = iter([first])
        while not is_interrupted() and done.stopped is None:
            try:
                with contextlib.closing(_open(place)) as database:
                    has_begun, rest = True, FIRST_REST_SECONDS
                    worker = _Worker(workspace, chosen, options, watcher, is_interrupted, done)
                    if worker.run(database, means):
                        return done
            except LedgerError as error:
                if not has_begun:
                    raise
                watcher.lose(error)
                _sleep(rest, is_interrupted)
                rest = min(LONGEST_REST_SECONDS, rest * 2)
    return done


def _open(place: SharedLedger) -> PostgresqlDatabase:
    database = as_shared(open_database(place))
    assert database is not None
    return database


def _sleep(seconds: float, is_interrupted: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not is_interrupted():
        time.sleep(min(0.1, seconds))


class _Worker:
    """A worker while the ledger is open."""

    def __init__(
        self,
        workspace: Workspace,
        chosen: ChosenTransport,
        options: WorkerOptions,
        watcher: WorkerWatcher,
        is_interrupted: Callable[[], bool],
        done: Worked,
    ):
        self._workspace, self._chosen, self._options = workspace, chosen, options
        self._watcher, self._is_interrupted, self._done = watcher, is_interrupted, done
        self._skipped: set[int] = set()

    def run(self, database: PostgresqlDatabase, opened: Iterator[Means]) -> bool:
        """Send until the end is asked for; whether it is the end. Raises `LedgerError`."""
        database.listen()
        is_idle = False
        while not self._is_interrupted():
            handed = read_handed_out(database)
            mine = {issue: way for issue, way in handed.items() if self._is_mine(issue, way)}
            has_sent = False
            for issue in mine:
                has_sent |= self._send(database, issue, opened)
            if self._done.stopped is not None:
                return True
            if not mine:
                if self._options.is_until_done:
                    return True
                if not is_idle:
                    self._watcher.wait()
                is_idle = True
                database.wait(LOOK_SECONDS, is_interrupted=self._is_interrupted)
            elif not has_sent:
                database.wait(HELD_SECONDS, is_interrupted=self._is_interrupted)
            else:
                is_idle = False
        return True

    def _is_mine(self, issue: int, transport: str) -> bool:
        """Whether the issue goes this worker's way: by its very transport, or by a mail server where by one at all.
        Each machine may have a relay of its own.
        """
        own = self._chosen.address
        is_by_mail = own.scheme in MAIL and parse_transport_url(transport).scheme in MAIL
        if is_by_mail or transport == str(own):
            return True
        if issue not in self._skipped:
            self._skipped.add(issue)
            self._watcher.skip(issue, transport)
        return False

    def _send(self, database: PostgresqlDatabase, issue: int, opened: Iterator[Means]) -> bool:
        """Whether there was anything of the issue to claim."""
        from newsletter_cli.deliver.ledger.leases import close_ended

        close_ended(database, issue, now=int(time.time()))
        job = SendJob(
            workspace=self._workspace,
            connection=database,
            number=issue,
            options=SendOptions(transport=self._options.transport),
            watcher=self._watcher,
            transport=str(self._chosen.address),
            is_embedded=self._chosen.is_embedded,
            meet=partial(refuse_obstacles, issue),
            service=self._chosen.service,
            way=self._chosen.way,
        )
        if not count_waiting(database, issue):
            return False
        self._watcher.begin_issue(issue)
        with self._means(opened) as means:
            sent = deliver(job, means, self._is_interrupted, is_worker=True)
        self._done.sent[issue] = self._done.sent.get(issue, 0) + sent.tally.sent
        self._watcher.end_issue(issue, sent)
        if sent.ending.how is Ended.STOPPED:
            self._done.stopped = sent
        return bool(sent.tally.done)

    def _means(self, opened: Iterator[Means]) -> contextlib.AbstractContextManager[Means]:
        """What was opened at the beginning, to find out early what is missing; after it, opened anew for each run."""
        first = next(opened, None)
        return opening_means(self._workspace, self._chosen) if first is None else contextlib.nullcontext(first)
