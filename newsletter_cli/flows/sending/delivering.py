"""One run of a send: the engine with all that it needs, from what is configured and recorded."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime

from newsletter_cli.audience.managed import timestamp
from newsletter_cli.deliver.answers import Ended, Ending
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.building import Builder, load_templates
from newsletter_cli.deliver.engine import Engine, RunLimits
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.deliver.ledger.reading import read_freezes, read_report, read_templates
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.deliver.ledger.runs import LedgerMark, begin_run, end_run, read_secret_key
from newsletter_cli.deliver.message.tokens import Tokens
from newsletter_cli.deliver.pacing.rules import PaceBook
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.flows.sending.job import Means, SendJob, Sent
from newsletter_cli.flows.sending.settings import pace_book


def deliver(job: SendJob, means: Means, is_interrupted: Callable[[], bool]) -> Sent:
    """Send whatever waits. Raises `LedgerError`."""
    book = pace_book(job.workspace)
    records = Records(job.connection, job.number, mark=LedgerMark(job.workspace.root / "state"))
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
    state = job.workspace.root / "state"
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
    patience = options.patience_seconds
    return Engine(
        records=records,
        transport=means.transport,
        backlog=Backlog(paces, book.rules, per_minute=settings.per_minute, claim=records.claim),
        limits=RunLimits(
            connections=means.connections,
            messages=options.limit,
            patience_seconds=settings.retry_deferred_minutes * 60 if patience is None else patience,
        ),
        build=Builder(
            load_templates(read_templates(job.connection, job.number)),
            Tokens(read_secret_key(job.connection)),
            signer=means.signer,
            is_suppressed=means.is_suppressed,
        ),
        is_interrupted=is_interrupted,
        clock=time.time,
        monotonic=time.monotonic,
        tally=tally,
        on_round=job.watcher.show,
    )


def _renew_paces(job: SendJob, records: Records, book: PaceBook) -> None:
    """The pacing rules may have changed since the freeze: deliveries that wait go by the new ones."""
    if any(freeze.paces != book.fingerprint for freeze in read_freezes(job.connection, job.number)):
        records.renew_paces(book.name_of, book.fingerprint)
