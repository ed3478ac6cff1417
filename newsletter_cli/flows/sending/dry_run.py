"""`nl send N --dry-run`: all of a send but the sending. Every message is built and verified."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.reading import count_waiting, known_people
from newsletter_cli.deliver.message.tokens import Tokens
from newsletter_cli.deliver.pacing.rules import PaceBook
from newsletter_cli.errors import ContentError, NewsletterError, SendHeld
from newsletter_cli.flows.audience import open_audience
from newsletter_cli.flows.sending.content import Content, build_content
from newsletter_cli.flows.sending.eml_folder import EmlFolder
from newsletter_cli.flows.sending.holding import refuse_lost, refuse_old_copy, refuse_passed
from newsletter_cli.flows.sending.job import SendOptions, find_missing_means
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.flows.sending.readiness import Problem, look_over, nobody_chosen
from newsletter_cli.flows.sending.settings import ChosenTransport, choose_transport, pace_book
from newsletter_cli.flows.sending.ways import refuse_other_way
from newsletter_cli.i18n import _, shown_kilobytes
from newsletter_cli.model.subscriber import Exclusion, Reason, Recipient
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.audience.select import Selection

FEW = 3
# More problems of single recipients than these are counted, not told.
MOST_ROWS_TOLD = 20
PROGRESS_EVERY = 500
# Only for looking at: a dry run has no rows in the ledger, so its links lead nowhere.
STAND_IN_SECRET = b"nl: dry run, no token of a send.."


@dataclass(slots=True, kw_only=True)
class DryRun:
    """What a send would do. Sizes are in bytes."""

    issue: int
    transport: str
    subject: str = ""
    sender: str = ""
    list_name: str = ""
    candidates: int = 0
    recipients: int = 0
    known: int = 0
    waiting: int = 0
    excluded: Counter[Reason] = field(default_factory=Counter)
    exclusions: list[Exclusion] = field(default_factory=list)
    verified: int = 0
    sizes: Counter[int] = field(default_factory=Counter)
    paces: Counter[str] = field(default_factory=Counter)
    first: str = ""
    last: str = ""
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    notes: list[str] = field(default_factory=list)
    expected_seconds: float = 0.0
    outbox: str = ""
    written: int = 0
    server: str = ""
    command: str = ""

    def count(self, size: int, pace: str) -> None:
        """One more message is as it should be."""
        self.verified += 1
        self.sizes[size] += 1
        self.paces[pace] += 1

    @property
    def median_bytes(self) -> int:
        """The size that half of the messages do not pass."""
        seen, half = 0, (self.verified + 1) // 2
        for size in sorted(self.sizes):
            seen += self.sizes[size]
            if seen >= half:
                return size
        return 0

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names nobody."""
        return {
            "issue": self.issue,
            "candidates": self.candidates,
            "recipients": self.recipients,
            "excluded": {str(reason): self.excluded[reason] for reason in Reason if self.excluded[reason]},
            "already_in_ledger": self.known,
            "waiting_in_ledger": self.waiting,
            "messages_verified": self.verified,
            "size_bytes": {"max": max(self.sizes, default=0), "median": self.median_bytes},
            "problems": [one.as_dict() for one in self.problems],
            "problems_not_told": self.more_problems,
            "notes": self.notes,
            "subject": self.subject,
            "transport": self.transport,
            "server": self.server or None,
            "expected_seconds": round(self.expected_seconds),
            "approved": None,
            "outbox": self.outbox,
            "messages_written": self.written,
        }


