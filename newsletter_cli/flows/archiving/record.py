"""What `nl archive` wrote into a folder: `.nl-archive.json`, beside the pages.

It tells its own files from those of others, by name and hash, so that nothing but what `nl` wrote, as it wrote it, is
ever replaced or removed; and it knows the pages of issues that cannot be read any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from newsletter_cli.archive.index_page import IndexEntry
from newsletter_cli.base.errors import ConfigError, ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.workspace.files import read_text

RECORD = ".nl-archive.json"
ABOUT = "Written by nl archive: which of these files are its own. Keep it beside them."


class RecordedIssue(Struct, frozen=True, kw_only=True):
    """An issue that has a page: what the index says of it, and its files."""

    entry: IndexEntry
    files: tuple[str, ...]


class Record(Struct, frozen=True, kw_only=True):
    """`files`: the hash of each file of the archive; `former`: that of files that a run was about to replace or take
    away, should it have been killed. Names are paths from the folder, with forward slashes.
    """

    about: str = ABOUT
    issues: dict[int, RecordedIssue] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)

    def has_written(self, name: str, digest: str) -> bool:
        """Whether a file of that name and hash is the archive's own."""
        return digest in (self.files.get(name), self.former.get(name))

    @property
    def names(self) -> frozenset[str]:
        """All names that are the archive's own."""
        return frozenset((*self.files, *self.former))


def digest_of(content: bytes) -> str:
    """The hash of a file; of a text, whichever its line ends are: Git may have changed them on the way here."""
    return hashlib.sha256(content if b"\0" in content else content.replace(b"\r\n", b"\n")).hexdigest()


def read_record(folder: Path, *, name: str) -> Record:
    """The record of a folder; an empty one where there is none. Raises `ConfigError` for one that cannot be read."""
    path = folder / RECORD
    if not path.is_file() or path.is_symlink():
        return Record()
    try:
        return msgspec.json.decode(read_text(path, name=name), type=Record)
    except (ContentError, msgspec.MsgspecError) as error:
        reason = error.message if isinstance(error, ContentError) else str(error)
        raise ConfigError(
            _("this record of the archive cannot be read: {reason}").format(reason=reason),
            file=name,
            hint=_("take it back from Git; or empty the folder, and run nl archive again"),
        ) from None


def written(record: Record) -> bytes:
    """The record as a file; the same record makes the same bytes."""
    plain: Mapping[str, Any] = msgspec.to_builtins(record, str_keys=True)
    return (json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
