"""`sections/002/.pads/`: what was fetched last from each pad, tracked, so that a second editor merges from the same.

For `agenda.md`, `.pads/agenda.md` is the pad's text, and `.pads/agenda.pad` the address it came from: what was fetched
from one pad says nothing of what has changed in another.

A section and its base are two files, and a kill may come between them. The base alone would hide the pad's changes for
good, so the section comes first; and before it, a note of what is about to be written, which tells the next run whether
it was. Without that note, too, nothing is lost: what is in the section already is merged once more.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.files import write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.workspace.files import conflicts_in, read_bytes, read_text, replace_file, storage_errors
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside

PADS = ".pads"


class PadBase(Struct, frozen=True, kw_only=True):
    """What was fetched last; `text` is `None` where nothing was, or where it cannot be used, for the `reason` given."""

    text: str | None = None
    reason: str | None = None


class _Note(Struct, frozen=True, kw_only=True):
    """What is about to be written: the section will have the hash `section`, then its base the `text` of `pad`."""

    section: str
    pad: str
    text: str


def base_files(section: Path) -> tuple[Path, Path]:
    """Where a section's base stands, and the address it came from."""
    folder = section.parent / PADS
    return folder / section.name, folder / f"{section.stem}.pad"


def read_base(workspace: Workspace, section: Path, address: str) -> PadBase:
    """What was fetched last for the section file from the pad at `address`. Raises `ContentError`, `StorageError`."""
    note = _read_note(section)
    if note is not None and note.section == _hash(section):
        return PadBase(text=note.text) if _is_same(note.pad, address) else PadBase(reason=_another_pad())
    path, origin = base_files(section)
    for one in (path, origin):
        refuse_outside(workspace.root, one, ContentError, name=workspace.name_of(one), area="sections")
    if not path.is_file():
        return PadBase()
    if origin.is_file() and not _is_same(read_text(origin, name=workspace.name_of(origin)).strip(), address):
        return PadBase(reason=_another_pad())
    try:
        text = read_text(path, name=workspace.name_of(path))
    except ContentError as error:
        return PadBase(reason=str(error))
    # Those in code, too: nobody mends a base by hand.
    if conflicts_in(text, name=path.name):
        return PadBase(reason=_("{file} has conflict marks of Git").format(file=workspace.name_of(path)))
    return PadBase(text=text)


def _is_same(one: str, other: str) -> bool:
    # With it come the hosts, and what asks them; `nl new` needs none of that.
    from newsletter_cli.pads.identity import pad_identity

    return pad_identity(one) == pad_identity(other)


def _another_pad() -> str:
    return _("what was fetched last came from another pad")


def settle(section: Path, *, workspace: Workspace) -> None:
    """End what a killed run had begun. Raises `StorageError`."""
    note = _read_note(section)
    if note is not None and note.section == _hash(section):
        _write_base(workspace, section, note)
    _remove_note(section)


@contextlib.contextmanager
def base_after(workspace: Workspace, section: Path, content: bytes, *, address: str, text: str) -> Iterator[None]:
    """Inside the block, the section becomes `content`; then its base becomes the `text` fetched from `address`.

    Where the block raises, nothing of the base is changed. Raises `StorageError`, `ContentError`.
    """
    folder = section.parent / PADS
    for one in (folder, *base_files(section)):
        refuse_outside(workspace.root, one, ContentError, name=workspace.name_of(one), area="sections")
    note = _Note(section=hashlib.sha256(content).hexdigest(), pad=address, text=text)
    with storage_errors(workspace.name_of(folder)):
        folder.mkdir(exist_ok=True)
        said = {"section": note.section, "pad": note.pad, "text": note.text}
        write_file(_note_file(section), json.dumps(said).encode())
    try:
        yield
    except Exception:
        _remove_note(section)
        raise
    _write_base(workspace, section, note)
    _remove_note(section)


def _write_base(workspace: Workspace, section: Path, note: _Note) -> None:
    path, origin = base_files(section)
    # Between the two, the base is taken for one of another pad, at worst.
    for file, text in ((path, note.text), (origin, f"{note.pad}\n")):
        # Git may have given them the line ends of Windows.
        if not file.is_file() or file.read_bytes().replace(b"\r\n", b"\n") != text.encode():
            replace_file(file, text, name=workspace.name_of(file))


def _note_file(section: Path) -> Path:
    # Named as what is left over of a killed run: Git ignores it, and a later run may sweep it away.
    return section.parent / PADS / f".nl-{section.name}.pulled.tmp"


def _read_note(section: Path) -> _Note | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(_note_file(section).read_bytes())
        return _Note(section=str(said["section"]), pad=str(said["pad"]), text=str(said["text"]))
    return None


def _remove_note(section: Path) -> None:
    with contextlib.suppress(OSError):
        _note_file(section).unlink(missing_ok=True)


def _hash(section: Path) -> str:
    with contextlib.suppress(ContentError):
        return hashlib.sha256(read_bytes(section, name=section.name)).hexdigest()
    return ""
