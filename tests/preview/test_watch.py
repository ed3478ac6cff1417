"""Saves are noticed, whichever way an editor saves; nothing else is."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter_cli.preview.watch import Watch, listen
from newsletter_cli.workspace.folder import Workspace
from tests.preview.watched import wait_until_watched, watched
from tests.waiting import wait_until
from tests.workspaces import write

Heard = list[set[int] | None]
# Long enough to say that nothing comes.
QUIET_SECONDS = 0.4


@contextmanager
def watching(root: Path) -> Iterator[Heard]:
    heard: Heard = []
    watch = Watch(root, heard.append)
    watch.start()
    wait_until_watched(root)
    try:
        yield heard
    finally:
        watch.stop()


def wait_for(heard: Heard, numbers: set[int] | None) -> None:
    wait_until(lambda: numbers in heard, lambda: f"not noticed: {heard}")


def settled(heard: Heard) -> Heard:
    time.sleep(QUIET_SECONDS)
    return heard


def test_a_save_says_whose_it_is(workspace: Workspace) -> None:
    with watching(workspace.root) as heard:
        write(workspace.root / "sections/002/news.md", "New\n")
        wait_for(heard, {2})
        assert None not in settled(heard)


def test_one_save_in_several_steps_is_told_once(workspace: Workspace) -> None:
    news = workspace.root / "sections/002/news.md"
    with watching(workspace.root) as heard:
        with news.open("w", encoding="utf-8") as file:
            for piece in ("one", " and", " two"):
                file.write(piece)
                file.flush()
        wait_for(heard, {2})
        assert settled(heard) == [{2}]


def test_editors_that_write_aside_and_rename(workspace: Workspace) -> None:
    news = workspace.root / "sections/002/news.md"
    with watching(workspace.root) as heard:
        write(news.with_name(".news.md.swp"), "x")
        write(news.with_name("news.md~"), "x")
        assert settled(heard) == []
        write(news.with_name(".news.md.new"), "New\n").replace(news)
        wait_for(heard, {2})


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("sections/001/news.md", {1}),
        ("sections/002/images/deep/one.png", {2}),
        ("sections/notes.md", None),
        ("templates/themes/own/theme.toml", None),
        ("newsletter.toml", None),
    ],
)
def test_all_that_an_issue_is_made_of(workspace: Workspace, name: str, numbers: set[int] | None) -> None:
    (workspace.root / "templates/themes/own").mkdir(parents=True)
    (workspace.root / "sections/002/images/deep").mkdir(parents=True)
    with watching(workspace.root) as heard:
        write(workspace.root / name, "anything")
        wait_for(heard, numbers)
        heard.clear()
        (workspace.root / name).unlink()
        wait_for(heard, numbers)


def test_what_nl_itself_writes_and_what_else_stands_there_is_left_alone(workspace: Workspace) -> None:
    for folder in ("build/002", "state/cache", "site/content", ".git/objects", "node_modules/x"):
        (workspace.root / folder).mkdir(parents=True)
    with watching(workspace.root) as heard:
        for folder in ("build/002", "state/cache", "site/content", ".git/objects", "node_modules/x"):
            write(workspace.root / folder / "file.md", "anything")
        for name in (
            "list.csv",
            "README.md",
            ".newsletter.toml.swp",
            "sections/002/.DS_Store",
            "sections/002/Thumbs.db",
        ):
            write(workspace.root / name, "anything")
        shutil.rmtree(workspace.root / "build")
        assert settled(heard) == []


def test_a_new_issue(workspace: Workspace) -> None:
    with watching(workspace.root) as heard:
        write(workspace.root / "sections/003/_issue.md", "---\ntitle: Three\n---\n")
        wait_for(heard, {3})
        wait_until_watched(workspace.root)
        heard.clear()
        write(workspace.root / "sections/003/news.md", "Text\n")
        wait_for(heard, {3})
        heard.clear()
        shutil.rmtree(workspace.root / "sections/003")
        wait_for(heard, {3})


@pytest.mark.parametrize("name", ["sections", "templates"])
def test_folders_that_appear_later_go_and_come_back(workspace: Workspace, name: str) -> None:
    folder = workspace.root / name
    shutil.rmtree(folder, ignore_errors=True)
    with watching(workspace.root) as heard:
        for _time in range(3):
            folder.mkdir()
            wait_for(heard, None)
            # The watch is taken anew for each change of the workspace's own folder, and there may be two.
            settled(heard).clear()
            wait_until_watched(workspace.root)
            write(folder / "001" / "news.md", "Text\n")
            wait_for(heard, {1} if name == "sections" else None)
            shutil.rmtree(folder)
            settled(heard).clear()


def test_neither_folder_is_there_yet(workspace: Workspace) -> None:
    shutil.rmtree(workspace.root / "sections")
    with watching(workspace.root) as heard:
        assert settled(heard) == []
        write(workspace.root / "sections/001/_issue.md", "---\ntitle: One\n---\n")
        wait_for(heard, None)


def test_another_folder_in_its_place_is_watched_instead(workspace: Workspace) -> None:
    # As a change of branch does.
    with watching(workspace.root) as heard:
        shutil.copytree(workspace.root / "sections", workspace.root / "other")
        (workspace.root / "sections").rename(workspace.root / "old")
        (workspace.root / "other").rename(workspace.root / "sections")
        wait_for(heard, None)
        # The watch is taken anew for each change of the workspace's own folder, and there may be two.
        settled(heard).clear()
        wait_until_watched(workspace.root)
        write(workspace.root / "sections/002/news.md", "New\n")
        wait_for(heard, {2})


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_sections_may_be_a_link(workspace: Workspace) -> None:
    (workspace.root / "sections").rename(workspace.root.parent / "elsewhere")
    (workspace.root / "sections").symlink_to("../elsewhere", target_is_directory=True)
    with watching(workspace.root) as heard:
        write(workspace.root.parent / "elsewhere/002/news.md", "New\n")
        wait_until(lambda: heard)


def test_nothing_is_told_after_the_end(workspace: Workspace) -> None:
    names = {thread.name for thread in threading.enumerate()}
    with watching(workspace.root) as heard:
        pass
    write(workspace.root / "sections/002/news.md", "New\n")
    assert settled(heard) == []
    assert {thread.name for thread in threading.enumerate()} == names


@pytest.mark.skipif(sys.platform != "linux", reason="counts handles in /proc")
def test_no_handle_is_left_behind(workspace: Workspace) -> None:
    def handles() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with watching(workspace.root):
        pass
    before = handles()
    for _time in range(5):
        with watching(workspace.root) as heard:
            shutil.rmtree(workspace.root / "templates", ignore_errors=True)
            (workspace.root / "templates").mkdir()
            wait_for(heard, None)
    # The system's watcher lets go of its own a moment after it was told to.
    wait_until(lambda: handles() <= before, lambda: f"{handles() - before} more")


def test_a_save_while_the_watch_is_taken_anew_is_shown_all_the_same(workspace: Workspace) -> None:
    heard: Heard = []
    heard_before_the_save: list[int] = []

    def changes(paths: list[Path], stop: threading.Event, *, is_recursive: bool) -> Iterator[set[str]]:
        # Between two watches: the one before has ended, the next does not stand yet.
        if workspace.root / "templates" in paths:
            settled(heard)
            write(workspace.root / "sections/002/news.md", "Saved meanwhile\n")
            heard_before_the_save.append(len(heard))
        yield from listen(paths, stop, is_recursive=is_recursive)

    shutil.rmtree(workspace.root / "templates", ignore_errors=True)
    watch = Watch(workspace.root, heard.append, changes=changes)
    watch.start()
    try:
        wait_until_watched(workspace.root)
        (workspace.root / "templates").mkdir()
        wait_until(lambda: heard_before_the_save and len(heard) > heard_before_the_save[-1], lambda: f"lost: {heard}")
        wait_until_watched(workspace.root)
        settled(heard).clear()
        # Told once: a watch that stands says nothing by itself.
        assert settled(heard) == []
    finally:
        watch.stop()


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_to_a_folder_is_not_followed(workspace: Workspace) -> None:
    elsewhere = workspace.root.parent / "large"
    (elsewhere / "deep").mkdir(parents=True)
    link = workspace.root / "sections/002/large"
    link.symlink_to(elsewhere, target_is_directory=True)
    with watching(workspace.root) as heard:
        write(elsewhere / "deep/file.md", "anything")
        write(elsewhere / "file.md", "anything")
        assert settled(heard) == []
        if sys.platform == "linux":
            assert elsewhere.stat().st_ino not in watched("self")
        write(workspace.root / "sections/002/news.md", "New\n")
        wait_for(heard, {2})
        # Folders that come later are watched, too.
        write(workspace.root / "sections/003/_issue.md", "---\ntitle: Three\n---\n")
        wait_for(heard, {3})
        wait_until_watched(workspace.root)
        settled(heard).clear()
        write(workspace.root / "sections/003/news.md", "Text\n")
        wait_for(heard, {3})
        link.unlink()
        wait_for(heard, {2})


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_that_appears_later_is_not_followed_either(workspace: Workspace) -> None:
    elsewhere = workspace.root.parent / "large"
    elsewhere.mkdir()
    with watching(workspace.root) as heard:
        (workspace.root / "sections/002/large").symlink_to(elsewhere, target_is_directory=True)
        wait_for(heard, {2})
        wait_until_watched(workspace.root)
        settled(heard).clear()
        write(elsewhere / "file.md", "anything")
        assert settled(heard) == []
        write(workspace.root / "sections/002/news.md", "New\n")
        wait_for(heard, {2})
