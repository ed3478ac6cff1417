"""Before a send: the people chosen and the message fixed, or a send under way taken up again. The editor is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from newsletter_cli.audience.managed import timestamp
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.deliver.ledger.freeze import MOST_FAULTS_TOLD, FreezeFacts, Frozen, FrozenMessage, freeze
from newsletter_cli.deliver.ledger.reading import FreezeRow, read_ends, read_report, read_template
from newsletter_cli.deliver.message.splicing import sender_in
from newsletter_cli.flows.sending.job import Question, SendJob, SendOptions
from newsletter_cli.flows.sending.obstacles import UNBUILDABLE, SendProblem, list_problems, nobody_chosen
from newsletter_cli.flows.sending.personal import read_faults, read_fields
from newsletter_cli.flows.sending.preparing import Preparation, Prepared
from newsletter_cli.flows.sending.settings import pace_book
from newsletter_cli.workspace.folder import Workspace


def refuse_narrowing(number: int, part: str, waiting: int, options: SendOptions) -> None:
    """Who waits already, of `part`, would be written to as well: another part cannot be asked for meanwhile."""
    if not waiting or options.segment is None or str(options.segment) == part:
        return
    raise UsageError(
        ngettext(
            "a send of issue {number} was begun and is not complete: {count} waits",
            "a send of issue {number} was begun and is not complete: {count} wait",
            waiting,
        ).format(number=number, count=shown_count(waiting)),
        hint=_("finish it first: {command}; where nothing was tried yet, --afresh chooses anew").format(
            command=f"nl send {number}" + (f" --to {part}" if part else "")
        ),
    )


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
    now, book = datetime.now(UTC), pace_book(workspace)
    with (
        Preparation(workspace.root, number, now, options.accepted) as preparation,
        job.open_audience() as audience,
    ):
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
            return FrozenMessage(template=done.template, content_hash=done.content_hash, subject=done.subject)

        def ask(frozen: Frozen) -> None:
            name = audience.source.name
            # The list has been read to its end by now.
            list_faults = list_problems(selection.faults, name)
            job.meet([*prepared[0].problems, *list_faults, *_row_problems(job, prepared[0], frozen, name)])
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
    first, last = read_ends(job.connection, job.number, frozen.freeze_id)
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
        notes=(*_trial_note(job, frozen), *prepared.notes, *notes),
    )


def _trial_note(job: SendJob, frozen: Frozen) -> Iterator[str]:
    is_whole_list = job.options.segment is None and not frozen.known
    if is_whole_list and not job.is_embedded and frozen.recipients >= MANY:
        yield _("nobody has seen it in a mailbox yet; a few could first: nl send {number} --to group:proof").format(
            number=job.number
        )


def take_up_again(job: SendJob, frozen: FreezeRow, waiting: int, notes: tuple[str, ...] = ()) -> None:
    """Ask whether a send under way goes on."""
    number = job.number
    report = read_report(job.connection, number)
    first, last = read_ends(job.connection, number, None)
    note = _("it goes on with the message as it was when the send began ({moment}); later changes are not in it")
    job.watcher.ask(
        Question(
            issue=number,
            subject=frozen.subject,
            sender=sender_in(read_template(job.connection, frozen.id)),
            list_name=frozen.list_name,
            transport=job.transport,
            is_embedded=job.is_embedded,
            waiting=waiting,
            known=report.deliveries - waiting,
            excluded=report.excluded,
            first=first,
            last=last,
            is_resumed=True,
            limit=job.options.limit,
            notes=(note.format(moment=shown_moment(frozen.frozen_at)), *notes),
        )
    )


def _send_by(workspace: Workspace, options: SendOptions, now: datetime) -> str:
    """Until when the send may go on; nothing for “for ever”."""
    if options.send_by is not None:
        return timestamp(options.send_by)
    hours = workspace.config.send.send_by_hours
    return timestamp(now + timedelta(hours=hours)) if hours else ""
