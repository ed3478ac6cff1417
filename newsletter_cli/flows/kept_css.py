"""What CSS was read as, kept for the next run in the user's own cache folder, never in the workspace."""

from __future__ import annotations

import contextlib
import hashlib
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import msgspec
from msgspec import Struct

from newsletter_cli import __version__
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.user_folders import own_cache, read_own
from newsletter_cli.flows.compiled import compiled_templates
from newsletter_cli.render.kept import Kept
from newsletter_cli.render.known_css import KnownCss, Rules, Style
from newsletter_cli.workspace.folder import Workspace

READERS = ("cssutils", "premailer")


class _File(Struct, frozen=True):
    rules: dict[str, Rules]
    styles: dict[str, Style]


class KeptCss(KnownCss):
    """Read from a file when it is made. Without a disk, CSS is read again."""

    def __init__(self, path: Path):
        self._path = path
        with contextlib.suppress(OSError, msgspec.DecodeError):
            kept = msgspec.json.decode(read_own(path), type=_File)
            super().__init__(kept.rules, kept.styles)
            return
        super().__init__()

    def keep(self) -> None:
        """Write it, where there is something new in it."""
        if self.is_new:
            self.is_new = False
            content = msgspec.json.encode(_File(dict(self.rules), dict(self.styles)))
            with contextlib.suppress(OSError):
                write_file(self._path, content, mode=PRIVATE_FILE, is_lasting=False)


def kept_for(workspace: Workspace) -> Kept:
    """What earlier runs of this user have found out; nothing where no folder is safe for it."""
    templates, folder, name = compiled_templates(workspace), own_cache("css", workspace.root), _name()
    if folder is None or name is None:
        return Kept(templates=templates)
    return Kept(templates=templates, css=_kept(folder / name))


def keep(kept: Kept) -> None:
    """Keep what this run has found out; compiled templates keep themselves."""
    if isinstance(kept.css, KeptCss):
        kept.css.keep()


@lru_cache(maxsize=4)
def _kept(path: Path) -> KeptCss:
    return KeptCss(path)


@cache
def _name() -> str | None:
    """One for each version of what reads CSS; `None` where it is no file that could be told from another's.

    Its numbers would say it as well, but asking for them takes longer than reading the file.
    """
    files: list[object] = [__version__]
    for spec in map(find_spec, READERS):
        if spec is None or spec.origin is None:
            return None
        try:
            found = Path(spec.origin).stat()
        except OSError:
            return None
        files.append((spec.origin, found.st_size, found.st_mtime_ns))
    return f"{hashlib.sha256(repr(files).encode()).hexdigest()[:32]}.json"
