"""A list from any database that SQLAlchemy reaches, through one query of the editor's own."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from msgspec import Struct

from newsletter_cli.audience.columns import USUAL_NAMES
from newsletter_cli.audience.row import Candidate, Tally, parse_rows
from newsletter_cli.audience.table import table_columns, table_rows
from newsletter_cli.base.errors import ListError
from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.config.list_settings import ListColumnSettings
from newsletter_cli.model.subscriber import GONE, SubscriberStatus

BATCH_ROWS = 1_000
CONNECT_SECONDS = 15
# `:name` is a parameter to SQLAlchemy; in the editor's query a colon is a colon (`'12:30'`, `value::text`).
COLON = re.compile(r"(?<![:\w\\]):(?=\w)|(?<=\w):(?=\w)")


class SqlSource(Struct, frozen=True, kw_only=True):
    """The source `sql`. `url` may hold a password: it is never shown; `name` stands in for it."""

    url: str
    query: str
    name: str = "SQL"
    columns: ListColumnSettings = USUAL_NAMES
    unused_columns: tuple[str, ...] = ()
    default_status: SubscriberStatus = SubscriberStatus.CONFIRMED
    kind: str = "sql"
    has_doubles: bool = True

    def __repr__(self) -> str:
        return f"SqlSource(name={self.name!r})"

    def read(self, tally: Tally) -> Iterator[Candidate]:
        """Every candidate of the query's result, streamed. Raises `ListError`."""
        yield from self._read(tally, only_with_status=False)

    def read_gone(self) -> Iterator[Candidate]:
        """The candidates whose row says that they left."""
        for candidate in self._read(Tally(), only_with_status=True):
            if candidate.status in GONE and not candidate.fault:
                yield candidate

    def _read(self, tally: Tally, *, only_with_status: bool) -> Iterator[Candidate]:
        # Closed here, not by the garbage collector: the connection goes back at once, whatever happens.
        with contextlib.closing(self._records()) as records:
            columns = table_columns(next(records), self.columns, unused=self.unused_columns, source=self.name)
            if only_with_status and not columns.has_status:
                return
            tally.notes += columns.notes
            yield from parse_rows(table_rows(records, tally), columns, tally, self.default_status)

    def _records(self) -> Generator[Sequence[Any], None, None]:
        """The names of the columns, then each record. The transaction is rolled back: a query only reads."""
        import sqlalchemy

        engine = self._engine()
        try:
            with engine.connect().execution_options(stream_results=True, yield_per=BATCH_ROWS) as connection:
                result = connection.execute(sqlalchemy.text(COLON.sub(r"\\:", self.query)))
                if not result.returns_rows:
                    raise ListError(_("the query returns no rows"), file=self.name, hint=_QUERY_HINT)
                yield list(result.keys())
                for partition in result.partitions():
                    yield from partition
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise self._error(error) from None
        finally:
            engine.dispose()

    def _engine(self) -> Any:
        import sqlalchemy

        try:
            url = sqlalchemy.make_url(self.url)
            # `postgresql://` means psycopg 3 here, which nl installs, not psycopg2, SQLAlchemy's old default.
            if url.drivername in {"postgresql", "postgres"}:
                url = url.set(drivername="postgresql+psycopg")
            options = {"connect_timeout": CONNECT_SECONDS} if url.get_backend_name() == "postgresql" else {}
            engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, connect_args=options)
            if engine.dialect.driver == "pysqlite":
                sqlalchemy.event.listen(engine, "connect", _only_reading)
            return engine
        except (ImportError, sqlalchemy.exc.NoSuchModuleError) as error:
            raise ListError(
                _("the driver of this database is not installed ({reason})").format(reason=error),
                file=self.name,
                hint=_("for PostgreSQL: {command}").format(command=how_to_add("postgresql")),
            ) from None
        except (sqlalchemy.exc.ArgumentError, ValueError):
            raise ListError(
                _("the address of the database cannot be read"),
                file=self.name,
                hint=_("for instance: sqlite:///members.db, postgresql://reader@host/base"),
            ) from None

    def _error(self, error: Any) -> ListError:
        # `orig` is the driver's error, without the statement and its parameters; addresses are people's.
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()
        text = without_addresses(reason[0] if reason else type(error).__name__, "–@–")[:300]
        return ListError(_("the database refused: {reason}").format(reason=text), file=self.name, hint=_QUERY_HINT)


def _only_reading(connection: sqlite3.Connection, _record: object) -> None:
    """SQLite opens and writes any file of the machine for whoever asks (ATTACH, VACUUM INTO): it does nothing of it."""
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
    allowed.add(sqlite3.SQLITE_TRANSACTION)

    def decide(action: int, *_more: object) -> int:
        return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY

    connection.set_authorizer(decide)


_QUERY_HINT = _("check [list.sql] in newsletter.toml: the query must be one SELECT that names an address column")
