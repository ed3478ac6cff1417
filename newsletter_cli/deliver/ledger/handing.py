"""What an issue's senders are told through the ledger: to pause, and that workers may take part."""

from __future__ import annotations

from newsletter_cli.deliver.ledger.schema import READY
from newsletter_cli.deliver.ledger.transactions import Database, as_shared, database_errors, transaction

SET = "INSERT INTO meta VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value"


def pause(database: Database, issue: int) -> None:
    """Have whoever sends the issue stop, on every machine, until it is sent again. Raises `LedgerError`."""
    with transaction(database):
        database.execute(SET, (paused_name(issue), "1"))


def go_on(database: Database, issue: int) -> None:
    """It may be sent again. Raises `LedgerError`."""
    with transaction(database):
        database.execute("DELETE FROM meta WHERE name = ?", (paused_name(issue),))


def is_paused(database: Database, issue: int) -> bool:
    """Whether somebody had it stop. Raises `LedgerError`."""
    with database_errors():
        return database.execute("SELECT 1 FROM meta WHERE name = ?", (paused_name(issue),)).fetchone() is not None


def paused_name(issue: int) -> str:
    """What the ledger notes under while an issue is paused."""
    return f"paused.{issue}"


# Whose ledger it is.
NEWSLETTER = "newsletter"


def read_newsletter(database: Database) -> str:
    """The name of the newsletter that was first sent from here; empty where none was. Raises `LedgerError`."""
    with database_errors():
        found = database.execute("SELECT value FROM meta WHERE name = ?", (NEWSLETTER,)).fetchone()
    return "" if found is None else str(found[0])


def note_newsletter(database: Database, name: str) -> None:
    """It is this newsletter's. Raises `LedgerError`."""
    with transaction(database):
        database.execute(SET, (NEWSLETTER, name))


HANDED = "workers."


def hand_out(database: Database, issue: int, transport: str) -> None:
    """Workers may send the issue by this transport. Raises `LedgerError`."""
    with transaction(database):
        database.execute(SET, (f"{HANDED}{issue}", transport))
    shared = as_shared(database)
    if shared is not None:
        shared.wake()


def read_handed_out(database: Database) -> dict[int, str]:
    """The issues that workers may send and that somebody waits for, the first one first, with the transport of each;
    without those that are paused. Raises `LedgerError`.
    """
    with database_errors():
        rows = database.execute("SELECT name, value FROM meta WHERE name LIKE ?", (f"{HANDED}%",)).fetchall()
        issues = sorted((int(name.removeprefix(HANDED)), transport) for name, transport in rows)
        return {
            issue: transport
            for issue, transport in issues
            if not is_paused(database, issue) and _has_open(database, issue)
        }


def _has_open(database: Database, issue: int) -> bool:
    """Whether anybody waits, or is held by a sender that may be gone."""
    question = f"SELECT 1 FROM delivery WHERE issue = ? AND ({READY} OR state IN ('claimed', 'attempting')) LIMIT 1"
    return database.execute(question, (issue,)).fetchone() is not None
