"""A site's repository on disk: what may be written there, and in which file the page of an address stands.

Everything here only looks.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path, PurePosixPath

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.config.settings import RESERVED_NAMES
from newsletter_cli.publish.places import fill
from newsletter_cli.publish.profiles import Profile

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
FORBIDDEN = Pattern(r"[<>:\"|?*\\\x00-\x1f\x7f]")
DATED = re.compile(r"(\d{4})/(\d\d)/(\d\d)/")
HEADER_BYTES = 4096
CONFIG_BYTES = 200_000


class Site(Struct, frozen=True, kw_only=True):
    """A site's repository. `name` is the folder as the user knows it."""

    root: Path
    profile: Profile
    name: str

    def target(self, relative: str) -> Path:
        """Where a file of the site is to be written.

        Raises `ContentError` for a name that not every system takes, a way out of the site, a link on the way, and
        something there that a disk without capitals would take for it.
        """
        folder = self.root
        parts = PurePosixPath(relative).parts
        for index, part in enumerate(parts):
            if reason := _wrong_name(part):
                raise self._refusal(
                    relative, reason, _("change the slug, the file’s name or [site] in newsletter.toml")
                )
            path = folder / part
            if path.is_symlink():
                message = _("{name} is a link, and nothing is written through it").format(name=part)
                raise self._refusal(relative, message, _("put a folder or file of the site itself there"))
            if twin := _twin(folder, part):
                message = _("{other} is there, which Windows and macOS take for the same as {name}").format(
                    other=twin, name=part
                )
                raise self._refusal(relative, message, _("rename one of the two"))
            is_last = index == len(parts) - 1
            if (path.exists() and not path.is_dir()) if not is_last else path.is_dir():
                message = (
                    _("a folder is where the file would be")
                    if is_last
                    else _("{name} is a file, where a folder would be").format(name=part)
                )
                raise self._refusal(relative, message, _("move it away, or change [site] in newsletter.toml"))
            folder = path
        return folder

    def find_page(self, address: str) -> str | None:
        """The file in which the page of an address stands: its path in the site; `None` where there is none.

        `address` is the path below the site's, decoded: `projets/`, `actualites/newsletter1/`.
        """
        path = address.strip("/").removesuffix("/index.html").removesuffix(".html")
        if not path or _is_odd(path):
            return None
        stem = path.rpartition("/")[2]
        fields = {"path": path, "stem": stem, "dated": DATED.sub(r"\1-\2-\3-", path)}
        for pattern in self.profile.pages:
            if self.has_file(found := fill(pattern, fields)):
                return found
        return self._page_of_slug(path.rpartition("/")[0], stem)

    def find_static(self, address: str) -> str | None:
        """The file that the site serves at a path of its own: `/img/a.png` → `static/img/a.png`, or `None`."""
        return next((name for name in self.static_names(address) if self.has_file(name)), None)

    def static_names(self, address: str) -> tuple[str, ...]:
        """The files that such a path may mean; none for a path that leads out of the site."""
        path = address.partition("?")[0].partition("#")[0].strip("/")
        if not path or _is_odd(path):
            return ()
        return tuple(f"{static}/{path}" if static else path for static in self.profile.statics)

    def has_file(self, relative: str) -> bool:
        """Whether there is such a file, in the site itself."""
        path = self.root / relative
        try:
            return path.is_file() and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.root))
        except (OSError, ValueError):
            return False

    def has_sign(self) -> bool:
        """Whether anything tells that this is a site of that kind."""
        return any((self.root / name).exists() for name in self.profile.signs)

    def leaves_out_html(self) -> bool:
        """Whether such a site leaves raw HTML out of its pages, and nothing in its configuration says otherwise."""
        return bool(self.profile.html_switch) and self.has_sign() and not self._is_set(self.profile.html_switch)

    def leaves_out_future(self) -> bool:
        """Whether such a site builds no page dated in the future, and nothing in its configuration says otherwise."""
        return bool(self.profile.future_switch) and not self._is_set(self.profile.future_switch)

    def _is_set(self, pattern: str) -> bool:
        """Whether the site's configuration holds something of that pattern."""
        named = [self.root / name for name in self.profile.signs]
        files = [path for path in named if path.is_file()]
        files += [path for folder in named if folder.is_dir() for path in sorted(folder.glob("*/*")) if path.is_file()]
        switch = re.compile(pattern.encode())
        for path in files:
            if self.has_file(path.relative_to(self.root).as_posix()):
                with path.open("rb") as opened:
                    if switch.search(opened.read(CONFIG_BYTES)):
                        return True
        return False

    def _page_of_slug(self, folder: str, slug: str) -> str | None:
        """A page whose header names that slug, in the folder that its address tells."""
        below = "/".join(filter(None, (self.profile.content, folder)))
        try:
            names = sorted(os.listdir(self.root / below))  # noqa: PTH208 - names alone
        except OSError:
            return None
        wanted = re.compile(rf"^slug:\s*[\"']?{re.escape(slug)}[\"']?\s*$".encode(), re.MULTILINE | re.IGNORECASE)
        for name in names:
            file = "/".join(filter(None, (below, name)))
            if name.endswith((".md", ".qmd", ".markdown")) and self.has_file(file):
                with (self.root / file).open("rb") as opened:
                    if wanted.search(opened.read(HEADER_BYTES)):
                        return file
        return None

    def _refusal(self, relative: str, message: str, hint: str) -> ContentError:
        return ContentError(message, file=f"{self.name}/{relative}", hint=hint)


def _is_odd(path: str) -> bool:
    return any(part in ("", ".", "..") or FORBIDDEN.search(part) for part in path.split("/"))


def _wrong_name(part: str) -> str | None:
    """What keeps a name from being one on every system, and in a repository of anybody's."""
    if part in ("", ".", "..") or part.startswith("/"):
        return _("this leads out of the site")
    if part.startswith("."):
        return _("{name} is hidden, and no page of a site").format(name=part)
    if FORBIDDEN.search(part) or part.endswith((" ", ".")) or part.startswith(" "):
        return _("no file can be called “{name}” on Windows").format(name=part)
    if part.partition(".")[0].casefold() in RESERVED_NAMES:
        return _("no file can be called “{name}” on Windows").format(name=part)
    return None


def folded(name: str) -> str:
    """The name as a disk without capitals knows it."""
    return unicodedata.normalize("NFC", name).casefold()


def _twin(folder: Path, name: str) -> str | None:
    """Something in the folder that differs from `name` in capitals or in how accents are made, and is not it."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names alone
    except OSError:
        return None
    if name in names:
        return next((one for one in names if one != name and folded(one) == folded(name)), None)
    twin = next((one for one in names if folded(one) == folded(name)), None)
    if twin is not None and unicodedata.normalize("NFC", twin) == unicodedata.normalize("NFC", name):
        # A Mac may have written the accents apart, and finds the file under either name.
        return None if (folder / name).exists() else twin
    return twin
