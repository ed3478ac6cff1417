"""Noticing that a file was saved."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.workspace.folder import ISSUE_NUMBER
from newsletter_cli.workspace.images import is_leftover
from newsletter_cli.workspace.own_words import WORDS_FILE

if TYPE_CHECKING:
    from watchfiles import Change

# The folders that an issue is made from. Nothing else is looked into: not state/ and build/, which nl itself writes,
# nor what else may stand in a repository (a site, node_modules), whose thousands of folders would cost a watch each.
FOLDERS = ("sections", "templates")
# How long a change waits for others, and how long at most: one save is several changes.
STEP_MS, LONGEST_MS = 15, 200
POLL_MS = 300
# When nothing has been heard for as long, the watch stands.
STANDS_MS = 250
STOP_SECONDS = 2.0


# Folders, whether what stands below them is watched, too, and when to stop → the names of what changed, again and
# again; none as soon as the watch stands, and now and then.
Changes = Callable[..., Iterator[set[str]]]


class Watch:
    """Calls `on_change` with the numbers of the issues whose files changed, `None` for all of them.

    Two threads: one looks at the workspace's own folder, so that folders that appear later (or go, as on a change of
    branch) are noticed, the other at all that stands below those that are there. Links to folders are not followed:
    what they lead to may be large, and is none of an issue's.
    """

    def __init__(
        self, root: Path, on_change: Callable[[set[int] | None], None], *, changes: Changes | None = None
    ) -> None:
        self._root = root
        self._on_change = on_change
        self._changes = changes or listen
        self._is_stopped = threading.Event()
        # Set when the folders to look at are others than a moment ago.
        self._has_moved = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch_root, name="nl-preview-watch-root", daemon=True),
            threading.Thread(target=self._watch_folders, name="nl-preview-watch", daemon=True),
        ]

    def start(self) -> None:
        """Starts watching; what changes from now on is noticed a moment later."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._is_stopped.set()
        self._has_moved.set()
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def _watch_root(self) -> None:
        before = self._folders()
        for names in self._changes([self._root], self._is_stopped, is_recursive=False):
            if not names:
                continue
            changed = {Path(name).name for name in names}
            folders = self._folders()
            if folders != before or changed & set(FOLDERS):
                before = folders
                self._has_moved.set()
                self._on_change(None)
            elif changed & {CONFIG_FILE, WORDS_FILE}:
                self._on_change(None)

    def _watch_folders(self) -> None:
        has_gap = False
        while not self._is_stopped.is_set():
            self._has_moved.clear()
            folders = [path for path, _id in self._folders()]
            if not folders:
                self._has_moved.wait()
            for names in self._listen_below(folders) if folders else ():
                # What was saved since the watch before this one ended, nobody has heard of.
                if has_gap or names:
                    self._on_change(None if has_gap else self._issues_of(names))
                has_gap = False
            has_gap = True

    def _listen_below(self, folders: list[Path]) -> Iterator[set[str]]:
        """What changes below the folders, until others are to be watched."""
        within, has_links = _folders_within(folders)
        # The system's own way to watch all that is below follows links.
        paths, is_recursive = (within, False) if has_links else (folders, True)
        for names in self._changes(paths, self._has_moved, is_recursive=is_recursive):
            yield names
            if any(_is_link(name) if is_recursive else Path(name).is_dir() for name in names):
                return

    def _folders(self) -> list[tuple[Path, int]]:
        """Those that are there, each with what tells it from another of its name."""
        return [(path, path.stat().st_ino) for name in FOLDERS if (path := self._root / name).is_dir()]

    def _issues_of(self, names: set[str]) -> set[int] | None:
        """The numbers of the issues that these files belong to; `None` where they belong to all."""
        sections = self._root / "sections"
        numbers = set()
        for path in map(Path, names):
            part = path.relative_to(sections).parts[:1] if path.is_relative_to(sections) else ()
            if not part or not ISSUE_NUMBER.fullmatch(part[0]):
                return None
            numbers.add(int(part[0]))
        return numbers


def _folders_within(folders: list[Path]) -> tuple[list[Path], bool]:
    """The folders and all below them, and whether there is a link to a folder among those."""
    found, has_links = [], False
    for top in folders:
        for folder, names, _files in os.walk(top):
            found.append(Path(folder))
            has_links = has_links or any(os.path.islink(os.path.join(folder, name)) for name in names)  # noqa: PTH114, PTH118 - thousands of names
    return found, has_links


def _is_link(name: str) -> bool:
    path = Path(name)
    return path.is_symlink() and path.is_dir()


def listen(paths: list[Path], stop: threading.Event, *, is_recursive: bool) -> Iterator[set[str]]:
    """The names of files that changed, until `stop` is set or the folders are gone; none after each quiet moment."""
    from watchfiles import watch

    for is_polling in (None, True):
        try:
            for changes in watch(
                *paths,
                watch_filter=_is_of_interest,
                stop_event=stop,
                debounce=LONGEST_MS,
                step=STEP_MS,
                raise_interrupt=False,
                recursive=is_recursive,
                force_polling=is_polling,
                poll_delay_ms=POLL_MS,
                rust_timeout=STANDS_MS,
                yield_on_timeout=True,
                ignore_permission_denied=True,
            ):
                yield {name for _change, name in changes}
        except FileNotFoundError:
            # The folder went away a moment ago: the other thread has noticed, or will.
            stop.wait(POLL_MS / 1000)
            return
        except OSError:
            # The system has no more watches to give (Linux: fs.inotify.max_user_watches): look by and by instead.
            continue
        return


def _is_of_interest(_change: Change, name: str) -> bool:
    return not is_leftover(Path(name).name)
