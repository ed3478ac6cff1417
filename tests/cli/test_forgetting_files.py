"""`nl list forget` erases from the files that `nl` wrote, and names what it cannot reach."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base import files
from tests.cli.test_people_in_git import FULL, TABLE, nl
from tests.workspaces import make_workspace, write

WHOM = "ben@example.org"


def holding(root: Path) -> set[str]:
    """The files in which somebody still stands."""
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and WHOM.encode() in path.read_bytes().lower()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list and an assembled issue: made once, and copied for each test."""
    root = tmp_path_factory.mktemp("made") / "w"
    make_workspace(root, FULL)
    write(root / "members.csv", TABLE)
    nl(root, "list", "import", "members.csv")
    nl(root, "assemble", "1")
    return root


@pytest.fixture(scope="module")
def made_and_sent(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same once it was sent, looked at, reported and exported."""
    root = shutil.copytree(made, tmp_path_factory.mktemp("sent") / "w")
    nl(root, "send", "1", "--yes")
    nl(root, "send", "1", "--dry-run")
    nl(root, "report", "1", "--csv", "state/report.csv")
    nl(root, "list", "export", WHOM, "--output", "state/one.json")
    (root / "members.csv").unlink()
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "w")


def test_outboxes_reports_and_exports(root: Path, tmp_path: Path) -> None:
    nl(root, "send", "1", "--dry-run", "--outbox", str(tmp_path / "looked-at"))
    nl(root, "send", "1", "--yes", "--transport", "maildir:outbox")
    nl(root, "report", "1", "--csv", "report.csv")
    nl(root, "list", "export", "--all", "--output", str(tmp_path / "all.csv"))
    nl(root, "list", "export", WHOM, "--output", f"{WHOM}.json")
    done = nl(root, "list", "forget", WHOM, "--yes")
    assert "Erased." in done.out
    assert "2 messages to them were deleted" in done.out
    assert "report.csv" in done.out
    assert "backups" in done.out
    assert "members.csv: erase row 3 there" in done.err
    # The editor's own file alone.
    assert holding(tmp_path) == {"w/members.csv"}
    assert (root / "report.csv").read_text("utf-8-sig").splitlines()[1].startswith("ada@example.org;Ada;sent;")
    assert len(list((root / "outbox" / "new").iterdir())) == len(list((tmp_path / "looked-at").iterdir())) == 1


def test_an_outbox_of_nobody_else(root: Path) -> None:
    nl(root, "send", "1", "--yes")
    found = json.loads(nl(root, "list", "forget", WHOM.upper(), "--yes", "--json").out)
    assert (found["messages_erased"], found["gone_from_files"]) == (1, True)
    assert holding(root) == {"members.csv"}


def test_whoever_stands_in_a_report_only_is_known(root: Path) -> None:
    nl(root, "list", "export", "--all", "--output", "state/all.csv")
    (root / "members.csv").unlink()
    for database in (root / "state").glob("list*"):
        database.unlink()
    assert "state/all.csv" in nl(root, "list", "forget", WHOM, "--yes").out
    assert holding(root) == set()


def refusing(function: Callable[..., Any], is_refused: Callable[[Path], bool]) -> Callable[..., Any]:
    """`function`, for whose first argument the system has no leave where `is_refused` says so."""

    def call(path: Path, *arguments: Any, **options: Any) -> Any:
        if is_refused(path):
            raise PermissionError(13, "Permission denied", str(path))
        return function(path, *arguments, **options)

    return call


class TestWhatTheSystemRefuses:
    """In the middle of an erasure: all the rest is erased, what is left is named, and the same command ends it."""

    @pytest.fixture
    def sent(self, made_and_sent: Path, tmp_path: Path) -> Path:
        return shutil.copytree(made_and_sent, tmp_path / "w")

    def forget(self, root: Path) -> Any:
        """Not wholly done, which is status 1."""
        return nl(root, "list", "forget", WHOM, "--yes", status=1)

    def assert_ended(self, root: Path) -> None:
        """The same command once more, with nothing in the way."""
        again = nl(root, "list", "forget", WHOM, "--yes")
        assert again.err == ""
        assert "Erased." in again.out
        assert holding(root) == set()

    @pytest.mark.parametrize(
        ("refused", "told"),
        [
            ("state/outbox/new", "state/outbox"),
            ("state/one.json", "state/one.json"),
        ],
    )
    def test_a_file_that_cannot_be_deleted(
        self, sent: Path, monkeypatch: pytest.MonkeyPatch, refused: str, told: str
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(
                Path,
                "unlink",
                refusing(Path.unlink, lambda path: refused in path.as_posix() and WHOM in path.read_text()),
            )
            done = self.forget(sent)
        assert "Erased." not in done.out
        assert f"{told} may still name them, and could not be changed: Permission denied" in done.err
        assert "run this again" in done.err
        assert "Another program" not in done.err
        assert len(holding(sent)) == 1
        self.assert_ended(sent)

    def test_a_table_that_cannot_be_read(self, sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", refusing(Path.open, lambda path: path.name == "report.csv"))
            done = nl(sent, "list", "forget", WHOM, "--yes", "--json", status=1)
        found = json.loads(done.out)
        assert (found["erased"], found["gone_from_files"]) == (1, False)
        assert (found["not_erased_in"], found["unread_sources"]) == (["state/report.csv"], [])
        assert holding(sent) == {"state/report.csv"}
        self.assert_ended(sent)

    def test_a_full_disk_while_tables_are_written_anew(self, sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        rejects = sent / "state" / "rejects"
        write(rejects / "a.csv", f"email,nl_row,nl_reason\r\n{WHOM},2,no consent\r\n")
        write(rejects / "b.csv", f"email,nl_row,nl_reason\r\n{WHOM},2,no consent\r\n")
        with monkeypatch.context() as patch:

            def full(file: object, *, is_lasting: bool) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr(files, "finish", full)
            done = self.forget(sent)
        for name in ("state/report.csv", "state/rejects/a.csv", "state/rejects/b.csv"):
            assert f"{name} may still name them, and could not be changed" in done.err
        assert "No space left on device" in done.err
        assert holding(sent) == {"state/report.csv", "state/rejects/a.csv", "state/rejects/b.csv"}
        self.assert_ended(sent)

    def test_dry_runs_that_cannot_be_deleted(self, sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("shutil.rmtree", refusing(lambda path, **_: None, lambda path: True))
            done = self.forget(sent)
        assert "state/dry-run may still name them" in done.err
        assert all(name.startswith("state/dry-run/") for name in holding(sent))
        self.assert_ended(sent)

    def test_a_table_that_is_none_any_more(self, sent: Path) -> None:
        write(sent / "state" / "report.csv", f"email\n{WHOM}\n" + "x" * 200_000 + "\n")
        done = self.forget(sent)
        assert "state/report.csv may still name them, and could not be changed: this is no table" in done.err


@pytest.mark.skipif(os.name != "posix", reason="locks that end with their process")
def test_what_a_killed_export_left_goes_at_once(root: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    nl(root, "list", "export", "--all", "--output", str(tmp_path / "out" / "all.csv"))
    left = write(tmp_path / "out" / ".nl-all.csv-abc.held.tmp", f"email\n{WHOM}\n")
    with files.written_whole(tmp_path / "out" / "more.csv") as more:
        more.write(b"being written")
        done = nl(root, "list", "forget", WHOM, "--yes", status=1)
    assert not left.exists()
    assert (tmp_path / "out" / "more.csv").read_bytes() == b"being written"
    assert "could not be changed: another nl is writing it" in done.err
