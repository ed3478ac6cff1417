"""The private state of the audience: one SQLite file, and the key of the suppression list beside it.

    state/list.db           subscribers, suppression list, re-admissions, imports done (mode 0600)
    state/list.db.version-N the list before a newer nl changed its tables, until the next erasure
    state/list.mark         how many changes the list has seen: an older one that is put back is noticed
    state/suppression.key   32 random bytes, in hexadecimal: without it the suppression list cannot be read

WAL, so that a selection reads while an import writes; an import is one transaction. `secure_delete`: what is
erased is overwritten. On Windows the modes mean nothing; there the folder's access list protects it.
"""

from __future__ import annotations

import contextlib
import hmac
import secrets
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from newsletter_cli.audience.copying import copy_database, empty_database, is_writable
from newsletter_cli.audience.handover import refuse_handed_over
from newsletter_cli.audience.list_schema import (
    DATABASE,
    OLD_COPY,
    bring_up_to_date,
    database_errors,
    remove_old_copies,
)
from newsletter_cli.base.errors import ListError
from newsletter_cli.base.files import PRIVATE_FILE, write_file, write_new_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.base.private_database import make_private_file, rewrite

KEY_FILE = "suppression.key"
# How many changes the newest list has seen: a list with fewer was put back from an older copy.
MARK = "list.mark"
PRIVATE_FOLDER = 0o700
BUSY_SECONDS = 60.0
RETRY_SECONDS = 0.02
CACHE_KIBIBYTES = 48_000


