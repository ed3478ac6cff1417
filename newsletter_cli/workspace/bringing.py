"""Pictures that come into an issue from elsewhere: a name that is free there, and fit for mail at once."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from msgspec import Struct

from newsletter_cli.config.settings import RESERVED_NAMES
from newsletter_cli.workspace.images import IMAGE_SUFFIXES
from newsletter_cli.workspace.reworking import HEIC_SUFFIXES, Change, NotReworked, rework

FOLDER = "images"
WORKED_ON = IMAGE_SUFFIXES | {".avif", ".bmp", ".tif", ".tiff", *HEIC_SUFFIXES}
# Twice the column of an e-mail.
WIDEST = 1200
# What file systems and addresses take badly; a leading dot hides a file.
UNFIT = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*#%]+")
MOST_LETTERS = 80


class Brought(Struct, frozen=True, kw_only=True):
    """A picture on its way into the issue's folder. `name`: what it is called there (`images/pier.jpg`); `reason`: why
    it could not be made fit for mail, and is as it came.
    """

    name: str
    content: bytes
    changes: tuple[Change, ...] = ()
    reason: str = ""


def bring_picture(folder: Path | None, wanted: str, content: bytes, *, taken: Collection[str]) -> Brought:
    """The picture as it goes into `folder`, called as nearly `wanted` as can be.

    Fitted as `nl images` does. A file there with the same content is this picture; one with another keeps its name.
    `taken`: names that others of the same import have; without a `folder`, there is nothing yet.
    """
    stem, suffix = posixpath.splitext(fit_name(wanted))
    changes: tuple[Change, ...] = ()
    reason = ""
    if suffix in WORKED_ON:
        try:
            new = rework(content, suffix, widest=WIDEST)
        except NotReworked as error:
            reason = str(error)
        else:
            if new is not None:
                content, suffix, changes = new.content, new.suffix, new.changes
    name = free_name(folder, f"{FOLDER}/{stem}{suffix}", content, taken=taken)
    return Brought(name=name, content=content, changes=changes, reason=reason)


def free_name(folder: Path | None, name: str, content: bytes, *, taken: Collection[str]) -> str:
    """The name, or one like it with a number, that no file of other content has, in letters of whatever case."""
    given = {one.casefold() for one in taken}
    path = PurePosixPath(name)
    candidate, count = path, 1
    while candidate.as_posix().casefold() in given or (folder and not _may_be(folder / candidate, content)):
        count += 1
        candidate = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return candidate.as_posix()


def _may_be(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return not path.is_symlink()
    except OSError:
        return False


def fit_name(wanted: str) -> str:
    """The last part of a path as it may stand in an address and on every disk."""
    path = PurePosixPath(unicodedata.normalize("NFC", wanted.replace("\\", "/")))
    stem = UNFIT.sub("-", path.stem).strip(" .-")[:MOST_LETTERS].rstrip(" .") or "file"
    return f"{f'file-{stem}' if stem.lower() in RESERVED_NAMES else stem}{path.suffix.lower()}"
