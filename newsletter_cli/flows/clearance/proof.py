"""`nl proof N`: the issue as readers will get it, to the few who read it first. A send in all, but for its own ledger.

What a proof says of itself is `proof_dress.py`, who gets it `reviewers.py`, what is kept of it `proof_records.py`.
Nothing of it counts as the issue's send: no `sent/N.toml`, no row in the ledger of readers; and the tokens in its links
are of its own ledger, so that they unsubscribe nobody.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.audience.address import parse_address
from newsletter_cli.audience.handover import handed_over_message, read_handover
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.interrupt import noting_interruption
from newsletter_cli.deliver.ledger.database import copy_ledger, open_database
from newsletter_cli.deliver.ledger.freeze import FreezeFacts, Frozen, FrozenMessage, freeze
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.reading import count_waiting, read_deliveries, read_freezes
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.flows.clearance.proof_dress import Dressed, ProofDress, working_days_later
from newsletter_cli.flows.clearance.proof_records import (
    Proof,
    make_proof_folder,
    naming_the_ledger,
    proofs_folder,
    read_proofs,
    write_facts,
)
from newsletter_cli.flows.clearance.proof_values import (
    DryProof,
    ProofOptions,
    ProofQuestion,
    ProofWatcher,
    Reviewer,
    SentProof,
)
from newsletter_cli.flows.clearance.reviewers import Reviewers, Typed, Wanted, choose_reviewers, parse_reviewers
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.flows.sending.job import Question, SendJob, SendOptions, find_missing_means, opening_means
from newsletter_cli.flows.sending.preparing import Prepared, prepare
from newsletter_cli.flows.sending.problems import OF_A_BUILD, SendProblem, refuse_obstacles
from newsletter_cli.flows.sending.send import deliver
from newsletter_cli.flows.sending.transport import ChosenTransport, choose_transport, pace_book
from newsletter_cli.flows.sending.verifying import EmlFolder, verify_waiting
from newsletter_cli.model.delivery import Outgoing
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace

FEW = 3
# Of these there is no message at all, or none that may be sent.
NO_MESSAGE = frozenset({"unusable", "message"})


class _Plan(Struct, kw_only=True):
    """What was decided up to the first message."""

    dress: ProofDress
    reviewers: Reviewers
    doubtful: int = 0
    has_work: bool = False

    @property
    def number(self) -> int:
        return self.dress.made.number


def send_proof(workspace: Workspace, number: int, options: ProofOptions, watcher: ProofWatcher) -> SentProof:
    """Send a proof to whoever has not had it, or go on with one under way.

    Raises as `send_issue`; nothing was sent then but what the ledger of proofs says.
    """
    chosen = choose_transport(workspace, options.transport)
    folder = workspace.private_folder(f"{proofs_folder(workspace, number).relative_to(workspace.root / 'state')}")
    with (
        naming_the_ledger(number),
        only_writer(folder),
        contextlib.closing(open_database(folder)) as connection,
        opening_means(workspace, chosen) as means,
    ):
        plan, job = _plan(
            workspace, number, options, chosen, connection, watcher, meet=partial(refuse_obstacles, number)
        )
        done = SentProof(
            issue=number,
            dressed=plan.dress.made,
            until=plan.dress.until,
            by=plan.dress.by,
            people=(),
            transport=job.transport,
            is_embedded=job.is_embedded,
            command=options.command(number),
            notes=plan.reviewers.notes,
            doubtful=plan.doubtful,
        )
        if plan.has_work:
            messages = make_proof_folder(workspace, number, plan.number)
            for place in (messages, chosen.folder):
                if place is not None:
                    remember(workspace, place, Holding.MESSAGES)
            with noting_interruption() as is_interrupted:
                done.sent = deliver(job, means, is_interrupted)
        done.people = tuple(_people(connection, plan))
    return done


def dry_proof(workspace: Workspace, number: int, options: ProofOptions) -> DryProof:
    """All of a proof but the sending. Nothing is recorded; the first messages can be looked at.

    Raises as `send_proof` does for what is no fault of the issue.
    """
    chosen = choose_transport(workspace, options.transport)
    listener = _Listener()
    problems = list(find_missing_means(workspace, chosen, is_dry=True))
    with (
        EmlFolder(workspace, number, None, few=FEW, kind="-proof") as folder,
        contextlib.closing(copy_ledger(proofs_folder(workspace, number))) as connection,
    ):
        plan, job = _plan(workspace, number, options, chosen, connection, listener, meet=problems.extend, is_dry=True)
        done = DryProof(
            dressed=plan.dress.made,
            until=plan.dress.until,
            by=plan.dress.by,
            question=listener.question,
            transport=job.transport,
        )
        if plan.has_work:
            done.messages = verify_waiting(job, folder.put)
        done.outbox, done.written = folder.name, folder.written
    done.problems = problems + done.messages.problems
    done.notes = [*plan.reviewers.notes, *done.messages.notes(), *folder.notes]
    return done


class _Listener:
    """Keeps what would be asked; the answer is yes, and nothing comes of it."""

    question: ProofQuestion | None = None

    def ask(self, question: Question) -> None: ...

    def ask_proof(self, question: ProofQuestion) -> None:
        self.question = question

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None: ...

    def show(self) -> None: ...

    def end(self) -> None: ...


class _NothingNew(Exception):
    """Everybody who is asked for has this proof, or had their try: there is nothing to record."""


def _plan(
    workspace: Workspace,
    number: int,
    options: ProofOptions,
    chosen: ChosenTransport,
    connection: sqlite3.Connection,
    watcher: ProofWatcher,
    *,
    meet: Callable[[Sequence[SendProblem]], None],
    is_dry: bool = False,
) -> tuple[_Plan, SendJob]:
    """Have on record what is to be sent, with the editor's consent; as `plan_send` does for readers."""
    now = datetime.now(UTC)
    earlier = read_proofs(workspace, number)
    doubtful = Records(connection, earlier[-1].number).recover()[1] if earlier else 0
    reviewers = choose_reviewers(
        workspace, options.wanted or _usual(workspace, connection, earlier), list_file=options.list_file
    )
    zone = ZoneInfo(workspace.config.newsletter.timezone)
    dress = ProofDress(
        workspace=workspace,
        earlier=earlier,
        until=options.until or working_days_later(now.astimezone(zone).date(), workspace.config.proof.days),
        by=options.by,
        is_embedded=chosen.is_embedded,
        is_again=options.is_again,
        has_changes=options.has_changes,
        made=Dressed(),
    )
    prepared = prepare(workspace.root, number, now, (), dress=dress)
    plan = _Plan(dress=dress, reviewers=reviewers, doubtful=doubtful)
    meet(_obstacles(prepared))
    job = SendJob(
        workspace=workspace,
        connection=connection,
        number=plan.number,
        options=SendOptions(transport=options.transport, list_file=options.list_file),
        watcher=watcher,
        transport=str(chosen.address),
        is_embedded=chosen.is_embedded,
        meet=meet,
        is_dry=is_dry,
        apart=proofs_folder(workspace, number),
        keep=partial(_keep, workspace, number, plan.number),
    )
    if prepared.template:
        _freeze(job, number, plan, options, prepared, watcher, now)
    return plan, job


