"""Folders appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from newsletter_cli.base.folders import recover_folder, replace_folder, write_new_folder
from tests.failures import interrupt, nth, refuse
from tests.workspaces import tree, write

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")
OLD = ".nl-001.old-01234567.tmp"


class TestReplaceFolder:
    OLD: ClassVar[Mapping[str, bytes]] = {"a.txt": b"old a", "sub/b.txt": b"old b"}
    NEW: ClassVar[Mapping[str, bytes]] = {"a.txt": b"new a", "c/d.txt": b"new d"}

    def folder(self, tmp_path: Path) -> Path:
        replace_folder(tmp_path / "build" / "001", self.OLD, copied={})
        return tmp_path / "build" / "001"

    def test_it_holds_exactly_what_was_given(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        picture = write(tmp_path / "p.png", b"\x89")
        replace_folder(folder, self.NEW, copied={"images/p.png": picture})
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
            (Path, "open", 1),
            (Path, "open", 2),
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
        with pytest.raises((OSError, KeyboardInterrupt)):
            replace_folder(folder, self.NEW, copied={})
        monkeypatch.undo()
        assert tree(tmp_path) == before

    def test_a_copy_that_fails_leaves_the_old_folder(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        with pytest.raises(OSError, match="absent"):
            replace_folder(folder, self.NEW, copied={"p.png": tmp_path / "absent.png"})
        assert tree(folder.parent) == {"001/a.txt": b"old a", "001/sub/b.txt": b"old b"}

    def test_a_crash_between_the_renames_is_fixed(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        folder.rename(folder.with_name(OLD))
        recover_folder(folder)
        assert tree(folder.parent) == {"001/a.txt": b"old a", "001/sub/b.txt": b"old b"}

    def test_a_file_in_the_folders_place_gives_way_once_and_for_all(self, tmp_path: Path) -> None:
        folder = tmp_path / "build" / "001"
        write(folder, "no folder")
        for _ in range(2):
            replace_folder(folder, self.NEW, copied={})
        assert sorted(path.name for path in folder.parent.iterdir()) == ["001"]

    @posix
    def test_a_link_in_the_folders_place_gives_way_and_what_it_led_to_stays(self, tmp_path: Path) -> None:
        elsewhere = write(tmp_path / "elsewhere" / "a.txt", "precious").parent
        folder = tmp_path / "build" / "001"
        folder.parent.mkdir()
        folder.symlink_to(elsewhere)
        for _ in range(2):
            replace_folder(folder, self.NEW, copied={})
        assert tree(elsewhere) == {"a.txt": b"precious"}
        assert sorted(path.name for path in folder.parent.iterdir()) == ["001"]


class TestNewFolder:
    def test_it_is_there_with_all_it_holds_or_not_at_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "sections" / "001"
        folder.parent.mkdir()
        for owner, name, count in ((os, "fsync", 1), (os, "fsync", 2), (Path, "mkdir", 3), (Path, "rename", 1)):
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, nth(getattr(owner, name), count, refuse))
                with pytest.raises(OSError, match="No space left"):
                    write_new_folder(folder, {"a": b"a", "images/b": b"b"})
            assert tree(tmp_path) == {"sections/": b""}
        write_new_folder(folder, {"a": b"a", "images/b": b"b"})
        with pytest.raises(FileExistsError):
            write_new_folder(folder, {"c": b"c"})
        assert tree(folder) == {"a": b"a", "images/b": b"b"}


class TestTwoAtOnce:
    """Another process changes the same folder at the worst moments."""

    def test_one_comes_in_between_the_two_renames(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "001"
        replace_folder(folder, {"a": b"old"}, copied={})
        real = Path.rename
        turns: list[Path] = []

        def rename(path: Path, target: Path) -> Path:
            if ".new-" in path.name and len(turns) < 3:
                turns.append(path)
                monkeypatch.setattr(Path, "rename", real)
                replace_folder(folder, {"a": b"theirs"}, copied={})
                monkeypatch.setattr(Path, "rename", rename)
            return real(path, target)

        monkeypatch.setattr(Path, "rename", rename)
        replace_folder(folder, {"a": b"ours"}, copied={})
        assert len(turns) == 3
        assert tree(tmp_path) == {"001/a": b"ours"}

    def test_one_puts_back_what_we_had_moved_aside(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "001"
        replace_folder(folder, {"a": b"old"}, copied={})
        real = Path.rename

        def rename(path: Path, target: Path) -> Path:
            moved = real(path, target)
            if path == folder:
                monkeypatch.setattr(Path, "rename", real)
                recover_folder(folder)
            return moved

        monkeypatch.setattr(Path, "rename", rename)
        replace_folder(folder, {"a": b"ours"}, copied={})
        assert tree(tmp_path) == {"001/a": b"ours"}

    def test_one_that_never_ends_is_an_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "001"
        real = Path.rename

        def rename(path: Path, target: Path) -> Path:
            if ".new-" in path.name:
                write(folder / "a", "theirs")
            return real(path, target)

        monkeypatch.setattr(Path, "rename", rename)
        with pytest.raises(OSError, match="not empty"):
            replace_folder(folder, {"a": b"ours"}, copied={})
        assert tree(tmp_path) == {"001/a": b"theirs"}
