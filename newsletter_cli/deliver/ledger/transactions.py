"""What the ledger asks of a database, and its transactions; every refusal in plain words.

The ledger's statements are written once, in what SQLite and PostgreSQL have in common: `?` and `:name` stand for
values, flags are 0 or 1, texts are compared octet by octet. `postgresql.py` says them in PostgreSQL's own words.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from newsletter_cli.base import private_database
from newsletter_cli.base.errors import LedgerBusy, LedgerError
from newsletter_cli.base.i18n import _

if TYPE_CHECKING:
    from newsletter_cli.deliver.ledger.postgresql import PostgresqlDatabase

DATABASE = "ledger.db"
NAME = f"state/{DATABASE}"

Values = Sequence[Any] | Mapping[str, Any]


class Rows(Protocol):
    """What a statement gave: its rows, one by one or all, and how many rows it changed (all of its values together)."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def fetchone(self) -> Any:
        """The next row; `None` where there is none left."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """An open ledger: an `sqlite3.Connection`, or a `PostgresqlDatabase`. Not thread-safe."""

    @property
    def in_transaction(self) -> bool:
        """Whether something is not committed yet."""
        ...

    def execute(self, statement: str, values: Any = (), /) -> Rows:
        """Run a statement. Only a transaction's own words (`BEGIN IMMEDIATE`, `BEGIN`, `COMMIT`, `ROLLBACK`) begin or
        end one."""
        ...

    def executemany(self, statement: str, values: Iterable[Any], /) -> Rows:
        """Run a statement once for each of these."""
        ...

    def close(self) -> None:
        """Let go of it; what is not committed is undone."""
        ...


def as_shared(database: Database) -> PostgresqlDatabase | None:
    """The ledger as one that several machines share; `None` for a file."""
    if isinstance(database, sqlite3.Connection):
        return None
    from newsletter_cli.deliver.ledger.postgresql import PostgresqlDatabase

    assert isinstance(database, PostgresqlDatabase)
    return database


def stream(database: Database, statement: str, values: Values = ()) -> Iterator[Any]:
    """The rows of a question that may have millions, few at a time; others may be asked meanwhile."""
    shared = as_shared(database)
    return iter(database.execute(statement, values)) if shared is None else shared.stream(statement, values)


@contextlib.contextmanager
def transaction(database: Database) -> Iterator[None]:
    """All of the block, durably, or nothing of it. Raises `LedgerError`."""
    with database_errors():
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            roll_back(database)
            raise


def roll_back(database: Database) -> None:
    """Undo what is not committed; the database may have done so by itself (disk full, connection lost)."""
    if database.in_transaction:
        with contextlib.suppress(sqlite3.Error, LedgerError):
            database.execute("ROLLBACK")


def database_errors() -> AbstractContextManager[None]:
    """Turns what SQLite and the disk refuse into `LedgerError`s; PostgreSQL's refusals are such already."""
    return private_database.database_errors(_Words())


class _Words:
    def busy(self) -> LedgerError:
        return LedgerBusy(
            _("another program is writing the ledger"), file=NAME, hint=_("wait for it to end, then try again")
        )

    def refused(self, reason: str) -> LedgerError:
        return LedgerError(
            _("the ledger cannot be written: {reason}").format(reason=reason),
            file=NAME,
            hint=_("make room on the disk, then run the same command again: it goes on where it was"),
        )

    def damaged(self, reason: str) -> LedgerError:
        return LedgerError(
            _("this is no ledger of nl, or it is damaged: {reason}").format(reason=reason),
            file=NAME,
            hint=_("put it back from a backup; without it nobody can tell who got the issue"),
        )

    def system(self, reason: str) -> LedgerError:
        return LedgerError(_("the system refused: {reason}").format(reason=reason), file=NAME)