def _obstacles(prepared: Prepared) -> list[SendProblem]:
    """What stops a proof: that there is no message, with whatever the check found to be the reason."""
    if prepared.template:
        return [one for one in prepared.problems if one.code in NO_MESSAGE]
    return [one for one in prepared.problems if one.code not in OF_A_BUILD] or list(prepared.problems)


def _freeze(
    job: SendJob,
    issue: int,
    plan: _Plan,
    options: ProofOptions,
    prepared: Prepared,
    watcher: ProofWatcher,
    now: datetime,
) -> None:
    """Record who gets it, and ask. `plan.has_work`: there is something to send. Raises what a no raises."""
    workspace, connection, reviewers, made = job.workspace, job.connection, plan.reviewers, plan.dress.made
    waiting, book = count_waiting(connection, made.number), pace_book(workspace)

    def ask(frozen: Frozen) -> None:
        if not frozen.recipients:
            raise _NothingNew
        if not job.is_dry:
            write_facts(workspace, issue, made.number, plan.dress.facts())
        watcher.ask_proof(_question(job, issue, plan, prepared, known=frozen.known - waiting))

    try:
        freeze(
            connection,
            FreezeFacts(
                issue=made.number,
                frozen_at=timestamp(now),
                send_by="",
                segment=",".join(map(str, options.wanted.segments)),
                list_name=reviewers.list_name,
                paces=book.fingerprint,
            ),
            reviewers.recipients,
            pace_of=book.name_of,
            fields_of=reviewers.fields_of,
            expected_candidates=lambda: len(reviewers.recipients),
            message=lambda: FrozenMessage(
                template=prepared.template, content_hash=prepared.content_hash, subject=prepared.subject
            ),
            confirm=ask,
        )
        plan.has_work = True
    except _NothingNew:
        if waiting:
            watcher.ask_proof(_question(job, issue, plan, prepared, known=len(reviewers.recipients) - waiting))
            plan.has_work = True


