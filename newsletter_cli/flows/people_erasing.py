"""Erasing people from the files that `nl` wrote beside its databases: messages in folders, reports, exports."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from newsletter_cli.audience.membership import parse_one_address
from newsletter_cli.audience.rights import erase_rows, rejects_folder
from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import HELD, leftovers, sweep
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.flows.people_files import Holding, drop_names, read_all, read_known
from newsletter_cli.flows.sending.transport import choose_transport
from newsletter_cli.flows.sending.verifying import DRY_RUNS, clear_dry_runs
from newsletter_cli.workspace.folder import Workspace

# The fields of a message stand in its first octets.
HEAD_BYTES = 16_384
HEAD_END = re.compile(rb"\r?\n\r?\n")
TO_FIELD = re.compile(rb"^to:((?:.*\n[ \t])*.*)", re.IGNORECASE | re.MULTILINE)
IN_BRACKETS = re.compile(r"<([^<>]*)>\s*$")


class ErasedFiles(Struct, kw_only=True):
    """What was erased: whose (`keys`), how many messages and rows, which files; and of what it `failed`, with why."""

    keys: set[str] = field(default_factory=set)
    messages: int = 0
    rows: int = 0
    files: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def erase_from_files(workspace: Workspace, keys: Collection[str]) -> ErasedFiles:
    """Take people, by their normalised addresses, out of every file that `nl` wrote and knows of."""
    done = ErasedFiles()
    _trying(done, workspace, workspace.root / "state" / DRY_RUNS, partial(clear_dry_runs, workspace))
    _sweep(done, workspace)
    known = read_known(workspace)
    folders = {one.path for one in known if one.holds is Holding.MESSAGES} | set(_outboxes(workspace))
    for folder in sorted(folders):
        _trying(done, workspace, folder, partial(_erase_messages, done, workspace, folder, keys))
    for one in known:
        if one.holds is Holding.ROWS:
            _trying(done, workspace, one.path, partial(_erase_rows, done, workspace, one.path, keys))
        elif one.holds is Holding.PERSON:
            _trying(done, workspace, one.path, partial(_erase_person, done, workspace, one.path, keys))
    register = workspace.root / "state"
    _trying(done, workspace, register, lambda: drop_names(workspace, lambda line: any(key in line for key in keys)))
    return done


def _sweep(done: ErasedFiles, workspace: Workspace) -> None:
    """What killed exports, reports and imports left half-written; what is being written this moment is told."""
    written = [one.path.parent for one in read_all(workspace) if one.holds in (Holding.ROWS, Holding.PERSON)]
    for folder in dict.fromkeys((rejects_folder(workspace.root / "state"), *written)):
        sweep(folder, is_alone=False)
        for left in leftovers(folder):
            if left.name.endswith(HELD):
                done.failed.append((workspace.name_of(left), _("another nl is writing it")))


def _trying(done: ErasedFiles, workspace: Workspace, path: Path, erase: Callable[[], None]) -> None:
    try:
        erase()
    except OSError as error:
        _note_failure(done, workspace, path, system_reason(error))
    except NewsletterError as error:
        _note_failure(done, workspace, path, error.message)
    except ValueError as error:
        _note_failure(done, workspace, path, str(error))


def _note_failure(done: ErasedFiles, workspace: Workspace, path: Path, reason: str) -> None:
    """A folder of messages is told once, however many of them the system does not give."""
    failure = (workspace.name_of(path), reason)
    if failure not in done.failed:
        done.failed.append(failure)


def _outboxes(workspace: Workspace) -> Iterator[Path]:
    yield workspace.root / "state" / "outbox"
    try:
        folder = choose_transport(workspace, None).folder
    except NewsletterError:
        return
    if folder is not None:
        yield folder


def _erase_messages(done: ErasedFiles, workspace: Workspace, folder: Path, keys: Collection[str]) -> None:
    """One message after the other: there may be a hundred thousand."""
    local_parts = {key.rpartition("@")[0] for key in keys}
    for place in (folder, *(folder / name for name in ("new", "cur", "tmp"))):
        if not place.is_dir():
            continue
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    _trying(done, workspace, folder, partial(_erase_message, done, Path(entry.path), keys, local_parts))


def _erase_message(done: ErasedFiles, path: Path, keys: Collection[str], local_parts: Collection[str]) -> None:
    key = _addressee(path, local_parts)
    if key in keys:
        done.keys.add(key)
        path.unlink(missing_ok=True)
        done.messages += 1


def _addressee(path: Path, local_parts: Collection[str]) -> str:
    """Whom a message is addressed to, as addresses are compared; "" where it is none of those sought."""
    with path.open("rb") as file:
        head = HEAD_END.split(file.read(HEAD_BYTES), maxsplit=1)[0]
    found = TO_FIELD.search(head)
    if found is None:
        return ""
    text = found[1].decode("utf-8", "replace").strip()
    bracketed = IN_BRACKETS.search(text)
    address = (bracketed[1] if bracketed else text).strip()
    # Understanding an address takes its time.
    if address.rpartition("@")[0].casefold() not in local_parts and address.isascii():
        return ""
    try:
        return parse_one_address(address)[0].key
    except NewsletterError:
        return ""


def _erase_rows(done: ErasedFiles, workspace: Workspace, path: Path, keys: Collection[str]) -> None:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        header = file.readline()
    delimiter = ";" if header.count(";") > header.count(",") else ","
    for key in keys:
        count = erase_rows(path, key, delimiter=delimiter)
        if count:
            done.rows += count
            done.keys.add(key)
            done.files.append(workspace.name_of(path))


def _erase_person(done: ErasedFiles, workspace: Workspace, path: Path, keys: Collection[str]) -> None:
    known = json.loads(path.read_text("utf-8"))
    key = str(known.get("address", "")) if isinstance(known, dict) else ""
    if key in keys:
        path.unlink()
        done.keys.add(key)
        done.files.append(workspace.name_of(path) if key not in path.name else "…")
