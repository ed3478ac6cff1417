"""The tables of `state/list.db`: made, brought up to date from an older nl's, and what can go wrong with the file."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from newsletter_cli.base import private_database
from newsletter_cli.base.errors import ListBusy, ListError
from newsletter_cli.base.files import PRIVATE_FILE, write_aside
from newsletter_cli.base.i18n import _

DATABASE = "list.db"
# What is true of the list as it was first made.
FIRST = """
CREATE TABLE subscriber(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, address TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  groups TEXT NOT NULL, attributes TEXT NOT NULL,
  consent_at TEXT NOT NULL, consent_how TEXT NOT NULL, consent_source TEXT NOT NULL,
  created_at TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE suppression(
  hash BLOB PRIMARY KEY, reason TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE readmission(
  hash BLOB NOT NULL, at TEXT NOT NULL, consent_at TEXT NOT NULL, consent_how TEXT NOT NULL);
CREATE TABLE imported(
  fingerprint TEXT PRIMARY KEY, at TEXT NOT NULL, version INTEGER NOT NULL, counts TEXT NOT NULL);
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO meta VALUES ('version', '0');
"""
# `left_at`: when somebody left; retention counts from there, whatever changes later. `moved`: an address that somebody
# had (its hash), and the normalised address they have now.
SECOND = """
ALTER TABLE subscriber ADD COLUMN left_at TEXT NOT NULL DEFAULT '';
UPDATE subscriber SET left_at = changed_at WHERE status IN ('unsubscribed', 'bounced', 'complained');
CREATE INDEX readmission_of ON readmission(hash);
CREATE TABLE moved(hash BLOB PRIMARY KEY, key TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX moved_to ON moved(key);
"""
# What came back after a send. `reference` is a digest of what told it; `key` is empty where nobody was found, `issue`
# NULL where it is not known.
THIRD = """
CREATE TABLE feedback(
  id INTEGER PRIMARY KEY, reference BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, key TEXT NOT NULL, issue INTEGER,
  status TEXT NOT NULL, words TEXT NOT NULL, at TEXT NOT NULL, source TEXT NOT NULL, recorded_at TEXT NOT NULL);
CREATE INDEX feedback_of ON feedback(key) WHERE key <> '';
CREATE INDEX feedback_on ON feedback(issue, kind);
"""
# Each is the text of one transaction. One that was released is never changed: a new one is added.
MIGRATIONS: tuple[str, ...] = (FIRST, SECOND, THIRD)
# What a list was before a newer nl changed its tables: kept until the next erasure.
OLD_COPY = DATABASE + ".version-{version}"


def bring_up_to_date(connection: sqlite3.Connection, path: Path | None, name: str) -> None:
    """Make the tables, or change those of an older nl; the list at `path` is kept as it was. Raises `ListError`."""
    version = _schema_version(connection)
    if version > len(MIGRATIONS):
        raise ListError(_("the list was written by a newer nl"), file=name, hint=_("update nl, then try again"))
    if path is not None and 0 < version < len(MIGRATIONS):
        _keep_copy(connection, path.with_name(OLD_COPY.format(version=version)))
    for number, migration in enumerate(MIGRATIONS[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        if _schema_version(connection) < number:  # another process may have been first
            for statement in migration.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


def _keep_copy(connection: sqlite3.Connection, copy: Path) -> None:
    """The list as it is, whole or not at all, into a private file beside it."""
    if not copy.exists():
        aside = write_aside(copy, b"", mode=PRIVATE_FILE)
        try:
            connection.execute("VACUUM INTO ?", (str(aside),))
            aside.replace(copy)
        finally:
            aside.unlink(missing_ok=True)


def remove_old_copies(folder: Path) -> None:
    """Whoever is erased must not stand in what the list was before, either. Raises `ListError`."""
    with database_errors(f"{folder.name}/{DATABASE}"):
        for copy in folder.glob(OLD_COPY.format(version="*")):
            copy.unlink(missing_ok=True)


def _schema_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def database_errors(name: str) -> AbstractContextManager[None]:
    """Turns what SQLite and the disk refuse into `ListError`s."""
    return private_database.database_errors(_Words(name))


class _Words:
    def __init__(self, name: str) -> None:
        self._name = name

    def busy(self) -> ListError:
        return ListBusy(
            _("another nl is writing the list"), file=self._name, hint=_("wait for it to end, then try again")
        )

    def refused(self, reason: str) -> ListError:
        return ListError(
            _("the database refused: {reason}").format(reason=reason), file=self._name, hint=_("is the disk full?")
        )

    def damaged(self, reason: str) -> ListError:
        return ListError(
            _("this is no list of nl, or it is damaged: {reason}").format(reason=reason),
            file=self._name,
            hint=_("put it back from a backup, or move it away and import the list again"),
        )

    def system(self, reason: str) -> ListError:
        return ListError(_("the system refused: {reason}").format(reason=reason), file=self._name)
