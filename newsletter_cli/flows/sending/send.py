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
from newsletter_cli.deliver.building import Builder, Templates
from newsletter_cli.deliver.engine import Engine, RunLimits
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.deliver.interrupt import noting_interruption
from newsletter_cli.deliver.ledger.handing import hand_out
from newsletter_cli.deliver.ledger.reading import read_freezes, read_report, read_template
from newsletter_cli.deliver.ledger.records import Claimed, Records
from newsletter_cli.deliver.ledger.runs import LedgerMark, begin_run, end_run, read_tokens
from newsletter_cli.deliver.ledger.sharing import opening_records
from newsletter_cli.deliver.ledger.waiting import read_templates
from newsletter_cli.deliver.pacing.rules import PaceBook
from newsletter_cli.deliver.progress import Ended, Ending, SendTally
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.ledger_place import alone_with_ledger, shared_ledger_of
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
    if options.is_distributed:
        shared_ledger_of(workspace)
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
            service=chosen.service,
            way=chosen.way,
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
        if options.is_distributed:
            sent = _hand_out(job)
        else:
            with noting_interruption() as is_interrupted:
                sent = deliver(job, means, is_interrupted)
    sent.doubtful += doubtful
    sent.command = options.command(number)
    sent.is_chosen = job.to_list is not None or frozen is not None or options.has_newcomers or options.is_afresh
    sent.records = uncommitted_records(workspace, number, records)
    if frozen is not None:
        sent.frozen_rows, sent.frozen_seconds = frozen.recipients, frozen_seconds
    return sent


def _hand_out(job: SendJob) -> Sent:
    """Leave whatever waits to workers. Raises `LedgerError`."""
    records = Records(job.connection, job.number, way=job.way, key_seconds=job.key_seconds)
    doubtful = make_ready(job, records)
    hand_out(job.connection, job.number, job.transport)
    return Sent(
        report=read_report(job.connection, job.number),
        ending=Ending(how=Ended.HANDED_OUT),
        tally=SendTally(total=sum(records.count_ready().values())),
        doubtful=doubtful,
    )


def deliver(job: SendJob, means: Means, is_interrupted: Callable[[], bool], *, is_worker: bool = False) -> Sent:
    """Send whatever waits; a worker takes it as it was planned. Raises `LedgerError`."""
    book = pace_book(job.workspace)
    mark = LedgerMark(job.ledger_folder)
    with opening_records(
        job.connection, job.number, mark=mark, is_worker=is_worker, way=job.way, key_seconds=job.key_seconds
    ) as records:
        doubtful = 0 if is_worker else make_ready(job, records)
        waiting = records.count_ready()
        tally = SendTally(total=sum(waiting.values()))
        started = time.perf_counter()
        ending = Ending(how=Ended.DONE)
        if waiting:
            ending = _run(job, means, records, book, tally, waiting, is_interrupted, is_alone=not is_worker)
    reach("before-end")
    return Sent(
        report=read_report(job.connection, job.number),
        ending=ending,
        tally=tally,
        seconds=time.perf_counter() - started,
        doubtful=doubtful,
    )


def _run(
    job: SendJob,
    means: Means,
    records: Records,
    book: PaceBook,
    tally: SendTally,
    waiting: dict[str, int],
    is_interrupted: Callable[[], bool],
    *,
    is_alone: bool,
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
        is_alone=is_alone,
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
        Templates(
            read_templates(job.connection, job.number), lambda freeze_id: read_template(job.connection, freeze_id)
        ),
        read_tokens(job.connection),
        signer=means.signer,
        is_suppressed=means.is_suppressed,
        finish=job.finish,
    )
    backlog = Backlog(paces, book.rules, per_minute=settings.per_minute, claim=records.claim)
    records.take_share(backlog.share, is_limited=backlog.is_limited)
    return Engine(
        records=records,
        transport=means.transport,
        backlog=backlog,
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


def make_ready(job: SendJob, records: Records) -> int:
    """Whoever was put off is due now; and what waits goes by the pacing rules as they are now, which may have changed
    since the freeze. How many are in doubt now, for their request cannot be made again.
    """
    doubtful = records.end_repeats()
    records.make_due_now()
    book = pace_book(job.workspace)
    if any(freeze.paces != book.fingerprint for freeze in read_freezes(job.connection, job.number)):
        records.renew_paces(book.name_of, book.fingerprint)
    return doubtful
