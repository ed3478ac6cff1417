"""A send as a job: what was asked for, what it needs, who watches, how it ended."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from newsletter_cli.audience.select import Segment
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.called import called
from newsletter_cli.base.errors import NewsletterError, NotTrusted
from newsletter_cli.deliver.building import Signs
from newsletter_cli.deliver.ledger.reading import Report
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.deliver.progress import Ended, Ending, SendTally
from newsletter_cli.deliver.transport import Transport
from newsletter_cli.flows.audience import Audience, open_audience, open_list_server, open_state
from newsletter_cli.flows.clearance.approval import NOT_APPROVED, ApprovalState
from newsletter_cli.flows.sending.problems import Meets, SendProblem
from newsletter_cli.flows.sending.transport import ChosenTransport, open_signer
from newsletter_cli.model.delivery import Outgoing
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.deliver.building import Finish
    from newsletter_cli.deliver.https.service import Service

NOT_COMPLETE = 3
INTERRUPTED = 130


class SendOptions(Struct, frozen=True, kw_only=True):
    """What a send is asked for. `patience_seconds`: how long deferred ones are waited for (`None`: as configured);
    `directory`: the folder that was named with `-C`; `at`: the moment that it is ordered for, and how late it may
    begin all the same; `is_trusted`: what `newsletter.toml` runs is trusted this once; `is_distributed`: planned here,
    sent by workers.
    """

    list_file: str | None = None
    transport: str | None = None
    segment: Segment | None = None
    accepted: tuple[str, ...] = ()
    limit: int | None = None
    patience_seconds: float | None = None
    send_by: datetime | None = None
    has_newcomers: bool = False
    is_anyway: bool = False
    is_afresh: bool = False
    directory: str | None = None
    at: datetime | None = None
    late_up_to_seconds: float | None = None
    is_trusted: bool = False
    is_distributed: bool = False

    def command(self, number: int) -> str:
        """What to type to go on with the same people, list and transport."""
        return f"{called()} " + shlex.join([*self._place, "send", f"{number}", *self._where])

    def whole_command(self, number: int) -> str:
        """What to type for just this send."""
        return f"{called()} {shlex.join(self.words(number))}"

    def words(self, number: int) -> list[str]:
        """The same, word by word, behind the program's name."""
        words = [*self._place, "send", f"{number}", *self._where]
        words += [] if self.limit is None else ["--limit", f"{self.limit}"]
        words += [] if self.patience_seconds is None else ["--retry-deferred-for", f"{self.patience_seconds:g}s"]
        words += [] if self.send_by is None else ["--send-by", self.send_by.isoformat(timespec="seconds")]
        seconds = "seconds" if self.at is not None and self.at.second else "minutes"
        words += [] if self.at is None else ["--at", self.at.isoformat(timespec=seconds)]
        words += [] if self.late_up_to_seconds is None else ["--late-up-to", f"{self.late_up_to_seconds:g}s"]
        flags = {"--newcomers": self.has_newcomers, "--afresh": self.is_afresh, "--anyway": self.is_anyway}
        flags |= {"--distributed": self.is_distributed, "--trust": self.is_trusted}
        return [*words, *(flag for flag, is_given in flags.items() if is_given)]

    @property
    def _place(self) -> list[str]:
        return ["-C", self.directory] if self.directory is not None else []

    @property
    def _where(self) -> list[str]:
        words = []
        for option, value in (("--to", self.segment), ("--list", self.list_file), ("--transport", self.transport)):
            words += [option, str(value)] if value is not None else []
        return [*words, *(f"--accept={rule}" for rule in self.accepted)]


def patience_of(workspace: Workspace, options: SendOptions) -> float:
    """How long a send waits for those whose server said “not now”, in seconds: as asked for, else as configured."""
    asked = options.patience_seconds
    return workspace.config.send.retry_deferred_minutes * 60.0 if asked is None else asked


class Question(Struct, frozen=True, kw_only=True):
    """What is shown before anything is sent. `waiting` deliveries will be, `limit` at most this time; `is_resumed`: a
    send that was begun goes on; `is_embedded`: into a folder, and nothing leaves the machine.
    """

    issue: int
    subject: str
    sender: str
    list_name: str
    transport: str
    is_embedded: bool
    waiting: int
    known: int
    excluded: dict[str, int]
    first: str
    last: str
    is_resumed: bool
    limit: int | None = None
    notes: tuple[str, ...] = ()
    approval: ApprovalState = NOT_APPROVED


class Watcher(Protocol):
    """Who asks the editor and shows how it goes."""

    def ask(self, question: Question) -> None:
        """Ask whether to send. Raises `UsageError` where the answer is no, or nobody can be asked."""
        ...

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None:
        """The send begins; `waiting` deliveries by pacing rule."""
        ...

    def show(self) -> None:
        """A round is over; `tally` has changed."""
        ...

    def end(self) -> None:
        """The send has ended."""
        ...