class Store:
    """An open `state/list.db`. Close it, or use it as a context manager."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, name: str):
        self.connection = connection
        self.folder = folder
        self.name = name
        self._secret: bytes | None = None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    @property
    def secret(self) -> bytes:
        """The key of the suppression list; made at the first use. Raises `ListError` when it was lost."""
        if self._secret is None:
            self._secret = self._read_secret()
        return self._secret

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block or nothing of it, and nobody else's in between. Raises `ListBusy`, `ListError`."""
        with database_errors(self.name):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                refuse_handed_over(self.folder)
                yield self.connection
                version = self._count_up()
                self.connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            self._write_mark(version)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The list as it stands at the first question, whatever others write meanwhile."""
        with database_errors(self.name):
            if self.connection.in_transaction:
                yield self.connection
                return
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self._roll_back()

    def _roll_back(self) -> None:
        # SQLite may have rolled back by itself (disk full): a second time would be an error.
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def version(self) -> int:
        """How many transactions have changed the list."""
        with database_errors(self.name):
            return int(self.connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()[0])

    def has_lost_suppression(self) -> bool:
        """Whether the key of a suppression list stands beside a list that was never used with any."""
        if not (self.folder / KEY_FILE).is_file():
            return False
        with database_errors(self.name):
            return self.connection.execute("SELECT 1 FROM meta WHERE name = 'key'").fetchone() is None

    def _count_up(self) -> int:
        """Count the change that is being made; an older copy stays known as one, however far it comes to count."""
        self.connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'version'")
        version = self.version()
        if version <= read_mark(self.folder):
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('older', '')")
        return version

    def _write_mark(self, version: int) -> None:
        # The list has it already: a mark that cannot be written warns of nothing, and must not stop the work. An older
        # copy moves no mark: the newest list, put back at last, must not seem the older one.
        if version > read_mark(self.folder) and not self.is_old_copy():
            _put_mark(self.folder, version)

    def is_old_copy(self) -> bool:
        """Whether this list knows less than the last one that was used here: who left since, it cannot know."""
        with database_errors(self.name):
            is_noted = self.connection.execute("SELECT 1 FROM meta WHERE name = 'older'").fetchone() is not None
        return is_noted or self.version() < read_mark(self.folder)

    def accept_as_newest(self) -> None:
        """A person has said that this list counts, older or not. Raises `ListError` for a key that is none."""
        if self.has_lost_suppression():
            self.secret  # noqa: B018 - its first use makes it the key of this list
        if self.is_old_copy():
            with database_errors(self.name):
                self.connection.execute("DELETE FROM meta WHERE name = 'older'")
            _put_mark(self.folder, self.version())

    def compact(self) -> bool:
        """After an erasure: nothing of what was erased stays in the files. `False`: somebody else holds them open."""
        remove_old_copies(self.folder)
        with database_errors(self.name):
            return rewrite(self.connection)

    def _read_secret(self) -> bytes:
        path = self.folder / KEY_FILE
        try:
            text = path.read_text("ascii").strip()
        except FileNotFoundError:
            self._refuse_new_key()
            _create_key(path)
            text = path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ListError(_("the key cannot be read: {reason}").format(reason=error), file=KEY_FILE) from None
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            secret = b""
        if len(secret) < 32:
            raise ListError(_("this is not the key nl made"), file=KEY_FILE, hint=_RESTORE)
        self._check_key(secret)
        return secret

    def _refuse_new_key(self) -> None:
        if self._has_hashes():
            raise ListError(
                _("the key is gone, and without it nobody on the suppression list can be known again"),
                file=KEY_FILE,
                hint=_RESTORE,
            )

    def _check_key(self, secret: bytes) -> None:
        row = self.connection.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
        if row is not None and row[0] != key_name(secret):
            self._refuse_other_key()
        if row is None or row[0] != key_name(secret):
            with database_errors(self.name):
                self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('key', ?)", (key_name(secret),))

    def _has_hashes(self) -> bool:
        """Whether the key is needed to know somebody again: who left, or an address that somebody had."""
        question = "SELECT 1 FROM suppression UNION ALL SELECT 1 FROM moved LIMIT 1"
        return self.connection.execute(question).fetchone() is not None

    def _refuse_other_key(self) -> None:
        if self._has_hashes():
            raise ListError(
                _("this is another key than the one the suppression list was made with"), file=KEY_FILE, hint=_RESTORE
            )


_RESTORE = _("put back state/suppression.key from your backup; it belongs to state/list.db")


def open_store(folder: Path) -> Store:
    """The store in `folder` (the workspace's `state/`), made where it is missing. Raises `ListError`."""
    path = folder / DATABASE
    name = f"{folder.name}/{DATABASE}"
    with database_errors(name):
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        with contextlib.suppress(OSError):
            for left in (MARK, KEY_FILE):
                sweep(folder, is_alone=False, of=left)
        make_private_file(path)
        _make_private(folder, PRIVATE_FOLDER)
        for private in (path, folder / KEY_FILE, folder / MARK, *folder.glob(OLD_COPY.format(version="*"))):
            _make_private(private, PRIVATE_FILE)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.executescript(
                f"PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -{CACHE_KIBIBYTES};"
                "PRAGMA temp_store = FILE;"
            )
            _use_log(connection)
            bring_up_to_date(connection, path, name)
        except BaseException:
            connection.close()
            raise
    return Store(connection, folder, name)


def look_into_store(folder: Path, *, is_aside: bool = False) -> Store:
    """The store in `folder` for whoever only reads: none is made, and one that cannot be written is read all the same.

    `is_aside`: a copy of it is read, and nothing in `folder` changes, not even who may read it. Raises `ListError`.
    """
    path = folder / DATABASE
    if is_writable(path) and not is_aside:
        return open_store(folder)
    name = f"{folder.name}/{DATABASE}"
    with database_errors(name):
        connection = copy_database(path) if path.exists() else empty_database()
        try:
            bring_up_to_date(connection, None, name)
        except BaseException:
            connection.close()
            raise
    return Store(connection, folder, name)


def read_mark(folder: Path) -> int:
    """The number beside the list: how many changes the last one that was used here had seen; 0 where there is none."""
    try:
        return int((folder / MARK).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _put_mark(folder: Path, version: int) -> None:
    with contextlib.suppress(OSError):
        write_file(folder / MARK, f"{version}\n".encode(), mode=PRIVATE_FILE, is_lasting=False)


def _make_private(path: Path, mode: int) -> None:
    """Take away what a copy or a backup has opened to others; somebody else's file is left as it is."""
    with contextlib.suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(mode)


def _use_log(connection: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite does not wait by itself while another process makes the same database."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)


def key_name(secret: bytes) -> str:
    """A name for the key that says nothing of it: two lists know by it whether theirs is the same."""
    return hmac.digest(secret, b"nl suppression key", "sha256").hex()[:16]


def _create_key(path: Path) -> None:
    """Whole or not at all, unless somebody else was faster."""
    with database_errors(KEY_FILE), contextlib.suppress(FileExistsError):
        write_new_file(path, f"{secrets.token_hex(32)}\n".encode("ascii"), mode=PRIVATE_FILE)
