"""`nl send N`: freeze, ask, send, and go on where it was."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from newsletter_cli.audience.managed import timestamp
from newsletter_cli.deliver.interrupt import noting_interruption
from newsletter_cli.deliver.ledger.freeze import Frozen
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.reading import (
    count_untried,
    has_lost_names,
    read_report,
    read_send_bys,
    read_waves,
    set_send_by,
)
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.deliver.ledger.runs import is_old_copy
from newsletter_cli.errors import NotReady
from newsletter_cli.flows.sending import choosing
from newsletter_cli.flows.sending.delivering import deliver
from newsletter_cli.flows.sending.job import Job, SendOptions, Sent, Watcher, opening_means
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.i18n import _
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.workspace.folder import Workspace


def send_issue(workspace: Workspace, number: int, options: SendOptions, watcher: Watcher) -> Sent:
    """Send the issue to whoever has not had it, or go on with a send under way.

    Raises `NotReady`, `ConfigError`, `ListError`, `UsageError`, `LedgerError`, `TransportError`; nothing was sent then
    but what the ledger says.
    """
    state = workspace.private_folder("")
    with (
        only_writer(state),
        open_ledger(workspace) as connection,
        opening_means(workspace, options) as means,
    ):
        _refuse_old_copy(connection, state, options)
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
    if frozen is not None:
        sent.frozen_rows, sent.frozen_seconds = frozen.recipients, frozen_seconds
    return sent


def _prepare(job: Job) -> Frozen | None:
    """Have everything on record that is to be sent, with the editor's consent; what was frozen now, if anything."""
    waves, options = read_waves(job.connection, job.number), job.options
    waiting = _count_waiting(job.connection, job.number)
    _refuse_late(job, waiting)
    is_other_part = bool(waves) and waves[-1].segment != str(options.segment or "")
    if is_other_part:
        choosing.refuse_narrowing(job.number, waves, waiting, options)
    frozen = None
    if not waves or options.has_newcomers or options.is_afresh or is_other_part:
        _refuse_unknowable(job)
        untried = count_untried(job.connection, job.number) if options.is_afresh else 0
        frozen = choosing.choose_and_freeze(job, waiting - untried, is_first=not waves)
    elif waiting:
        choosing.take_up_again(job, waves[-1], waiting)
    if waiting and options.send_by is not None:
        set_send_by(job.connection, job.number, timestamp(options.send_by))
    return frozen


def _refuse_unknowable(job: Job) -> None:
    """Raises `NotReady` where nobody can tell any more who has the issue."""
    if has_lost_names(job.connection, job.number):
        raise NotReady(
            _("the names of those who got issue {number} were erased: nobody can tell who has it").format(
                number=job.number
            ),
            hint=_("it is old enough to be left alone ([list.retention] ledger_days); a new issue reaches everybody"),
        )


def _count_waiting(connection: sqlite3.Connection, number: int) -> int:
    counts = read_report(connection, number).counts
    return counts[DeliveryState.PENDING] + counts[DeliveryState.DEFERRED]


def _refuse_late(job: Job, waiting: int) -> None:
    """Raises `NotReady` where the send was to be over by now, and nobody says that it may go on."""
    if job.options.send_by is not None:
        limits = [timestamp(job.options.send_by)]
    else:
        limits = read_send_bys(job.connection, job.number) if waiting else []
    late = [by for by in limits if by < timestamp(datetime.now(UTC))]
    if late and not job.options.is_anyway:
        raise NotReady(
            _("issue {number} was to be sent by {moment}").format(number=job.number, moment=late[0]),
            hint=_(
                "has the ledger been put back from a backup? Then whom it calls pending may have the issue already. "
                "If it is right, and late is better than never: --anyway"
            ),
        )


def _refuse_old_copy(connection: sqlite3.Connection, state: Path, options: SendOptions) -> None:
    if is_old_copy(connection, state) and not options.is_anyway:
        raise NotReady(
            _("this ledger is older than the last one that was used here: it knows less than has happened"),
            file="state/ledger.db",
            hint=_(
                "put the newest one back; if there is none, whom it calls pending may get the issue twice: --anyway"
            ),
        )
