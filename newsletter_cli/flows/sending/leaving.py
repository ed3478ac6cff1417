"""Who left the list between the freeze and now: they do without, however long a send takes."""

from __future__ import annotations

from newsletter_cli.deliver.ledger import deciding
from newsletter_cli.deliver.ledger.reading import WaveRow
from newsletter_cli.errors import ListError
from newsletter_cli.flows.audience import open_audience
from newsletter_cli.flows.sending.job import Job
from newsletter_cli.i18n import _, ngettext, shown_count


def settle_gone(job: Job, wave: WaveRow) -> tuple[str, ...]:
    """Ask the list who is unsubscribed by now, and write to none of them; what the editor should know.

    Whoever is on the suppression list is left out by the send itself, at each message. Raises `LedgerError`.
    """
    try:
        with open_audience(job.workspace, override=job.options.list_file) as audience:
            name = audience.source.name
            gone = (candidate.key for candidate in audience.source.read_gone())
            count = deciding.settle_gone(job.connection, job.number, gone)
    except ListError as error:
        # What was frozen can be sent without the list; the suppression list has all who left by their link.
        return (_("the list cannot be read now, to see who has left it since: {reason}").format(reason=error),)
    notes = []
    if count:
        text = ngettext("{count} person has left the list since", "{count} people have left the list since", count)
        notes.append(text.format(count=shown_count(count)))
    if name != wave.list_name:
        notes.append(_("the people were chosen from {list} when the send began").format(list=wave.list_name))
    return tuple(notes)
