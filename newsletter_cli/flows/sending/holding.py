"""What holds a send until a person says that it may go on: it is late, or the ledger is an older copy."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from newsletter_cli.audience.managed import timestamp
from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.reading import read_issues, read_send_bys
from newsletter_cli.deliver.ledger.runs import is_old_copy, read_mark
from newsletter_cli.errors import SendHeld
from newsletter_cli.i18n import _, shown_moment


def refuse_passed(connection: sqlite3.Connection, number: int) -> None:
    """Raises `SendHeld` where the send that waits was to be over by now."""
    late = [by for by in read_send_bys(connection, number) if by < timestamp(datetime.now(UTC))]
    if late:
        raise SendHeld(
            _("issue {number} was to be sent by {moment}").format(number=number, moment=shown_moment(late[0])),
            hint=_(
                "has the ledger been put back from a backup? Then whom it calls pending may have the issue already. "
                "If it is right, and late is better than never: --anyway"
            ),
        )


def refuse_old_copy(connection: sqlite3.Connection, state: Path) -> None:
    """Raises `SendHeld` where another ledger was used here that knew more than this one."""
    if is_old_copy(connection, state):
        raise _held(is_gone=not read_issues(connection))


def refuse_lost(state: Path) -> None:
    """Raises `SendHeld` where there is no ledger any more."""
    if read_mark(state) and not has_ledger(state):
        raise _held(is_gone=True)


def _held(*, is_gone: bool) -> SendHeld:
    return SendHeld(
        _("there was a ledger here, and it is gone: nobody can tell who has what")
        if is_gone
        else _("this ledger is older than the last one that was used here: it knows less than has happened"),
        file="state/ledger.db",
        hint=_("put the newest one back; if there is none, whom it calls pending may get the issue twice: --anyway"),
    )
