"""`nl send N`: freeze, ask, send, and go on where it was."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from newsletter_cli.audience.managed import timestamp
from newsletter_cli.deliver.interrupt import noting_interruption
from newsletter_cli.deliver.ledger.deciding import set_send_by
from newsletter_cli.deliver.ledger.freeze import Frozen
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.reading import (
    WaveRow,
    count_untried,
    count_waiting,
    has_lost_names,
    read_waves,
)
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.errors import NotReady, UsageError
from newsletter_cli.flows.sending import choosing
from newsletter_cli.flows.sending.delivering import deliver
from newsletter_cli.flows.sending.holding import refuse_old_copy, refuse_passed
from newsletter_cli.flows.sending.job import Job, SendOptions, Sent, Watcher, opening_means
from newsletter_cli.flows.sending.leaving import settle_gone
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.flows.sending.ways import refuse_other_way
from newsletter_cli.i18n import _
from newsletter_cli.workspace.folder import Workspace


def send_issue(workspace: Workspace, number: int, options: SendOptions, watcher: Watcher) -> Sent:
    """Send the issue to whoever has not had it, or go on with a send under way.

    Raises `NotReady`, `SendHeld`, `ConfigError`, `ListError`, `UsageError`, `LedgerError`, `TransportError`; nothing
    was sent then but what the ledger says.
    """
    state = workspace.private_folder("")
    with (
        only_writer(state),
        open_ledger(workspace) as connection,
        opening_means(workspace, options) as means,
    ):
        if not options.is_anyway:
            refuse_old_copy(connection, state)
        job = Job(
            workspace=workspace, connection=connection, number=number, options=options, watcher=watcher, means=means
        )
        # The lock is ours: whatever is still called claimed or attempted was left by a process that is gone.
        _returned, doubtful = Records(connection, number).recover()
        started = time.perf_counter()
        frozen = _prepare(job)
        frozen_seconds = time.perf_counter() - started
        with noting_interruption() as is_interrupted:
            sent = deliver(job, is_interrupted)
    sent.doubtful = doubtful
    sent.command = options.command(number)
    if frozen is not None:
        sent.frozen_rows, sent.frozen_seconds = frozen.recipients, frozen_seconds
    return sent


def _prepare(job: Job) -> Frozen | None:
    """Have everything on record that is to be sent, with the editor's consent; what was frozen now, if anything."""
    waves, options = read_waves(job.connection, job.number), job.options
    waiting = count_waiting(job.connection, job.number)
    _refuse_late(job, waiting)
    if not options.is_anyway:
        refuse_other_way(job.connection, job.number, is_embedded=job.means.is_embedded)
    notes = settle_gone(job, waves[-1]) if waiting else ()
    waiting = count_waiting(job.connection, job.number)
    untried = count_untried(job.connection, job.number) if options.is_afresh else 0
    frozen = None
    if _is_choice_wanted(waves, waiting - untried, options):
        if waves:
            choosing.refuse_narrowing(job.number, waves[-1].segment, waiting - untried, options)
        _refuse_unknowable(job)
        frozen = choosing.choose_and_freeze(job, waiting - untried, is_first=not waves)
    if frozen is None and waiting:
        choosing.take_up_again(job, waves[-1], waiting, notes)
    if waiting and options.send_by is not None:
        set_send_by(job.connection, job.number, timestamp(options.send_by))
    return frozen


def _is_choice_wanted(waves: tuple[WaveRow, ...], waiting: int, options: SendOptions) -> bool:
    """Whether people are to be chosen now: at first, when asked to, and for another part than the last one.

    While somebody waits, the whole list is no other part: the plain command goes on where the send was.
    """
    if not waves or options.has_newcomers or options.is_afresh:
        return True
    is_other = waves[-1].segment != str(options.segment or "")
    return is_other and not (waiting and options.segment is None)


def _refuse_unknowable(job: Job) -> None:
    """Raises `NotReady` where nobody can tell any more who has the issue."""
    if has_lost_names(job.connection, job.number):
        raise NotReady(
            _("the names of those who got issue {number} were erased: nobody can tell who has it").format(
                number=job.number
            ),
            hint=_("it is old enough to be left alone ([list.retention] ledger_days); a new issue reaches everybody"),
        )


def _refuse_late(job: Job, waiting: int) -> None:
    """Raises `SendHeld` where the send was to be over by now, and nobody says that it may go on."""
    send_by = job.options.send_by
    if send_by is not None and send_by < datetime.now(UTC):
        raise UsageError(
            _("--send-by: that moment is past already"), hint=_("name a later one: 2026-12-17T18:00, or 24h")
        )
    if send_by is None and waiting and not job.options.is_anyway:
        refuse_passed(job.connection, job.number)
