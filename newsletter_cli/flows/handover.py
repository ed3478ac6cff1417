"""`nl state export` and `import`: list and ledger go to another machine, and one machine sends at a time."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from newsletter_cli.audience.csv_output import refuse_existing
from newsletter_cli.audience.handover import HANDED_OVER, read_handover
from newsletter_cli.audience.store import Store, open_store
from newsletter_cli.base import files
from newsletter_cli.base.errors import AlreadyExists, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.ledger.database import copy_ledger, open_database
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.reading import read_issues
from newsletter_cli.deliver.ledger.runs import read_generation, read_ledger_id
from newsletter_cli.deliver.ledger.transactions import database_errors
from newsletter_cli.flows import state_archive
from newsletter_cli.flows.state_archive import LEDGER, LIST, pack, read_state, unpack, verify
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace

Seal = Callable[[bytes], bytes]


class HandedOver(Struct, frozen=True, kw_only=True):
    """What a file holds: so many people on the managed list, so many who must not be written to, these issues."""

    file: str
    people: int
    suppressed: int
    issues: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names nobody."""
        return {**asdict(self), "issues": list(self.issues)}


def export_state(workspace: Workspace, path: Path, seal: Seal) -> HandedOver:
    """Write list and ledger to a private file, sealed; from then on nothing is sent from here, or changed.

    Raises `UsageError` where there is nothing, `AlreadyExists`, `LedgerBusy`, `ListError`, `StorageError`.
    """
    state = workspace.private_folder("").resolve()
    refuse_existing(path)
    with only_writer(state), _list_at_rest(state), database_errors(), storage_errors(str(path)):
        content = read_state(state)
        if LIST not in content and LEDGER not in content:
            raise UsageError(
                _("there is no list and no ledger to hand over"), file="state", hint=_("see what there is: nl doctor")
            )
        result = _summary(state, str(path))
        aside = files.write_aside(path, seal(pack(content)), mode=files.PRIVATE_FILE)
        try:
            # First the mark: a kill in between leaves no two copies that both send.
            _mark(state)
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    return result


def import_state(workspace: Workspace, path: Path, unseal: Seal) -> HandedOver:
    """Put what was handed over in place: all of it, or nothing.

    Raises `UsageError` for what is no such file, `AlreadyExists` where a state is in use here, `LedgerBusy`,
    `StorageError`.
    """
    with storage_errors(str(path)):
        sealed = path.read_bytes()
    content = unpack(unseal(sealed), name=str(path))
    state = workspace.private_folder("").resolve()
    with only_writer(state), database_errors(), storage_errors("state"):
        sweep(state, is_alone=True, of="import")
        folder = Path(tempfile.mkdtemp(dir=state, prefix=".nl-import-", suffix=".tmp"))
        try:
            for name, octets in content.items():
                files.write_file(folder / name, octets, mode=files.PRIVATE_FILE)
            verify(folder, frozenset(content), name=str(path))
            _refuse_in_use(state)
            _refuse_older(state, folder, str(path))
            _put_in_place(state, folder, content)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return _summary(state, str(path))


@contextlib.contextmanager
def _list_at_rest(state: Path) -> Iterator[None]:
    """Nobody changes the list meanwhile, and who waits to do so finds it handed over."""
    if not (state / LIST).is_file():
        yield
        return
    with open_store(state) as store:
        store.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            store.connection.execute("ROLLBACK")


def _mark(state: Path) -> None:
    text = timestamp(datetime.now(UTC)) + "\n"
    files.write_file(state / HANDED_OVER, text.encode("ascii"), mode=files.PRIVATE_FILE)


def _refuse_in_use(state: Path) -> None:
    """Raises `AlreadyExists` where somebody would lose what is known here."""
    if read_handover(state) is not None:
        return
    found = _summary(state, "state")
    if found.people or found.suppressed or found.issues:
        raise AlreadyExists(
            _("there is a list or a ledger here, and it is in use"),
            file="state",
            hint=_("hand it over first, so that it is not lost: nl state export OTHER.age; then import"),
        )


def _refuse_older(state: Path, folder: Path, name: str) -> None:
    """Raises `UsageError` where the ledger here knows more than the same one in the file."""
    with contextlib.closing(copy_ledger(state)) as here, contextlib.closing(copy_ledger(folder)) as there:
        if read_ledger_id(here) == read_ledger_id(there) and read_generation(here) > read_generation(there):
            raise UsageError(
                _("it is older than what is here: the ledger here has seen more sends"),
                file=name,
                hint=_("take the newest file: the one that was exported last"),
            )


def _put_in_place(state: Path, folder: Path, content: Mapping[str, bytes]) -> None:
    # Until all of it is there, this is nobody's state to send from; the same import, run again, completes it.
    _mark(state)
    for name in state_archive.FILES:
        path = state / name
        if name in state_archive.DATABASES:
            _rest(state, name)
            # A log that were left would be taken for that of the new file.
            for log in (f"{name}-wal", f"{name}-shm"):
                (state / log).unlink(missing_ok=True)
        if name in content:
            (folder / name).replace(path)
        else:
            path.unlink(missing_ok=True)
    (state / HANDED_OVER).unlink()


def _rest(state: Path, name: str) -> None:
    """All that a database knows is in its file, none of it in the log; one that is broken is replaced as it is."""
    if not (state / name).is_file():
        return
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(state / name)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _summary(state: Path, file: str) -> HandedOver:
    people = suppressed = 0
    issues: list[int] = []
    if (state / LIST).is_file():
        with open_store(state) as store:
            people = _count(store, "SELECT count(*) FROM subscriber")
            suppressed = _count(store, "SELECT count(*) FROM suppression")
    if (state / LEDGER).is_file():
        with contextlib.closing(open_database(state)) as connection:
            issues = read_issues(connection)
    return HandedOver(file=file, people=people, suppressed=suppressed, issues=tuple(issues))


def _count(store: Store, question: str) -> int:
    with store.reading() as connection:
        return int(connection.execute(question).fetchone()[0])
