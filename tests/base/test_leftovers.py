"""What a kill leaves of files and folders is swept, and nothing that is being written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsletter_cli.base import files, leftovers
from newsletter_cli.base.leftovers import sweep
from tests.workspaces import tree, write

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")
OLD = ".nl-001.old-01234567.tmp"


class TestSweep:
    def left(self, folder: Path, name: str, *, is_old: bool = False) -> Path:
        path = write(folder / f".nl-{name}.tmp", "left")
        if is_old:
            os.utime(path, (1, 1))
        return path

    def test_alone_all_of_it_goes_and_else_what_is_old(self, tmp_path: Path) -> None:
        self.left(tmp_path, "a.md-young")
        self.left(tmp_path, "b.md-old", is_old=True)
        write(tmp_path / ".nl-notes.md", "an editor's own")
        sweep(tmp_path, is_alone=False)
        assert sorted(tree(tmp_path)) == [".nl-a.md-young.tmp", ".nl-notes.md"]
        sweep(tmp_path, is_alone=True)
        assert sorted(tree(tmp_path)) == [".nl-notes.md"]

    def test_of_one_file_only(self, tmp_path: Path) -> None:
        self.left(tmp_path, "ledger.mark-x")
        self.left(tmp_path, "suppression.key-x")
        sweep(tmp_path, is_alone=True, of="ledger.mark")
        assert sorted(tree(tmp_path)) == [".nl-suppression.key-x.tmp"]

    @pytest.mark.parametrize("is_alone", [True, False])
    def test_a_folder_that_was_moved_aside_is_put_back(self, tmp_path: Path, is_alone: bool) -> None:
        write(tmp_path / OLD / "a", "old")
        sweep(tmp_path, is_alone=is_alone)
        assert tree(tmp_path) == {"001/a": b"old"}

    def test_a_folder_that_is_no_longer_needed_goes_when_nobody_may_need_it(self, tmp_path: Path) -> None:
        write(tmp_path / OLD / "a", "old")
        write(tmp_path / "001" / "a", "new")
        os.utime(tmp_path / OLD, (1, 1))
        sweep(tmp_path, is_alone=False)
        assert (tmp_path / OLD).exists()
        sweep(tmp_path, is_alone=True)
        assert tree(tmp_path) == {"001/a": b"new"}

    def test_a_folder_that_is_not_there_holds_nothing(self, tmp_path: Path) -> None:
        sweep(tmp_path / "absent", is_alone=True)


@pytest.mark.skipif(os.name != "posix", reason="locks that end with their process")
class TestWhatIsHeld:
    def test_it_is_swept_once_its_process_has_ended_however_young(self, tmp_path: Path) -> None:
        left = write(tmp_path / ".nl-a.txt-x.held.tmp", b"half")
        sweep(tmp_path, is_alone=False)
        assert not left.exists()

    def test_it_stays_while_it_is_written_however_old(self, tmp_path: Path) -> None:
        with files.written_whole(tmp_path / "a.txt") as file:
            [aside] = leftovers.leftovers(tmp_path)
            os.utime(aside, (0, 0))
            sweep(tmp_path, is_alone=True)
            file.write(b"whole")
        assert tree(tmp_path) == {"a.txt": b"whole"}

    def test_one_that_was_swept_before_it_was_held_is_made_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened, open_aside = [], files._open_aside

        def swept_at_once(path: Path, suffix: str) -> tuple[int, str]:
            handle, name = open_aside(path, suffix)
            opened.append(name)
            if len(opened) == 1:
                sweep(tmp_path, is_alone=False)
            return handle, name

        monkeypatch.setattr(files, "_open_aside", swept_at_once)
        files.write_file(tmp_path / "a.txt", b"whole")
        assert len(opened) == 2
        assert tree(tmp_path) == {"a.txt": b"whole"}

    def test_where_there_are_no_locks_it_goes_once_it_is_old(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(handle: int) -> bool:
            raise OSError(38, "Function not implemented")

        for module in (files, leftovers):
            monkeypatch.setattr(module, "try_lock", refuse)
        files.write_new_file(tmp_path / "a.txt", b"whole")
        left = write(tmp_path / ".nl-a.txt-x.held.tmp", b"half")
        sweep(tmp_path, is_alone=True)
        assert left.exists()
        os.utime(left, (0, 0))
        sweep(tmp_path, is_alone=False)
        assert tree(tmp_path) == {"a.txt": b"whole"}
