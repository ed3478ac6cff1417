"""What the ledger says of those who wait: how many, who, for which message, until when."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.deliver.ledger.reading import FreezeRow, read_freezes
from newsletter_cli.deliver.ledger.schema import OPEN, READY
from newsletter_cli.deliver.ledger.transactions import Database, database_errors, stream


def read_send_bys(connection: Database, issue: int) -> list[str]:
    """Until when what waits may be sent, the earliest first; those that may for ever are not in it."""
    with database_errors():
        rows = connection.execute(
            "SELECT DISTINCT send_by FROM wave WHERE issue = ? AND send_by <> '' AND id IN"
            f" (SELECT wave FROM delivery WHERE issue = ? AND {OPEN}"
            " AND state IN ('pending', 'claimed', 'deferred')) ORDER BY send_by",
            (issue, issue),
        )
        return [row[0] for row in rows]


def count_waiting(connection: Database, issue: int) -> int:
    """How many have still to be written to."""
    with database_errors():
        row = connection.execute(f"SELECT count(*) FROM delivery WHERE issue = ? AND {READY}", (issue,)).fetchone()
    return int(row[0])


def read_waiting_keys(connection: Database, issue: int) -> Iterator[str]:
    """The normalised addresses of those who have still to be written to, as a stream."""
    with database_errors():
        rows = stream(connection, f"SELECT key FROM delivery WHERE issue = ? AND {READY}", (issue,))
        for (key,) in rows:
            yield key


def count_untried(connection: Database, issue: int) -> int:
    """How many wait of whom nothing was ever tried."""
    with database_errors():
        row = connection.execute(
            f"SELECT count(*) FROM delivery WHERE issue = ? AND state = 'pending' AND tries = 0 AND {OPEN}",
            (issue,),
        ).fetchone()
    return int(row[0])


def read_waiting_freezes(connection: Database, issue: int, *, but: int = 0) -> tuple[FreezeRow, ...]:
    """The freezes that deliveries still wait for, but for that one."""
    question = f"SELECT DISTINCT wave FROM delivery WHERE issue = ? AND {READY}"
    with database_errors():
        waiting = {row[0] for row in connection.execute(question, (issue,))}
    return tuple(one for one in read_freezes(connection, issue) if one.id in waiting and one.id != but)


def read_templates(connection: Database, issue: int) -> dict[int, bytes]:
    """The frozen messages that deliveries still wait for, by the number of their freeze."""
    with database_errors():
        return dict(
            connection.execute(
                "SELECT id, template FROM wave WHERE issue = ? AND id IN"
                f" (SELECT DISTINCT wave FROM delivery WHERE issue = ? AND {READY})",
                (issue, issue),
            )
        )


def read_ends(connection: Database, issue: int) -> tuple[str, str]:
    """The addresses of the first and the last of all that wait, whenever chosen; empty where nobody does."""

    def address_of(which: str) -> str:
        row = connection.execute(
            "SELECT CASE address WHEN '' THEN key ELSE address END FROM delivery WHERE id ="
            f" (SELECT {which}(id) FROM delivery WHERE issue = ? AND {READY})",
            (issue,),
        ).fetchone()
        return row[0] if row else ""

    with database_errors():
        return address_of("min"), address_of("max")
