"""Reading and writing files: nothing half-written, every refusal of the disk in plain words."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsletter_cli.errors import ContentError, StorageError, UsageError
from newsletter_cli.i18n import _

ABANDONED_SECONDS = 600


def read_text(path: Path, *, name: str, encoding: str = "utf-8") -> str:
    """The text of a file, line ends and byte order mark kept. `name` is the file as the user knows it.

    Raises `ContentError` (with the line) when the bytes are no text in that encoding, `UsageError` when there is
    no such encoding, `StorageError` when the file cannot be read.
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
    # Python's encodings that are none for texts (hex, idna) raise one or the other.
    except (LookupError, UnicodeError):
        raise UsageError(_("there is no encoding “{encoding}”").format(encoding=encoding)) from None


@contextlib.contextmanager
def storage_errors(name: str) -> Iterator[None]:
    """Turns the system's refusals (`OSError`) into `StorageError`, naming the file."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, name=name) from None


def storage_error(error: OSError, *, name: str | None) -> StorageError:
    """The system's refusal in plain words."""
    return StorageError(
        _("the system refused: {reason}").format(reason=error.strerror or error),
        file=name,
        hint=_storage_hint(error.errno),
    )


def _storage_hint(code: int | None) -> str:
    match code:
        case errno.ENOSPC | errno.EDQUOT:
            return _("the disk is full, or your share of it: make room, then do the same again")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            # Windows says the same of a file that another program holds open.
            return _(
                "you have no right to it, or another program holds it open: see its permissions, close the program"
            )
        case errno.ENOTDIR | errno.EISDIR | errno.EEXIST:
            return _("a file stands where a folder should be, or a folder where a file should: move it away")
        case errno.ENOENT:
            return _("it is not there, or no longer: has it been moved or renamed?")
        case _:
            return _("is the disk full, the file open in another program, or the folder read-only?")


def write_new(path: Path, content: str | bytes, *, name: str) -> None:
    """Write a file that must not exist yet. Raises `FileExistsError`, which is the caller's to explain."""
    with storage_errors(name):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = path.open("xb")
    except FileExistsError:
        raise
    except OSError as error:
        raise storage_error(error, name=name) from None
    with storage_errors(name):
        try:
            with file:
                file.write(_bytes(content))
                # As far as the disk itself: some say only then that they are full, and this is somebody's work.
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


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
    `recover_folder` puts back; what a crash left half-written is taken away the next time.
    """
    with storage_errors(name):
        folder.parent.mkdir(parents=True, exist_ok=True)
        recover_folder(folder)
        _sweep(folder)
        aside = folder.with_name(f".{folder.name}.new-{os.urandom(4).hex()}")
        old = _old_name(folder)
        try:
            aside.mkdir()
            _fill(aside, contents, copied)
            _remove(old)
            if folder.exists():
                folder.rename(old)
            aside.rename(folder)
            with contextlib.suppress(OSError):
                _remove(old)
        except BaseException:
            recover_folder(folder)
            shutil.rmtree(aside, ignore_errors=True)
            raise


def recover_folder(folder: Path) -> None:
    """Put back a folder that an interrupted `replace_folder` left aside."""
    old = _old_name(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)


def _old_name(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _sweep(folder: Path) -> None:
    """Take away what killed runs left beside `folder`; younger ones may belong to a run that goes on."""
    for left in folder.parent.glob(f".{folder.name}.new-*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _fill(aside: Path, contents: Mapping[str, str | bytes], copied: Mapping[str, Path]) -> None:
    # Without fsync, which doubles the time of an assembly: what goes into a folder can be made again.
    for relative, source in copied.items():
        target = aside / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for relative, content in contents.items():
        target = aside / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_bytes(content))


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
