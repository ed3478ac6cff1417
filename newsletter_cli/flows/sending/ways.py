"""One issue, one way: messages in a folder and messages in mailboxes must not be taken for each other."""

from __future__ import annotations

from newsletter_cli.deliver.ledger.reading import count_rehearsed, read_report
from newsletter_cli.deliver.ledger.runs import read_ways
from newsletter_cli.errors import SendHeld
from newsletter_cli.flows.sending.job import Job
from newsletter_cli.i18n import _, ngettext
from newsletter_cli.model.delivery import DeliveryState


def refuse_other_way(job: Job, waiting: int) -> None:
    """Raises `SendHeld` where a send would go on through a folder, or leave out those who got it into one only."""
    if job.options.is_anyway:
        return
    if job.means.is_embedded:
        _refuse_folder(job, waiting)
    else:
        _refuse_mail(job)


def _refuse_folder(job: Job, waiting: int) -> None:
    servers = [way for way in read_ways(job.connection, job.number) if not way.startswith("maildir:")]
    if not servers or not waiting:
        return
    report = read_report(job.connection, job.number)
    if report.counts[DeliveryState.SENT] > report.rehearsed or report.counts[DeliveryState.IN_DOUBT]:
        raise SendHeld(
            _("this send was begun through {server}: into a folder, its readers would count as written to").format(
                server=servers[-1]
            ),
            hint=_("go on as it was begun: {command}").format(
                command=f"nl send {job.number} --transport {servers[-1]}"
            ),
        )


def _refuse_mail(job: Job) -> None:
    rehearsed = count_rehearsed(job.connection, job.number)
    if rehearsed:
        raise SendHeld(
            ngettext(
                "issue {number} went into a folder for {count} reader, who counts as having it",
                "issue {number} went into a folder for {count} readers, who count as having it",
                rehearsed,
            ).format(number=job.number, count=rehearsed),
            hint=_("if that was a rehearsal: nl resolve {number} --rehearsed; then send it").format(number=job.number),
        )
