"""Who is chosen for a send, and with what message: recorded in one transaction, with the editor's consent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.ledger.freeze import MOST_FAULTS_TOLD, FreezeFacts, Frozen, FrozenMessage, freeze
from newsletter_cli.deliver.ledger.waiting import read_ends, read_waiting_freezes
from newsletter_cli.flows.clearance.gate import approval_notes, approval_problems, recorded, state_of_waiting
from newsletter_cli.flows.clearance.proof_notes import reading_notes
from newsletter_cli.flows.clearance.waiting import waiting_notes
from newsletter_cli.flows.sending.job import Question, SendJob, SendOptions
from newsletter_cli.flows.sending.personal import read_faults, read_fields
from newsletter_cli.flows.sending.preparing import Preparation, Prepared
from newsletter_cli.flows.sending.problems import OF_A_BUILD, UNBUILDABLE, SendProblem, list_problems, nobody_chosen
from newsletter_cli.flows.sending.transport import pace_book
from newsletter_cli.workspace.folder import Workspace

# From so many readers on, somebody should have seen it before.
MANY = 20


class _NobodyNew(Exception):
    """Everybody who was chosen stands in an earlier freeze: there is nothing to record."""


def choose_and_freeze(job: SendJob, waiting: int, *, is_first: bool) -> Frozen | None:
    """Choose the people and fix the message. The question is asked inside the transaction: a no undoes it all.

    `waiting` deliveries of an earlier freeze go out as well. `None`: all of them have it already. Raises `NotReady`
    (also where nobody is chosen, and nobody ever was), `ConfigError`, `ListError`.
    """
    try:
        return _freeze(job, waiting, is_first=is_first)
    except _NobodyNew:
        return None


def _freeze(job: SendJob, waiting: int, *, is_first: bool) -> Frozen:
    workspace, number, options = job.workspace, job.number, job.options
    now, book = job.now(), pace_book(workspace)
    with (
        Preparation(workspace.root, number, now, options.accepted) as preparation,
        job.open_audience() as audience,
    ):
        if job.to_list is not None and options.segment is not None:
            raise UsageError(
                _("--to chooses among readers, and send.to_list sends to {address} alone").format(address=job.to_list),
                hint=_("leave one of them out"),
            )
        selection = audience.select(options.segment)
        facts = FreezeFacts(
            issue=number,
            frozen_at=timestamp(now),
            send_by=_send_by(workspace, options, now),
            segment=str(options.segment or ""),
            list_name=audience.source.name,
            accepted=options.accepted,
            paces=book.fingerprint,
            is_afresh=options.is_afresh,
        )
        prepared: list[Prepared] = []

        def message() -> FrozenMessage:
            done = preparation.result()
            prepared.append(done)
            return FrozenMessage(
                template=done.template,
                content_hash=done.content_hash,
                subject=done.subject,
                approved=recorded(done.approval),
            )

        def ask(frozen: Frozen) -> None:
            name = audience.source.name
            # The list has been read to its end by now.
            list_faults = list_problems(selection.faults, name)
            unapproved = [*approval_problems(job, prepared[0].approval)]
            if waiting:
                earlier = read_waiting_freezes(job.connection, number, but=frozen.freeze_id)
                unapproved += approval_problems(job, state_of_waiting(job, earlier))
            problems = [one for one in prepared[0].problems if not (unapproved and one.code in OF_A_BUILD)]
            job.meet([*problems, *list_faults, *_row_problems(job, prepared[0], frozen, name), *unapproved])
            if not frozen.chosen:
                job.meet([SendProblem.of("nobody", nobody_chosen(name, options.segment))])
            if not frozen.recipients and not is_first and not options.is_afresh:
                raise _NobodyNew
            if frozen.recipients + waiting:
                columns = selection.tally.column_notes() if job.is_dry else ()
                job.watcher.ask(_question(job, prepared[0], frozen, waiting, name, columns))

        return freeze(
            job.connection,
            facts,
            selection,
            pace_of=book.name_of,
            fields_of=read_fields(workspace.config),
            fault_of=read_faults(workspace.config),
            expected_candidates=lambda: selection.candidates,
            message=message,
            confirm=ask,
        )


def _row_problems(job: SendJob, prepared: Prepared, frozen: Frozen, list_name: str) -> Iterator[SendProblem]:
    """The recipients for whom no message can be made: their rows are fixed, or somebody says that they do without."""
    if UNBUILDABLE in job.options.accepted:
        return
    hint = _("fix the row, or give the field a fallback — or send to the others only: --accept {rule}").format(
        rule=UNBUILDABLE
    )
    faults = [one for one in frozen.faults.told if one.part in prepared.parts]
    told = faults[:MOST_FAULTS_TOLD]
    more = sum(frozen.faults.counts[part] for part in prepared.parts) - len(told)
    for one in told:
        yield SendProblem(
            code=UNBUILDABLE,
            message=one.reason,
            hint=hint,
            place=list_name,
            row=one.row,
            more=more if one is told[-1] else 0,
        )


def _question(
    job: SendJob, prepared: Prepared, frozen: Frozen, waiting: int, list_name: str, notes: Iterable[str]
) -> Question:
    first, last = read_ends(job.connection, job.number)
    return Question(
        issue=job.number,
        subject=prepared.subject,
        sender=prepared.sender,
        list_name=list_name,
        transport=job.transport,
        is_embedded=job.is_embedded,
        waiting=frozen.recipients + waiting,
        known=max(0, frozen.known - waiting),
        excluded={str(reason): count for reason, count in frozen.excluded.items()},
        first=first,
        last=last,
        is_resumed=False,
        limit=job.options.limit,
        notes=(
            *job.notes,
            *waiting_notes(job.workspace.root / "state", job.number),
            *reading_notes(job.workspace, job.number, prepared.content_hash, is_big=_has_many_new(job, frozen)),
            *prepared.notes,
            *notes,
            *approval_notes(job, prepared.approval),
        ),
        approval=prepared.approval,
    )


def _has_many_new(job: SendJob, frozen: Frozen) -> bool:
    """Whether this is the whole list's first mail of the issue, and a long list."""
    is_whole_list = job.options.segment is None and not frozen.known
    return is_whole_list and not job.is_embedded and frozen.recipients >= MANY


def _send_by(workspace: Workspace, options: SendOptions, now: datetime) -> str:
    """Until when the send may go on; nothing for “for ever”."""
    if options.send_by is not None:
        return timestamp(options.send_by)
    hours = workspace.config.send.send_by_hours
    return timestamp(now + timedelta(hours=hours)) if hours else ""