class Sent(Struct, kw_only=True):
    """What a run did, and how the issue stands now. `records`: the files in `sent/` that are to be committed."""

    report: Report
    ending: Ending
    tally: SendTally
    frozen_seconds: float = 0.0
    frozen_rows: int = 0
    seconds: float = 0.0
    doubtful: int = 0
    command: str = ""
    # Whether people were chosen in this run, or looked for: nobody need propose it then.
    is_chosen: bool = False
    records: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """0 where everybody has it, or workers are to send it; 3 where not, 130 where somebody stopped it."""
        if self.ending.how is Ended.INTERRUPTED:
            return INTERRUPTED
        if self.ending.how is Ended.HANDED_OUT:
            return 0
        return 0 if self.report.is_complete else NOT_COMPLETE

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names nobody."""
        return {
            **self.report.as_dict(),
            "ending": self.ending.how.name.lower(),
            "reason": self.ending.reason or None,
            "this_run": {state: getattr(self.tally, state) for state in ("sent", "deferred", "refused", "in_doubt")},
            "records": list(self.records),
            "frozen_rows": self.frozen_rows,
            "frozen_seconds": round(self.frozen_seconds, 3),
            "seconds": round(self.seconds, 3),
        }


class Means(Struct, frozen=True, kw_only=True):
    """What a send delivers with. `is_suppressed` answers for a normalised address, at any moment."""

    transport: Transport
    connections: int
    signer: Signs | None
    is_suppressed: Callable[[str], bool]


class SendJob(Struct, frozen=True, kw_only=True):
    """One `nl send`: the lock is held, the ledger open. Or a dry run (`is_dry`): the ledger is a copy, and nothing else
    is written.

    `is_embedded`: messages go into a folder, and nothing leaves the machine. `meet` is told of what stands in the way.
    Proofs have a ledger of their own, in the folder `apart`: in it, `number` is a proof's. `keep` is given each message
    before it is handed over; `notes` are told with the question. `service` is the mail service that messages are made
    for, `way` the service with the account where requests may be made again.
    """

    workspace: Workspace
    connection: Database
    number: int
    options: SendOptions
    watcher: Watcher
    transport: str
    is_embedded: bool
    meet: Meets
    is_dry: bool = False
    apart: Path | None = None
    keep: Callable[[Outgoing], None] | None = None
    notes: tuple[str, ...] = ()
    service: Service | None = None
    way: str = ""

    @property
    def finish(self) -> Finish | None:
        """The last step of each message; `None` where there is none. Raises `LedgerError`."""
        if self.service is None:
            return None
        from newsletter_cli.deliver.https.finishing import Finish
        from newsletter_cli.deliver.ledger.runs import read_ledger_id

        return Finish(self.service, read_ledger_id(self.connection))

    @property
    def key_seconds(self) -> int:
        """For how long a request may be made again; 0 where the transport knows no keys."""
        return 0 if self.service is None else self.service.key_seconds

    @property
    def ledger_folder(self) -> Path:
        """Where the ledger is, and its marks."""
        return self.apart or self.workspace.root / "state"

    @property
    def to_list(self) -> str | None:
        """The list on a list server that the issue goes to; a proof goes to people all the same."""
        return self.workspace.config.send.to_list if self.apart is None else None

    def now(self) -> datetime:
        """The moment it is; for a dry run of a send that is ordered, the one it is ordered for."""
        return self.options.at if self.is_dry and self.options.at is not None else datetime.now(UTC)

    def open_audience(self) -> AbstractContextManager[Audience]:
        """The list to write to. Raises `ListError`, `UsageError`."""
        if self.to_list is not None:
            return open_list_server(
                self.workspace, self.to_list, override=self.options.list_file, is_looking=self.is_dry
            )
        return open_audience(self.workspace, override=self.options.list_file, is_looking=self.is_dry)

    def open_state(self) -> Store:
        """The private state of the list. Raises `ListError`."""
        return open_state(self.workspace, is_looking=self.is_dry)


def find_missing_means(workspace: Workspace, chosen: ChosenTransport, *, is_dry: bool = False) -> Iterator[SendProblem]:
    """What a send needs and lacks. No server is asked, and in a dry run no person: a password manager might."""
    source = chosen.source
    wanted: list[tuple[str, Callable[[], object]]] = [("secret", chosen.permit_secrets)]
    if source is not None and not chosen.is_embedded and not (is_dry and source.may_ask_somebody):
        wanted.append(("secret", chosen.secret))
    wanted += [("signature", lambda: open_signer(workspace)), ("transport", lambda: chosen.open().close())]
    for code, read in wanted:
        try:
            read()
        except NotTrusted:
            raise
        except NewsletterError as error:
            yield SendProblem.of(code, error)


@contextlib.contextmanager
def opening_means(workspace: Workspace, chosen: ChosenTransport) -> Iterator[Means]:
    """Everything a send needs, before anything is frozen: what is missing must not be found out halfway.

    No server is asked yet. Raises `TransportError`, `ListError`, `StorageError`.
    """
    for problem in find_missing_means(workspace, chosen):
        assert problem.error is not None
        raise problem.error
    with open_state(workspace) as store, contextlib.closing(chosen.open()) as transport:
        suppression = Suppression(store)
        yield Means(
            transport=transport,
            connections=chosen.connections,
            signer=open_signer(workspace),
            is_suppressed=lambda key: suppression.has_any() and suppression.find(key) is not None,
        )
