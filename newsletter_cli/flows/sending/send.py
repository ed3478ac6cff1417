"""`nl send N`: freeze, ask, send, and go on where it was."""

from __future__ import annotations

import time
from functools import partial

from newsletter_cli.deliver.interrupt import noting_interruption
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.list_move import finish_move
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.flows.sending.delivering import deliver
from newsletter_cli.flows.sending.job import SendJob, SendOptions, Sent, Watcher, opening_means
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.flows.sending.obstacles import refuse_obstacles
from newsletter_cli.flows.sending.planning import plan_send
from newsletter_cli.flows.sending.sent_records import keep_records, uncommitted_records
from newsletter_cli.flows.sending.settings import choose_transport
from newsletter_cli.workspace.folder import Workspace


def send_issue(workspace: Workspace, number: int, options: SendOptions, watcher: Watcher) -> Sent:
    """Send the issue to whoever has not had it, or go on with a send under way.

    Raises `NotReady`, `SendHeld`, `ConfigError`, `ListError`, `UsageError`, `LedgerError`, `TransportError`; nothing
    was sent then but what the ledger says.
    """
    chosen = choose_transport(workspace, options.transport)
    with (
        only_writer(workspace.private_folder("")),
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
    sent.is_chosen = frozen is not None or options.has_newcomers or options.is_afresh
    sent.records = uncommitted_records(workspace, number, records)
    if frozen is not None:
        sent.frozen_rows, sent.frozen_seconds = frozen.recipients, frozen_seconds
    return sent
