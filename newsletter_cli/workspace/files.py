"""Reading and writing files: nothing half-written, every refusal of the disk in plain words."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsletter_cli.errors import ContentError, StorageError
from newsletter_cli.i18n import _


def read_text(path: Path, *, name: str, encoding: str = "utf-8") -> str:
    """The text of a file, line ends and byte order mark kept. `name` is the file as the user knows it.

    Raises `ContentError` (with the line) when the bytes are no text in that encoding, `StorageError` when the
    file cannot be read.
    """
    with storage_errors(name):
        data = path.read_bytes()
    # UTF-16 announces itself; PowerShell's `>` writes it.
    if encoding == "utf-8" and data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ContentError(
            _("this is not {encoding} text (byte {byte})").format(
                encoding=encoding.upper(), byte=f"0x{data[error.start]:02X}"
            ),
            file=name,
            line=data.count(b"\n", 0, error.start) + 1,
            hint=_("save the file as UTF-8 in your editor"),
        ) from None
    except LookupError:
        raise ContentError(_("there is no encoding “{encoding}”").format(encoding=encoding), file=name) from None


@contextlib.contextmanager
def storage_errors(name: str) -> Iterator[None]:
    """Turns the system's refusals (`OSError`) into `StorageError`, naming the file."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            _("the system refused: {reason}").format(reason=error.strerror or error),
            file=name,
            hint=_("is the disk full, the file open in another program, or the folder read-only?"),
        ) from None


def write_new(path: Path, text: str, *, name: str) -> None:
    """Write a file that must not exist yet. Raises `FileExistsError`, which is the caller's to explain."""
    with storage_errors(name):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StorageError(
            _("the system refused: {reason}").format(reason=error.strerror or error), file=name
        ) from None


def replace_file(path: Path, text: str, *, name: str) -> None:
    """Write a file aside and rename it into place: the old text or the new one, never half of each."""
    with storage_errors(name):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                shutil.copymode(path, aside)
            else:
                Path(aside).chmod(0o644)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise


def replace_folder(folder: Path, contents: Mapping[str, str | bytes], *, copied: Mapping[str, Path], name: str) -> None:
    """Make `folder` hold exactly `contents` and the `copied` files, all together or not at all.

    Keys are paths relative to the folder, with forward slashes. Everything is written to a folder beside it,
    then the two change places. A crash between the two renames leaves the old folder under `.NAME.old`, which
    `recover_folder` puts back.
    """
    with storage_errors(name):
        folder.parent.mkdir(parents=True, exist_ok=True)
        recover_folder(folder)
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.new-"))
        try:
            aside.chmod(0o755)
            _fill(aside, contents, copied)
            old = _old_name(folder)
            if old.exists():
                shutil.rmtree(old)
            if folder.exists():
                folder.rename(old)
            try:
                aside.rename(folder)
            except OSError:
                recover_folder(folder)
                raise
            shutil.rmtree(old, ignore_errors=True)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise


def recover_folder(folder: Path) -> None:
    """Put back a folder that an interrupted `replace_folder` left aside."""
    old = _old_name(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)


def _old_name(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _fill(aside: Path, contents: Mapping[str, str | bytes], copied: Mapping[str, Path]) -> None:
    for relative, source in copied.items():
        target = aside / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for relative, content in contents.items():
        target = aside / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        target.write_bytes(data)
