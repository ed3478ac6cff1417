"""What a proof will do, up to its first message: who is to read it, what it says, and the editor's yes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.audience.address import parse_address
from newsletter_cli.audience.handover import handed_over_message, read_handover
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.ledger.freeze import FreezeFacts, Frozen, FrozenMessage, freeze
from newsletter_cli.deliver.ledger.reading import read_deliveries, read_freezes
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.deliver.ledger.waiting import count_waiting
from newsletter_cli.flows.clearance.proof_dress import Dressed, ProofDress, working_days_later
from newsletter_cli.flows.clearance.proof_records import Proof, keep_message, proofs_folder, read_proofs, write_facts
from newsletter_cli.flows.clearance.proof_values import ProofOptions, ProofQuestion, ProofWatcher
from newsletter_cli.flows.clearance.reviewers import Reviewers, Typed, Wanted, choose_reviewers, parse_reviewers
from newsletter_cli.flows.sending.job import SendJob, SendOptions
from newsletter_cli.flows.sending.preparing import Prepared, prepare
from newsletter_cli.flows.sending.problems import OF_A_BUILD, SendProblem
from newsletter_cli.flows.sending.transport import ChosenTransport, pace_book
from newsletter_cli.workspace.folder import Workspace

# Of these there is no message at all, or none that may be sent.
NO_MESSAGE = frozenset({"unusable", "message"})


class ProofPlan(Struct, kw_only=True):
    """What was decided up to the first message."""

    dress: ProofDress
    reviewers: Reviewers
    doubtful: int = 0
    has_work: bool = False

    @property
    def number(self) -> int:
        """That of the proof."""
        return self.dress.made.number


class _NothingNew(Exception):
    """Everybody who is asked for has this proof, or had their try: there is nothing to record."""


def plan_proof(
    workspace: Workspace,
    number: int,
    options: ProofOptions,
    chosen: ChosenTransport,
    connection: Database,
    watcher: ProofWatcher,
    *,
    meet: Callable[[Sequence[SendProblem]], None],
    is_dry: bool = False,
) -> tuple[ProofPlan, SendJob]:
    """Have on record what is to be sent, with the editor's consent; as `plan_send` does for readers."""
    now = datetime.now(UTC)
    earlier = read_proofs(workspace, number)
    doubtful = Records(connection, earlier[-1].number).recover(way="")[1] if earlier else 0
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
    plan = ProofPlan(dress=dress, reviewers=reviewers, doubtful=doubtful)
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
        keep=partial(keep_message, workspace, number, plan.number),
        service=chosen.service,
        way="" if is_dry else chosen.way,
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
    plan: ProofPlan,
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


def _question(job: SendJob, issue: int, plan: ProofPlan, prepared: Prepared, *, known: int) -> ProofQuestion:
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


def _usual(workspace: Workspace, connection: Database, earlier: Sequence[Proof]) -> Wanted:
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