def run_dry(
    workspace: Workspace,
    number: int,
    options: SendOptions,
    *,
    outbox: Path | None = None,
    is_probing: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> DryRun:
    """All of a send but the sending; it always goes to its end, and tells. Nothing is recorded.

    Every message goes into `outbox`, a new folder; without one, the first few can be looked at. `is_probing` talks to
    the server, too. Raises `ConfigError`, `ListError`, `UsageError`, `TransportError`, `StorageError`.
    """
    transport = choose_transport(workspace, options.transport)
    result = DryRun(issue=number, transport=str(transport.address), command=options.command(number))
    readiness = look_over(workspace, number, accepted=options.accepted)
    result.problems += readiness.problems
    content = None
    try:
        content = build_content(workspace, number, now=datetime.now(UTC))
    except ContentError as error:  # said by the check already, with its place
        if not result.problems:
            result.problems.append(Problem(code="unusable", message=error.message, hint=error.hint, place=error.place))
    if content is not None:
        result.subject, result.sender = content.subject, content.sender
    _look_at_everybody(workspace, number, content, options, outbox, result, on_progress)
    result.expected_seconds = expected_seconds(workspace, result.paces)
    result.notes += [*readiness.notes, *_notes(content)]
    result.problems += find_missing_means(workspace, transport)
    if not options.is_anyway:
        result.problems += _find_holds(workspace, number, is_embedded=transport.is_embedded)
    if is_probing:
        _probe(transport, result)
    return result


def _look_at_everybody(
    workspace: Workspace,
    number: int,
    content: Content | None,
    options: SendOptions,
    folder: Path | None,
    result: DryRun,
    on_progress: Callable[[int, int], None],
) -> None:
    book = pace_book(workspace)
    with contextlib.ExitStack() as stack:
        audience = stack.enter_context(open_audience(workspace, override=options.list_file))
        is_known = stack.enter_context(_known_keys(workspace, number, result))
        outbox = stack.enter_context(EmlFolder(workspace, number, folder, few=FEW))
        selection = audience.select(options.segment)
        recipients = _recipients(selection, result)
        result.list_name = audience.source.name
        fresh = _fresh(recipients, is_known, result)
        if content is not None:
            _build_everything(content, fresh, result, book, outbox, on_progress)
        else:
            for one in fresh:
                _count(result, one)
        result.candidates = selection.candidates
        result.outbox, result.written = outbox.name, outbox.written
    if not result.recipients and not result.known:
        error = nobody_chosen(result.list_name, options.segment)
        result.problems.append(Problem(code="nobody", message=error.message, hint=error.hint, place=error.file))


def _build_everything(
    content: Content,
    recipients: Iterator[Recipient],
    result: DryRun,
    book: PaceBook,
    outbox: EmlFolder,
    on_progress: Callable[[int, int], None],
) -> None:
    from newsletter_cli.deliver.message.person import Person, Unbuildable
    from newsletter_cli.deliver.message.verifier import Verifier
    from newsletter_cli.deliver.message.verify import verify_template

    template, tokens = content.template, Tokens(STAND_IN_SECRET)
    verifier = Verifier(template)
    fields_of = content.patterns.fields_of()
    for number, one in enumerate(recipients, 1):
        _count(result, one)
        person = Person(
            address=one.address,
            name=one.name,
            values=fields_of(one) if fields_of else {},
            token=tokens.token(number),
            message_id=tokens.message_id(number, template.message_id_domain),
        )
        try:
            spliced = template.splice(person)
        except Unbuildable as fault:
            _tell(result, Problem(code="unbuildable", message=str(fault), place=result.list_name, row=one.row))
            continue
        if number == 1:
            for fault_text in verify_template(template, person):
                result.problems.append(Problem(code="message", message=fault_text))
        found = verifier.check(spliced.data, person)
        if found is not None:
            _tell(result, Problem(code="message", message=found, place=result.list_name, row=one.row))
            continue
        result.count(len(spliced.data), book.name_of(one.key.rpartition("@")[2]))
        outbox.put(spliced.data, number)
        if number % PROGRESS_EVERY == 0:
            # Nobody knows how many there are before the list has been read to its end.
            on_progress(number, 0)


def _recipients(selection: Selection, result: DryRun) -> Iterator[Recipient]:
    for one in selection:
        if isinstance(one, Recipient):
            yield one
            continue
        result.excluded[one.reason] += 1
        if one.reason is not Reason.NOT_IN_GROUP and len(result.exclusions) < MOST_ROWS_TOLD:
            result.exclusions.append(one)


def _count(result: DryRun, one: Recipient) -> None:
    result.recipients += 1
    result.first = result.first or one.address
    result.last = one.address


def _fresh(recipients: Iterator[Recipient], is_known: Callable[[str], bool], result: DryRun) -> Iterator[Recipient]:
    for one in recipients:
        if is_known(one.key):
            result.known += 1
        else:
            yield one


def _tell(result: DryRun, problem: Problem) -> None:
    if sum(one.row is not None for one in result.problems) < MOST_ROWS_TOLD:
        result.problems.append(problem)
    else:
        result.more_problems += 1


@contextlib.contextmanager
def _known_keys(workspace: Workspace, number: int, result: DryRun) -> Iterator[Callable[[str], bool]]:
    """Whether somebody stands in the ledger for this issue: a send would not choose them anew."""
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(open_ledger(workspace)) if has_ledger(workspace.root / "state") else None
        result.waiting = count_waiting(connection, number) if connection else 0
        yield (known_people(connection, number) if connection else None) or (lambda key: False)


def _find_holds(workspace: Workspace, number: int, *, is_embedded: bool) -> Iterator[Problem]:
    """What a send would want a person's word for."""
    state = workspace.root / "state"
    try:
        refuse_lost(state)
        if has_ledger(state):
            with open_ledger(workspace) as connection:
                refuse_old_copy(connection, state)
                refuse_passed(connection, number)
                refuse_other_way(connection, number, is_embedded=is_embedded)
    except SendHeld as error:
        yield Problem(code="held", message=error.message, hint=error.hint, place=error.file)


def expected_seconds(workspace: Workspace, paces: Counter[str]) -> float:
    """How long the pacing rules alone make a send last; the server's own speed comes on top."""
    book, overall = pace_book(workspace), workspace.config.send.per_minute
    waits = [paces.total() * 60 / overall] if overall else [0.0]
    waits += [paces[name] * 60 / rule.per_minute for name, rule in book.rules.items() if rule.per_minute]
    return max(waits)


def _notes(content: Content | None) -> Iterator[str]:
    if content is not None and not content.template.unsubscribe_page:
        yield _(
            "readers leave by mail only: large providers want a page for one click as well (email.unsubscribe = https://…)"
        )


def _probe(transport: ChosenTransport, result: DryRun) -> None:
    from newsletter_cli.deliver.opening import probe_transport

    try:
        seen = probe_transport(transport.address, transport.options, root=transport.workspace.root)
    except NewsletterError as error:
        result.problems.append(Problem(code="transport", message=error.message, hint=error.hint))
        return
    if seen is None:
        result.server = _("the folder can be used")
        return
    largest = max(result.sizes, default=0)
    if seen.size_limit_bytes and largest > seen.size_limit_bytes:
        message = _("the server takes {limit} at most, and the largest message has {size}")
        result.problems.append(
            Problem(
                code="too-large",
                message=message.format(limit=shown_kilobytes(seen.size_limit_bytes), size=shown_kilobytes(largest)),
                hint=_("have the images linked (send.images), or ask whoever runs the server"),
            )
        )
    result.server = _("{greeting} ({tls}, {auth}; {extensions})").format(
        greeting=seen.greeting,
        tls=seen.tls or _("not encrypted"),
        auth=_("logged in by {how}").format(how=seen.auth) if seen.auth else _("without a login"),
        extensions=", ".join(seen.extensions) or "–",
    )
