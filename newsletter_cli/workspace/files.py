"""Reading and writing files: every refusal of the disk in plain words, never half a file."""

from __future__ import annotations

import contextlib
import errno
import io
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base import files, folders
from newsletter_cli.base.conflicts import Conflict, find_conflicts
from newsletter_cli.base.errors import ContentError, StorageError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.base.text_encoding import is_text_encoding
from newsletter_cli.markdown.lines import split_lines

# No text is as long; a file of gigabytes would take all memory before anybody could say what it is.
MOST_BYTES = 32_000_000
# UTF-8 with strays: pieces pasted from files of Windows.
SHOWN_ENCODINGS = {"utf-8": "Windows-1252", "cp1252": "Windows-1252", "utf-16": "UTF-16", "utf-32": "UTF-32"}
# What to look for first, for it is in hardly any text.
MARKED = re.compile(r"^(?:<{7}|>{7})", re.MULTILINE)
# In no text that somebody wrote; a picture has plenty.
CONTROL = Pattern(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")


def read_text(path: Path, *, name: str, encoding: str = "utf-8") -> str:
    """The text of a file, line ends and byte order mark kept. `name` is the file as the user knows it.

    Raises `ContentError` (with the line) when the bytes are no text in that encoding, or too many, or hold what Git
    leaves of a conflict, `UsageError` when there is no such encoding, `StorageError` when the file cannot be read.
    """
    if not is_text_encoding(encoding):
        raise UsageError(
            _("there is no encoding “{encoding}”").format(encoding=encoding),
            hint=_("for instance: utf-8, cp1252"),
        )
    data = read_bytes(path, name=name)
    # UTF-16 announces itself; PowerShell's `>` writes it.
    if encoding == "utf-8" and data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = data.decode(encoding)
        refuse_conflicts(text, name=name)
        return text
    except UnicodeDecodeError as error:
        raise ContentError(
            _("this is not {encoding} text (byte {byte})").format(
                encoding=encoding.upper(), byte=f"0x{data[error.start]:02X}"
            ),
            file=name,
            line=data.count(b"\n", 0, error.start) + 1,
            hint=_("save the file as UTF-8 in your editor"),
        ) from None
    # UTF-16 without its mark tells no place.
    except UnicodeError:
        raise ContentError(
            _("this is not {encoding} text").format(encoding=encoding.upper()),
            file=name,
            hint=_("save the file as UTF-8 in your editor"),
        ) from None


def refuse_conflicts(text: str, *, name: str) -> None:
    """Raises `ContentError` for the first conflict that Git left in the text, with the others in its `also`."""
    faults = [
        ContentError(
            _("nl pull left a conflict here: these lines were changed in this file and in the pad")
            if found.is_pulled
            else _("Git left a conflict here: two people changed the same lines"),
            file=name,
            line=found.line,
            hint=_conflict_hint(found),
        )
        for found in conflicts_in(text, name=name)
        if not found.is_in_code
    ]
    if faults:
        faults[0].also = tuple(faults[1:])
        raise faults[0]


def conflicts_in(text: str, *, name: str) -> list[Conflict]:
    """The conflicts in the text of the file `name`; in Markdown, those shown as code included."""
    if not MARKED.search(text):
        return []
    return list(find_conflicts(split_lines(text), is_markdown=name.lower().endswith(".md")))


def _conflict_hint(found: Conflict) -> str:
    if found.middle is None or found.end is None or found.line == found.end:
        return _("delete the marks that are left (<<<<<<<, =======, >>>>>>>), and look over the lines around them")
    return _(
        "one version stands above line {middle} (=======), the other below it, down to line {end}: keep what is right, "
        "delete the rest and the marks"
    ).format(middle=found.middle, end=found.end)


class TextRead(Struct, frozen=True, kw_only=True):
    """The text of a file. `encoding`: how it was read, where that is not UTF-8; else nothing."""

    text: str
    encoding: str = ""


def read_any_text(path: Path, *, name: str) -> TextRead:
    """The text of a file that may have been saved in another encoding than UTF-8, told apart as lists are.

    Raises as `read_text`, for what is no text in any of them.
    """
    data = read_bytes(path, name=name)
    if (read := decode_any(data)) is not None:
        return read
    return TextRead(text=read_text(path, name=name))


def decode_any(data: bytes) -> TextRead | None:
    """The text of the bytes in UTF-8, UTF-16 or Windows-1252; `None` for what is in none of them."""
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode("utf-8")
        if "\0" not in text:
            return TextRead(text=text)
    from newsletter_cli.audience.csv_text import NotText, detect_encoding

    try:
        found = detect_encoding(io.BytesIO(data))
    except NotText:
        return None
    kind = found.codec.replace("-le", "").replace("-be", "")
    if kind not in ("utf-16", "utf-32", "utf-8", "cp1252") or found.has_nul:
        return None
    text = data.decode(found.codec, found.errors)
    return None if CONTROL.search(text) else TextRead(text=text, encoding=SHOWN_ENCODINGS[kind])


def read_bytes(path: Path, *, name: str) -> bytes:
    """The bytes of a text's file. Raises `ContentError` for what is no file or holds too many, `StorageError`."""
    with storage_errors(name):
        # Whoever opens a pipe waits for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise no_file(name)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ContentError(
            _("this file has more than {size} MB, and is not read").format(size=MOST_BYTES // 1_000_000),
            file=name,
            hint=_("is it a text at all? Pictures and attachments stand in files of their own"),
        )
    return data


def no_file(name: str) -> ContentError:
    """What is called like a file and is none."""
    return ContentError(
        _("this is a folder, a link to nowhere or a device, and no file"),
        file=name,
        hint=_("put the text itself there, or move it away"),
    )


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
        _("the system refused: {reason}").format(reason=system_reason(error)),
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
        files.write_new_file(path, _bytes(content))
    except FileExistsError:
        raise
    except OSError as error:
        raise storage_error(error, name=name) from None


def write_new_folder(folder: Path, contents: Mapping[str, str | bytes], *, name: str) -> None:
    """Write a folder that must not exist yet, whole at once. Raises `FileExistsError`, the caller's to explain."""
    try:
        folders.write_new_folder(folder, {name: _bytes(content) for name, content in contents.items()})
    except FileExistsError:
        raise
    except OSError as error:
        raise storage_error(error, name=name) from None


def replace_file(path: Path, text: str, *, name: str) -> None:
    """Write a file over what is there: the old text or the new one, never half of each."""
    with storage_errors(name):
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_file(path, _bytes(text))


def replace_folder(
    folder: Path, contents: Mapping[str, str | bytes | Iterator[bytes]], *, copied: Mapping[str, Path], name: str
) -> dict[str, int]:
    """Make `folder` hold exactly `contents` and the `copied` files, all together or not at all.

    Keys are paths relative to the folder, with forward slashes; a content may come piece by piece. Returns the size
    in bytes of each of `contents`.
    """
    with storage_errors(name):
        return folders.replace_folder(
            folder,
            {name: content if isinstance(content, Iterator) else _bytes(content) for name, content in contents.items()},
            copied=copied,
        )


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