def _question(job: SendJob, issue: int, plan: _Plan, prepared: Prepared, *, known: int) -> ProofQuestion:
    waiting = [
        one.address for one in read_deliveries(job.connection, plan.number) if one.state in ("pending", "deferred")
    ]
    faults = tuple(one for one in prepared.problems if one.code not in NO_MESSAGE | OF_A_BUILD)
    return ProofQuestion(
        issue=issue,
        proof=plan.number,
        subject=prepared.subject,
        sender=prepared.sender,
        transport=job.transport,
        is_embedded=job.is_embedded,
        waiting=tuple(waiting),
        known=max(0, known),
        until=plan.dress.until,
        dressed=plan.dress.made,
        faults=faults,
        notes=(*plan.reviewers.notes, *_notes(job)),
    )


def _notes(job: SendJob) -> Iterator[str]:
    """What a send would be held by, and a proof is not."""
    moment = read_handover(job.workspace.root / "state")
    if moment is not None:
        yield _("{reason}: who has left it since is not known here").format(reason=handed_over_message(moment))


def _usual(workspace: Workspace, connection: sqlite3.Connection, earlier: Sequence[Proof]) -> Wanted:
    """Whom a proof goes to where nobody is named: the configured group, else whoever got the last one.

    Raises `UsageError` where neither is known.
    """
    group = workspace.config.proof.group
    if group is not None:
        return parse_reviewers([f"group:{group}"])
    if earlier:
        number = earlier[-1].number
        segments = [freeze.segment for freeze in read_freezes(connection, number) if freeze.segment]
        people = tuple(
            Typed(address=parse_address(one.address), name=one.name)
            for one in read_deliveries(connection, number)
            if "@" in one.address
        )
        return Wanted(people=people, segments=parse_reviewers(segments).segments)
    raise UsageError(
        _("who is to read it?"),
        hint=_('name them: --to lea@example.org, or a group of the list: --to group:proof, [proof] group = "proof"'),
    )


def _keep(workspace: Workspace, issue: int, number: int, message: Outgoing) -> None:
    """Keep a message as it is handed over, signature and all. Raises `StorageError`: then it is not handed over."""
    path = make_proof_folder(workspace, issue, number) / f"{message.row:04d}.eml"
    with storage_errors(workspace.name_of(path)):
        write_file(path, unstuff(message.data), mode=PRIVATE_FILE)


def _people(connection: sqlite3.Connection, plan: _Plan) -> Iterator[Reviewer]:
    """What became of it for those who were asked for, and for those who waited for it."""
    asked = {one.key for one in plan.reviewers.recipients}
    for one in read_deliveries(connection, plan.number):
        if "@" in one.address and parse_address(one.address).key in asked:
            yield Reviewer(address=one.address, state=one.state, code=one.code, reply=one.reply)
