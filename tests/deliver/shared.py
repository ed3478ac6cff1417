"""Ledgers in a PostgreSQL of the tests' own."""

from __future__ import annotations

from pathlib import Path

import psycopg

from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.place import LedgerPlace, SharedLedger
from newsletter_cli.deliver.ledger.postgresql import TABLES


def new_ledger(url: str, state: Path, *, lease_seconds: float = 30.0) -> SharedLedger:
    """An empty one: what the tests before left is dropped."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS nl_ledger CASCADE")
    state.mkdir(parents=True, exist_ok=True)
    return SharedLedger(url=url, state=state, lease_seconds=lease_seconds)


def octets_of(place: LedgerPlace) -> bytes:
    """All that a ledger holds: its files, or every row of its tables."""
    if isinstance(place, Path):
        return b"".join(path.read_bytes() for path in place.glob("ledger.db*"))
    database = open_database(place)
    try:
        return repr([database.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]).encode()
    finally:
        database.close()
