"""Our own SQLite files: made private, opened by nobody but SQLite, and rid of what was erased.

POSIX takes all locks of a process on a file away as soon as the process closes the file, by whichever handle
(https://www.sqlite.org/howtocorrupt.html, 2.2). Whoever opened and closed such a file beside SQLite would have SQLite
believe in locks that are gone: other processes would then take the write-ahead log from under an open connection.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.files import PRIVATE_FILE
from newsletter_cli.base.reasons import library_reason, system_reason

# So long an erasure waits for whoever holds the file open: an editor waits for the answer.
PATIENCE_SECONDS = 2.0
_making = threading.Lock()


def make_private_file(path: Path) -> None:
    """Make an empty file of mode 0600 where there is none; one that is there is left alone, and not opened.

    SQLite gives its write-ahead log the mode of the database: it must be private before SQLite opens it.
    """
    with _making:  # no other thread's SQLite may open the file before it is closed here
        if not path.exists():
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))


class DatabaseWords(Protocol):
    """The words of one database for what SQLite and the system refuse; each makes an error of them."""

    def busy(self) -> NewsletterError:
        """Another process is writing it."""
        ...

    def refused(self, reason: str) -> NewsletterError:
        """The disk or the system said no; the file is whole."""
        ...

    def damaged(self, reason: str) -> NewsletterError:
        """The file is none of ours, or it is damaged."""
        ...

    def system(self, reason: str) -> NewsletterError:
        """A file could not be opened, read or written."""
        ...


@contextlib.contextmanager
def database_errors(words: DatabaseWords) -> Iterator[None]:
    """Turns SQLite's and the disk's refusals into errors of nl. SQLite's messages hold no row's content."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        # A statement of ours that breaks a rule of ours: the file is whole, and an older copy would fix nothing.
        raise
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            raise words.busy() from None
        reason = library_reason(error)
        raise (words.refused(reason) if is_refused(error) else words.damaged(reason)) from None
    except OSError as error:
        raise words.system(system_reason(error)) from None


def is_busy(error: sqlite3.DatabaseError) -> bool:
    """Whether another process is writing it."""
    return isinstance(error, sqlite3.OperationalError) and ("locked" in str(error) or "busy" in str(error))


def is_refused(error: sqlite3.DatabaseError) -> bool:
    """Whether the disk or the system said no; the database itself is whole, and ours."""
    return isinstance(error, sqlite3.OperationalError) and not is_busy(error) and not is_foreign(error)


def is_foreign(error: sqlite3.Error) -> bool:
    """Whether SQLite misses a table or column: the database is whole, and another program's."""
    return str(error).startswith(("no such table", "no such column")) or "has no column named" in str(error)


def has_shape(connection: sqlite3.Connection, scripts: Iterable[str]) -> bool:
    """Whether the database has the tables and columns that `scripts` make, and nothing that acts by itself: a trigger
    of somebody else's would change rows behind our back. Raises `sqlite3.Error`.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as wanted:
        for script in scripts:
            wanted.executescript(script)
        acting = connection.execute("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()
        return acting == (0,) and _columns(wanted) <= _columns(connection)


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    question = "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
    return set(connection.execute(question))


def rewrite(connection: sqlite3.Connection, *, patience_seconds: float = PATIENCE_SECONDS) -> bool:
    """Write the database anew, and empty its log: of what was erased, no octet is left in the file.

    `secure_delete` alone leaves copies in the unused parts of pages that were filled and split. `False`: somebody else
    holds the database open, and the old pages are still there. Raises `sqlite3.Error`.
    """
    (usual,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {round(patience_seconds * 1000)}")
    try:
        connection.execute("VACUUM")
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            return False
        raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {usual}")
