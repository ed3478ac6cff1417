"""What is handed over, as one archive: the files of `state/` that know people, each by its fixed name."""

from __future__ import annotations

import contextlib
import io
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsletter_cli.audience import list_schema, store
from newsletter_cli.audience.copying import copy_database
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.private_database import has_shape
from newsletter_cli.deliver.ledger import runs, transactions
from newsletter_cli.deliver.ledger.schema import MIGRATIONS

LIST, KEY, LEDGER = list_schema.DATABASE, store.KEY_FILE, transactions.DATABASE
# The schemas that this version understands, oldest first.
DATABASES = {LIST: list_schema.MIGRATIONS, LEDGER: MIGRATIONS}
# A database packs to a tenth; after an erasure, which leaves zeros, to less. One that unpacks to more than this is made
# to fill the memory.
MOST_GROWTH = 200
MOST_BYTES_ANYWAY = 256_000_000
# In the order in which they are put in place.
FILES = (KEY, LIST, store.MARK, LEDGER, runs.MARK)


def read_state(state: Path) -> dict[str, bytes]:
    """The content of the files that are there; a database as it stands, its log included."""
    found = {}
    for name in FILES:
        path = state / name
        if not path.is_file():
            continue
        if name in DATABASES:
            with contextlib.closing(copy_database(path)) as copy:
                found[name] = copy.serialize()
        else:
            found[name] = path.read_bytes()
    return found


def pack(files: Mapping[str, bytes]) -> bytes:
    """One archive of all."""
    with io.BytesIO() as stream:
        with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=3) as archive:
            for name, content in files.items():
                about = tarfile.TarInfo(name)
                about.size, about.mode = len(content), 0o600
                archive.addfile(about, io.BytesIO(content))
        return stream.getvalue()


def unpack(packed: bytes, *, name: str) -> dict[str, bytes]:
    """The files of an archive; no name but those that are known, and nothing but files. Raises `UsageError`."""
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            return dict(_members(archive, name, most_bytes=MOST_BYTES_ANYWAY + MOST_GROWTH * len(packed)))
    except (tarfile.TarError, OSError, EOFError):
        raise _no_state(name) from None


def _members(archive: tarfile.TarFile, name: str, *, most_bytes: int) -> Iterator[tuple[str, bytes]]:
    seen = set()
    left = most_bytes
    for member in archive:
        left -= member.size
        if left < 0:
            raise _no_state(name)
        content = archive.extractfile(member) if member.isreg() else None
        if member.name not in FILES or member.name in seen or content is None:
            raise _no_state(name)
        seen.add(member.name)
        yield member.name, content.read()


def verify(folder: Path, names: frozenset[str], *, name: str) -> None:
    """Whether unpacked files can be used: whole, of a version that is known, the key the list's own.

    Raises `UsageError`.
    """
    if LIST not in names and LEDGER not in names:
        raise _no_state(name)
    for one in sorted(names & DATABASES.keys()):
        try:
            with contextlib.closing(sqlite3.connect(folder / one)) as connection:
                is_whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                key = connection.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
                is_ours = version > 0 and _is_ours(connection, one, version)
        except sqlite3.Error:
            is_whole, version, key, is_ours = False, 0, None, False
        if not is_whole or not (is_ours or version > len(DATABASES[one])):
            raise UsageError(
                _("{file} in it is damaged").format(file=one),
                file=name,
                hint=_("export it again, there; nothing was changed"),
            )
        if version > len(DATABASES[one]):
            raise UsageError(_("it was written by a newer nl"), file=name, hint=_("update nl, then try again"))
        if key is not None and not _is_key(folder, names, key[0]):
            raise UsageError(
                _("the key of the suppression list in it is another one, or missing"),
                file=name,
                hint=_("export it again, there; nothing was changed"),
            )


def _is_ours(connection: sqlite3.Connection, name: str, version: int) -> bool:
    """Whether a database is a list or ledger that `nl` made: what is put in place is written to from then on."""
    wanted = {"generation", "secret"} if name == LEDGER else {"version"}
    known = {row[0] for row in connection.execute("SELECT name FROM meta")}
    return has_shape(connection, DATABASES[name][:version]) and wanted <= known


def _is_key(folder: Path, names: frozenset[str], wanted: str) -> bool:
    if KEY not in names:
        return False
    try:
        return store.key_name(bytes.fromhex((folder / KEY).read_text("ascii").strip())) == wanted
    except ValueError:
        return False


def _no_state(name: str) -> UsageError:
    return UsageError(_("this is no state of nl"), file=name, hint=_("make one: nl state export FILE, there"))
