"""`nl send N --dry-run`: the send's own plan, on a copy of the ledger, and every message built; none is sent."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from newsletter_cli.base.errors import NewsletterError, TransportError
from newsletter_cli.base.i18n import _, shown_kilobytes
from newsletter_cli.deliver.ledger.database import copy_ledger
from newsletter_cli.deliver.ledger.freeze import Frozen
from newsletter_cli.deliver.ledger.lock import read_holder
from newsletter_cli.deliver.ledger.reading import read_exclusions, read_report, read_template
from newsletter_cli.deliver.ledger.waiting import count_waiting, read_send_bys
from newsletter_cli.deliver.message.parts import TemplateFault
from newsletter_cli.deliver.message.splicing import envelope_sender_in
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.flows.clearance.approval import NOT_APPROVED, ApprovalState, approval_state
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.sending.job import Question, SendJob, SendOptions, find_missing_means, patience_of
from newsletter_cli.flows.sending.plan import plan_send
from newsletter_cli.flows.sending.problems import SendProblem
from newsletter_cli.flows.sending.transport import ChosenTransport, choose_transport, pace_book
from newsletter_cli.flows.sending.verifying import EmlFolder, Verified, verify_waiting
from newsletter_cli.flows.way_out import list_server_note
from newsletter_cli.model.subscriber import Exclusion, Reason
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.deliver.https.service import Service

FEW = 3
# More of those left out than these are counted, not told.
MOST_ROWS_TOLD = 20


class DryRun(Struct, kw_only=True):
    """What a send would do. `known` stand in the ledger from before, `waiting` of them have still to be written to."""

    issue: int
    transport: str
    command: str
    options: SendOptions
    subject: str = ""
    sender: str = ""
    envelope_sender: str = ""
    list_name: str = ""
    candidates: int = 0
    recipients: int = 0
    known: int = 0
    waiting: int = 0
    excluded: Counter[Reason] = field(default_factory=Counter)
    exclusions: list[Exclusion] = field(default_factory=list)
    messages: Verified = field(default_factory=Verified)
    first: str = ""
    last: str = ""
    send_by: str = ""
    patience_seconds: float = 0.0
    problems: list[SendProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    expected_seconds: float = 0.0
    # What a send would ask; none where nobody is left to be written to.
    question: Question | None = None
    outbox: str = ""
    written: int = 0
    server: str = ""
    approval: ApprovalState = NOT_APPROVED

    @property
    def more_problems(self) -> int:
        """How many problems of single recipients are not told one by one."""
        return sum(one.more for one in self.problems)

    @property
    def this_run(self) -> int:
        """How many recipients are written to before `--limit` ends the run."""
        return self.recipients if self.options.limit is None else min(self.recipients, self.options.limit)

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names nobody."""
        messages = self.messages
        return {
            "issue": self.issue,
            "candidates": self.candidates,
            "recipients": self.recipients,
            "excluded": {str(reason): self.excluded[reason] for reason in Reason if self.excluded[reason]},
            "already_in_ledger": self.known,
            "waiting_in_ledger": self.waiting,
            "this_run": self.this_run,
            "messages_verified": messages.verified,
            "size_bytes": {"max": messages.most_bytes, "median": messages.median_bytes},
            "problems": [one.as_dict() for one in self.problems],
            "problems_not_told": self.more_problems,
            "unbuildable": messages.unbuildable,
            "notes": self.notes,
            "subject": self.subject,
            "transport": self.transport,
            "server": self.server or None,
            "send_by": self.send_by or None,
            "retry_deferred_seconds": self.patience_seconds,
            "envelope_sender": self.envelope_sender or None,
            "expected_seconds": round(self.expected_seconds),
            "approved": self.approval.as_dict(),
            "at": None if self.options.at is None else self.options.at.isoformat(timespec="seconds"),
            "outbox": self.outbox,
            "messages_written": self.written,
            "command": self.command,
        }


class _Listener:
    """Keeps what a send would ask; the answer is yes, and nothing comes of it."""

    question: Question | None = None

    def ask(self, question: Question) -> None:
        self.question = question

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None: ...

    def show(self) -> None: ...

    def end(self) -> None: ...


