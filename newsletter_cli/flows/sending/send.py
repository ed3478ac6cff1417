"""`nl send N`: freeze, ask, send, and go on where it was."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.building import Builder, load_templates
from newsletter_cli.deliver.engine import Engine, RunLimits
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.deliver.interrupt import noting_interruption
from newsletter_cli.deliver.ledger.reading import read_freezes, read_report
from newsletter_cli.deliver.ledger.records import Claimed, Records
from newsletter_cli.deliver.ledger.runs import LedgerMark, begin_run, end_run, read_tokens
from newsletter_cli.deliver.ledger.sharing import opening_records
from newsletter_cli.deliver.ledger.waiting import read_templates
from newsletter_cli.deliver.pacing.rules import PaceBook
from newsletter_cli.deliver.progress import Ended, Ending, SendTally
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.ledger_place import alone_with_ledger
from newsletter_cli.flows.list_move import finish_move
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.flows.sending.job import Means, SendJob, SendOptions, Sent, Watcher, opening_means, patience_of
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.flows.sending.plan import plan_send
from newsletter_cli.flows.sending.problems import refuse_obstacles
from newsletter_cli.flows.sending.sent_records import keep_records, uncommitted_records
from newsletter_cli.flows.sending.transport import choose_transport, pace_book
from newsletter_cli.flows.way_out import list_server_note
from newsletter_cli.model.delivery import Outgoing
from newsletter_cli.workspace.folder import Workspace


def send_issue(workspace: Workspace, number: int, options: SendOptions, watcher: Watcher) -> Sent:
    """Send the issue to whoever has not had it, or go on with a send under way.

    Raises `NotReady`, `SendHeld`, `ConfigError`, `ListError`, `UsageError`, `LedgerError`, `TransportError`; nothing
    was sent then but what the ledger says.
    """
    chosen = choose_transport(workspace, options.transport)
    with (
        alone_with_ledger(workspace),
        open_ledger(workspace) as connection,
        opening_means(workspace, chosen) as means,
    ):
        with open_state(workspace) as store:
            finish_move(workspace, store)
        job = SendJob(
            workspace=workspace,
            connection=connection,
            number=number,
            options=options,
            watcher=watcher,
            transport=str(chosen.address),
            is_embedded=chosen.is_embedded,
            meet=partial(refuse_obstacles, number),
            notes=(*chosen.notes(), *list_server_note(workspace.config)),
        )
        started = time.perf_counter()
        frozen, doubtful = plan_send(job)
        frozen_seconds = time.perf_counter() - started
        if options.is_anyway:
            with open_state(workspace) as store:
                store.accept_as_newest()
        if chosen.folder is not None:
            remember(workspace, chosen.folder, Holding.MESSAGES)
        records = keep_records(job, is_frozen_now=frozen is not None)
        with noting_interruption() as is_interrupted:
            sent = deliver(job, means, is_interrupted)
    sent.doubtful = doubtful
    sent.command = options.command(number)
    sent.is_chosen = job.to_list is not None or frozen is not None or options.has_newcomers or options.is_afresh
    sent.records = uncommitted_records(workspace, number, records)
    if frozen is not None:
        sent.frozen_rows, sent.frozen_seconds = frozen.recipients, frozen_seconds
    return sent


def deliver(job: SendJob, means: Means, is_interrupted: Callable[[], bool]) -> Sent:
    """Send whatever waits. Raises `LedgerError`."""
    book = pace_book(job.workspace)
    with opening_records(job.connection, job.number, mark=LedgerMark(job.ledger_folder)) as records:
        records.make_due_now()
        _renew_paces(job, records, book)
        waiting = records.count_ready()
        tally = SendTally(total=sum(waiting.values()))
        started = time.perf_counter()
        ending = _run(job, means, records, book, tally, waiting, is_interrupted) if waiting else Ending(how=Ended.DONE)
    reach("before-end")
    return Sent(
        report=read_report(job.connection, job.number),
        ending=ending,
        tally=tally,
        seconds=time.perf_counter() - started,
    )


def _run(
    job: SendJob,
    means: Means,
    records: Records,
    book: PaceBook,
    tally: SendTally,
    waiting: dict[str, int],
    is_interrupted: Callable[[], bool],
) -> Ending:
    state = job.ledger_folder
    engine = _engine(job, means, records, book, tally, list(waiting), is_interrupted)
    run = begin_run(
        job.connection,
        state,
        issue=job.number,
        host=socket.gethostname(),
        transport=job.transport,
        now=timestamp(datetime.now(UTC)),
    )
    job.watcher.begin(tally, waiting)
    try:
        ending = engine.run()
    finally:
        job.watcher.end()
    end_run(job.connection, state, run, ending=ending.how.name.lower(), now=timestamp(datetime.now(UTC)))
    return ending


def _engine(
    job: SendJob,
    means: Means,
    records: Records,
    book: PaceBook,
    tally: SendTally,
    paces: list[str],
    is_interrupted: Callable[[], bool],
) -> Engine:
    settings, options = job.workspace.config.send, job.options
    random.shuffle(paces)  # no provider is always the first
    builder = Builder(
        load_templates(read_templates(job.connection, job.number)),
        read_tokens(job.connection),
        signer=means.signer,
        is_suppressed=means.is_suppressed,
    )
    return Engine(
        records=records,
        transport=means.transport,
        backlog=Backlog(paces, book.rules, per_minute=settings.per_minute, claim=records.claim),
        limits=RunLimits(
            connections=means.connections,
            messages=options.limit,
            patience_seconds=patience_of(job.workspace, options),
        ),
        build=_kept(job, builder),
        is_interrupted=is_interrupted,
        clock=time.time,
        monotonic=time.monotonic,
        tally=tally,
        on_round=job.watcher.show,
    )


def _kept(job: SendJob, build: Callable[[Claimed], Outgoing]) -> Callable[[Claimed], Outgoing]:
    """Builds, and has each message kept as it will be handed over."""
    keep = job.keep
    if keep is None:
        return build

    def build_and_keep(row: Claimed) -> Outgoing:
        message = build(row)
        keep(message)
        return message

    return build_and_keep


def _renew_paces(job: SendJob, records: Records, book: PaceBook) -> None:
    """The pacing rules may have changed since the freeze: deliveries that wait go by the new ones."""
    if any(freeze.paces != book.fingerprint for freeze in read_freezes(job.connection, job.number)):
        records.renew_paces(book.name_of, book.fingerprint)
