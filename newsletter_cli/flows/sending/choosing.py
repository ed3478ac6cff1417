"""Before a send: the people chosen and the message fixed, or a send under way taken up again. The editor is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsletter_cli.audience.managed import timestamp
from newsletter_cli.deliver.ledger.freeze import Frozen, FrozenMessage, WaveFacts, freeze
from newsletter_cli.deliver.ledger.reading import WaveRow, read_ends, read_report
from newsletter_cli.deliver.message.fields import values_for
from newsletter_cli.errors import NotReady, UsageError
from newsletter_cli.flows.audience import open_audience
from newsletter_cli.flows.sending.job import Job, Question, SendOptions
from newsletter_cli.flows.sending.personal import field_names
from newsletter_cli.flows.sending.preparing import Preparation, Prepared
from newsletter_cli.flows.sending.readiness import refuse_obstacles, refuse_unknown_rules
from newsletter_cli.flows.sending.settings import pace_book
from newsletter_cli.i18n import _
from newsletter_cli.workspace.folder import Workspace


def refuse_narrowing(number: int, waves: tuple[WaveRow, ...], waiting: int, options: SendOptions) -> None:
    """Who waits already would be written to as well: a part of the list cannot be asked for meanwhile."""
    if not waiting or options.segment is None:
        return
    part = waves[-1].segment
    raise UsageError(
        _("a send of issue {number} is under way: {count} wait already").format(number=number, count=waiting),
        hint=_("finish it first: {command}").format(command=f"nl send {number}" + (f" --to {part}" if part else "")),
    )


class _NobodyNew(Exception):
    """Everybody who was chosen stands in an earlier freeze: there is nothing to record."""


def choose_and_freeze(job: Job, waiting: int, *, is_first: bool) -> Frozen | None:
    """Choose the people and fix the message. The question is asked inside the transaction: a no undoes it all.

    `waiting` deliveries of an earlier freeze go out as well. `None`: all of them have it already. Raises `NotReady`
    (also where nobody is chosen, and nobody ever was), `ConfigError`, `ListError`.
    """
    try:
        return _freeze(job, waiting, is_first=is_first)
    except _NobodyNew:
        return None


def _freeze(job: Job, waiting: int, *, is_first: bool) -> Frozen:
    workspace, number, options = job.workspace, job.number, job.options
    now, book = datetime.now(UTC), pace_book(workspace)
    refuse_unknown_rules(options.accepted)
    names = field_names(workspace.config)
    with (
        Preparation(workspace.root, number, now, options.accepted) as preparation,
        open_audience(workspace, override=options.list_file) as audience,
    ):
        selection = audience.select(options.segment)
        facts = WaveFacts(
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
            refuse_obstacles(number, done.problems)
            prepared.append(done)
            return FrozenMessage(template=done.template, content_hash=done.content_hash, subject=done.subject)

        def ask(frozen: Frozen) -> None:
            if not frozen.recipients and not frozen.known:
                raise _nobody(audience.source.name, options)
            if not frozen.recipients and not is_first:
                raise _NobodyNew
            if frozen.recipients + waiting:
                job.watcher.ask(_question(job, prepared[0], frozen, waiting, audience.source.name))

        return freeze(
            job.connection,
            facts,
            selection,
            pace_of=book.name_of,
            fields_of=(lambda one: values_for(names, one.name, one.attributes)) if names else None,
            expected_candidates=lambda: selection.candidates,
            message=message,
            confirm=ask,
        )


def _nobody(list_name: str, options: SendOptions) -> NotReady:
    if options.segment is not None:
        return NotReady(
            _("nobody on the list is in {part}").format(part=options.segment),
            file=list_name,
            hint=_("see who is: nl list show --to {part}; the groups there are: nl list stats").format(
                part=options.segment
            ),
        )
    return NotReady(
        _("nobody on the list can be written to"), file=list_name, hint=_("see why: nl list stats, nl list check")
    )


def _question(job: Job, prepared: Prepared, frozen: Frozen, waiting: int, list_name: str) -> Question:
    first, last = read_ends(job.connection, job.number, frozen.wave)
    return Question(
        issue=job.number,
        subject=prepared.subject,
        sender=prepared.sender,
        list_name=list_name,
        transport=job.means.transport.name,
        is_embedded=job.means.is_embedded,
        waiting=frozen.recipients + waiting,
        known=max(0, frozen.known - waiting),
        excluded={str(reason): count for reason, count in frozen.excluded.items()},
        first=first,
        last=last,
        is_resumed=False,
    )


def take_up_again(job: Job, wave: WaveRow, waiting: int) -> None:
    """Ask whether a send under way goes on."""
    from newsletter_cli.flows.message import sender_of

    number = job.number
    report = read_report(job.connection, number)
    sender = sender_of(job.workspace.config)
    first, last = read_ends(job.connection, number, None)
    note = _("it goes on with the message as it was when the send began ({moment}); later changes are not in it")
    job.watcher.ask(
        Question(
            issue=number,
            subject=wave.subject,
            sender=f"{sender.name} <{sender.address}>" if sender else "",
            list_name=wave.list_name,
            transport=job.means.transport.name,
            is_embedded=job.means.is_embedded,
            waiting=waiting,
            known=report.deliveries - waiting,
            excluded=report.excluded,
            first=first,
            last=last,
            is_resumed=True,
            notes=(note.format(moment=wave.frozen_at),),
        )
    )


def _send_by(workspace: Workspace, options: SendOptions, now: datetime) -> str:
    """Until when the send may go on; nothing for “for ever”."""
    if options.send_by is not None:
        return timestamp(options.send_by)
    hours = workspace.config.send.send_by_hours
    return timestamp(now + timedelta(hours=hours)) if hours else ""
