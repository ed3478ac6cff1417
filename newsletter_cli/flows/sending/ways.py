"""One issue, one way: messages in a folder and messages in mailboxes must not be taken for each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from newsletter_cli.base.errors import SendHeld
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.deliver.ledger.reading import count_rehearsed, count_waiting, read_report
from newsletter_cli.deliver.ledger.runs import read_ways
from newsletter_cli.model.delivery import DeliveryState


def find_other_way(connection: sqlite3.Connection, number: int, *, is_embedded: bool) -> Iterator[SendHeld]:
    """Whether a send would go on through a folder (`is_embedded`), or leave out those who got it into one only."""
    return _find_servers(connection, number) if is_embedded else _find_rehearsal(connection, number)


def _find_servers(connection: sqlite3.Connection, number: int) -> Iterator[SendHeld]:
    servers = [way for way in read_ways(connection, number) if not way.startswith("maildir:")]
    if not servers or not count_waiting(connection, number):
        return
    report = read_report(connection, number)
    if report.counts[DeliveryState.SENT] > report.rehearsed or report.counts[DeliveryState.IN_DOUBT]:
        yield SendHeld(
            _("this send was begun through {server}: into a folder, its readers would count as written to").format(
                server=servers[-1]
            ),
            hint=_("go on as it was begun: {command}").format(command=f"nl send {number} --transport {servers[-1]}"),
        )


def _find_rehearsal(connection: sqlite3.Connection, number: int) -> Iterator[SendHeld]:
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
