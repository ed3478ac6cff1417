"""Files are written whole or not at all, and what the disk refuses is said in plain words."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from newsletter_cli.base.errors import ContentError, StorageError, UsageError
from newsletter_cli.workspace.files import read_text, replace_file, storage_error, write_new
from tests.failures import refuse
from tests.inside import run
from tests.samples import sample
from tests.workspaces import (
    CORPUS,
    ISSUE,
    NL,
    SIGKILL,
    environment,
    make_workspace,
    obeying_permissions,
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

    def test_a_folder_is_no_text(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        with pytest.raises(ContentError) as caught:
            read_text(tmp_path / "folder", name="folder")
        assert (caught.value.file, caught.value.exit_status) == ("folder", 1)

    @pytest.mark.parametrize("name", ["absent.md", "file.md/below.md"])
    def test_what_cannot_be_read_is_a_storage_error(self, tmp_path: Path, name: str) -> None:
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
    before = lasting(tmp_path)
    (tmp_path / "sections").chmod(0o500)
    prefix = obeying_permissions()
    for command in (["new", "2"], ["import", str(CORPUS / "crlf.md"), "--issue", "2"]):
        assert_refused(run(*command, cwd=tmp_path, prefix=prefix))
    (tmp_path / "sections").chmod(0o700)
    assert lasting(tmp_path) == before


def lasting(root: Path) -> dict[str, bytes]:
    return {name: content for name, content in tree(root).items() if not name.startswith("state/")}


UNREADABLE = ("newsletter.toml", "sections/001/news.md", "sections/001", "sections")


@posix
@pytest.mark.parametrize("name", sample(UNREADABLE, "newsletter.toml", "sections/001/news.md"))
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
@pytest.mark.long
def test_kill_at_any_instant_leaves_a_whole_build(tmp_path: Path) -> None:
    """`kill -9` in the middle of assembling; each step of it, one by one, is in tests/cli/test_kills.py."""
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
    for turn in range(int(os.environ.get("NL_KILLS", "40"))):
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
    assert run("assemble", cwd=tmp_path).returncode == 0
    assert sorted(path.name for path in (tmp_path / "build").iterdir()) == ["001"]
