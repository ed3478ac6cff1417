"""Who left the list between the freeze and now: they do without, however long a send takes."""

from __future__ import annotations

from newsletter_cli.base.errors import ListError
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.deliver.ledger import deciding
from newsletter_cli.deliver.ledger.reading import FreezeRow, read_waiting_keys
from newsletter_cli.flows.audience import suppression_of
from newsletter_cli.flows.sending.job import SendJob


def settle_gone(job: SendJob, freeze: FreezeRow) -> tuple[str, ...]:
    """Ask the list who is unsubscribed by now, and write to none of them; what the editor should know.

    Whoever gets onto the suppression list later still is left out at each message. Raises `LedgerError`.
    """
    notes, name = [], freeze.list_name
    count = _settle_suppressed(job)
    try:
        with job.open_audience() as audience:
            name = audience.source.name
            count += deciding.settle_gone(job.connection, job.number, audience.read_gone())
    except ListError as error:
        # What was frozen can be sent without the list; the suppression list has all who left by their link.
        notes.append(_("the list cannot be read now, to see who has left it since: {reason}").format(reason=error))
    if count:
        text = ngettext("{count} person has left the list since", "{count} people have left the list since", count)
        notes.append(text.format(count=shown_count(count)))
    if name != freeze.list_name:
        notes.append(_("the people were chosen from {list} when the send began").format(list=freeze.list_name))
    return tuple(notes)


def _settle_suppressed(job: SendJob) -> int:
    with job.open_state() as store:
        is_suppressed = suppression_of(store)
        if is_suppressed is None:
            return 0
        keys = [key for key in read_waiting_keys(job.connection, job.number) if is_suppressed(key)]
    return deciding.settle_gone(job.connection, job.number, keys)
