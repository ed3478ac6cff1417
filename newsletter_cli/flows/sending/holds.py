"""What holds a send until a person says that it may go on (`--anyway`): a function for each reason, all in `HOLDS`.

One issue goes one way: messages in a folder and messages in mailboxes must not be taken for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from newsletter_cli.audience.handover import NAME, handed_over_message, how_to_take_back, read_handover
from newsletter_cli.audience.store import Store
from newsletter_cli.base.called import called
from newsletter_cli.base.errors import SendHeld, StateElsewhere
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.ledger.handing import read_newsletter
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.reading import count_rehearsed, read_issues, read_report
from newsletter_cli.deliver.ledger.runs import is_old_copy, read_ways
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.deliver.ledger.waiting import count_waiting, read_send_bys
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.sending.sent_records import find_elsewhere, find_same_text
from newsletter_cli.model.delivery import DeliveryState

if TYPE_CHECKING:
    from newsletter_cli.flows.sending.job import SendJob

# Asks one question of a send that is about to begin; yields why a person has to answer it.
Hold = Callable[["SendJob"], Iterator[SendHeld]]


def find_holds(job: SendJob) -> Iterator[SendHeld]:
    """All that holds this send."""
    for hold in HOLDS:
        yield from hold(job)


def _find_old_copy(job: SendJob) -> Iterator[SendHeld]:
    """Another ledger was used here that knew more than this one."""
    if not is_old_copy(job.connection, job.workspace.root / "state"):
        return
    is_gone = not read_issues(job.connection)
    yield SendHeld(
        _("there was a ledger here, and it is gone: nobody can tell who has what")
        if is_gone
        else _("this ledger is older than the last one that was used here: it knows less than has happened"),
        file="state/ledger.db",
        hint=_("put the newest one back; if there is none, those it calls pending may get the issue twice: --anyway"),
    )


def _find_foreign(job: SendJob) -> Iterator[SendHeld]:
    """The ledger in PostgreSQL is another newsletter's: its numbers of issues are not ours."""
    if not isinstance(ledger_of(job.workspace), SharedLedger):
        return
    known, ours = read_newsletter(job.connection), job.workspace.config.newsletter.name
    if known and known != ours:
        yield SendHeld(
            _("the ledger is that of another newsletter, “{name}”: its issue {number} is not this one").format(
                name=known, number=job.number
            ),
            file="[send] ledger",
            hint=_("name a database of its own for each newsletter; where this one only has a new name: --anyway"),
        )


def _find_passed(job: SendJob) -> Iterator[SendHeld]:
    """The send that waits was to be over by now, and nobody names another moment."""
    if job.options.send_by is not None:
        return
    late = [by for by in read_send_bys(job.connection, job.number) if by < timestamp(job.now())]
    if late:
        yield SendHeld(
            _("issue {number} was to be sent by {moment}").format(number=job.number, moment=shown_moment(late[0])),
            hint=_(
                "has the ledger been put back from a backup? Then those it calls pending may have the issue already. "
                "If it is right, and late is better than never: --anyway"
            ),
        )


def _find_other_way(job: SendJob) -> Iterator[SendHeld]:
    """Messages in a folder and messages in mailboxes would be taken for each other."""
    return find_other_way(job.connection, job.number, is_embedded=job.is_embedded)


def _find_handed_over(job: SendJob) -> Iterator[SendHeld]:
    """Another machine sends now."""
    moment = read_handover(job.workspace.root / "state")
    if moment is not None:
        yield StateElsewhere(handed_over_message(moment), file=NAME, hint=how_to_take_back())


def _find_old_list(job: SendJob) -> Iterator[SendHeld]:
    """Another list was used here that knew more than this one."""
    with job.open_state() as store:
        held = old_list(store)
    if held is not None:
        yield held


def old_list(store: Store) -> SendHeld | None:
    """Why a list that is older than the last one used here, or made after it was lost, holds a send; `None` for the
    newest.
    """
    if store.has_lost_suppression():
        return StateElsewhere(
            _("the suppression list is gone, its key is there: nobody can tell who has left the list"),
            file=store.name,
            hint=_(
                "put state/list.db back from your backup, or bring it from another machine: nl state import FILE. "
                "If nobody has ever left: --anyway"
            ),
        )
    if not store.is_old_copy():
        return None
    return SendHeld(
        _("this list is older than the last one that was used here: it knows nothing of those who left since"),
        file=store.name,
        hint=_(
            "put the newest one back; if there is none, unsubscribe again those who left since (nl list "
            "unsubscribe, nl list suppression import), then: --anyway"
        ),
    )


HOLDS: tuple[Hold, ...] = (
    _find_handed_over,
    find_elsewhere,
    _find_old_list,
    _find_old_copy,
    _find_foreign,
    find_same_text,
    _find_passed,
    _find_other_way,
)


def find_other_way(connection: Database, number: int, *, is_embedded: bool) -> Iterator[SendHeld]:
    """Whether a send would go on through a folder (`is_embedded`), or leave out those who got it into one only."""
    return _find_servers(connection, number) if is_embedded else _find_rehearsal(connection, number)


def _find_servers(connection: Database, number: int) -> Iterator[SendHeld]:
    servers = [way for way in read_ways(connection, number) if not way.startswith("maildir:")]
    if not servers or not count_waiting(connection, number):
        return
    report = read_report(connection, number)
    if report.counts[DeliveryState.SENT] > report.rehearsed or report.counts[DeliveryState.IN_DOUBT]:
        yield SendHeld(
            _("this send was begun through {server}: into a folder, its readers would count as written to").format(
                server=servers[-1]
            ),
            hint=_("go on as it was begun: {command}").format(
                command=f"{called()} send {number} --transport {servers[-1]}"
            ),
        )


def _find_rehearsal(connection: Database, number: int) -> Iterator[SendHeld]:
    rehearsed = count_rehearsed(connection, number)
    if rehearsed:
        yield SendHeld(
            ngettext(
                "issue {number} went into a folder for {count} reader, who counts as having it",
                "issue {number} went into a folder for {count} readers, who count as having it",
                rehearsed,
            ).format(number=number, count=shown_count(rehearsed)),
            hint=_("if that was a rehearsal: nl resolve {number} --rehearsed; then send it").format(number=number),
        )
