"""How far the endpoint's log has been fetched: kept in the list, beside what was recorded of it."""

from __future__ import annotations

from msgspec import Struct

from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.store import Store

LOG, AFTER, WISHES_AT = "endpoint log", "endpoint after", "endpoint wishes at"


class Position(Struct, frozen=True, kw_only=True):
    """Which log (empty: none was fetched yet), up to which number; and when all wishes to leave were last there (ISO
    8601, UTC, by this machine's clock; empty: never).
    """

    log: str = ""
    after: int = 0
    wishes_at: str = ""


def read_position(store: Store) -> Position:
    """Raises `ListError`."""
    with database_errors(store.name):
        noted = dict(
            store.connection.execute(
                "SELECT name, value FROM meta WHERE name IN (?, ?, ?)", (LOG, AFTER, WISHES_AT)
            ).fetchall()
        )
    return Position(log=noted.get(LOG, ""), after=int(noted.get(AFTER, 0)), wishes_at=noted.get(WISHES_AT, ""))


def note_position(store: Store, position: Position) -> None:
    """Inside the caller's transaction."""
    noted = ((LOG, position.log), (AFTER, str(position.after)), (WISHES_AT, position.wishes_at))
    store.connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", noted)
