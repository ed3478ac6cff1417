"""What a run has found out, kept for the next one in the user's own cache folder, never in the workspace."""

from __future__ import annotations

import contextlib
import hashlib
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from newsletter_cli import __version__
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.user_folders import own_cache, read_own
from newsletter_cli.base.values import replace
from newsletter_cli.flows.compiled import compiled_templates, prune
from newsletter_cli.render.kept import Calendars, Kept
from newsletter_cli.render.known_code import KnownCode, Pieces
from newsletter_cli.render.known_css import KnownCss, Rules, Style
from newsletter_cli.workspace.folder import Workspace

T = TypeVar("T")

# What makes what is kept; another version of one makes it anew.
CSS_READERS = ("cssutils", "premailer", "newsletter_cli.render.known_css")
CODE_READERS = ("pygments", "newsletter_cli.render.dressing.code")
CALENDAR_WRITERS = ("icalendar", "newsletter_cli.render.calendar")
MOST_KEPT = 60
CALENDAR_END = b"END:VCALENDAR\r\n"


class _Css(Struct, frozen=True):
    rules: dict[str, Rules]
    styles: dict[str, Style]


class KeptCss(KnownCss):
    """Read from a file when it is made. Without a disk, CSS is read again."""

    def __init__(self, path: Path):
        self._path = path
        kept = _read(path, _Css)
        super().__init__(*(() if kept is None else (kept.rules, kept.styles)))

    def keep(self) -> None:
        """Write it, where there is something new in it."""
        if self.is_new:
            self.is_new = False
            _write(self._path, _Css(dict(self.rules), dict(self.styles)))


class KeptCode(KnownCode):
    """The same for the parts of code."""

    def __init__(self, path: Path):
        self._path = path
        super().__init__(_read(path, dict[str, Pieces]) or {})

    def keep(self) -> None:
        """Write it, where there is something new in it."""
        if self.is_new:
            self.is_new = False
            _write(self._path, dict(self.blocks))


def _read(path: Path, kind: type[T]) -> T | None:
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(read_own(path), type=kind)
    return None


def _write(path: Path, value: object) -> None:
    with contextlib.suppress(OSError):
        write_file(path, msgspec.json.encode(value), mode=PRIVATE_FILE, is_lasting=False)
        prune(path.parent, "*.json", MOST_KEPT)


class KeptCalendars(Calendars):
    """A file for each."""

    def __init__(self, folder: Path, version: str):
        super().__init__()
        self._folder, self._version = folder, version

    def read(self, key: str) -> bytes | None:
        """What an earlier run has kept: a whole calendar, or nothing."""
        with contextlib.suppress(OSError):
            found = read_own(self._path(key))
            return found if found.endswith(CALENDAR_END) else None
        return None

    def keep(self, key: str, calendar: bytes) -> None:
        """Keep it for a later run."""
        with contextlib.suppress(OSError):
            write_file(self._path(key), calendar, mode=PRIVATE_FILE, is_lasting=False)
            prune(self._folder, "*.ics", MOST_KEPT)

    def _path(self, key: str) -> Path:
        return self._folder / f"{self._version}-{key}.ics"


def kept_for(workspace: Workspace) -> Kept:
    """What earlier runs of this user have found out; nothing where no folder is safe for it."""
    kept = Kept(templates=compiled_templates(workspace))
    folder = own_cache("rendering", workspace.root)
    if folder is None:
        return kept
    css_version, code_version, calendar_version = map(_version, (CSS_READERS, CODE_READERS, CALENDAR_WRITERS))
    if css_version is not None:
        kept = replace(kept, css=_kept_css(folder / f"css-{css_version}.json"))
    if code_version is not None:
        kept = replace(kept, code=_kept_code(folder / f"code-{code_version}.json"))
    if calendar_version is not None:
        kept = replace(kept, calendars=_kept_calendars(folder, calendar_version))
    return kept


def keep(kept: Kept) -> None:
    """Keep what this run has found out; the rest keeps itself."""
    for one in (kept.css, kept.code):
        if isinstance(one, KeptCss | KeptCode):
            one.keep()


@lru_cache(maxsize=4)
def _kept_css(path: Path) -> KeptCss:
    return KeptCss(path)


@lru_cache(maxsize=4)
def _kept_code(path: Path) -> KeptCode:
    return KeptCode(path)


@lru_cache(maxsize=4)
def _kept_calendars(folder: Path, version: str) -> KeptCalendars:
    return KeptCalendars(folder, version)


@cache
def _version(makers: tuple[str, ...]) -> str | None:
    """One for each version of what makes something; `None` where a maker is no file that could be told from another's.

    Its numbers would say it as well, but asking for them takes longer than reading what was kept.
    """
    files: list[object] = [__version__]
    for spec in map(find_spec, makers):
        if spec is None or spec.origin is None:
            return None
        try:
            found = Path(spec.origin).stat()
        except OSError:
            return None
        files.append((spec.origin, found.st_size, found.st_mtime_ns))
    return hashlib.sha256(repr(files).encode()).hexdigest()[:16]
