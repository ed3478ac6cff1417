"""Files are written whole or not at all, and what the disk refuses is said in plain words."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from newsletter_cli.errors import ContentError, StorageError, UsageError
from newsletter_cli.workspace import files
from newsletter_cli.workspace.files import (
    read_text,
    recover_folder,
    replace_file,
    replace_folder,
    storage_error,
    write_new,
)
from tests.workspaces import (
    CORPUS,
    ISSUE,
    NL,
    SIGKILL,
    environment,
    make_workspace,
    obeying_permissions,
    run,
    tree,
    write,
)

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and signals of POSIX")


class TestRead:
    def test_byte_order_mark_and_line_ends_stay(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.md", b"\xef\xbb\xbfa\r\nb\rc\n")
        assert read_text(path, name="a.md") == "\ufeffa\r\nb\rc\n"

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
    def test_utf_16_announces_itself(self, tmp_path: Path, encoding: str) -> None:
        mark = "" if encoding == "utf-16" else "\ufeff"
        path = write(tmp_path / "a.md", f"{mark}Été\n".encode(encoding))
        assert read_text(path, name="a.md") == "Été\n"

    def test_bytes_that_are_no_utf_8_are_named_with_their_line(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.md", "un\ndeux\nété\n".encode("cp1252"))
        with pytest.raises(ContentError) as caught:
            read_text(path, name="sections/001/a.md")
        assert (caught.value.place, caught.value.exit_status) == ("sections/001/a.md:3", 1)
        assert "0xE9" in caught.value.message
        assert "UTF-8" in (caught.value.hint or "")
        assert read_text(path, name="a.md", encoding="cp1252") == "un\ndeux\nété\n"

    @pytest.mark.parametrize("encoding", ["klingon", "hex", "undefined", "rot13"])
    def test_what_is_no_encoding_is_wrong_usage(self, tmp_path: Path, encoding: str) -> None:
        path = write(tmp_path / "a.md", "a..b" + "x" * 80)
        with pytest.raises(UsageError, match=encoding):
            read_text(path, name="a.md", encoding=encoding)

    @pytest.mark.parametrize("name", ["absent.md", "folder", "file.md/below.md"])
    def test_what_cannot_be_read_is_a_storage_error(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "folder").mkdir()
        write(tmp_path / "file.md", "")
        with pytest.raises(StorageError) as caught:
            read_text(tmp_path / name, name=name)
        assert (caught.value.file, caught.value.exit_status) == (name, 2)


class TestWriteNew:
    def test_it_makes_the_folders_and_keeps_every_byte(self, tmp_path: Path) -> None:
        write_new(tmp_path / "a" / "b.md", "x\r\né\n", name="b.md")
        assert (tmp_path / "a" / "b.md").read_bytes() == "x\r\né\n".encode()

    def test_it_never_writes_over_a_file(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.md", "mine")
        with pytest.raises(FileExistsError):
            write_new(path, "other", name="a.md")
        assert path.read_text() == "mine"

    def test_half_a_file_is_taken_away_again(self, tmp_path: Path) -> None:
        with pytest.raises(UnicodeEncodeError):
            write_new(tmp_path / "a.md", "a" * 100_000 + "\udcff", name="a.md")
        assert not (tmp_path / "a.md").exists()

    def test_a_name_the_system_cannot_hold_is_a_storage_error(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError):
            write_new(tmp_path / ("x" * 300), "a", name="long")

    def test_a_disk_that_is_full_only_at_the_end_leaves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(StorageError, match="No space left"):
            write_new(tmp_path / "a.md", "a", name="a.md")
        assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EACCES, "no right"),
        (errno.EPERM, "no right"),
        (errno.EROFS, "no right"),
        (errno.ENOTDIR, "a file stands where a folder"),
        (errno.EISDIR, "a file stands where a folder"),
        (errno.EEXIST, "a file stands where a folder"),
        (errno.ENOENT, "not there"),
        (errno.EIO, "is the disk full, the file open"),
        (None, "is the disk full, the file open"),
    ],
)
def test_the_hint_is_for_what_was_refused(code: int | None, hint: str) -> None:
    error = OSError("odd") if code is None else OSError(code, os.strerror(code))
    shown = storage_error(error, name="a.md")
    assert hint in (shown.hint or "")
    assert str(error.strerror or error) in shown.message


class TestReplaceFile:
    def test_the_mode_of_the_file_stays(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.toml", "old")
        path.chmod(0o600)
        replace_file(path, "new", name="a.toml")
        assert path.read_text() == "new"
        assert path.stat().st_mode & 0o777 == (0o600 if os.name == "posix" else 0o666)

    @pytest.mark.parametrize("step", ["fsync", "fdopen", "replace"])
    def test_a_refusal_at_any_step_leaves_the_old_text_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        path = write(tmp_path / "a.toml", "old")
        monkeypatch.setattr(Path if step == "replace" else os, step, refuse)
        with pytest.raises(StorageError, match="No space left"):
            replace_file(path, "new", name="a.toml")
        monkeypatch.undo()
        assert tree(tmp_path) == {"a.toml": b"old"}


def refuse(*arguments: object, **options: object) -> None:
    raise OSError(28, "No space left on device")


def interrupt(*arguments: object, **options: object) -> None:
    raise KeyboardInterrupt


def nth(function: Callable[..., Any], count: int, failure: Callable[..., None]) -> Callable[..., Any]:
    """`function`, failing at its `count`th call."""
    calls = []

    def call(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        return failure() if len(calls) == count else function(*arguments, **options)

    return call


class TestReplaceFolder:
    OLD: ClassVar[Mapping[str, str | bytes]] = {"a.txt": "old a", "sub/b.txt": "old b"}
    NEW: ClassVar[Mapping[str, str | bytes]] = {"a.txt": "new a", "c/d.txt": b"new d"}

    def folder(self, tmp_path: Path) -> Path:
        replace_folder(tmp_path / "build" / "001", self.OLD, copied={}, name="build/001")
        return tmp_path / "build" / "001"

    def test_it_holds_exactly_what_was_given(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        picture = write(tmp_path / "p.png", b"\x89")
        replace_folder(folder, self.NEW, copied={"images/p.png": picture}, name="build/001")
        assert tree(folder.parent) == {"001/a.txt": b"new a", "001/c/d.txt": b"new d", "001/images/p.png": b"\x89"}

    @posix
    def test_its_mode_is_the_users_own(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            folder = self.folder(tmp_path)
        finally:
            os.umask(before)
        assert folder.stat().st_mode & 0o777 == 0o750

    @pytest.mark.parametrize("failure", [refuse, interrupt])
    @pytest.mark.parametrize(
        ("owner", "name", "count"),
        [
            (Path, "mkdir", 2),  # the folder beside it
            (Path, "mkdir", 3),  # a folder within
            (Path, "write_bytes", 1),
            (Path, "write_bytes", 2),
            (Path, "rename", 1),  # the old one steps aside
            (Path, "rename", 2),  # the new one takes its place
        ],
    )
    def test_a_refusal_at_any_step_leaves_the_old_folder_and_nothing_else(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        owner: Any,
        name: str,
        count: int,
        failure: Callable[..., None],
    ) -> None:
        folder = self.folder(tmp_path)
        before = tree(tmp_path)
        monkeypatch.setattr(owner, name, nth(getattr(owner, name), count, failure))
        with pytest.raises((StorageError, KeyboardInterrupt)):
            replace_folder(folder, self.NEW, copied={}, name="build/001")
        monkeypatch.undo()
        assert tree(tmp_path) == before

    def test_a_copy_that_fails_leaves_the_old_folder(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        with pytest.raises(StorageError):
            replace_folder(folder, self.NEW, copied={"p.png": tmp_path / "absent.png"}, name="build/001")
        assert tree(folder.parent) == {"001/a.txt": b"old a", "001/sub/b.txt": b"old b"}

    def test_a_crash_between_the_renames_is_mended(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        folder.rename(folder.with_name(".001.old"))
        recover_folder(folder)
        assert tree(folder.parent) == {"001/a.txt": b"old a", "001/sub/b.txt": b"old b"}

    def test_a_crash_after_the_renames_is_mended_by_the_next_run(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        write(folder.with_name(".001.old") / "a.txt", "older")
        recover_folder(folder)
        assert (folder / "a.txt").read_text() == "old a"
        replace_folder(folder, self.NEW, copied={}, name="build/001")
        assert sorted(path.name for path in folder.parent.iterdir()) == ["001"]

    def test_what_killed_runs_left_half_written_goes_when_it_is_old(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        young, old = (write(folder.with_name(f".001.new-{name}") / "a", "").parent for name in ("young", "old"))
        os.utime(old, (time.time() - 2 * files.ABANDONED_SECONDS,) * 2)
        replace_folder(folder, self.NEW, copied={}, name="build/001")
        assert young.exists()
        assert not old.exists()

    def test_a_file_in_the_folders_place_gives_way_once_and_for_all(self, tmp_path: Path) -> None:
        folder = tmp_path / "build" / "001"
        write(folder, "no folder")
        for _ in range(2):
            replace_folder(folder, self.NEW, copied={}, name="build/001")
        assert sorted(path.name for path in folder.parent.iterdir()) == ["001"]

    @posix
    def test_a_link_in_the_folders_place_gives_way_and_what_it_led_to_stays(self, tmp_path: Path) -> None:
        elsewhere = write(tmp_path / "elsewhere" / "a.txt", "precious").parent
        folder = tmp_path / "build" / "001"
        folder.parent.mkdir()
        folder.symlink_to(elsewhere)
        for _ in range(2):
            replace_folder(folder, self.NEW, copied={}, name="build/001")
        assert tree(elsewhere) == {"a.txt": b"precious"}
        assert sorted(path.name for path in folder.parent.iterdir()) == ["001"]


@posix
@pytest.mark.parametrize("folder", ["build", "sections/001"])
def test_read_only_folders_are_refused_in_plain_words(tmp_path: Path, folder: str) -> None:
    make_workspace(tmp_path)
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder).chmod(0o500)
    prefix = obeying_permissions()
    assembled = run("assemble", cwd=tmp_path, prefix=prefix)
    imported = run("import", str(CORPUS / "crlf.md"), "--issue", "1", cwd=tmp_path, prefix=prefix)
    started = run("new", "1", cwd=tmp_path, prefix=prefix)
    (tmp_path / folder).chmod(0o700)
    if folder == "build":
        assert_refused(assembled)
        assert list((tmp_path / "build").iterdir()) == []
    else:
        # It is only read; every file is there.
        assert (assembled.returncode, started.returncode, imported.returncode) == (0, 0, 2)


@posix
def test_a_read_only_workspace_takes_no_new_issue_and_stays_as_it_was(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    before = tree(tmp_path)
    (tmp_path / "sections").chmod(0o500)
    prefix = obeying_permissions()
    for command in (["new", "2"], ["import", str(CORPUS / "crlf.md"), "--issue", "2"]):
        assert_refused(run(*command, cwd=tmp_path, prefix=prefix))
    (tmp_path / "sections").chmod(0o700)
    assert tree(tmp_path) == before


@posix
@pytest.mark.parametrize("name", ["newsletter.toml", "sections/001/news.md", "sections/001", "sections"])
def test_unreadable_files_are_refused_in_plain_words(tmp_path: Path, name: str) -> None:
    make_workspace(tmp_path)
    (tmp_path / name).chmod(0o000)
    for command in ("assemble", "status"):
        assert_refused(run(command, cwd=tmp_path, prefix=obeying_permissions()))
    (tmp_path / name).chmod(0o700)


def assert_refused(done: subprocess.CompletedProcess[str]) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert "Permission denied" in done.stderr
    assert "→" in done.stderr


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_the_output_gives_no_traceback(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [NL, "status", "--json"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            check=False,
        )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


@posix
def test_kill_at_any_instant_leaves_a_whole_build(tmp_path: Path) -> None:
    """`kill -9` in the middle of assembling; NL_KILLS=500 for a long night."""
    workspace = make_workspace(tmp_path)
    for index in range(40):
        write(workspace.issue_folder(1) / "images" / f"{index}.png", bytes([index]) * 200_000)
    issue = workspace.issue_folder(1) / "_issue.md"
    versions = []
    for word in ("ALPHA", "OMEGA"):
        write(issue, ISSUE["_issue.md"].replace("Hello", word))
        started = time.monotonic()
        assert run("assemble", cwd=tmp_path).returncode == 0
        duration = time.monotonic() - started
        versions.append(tree(tmp_path / "build" / "001"))
    assert versions[0] != versions[1]
    chance = random.Random(7)
    killed = 0
    for turn in range(int(os.environ.get("NL_KILLS", "14"))):
        write(issue, ISSUE["_issue.md"].replace("Hello", ("ALPHA", "OMEGA")[turn % 2]))
        process = subprocess.Popen(
            [NL, "assemble"], cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        # The writing is the last part of a run.
        time.sleep(duration * chance.uniform(0.5, 1.1))
        process.kill()
        killed += process.wait() == -SIGKILL
        assert run("status", cwd=tmp_path).returncode == 0
        assert tree(tmp_path / "build" / "001") in versions
    assert killed
    for left in (tmp_path / "build").glob(".001.new-*"):
        os.utime(left, (1, 1))
    assert run("assemble", cwd=tmp_path).returncode == 0
    assert sorted(path.name for path in (tmp_path / "build").iterdir()) == ["001"]