def run_dry(
    workspace: Workspace,
    number: int,
    options: SendOptions,
    *,
    outbox: Path | None = None,
    is_probing: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> DryRun:
    """All of a send but the sending; it goes to its end, and tells what a send would refuse. Nothing is recorded.

    Every message goes into `outbox`, a new folder; without one, the first few can be looked at. `is_probing` talks to
    the server, too. Raises `ConfigError`, `ListError`, `UsageError`, `TransportError`, `LedgerError`, `StorageError`.
    """
    chosen = choose_transport(workspace, options.transport)
    result = DryRun(issue=number, transport=str(chosen.address), command=options.whole_command(number), options=options)
    listener = _Listener()
    state = workspace.root / "state"
    result.problems += find_missing_means(workspace, chosen, is_dry=True)
    with (
        EmlFolder(workspace, number, outbox, few=FEW) as folder,
        contextlib.closing(copy_ledger(ledger_of(workspace))) as connection,
    ):
        job = SendJob(
            workspace=workspace,
            connection=connection,
            number=number,
            options=options,
            watcher=listener,
            transport=result.transport,
            is_embedded=chosen.is_embedded,
            meet=result.problems.extend,
            is_dry=True,
            notes=(*chosen.notes(), *list_server_note(workspace.config)),
            service=_service_of(chosen),
        )
        frozen, _doubtful = plan_send(job)
        result.patience_seconds = patience_of(workspace, options)
        _tell_plan(job, result, frozen, listener.question)
        result.messages = verify_waiting(job, folder.put, on_progress)
        result.outbox, result.written = folder.name, folder.written
    result.problems += result.messages.problems
    result.notes += [*result.messages.notes(), *folder.notes, *_holder_note(state)]
    result.expected_seconds = _expected_seconds(workspace, result)
    if chosen.address.is_service:
        result.envelope_sender = ""
        with contextlib.suppress(TransportError):  # told with what is missing
            _refuse_large(chosen.most_bytes, result)
    if is_probing:
        _probe(chosen, result)
    return result


def _service_of(chosen: ChosenTransport) -> Service | None:
    """The mail service; `None` also where something lacks that is told as a problem."""
    try:
        return chosen.service
    except TransportError:
        return None


def _tell_plan(job: SendJob, result: DryRun, frozen: Frozen | None, question: Question | None) -> None:
    """As the question before a send tells it, and the report after it."""
    report = read_report(job.connection, job.number)
    new = 0 if frozen is None else frozen.recipients
    result.candidates = report.candidates
    result.excluded = Counter({Reason(reason): count for reason, count in report.excluded.items()})
    result.recipients = count_waiting(job.connection, job.number)
    result.known, result.waiting = report.deliveries - new, result.recipients - new
    result.send_by = next(iter(read_send_bys(job.connection, job.number)), "")
    if report.freezes:
        last = report.freezes[-1]
        result.subject, result.list_name = last.subject, last.list_name
        with contextlib.suppress(TemplateFault):  # told where it is verified
            result.envelope_sender = envelope_sender_in(read_template(job.connection, last.id))
        rows = read_exclusions(job.connection, last.id)
        result.exclusions = [
            Exclusion(row=row, key="", reason=Reason(reason), detail=detail)
            for row, reason, detail in islice(rows, MOST_ROWS_TOLD)
        ]
    result.question = question
    if question is not None:
        result.subject, result.sender, result.list_name = question.subject, question.sender, question.list_name
        result.first, result.last = question.first, question.last
        result.notes += question.notes
    result.approval = approval_state(job.workspace, job.number) if question is None else question.approval


def _holder_note(state: Path) -> Iterator[str]:
    holder = read_holder(state)
    if holder is not None:
        yield _("a send is under way here, or was killed ({holder}): this is what the next one would do").format(
            holder=holder
        )


def _expected_seconds(workspace: Workspace, result: DryRun) -> float:
    """How long the pacing rules alone make this run last; the server's own speed comes on top."""
    book, overall, paces = pace_book(workspace), workspace.config.send.per_minute, result.messages.paces
    share = result.this_run / result.recipients if result.recipients else 0
    waits = [paces.total() * share * 60 / overall] if overall else [0.0]
    waits += [paces[name] * share * 60 / rule.per_minute for name, rule in book.rules.items() if rule.per_minute]
    return max(waits)


def _probe(chosen: ChosenTransport, result: DryRun) -> None:

    if any(one.code == "transport" for one in result.problems):
        return
    try:
        seen = chosen.probe()
    except NewsletterError as error:
        result.problems.append(SendProblem.of("transport", error))
        return
    if seen is None:
        result.server = _("the folder can be used")
        return
    if not chosen.address.is_service:
        _refuse_large(seen.size_limit_bytes, result)
    result.server = _("{greeting} ({tls}, {auth}; {extensions})").format(
        greeting=seen.greeting,
        tls=seen.tls or _("not encrypted"),
        auth=_("logged in by {how}").format(how=seen.auth) if seen.auth else _("without a login"),
        extensions=", ".join(seen.extensions) or "–",
    )


def _refuse_large(limit_bytes: int | None, result: DryRun) -> None:
    largest = result.messages.most_bytes
    if limit_bytes and largest > limit_bytes:
        message = _("the server takes {limit} at most, and the largest message has {size}")
        result.problems.append(
            SendProblem(
                code="too-large",
                message=message.format(limit=shown_kilobytes(limit_bytes), size=shown_kilobytes(largest)),
                hint=_("have the images linked (send.images), or ask whoever runs the server"),
            )
        )
