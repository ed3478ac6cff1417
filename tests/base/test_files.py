"""Files and folders appear whole or not at all, and what a kill leaves of them is swept."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from newsletter_cli.base import files
from newsletter_cli.base.files import recover_folder, replace_folder
from tests.failures import interrupt, nth, refuse
from tests.tree import modules, nodes
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


class TestOneFile:
    @pytest.mark.parametrize("step", ["fdopen", "fsync", "chmod", "replace"])
    @pytest.mark.parametrize("failure", [refuse, interrupt])
    def test_a_refusal_at_any_step_leaves_the_old_file_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: Callable[..., None]
    ) -> None:
        path = write(tmp_path / "a", "old")
        monkeypatch.setattr(os if step in {"fdopen", "fsync"} else Path, step, failure)
        with pytest.raises((OSError, KeyboardInterrupt)):
            files.write_file(path, b"new", mode=0o600)
        with pytest.raises((OSError, KeyboardInterrupt)), files.written_whole(path) as file:
            file.write(b"new")
        monkeypatch.undo()
        assert tree(tmp_path) == {"a": b"old"}

    def test_a_block_that_fails_writes_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(ZeroDivisionError), files.written_whole(tmp_path / "a") as file:
            file.write(b"%d" % (1 // 0))
        assert tree(tmp_path) == {}

    @posix
    def test_modes(self, tmp_path: Path) -> None:
        paths = {name: tmp_path / name for name in ("usual", "private", "kept", "new")}
        files.write_file(paths["usual"], b"")
        files.write_file(write(paths["private"], "old"), b"", mode=0o600)
        write(paths["kept"], "old").chmod(0o640)
        files.write_file(paths["kept"], b"")
        files.write_new_file(paths["new"], b"", mode=0o600)
        modes = {name: path.stat().st_mode & 0o777 for name, path in paths.items()}
        assert modes == {"usual": 0o644, "private": 0o600, "kept": 0o640, "new": 0o600}

    @pytest.mark.parametrize("has_links", [True, False])
    def test_a_new_file_is_never_written_over_another(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
    ) -> None:
        if not has_links:
            monkeypatch.setattr(os, "link", refuse)
        path = tmp_path / "a"
        files.write_new_file(path, b"first")
        for _ in range(2):
            with pytest.raises(FileExistsError):
                files.write_new_file(path, b"second")
        assert tree(tmp_path) == {"a": b"first"}

    def test_the_longest_names_have_room(self, tmp_path: Path) -> None:
        name = "é" * 120 + ".md"
        files.write_new_file(tmp_path / name, b"x")
        files.write_file(tmp_path / name, b"y")
        assert tree(tmp_path) == {name: b"y"}


class TestNewFolder:
    def test_it_is_there_with_all_it_holds_or_not_at_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "sections" / "001"
        folder.parent.mkdir()
        for owner, name, count in ((os, "fsync", 1), (os, "fsync", 2), (Path, "mkdir", 3), (Path, "rename", 1)):
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, nth(getattr(owner, name), count, refuse))
                with pytest.raises(OSError, match="No space left"):
                    files.write_new_folder(folder, {"a": b"a", "images/b": b"b"})
            assert tree(tmp_path) == {"sections/": b""}
        files.write_new_folder(folder, {"a": b"a", "images/b": b"b"})
        with pytest.raises(FileExistsError):
            files.write_new_folder(folder, {"c": b"c"})
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
        files.sweep(tmp_path, is_alone=False)
        assert sorted(tree(tmp_path)) == [".nl-a.md-young.tmp", ".nl-notes.md"]
        files.sweep(tmp_path, is_alone=True)
        assert sorted(tree(tmp_path)) == [".nl-notes.md"]

    def test_of_one_file_only(self, tmp_path: Path) -> None:
        self.left(tmp_path, "ledger.mark-x")
        self.left(tmp_path, "suppression.key-x")
        files.sweep(tmp_path, is_alone=True, of="ledger.mark")
        assert sorted(tree(tmp_path)) == [".nl-suppression.key-x.tmp"]

    @pytest.mark.parametrize("is_alone", [True, False])
    def test_a_folder_that_was_moved_aside_is_put_back(self, tmp_path: Path, is_alone: bool) -> None:
        write(tmp_path / OLD / "a", "old")
        files.sweep(tmp_path, is_alone=is_alone)
        assert tree(tmp_path) == {"001/a": b"old"}

    def test_a_folder_that_is_no_longer_needed_goes_when_nobody_may_need_it(self, tmp_path: Path) -> None:
        write(tmp_path / OLD / "a", "old")
        write(tmp_path / "001" / "a", "new")
        os.utime(tmp_path / OLD, (1, 1))
        files.sweep(tmp_path, is_alone=False)
        assert (tmp_path / OLD).exists()
        files.sweep(tmp_path, is_alone=True)
        assert tree(tmp_path) == {"001/a": b"new"}

    def test_a_folder_that_is_not_there_holds_nothing(self, tmp_path: Path) -> None:
        files.sweep(tmp_path / "absent", is_alone=True)


def test_there_is_one_way_to_write_a_file() -> None:
    """Whoever writes aside and renames does it here: nothing else makes temporary files in the user's folders."""
    # In the system's temporary folder; mail folders have a way of their own, which is Maildir's.
    elsewhere = {"TemporaryDirectory", "TemporaryFile", "NamedTemporaryFile", "mkdtemp", "gettempdir"}
    maildir = "newsletter_cli.deliver.maildir"
    for name, module in modules().items():
        if name in {"newsletter_cli.base.files", maildir}:
            continue
        for node in nodes(module, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            assert owner != "tempfile" or node.attr in elsewhere, f"{name}:{node.lineno}"
            assert (owner, node.attr) not in {("os", "replace"), ("os", "rename")}, f"{name}:{node.lineno}"
            assert node.attr != "rename", f"{name}:{node.lineno}"


@pytest.mark.skipif(os.name != "posix", reason="locks that end with their process")
class TestWhatIsHeld:
    def test_it_is_swept_once_its_process_has_ended_however_young(self, tmp_path: Path) -> None:
        left = write(tmp_path / ".nl-a.txt-x.held.tmp", b"half")
        files.sweep(tmp_path, is_alone=False)
        assert not left.exists()

    def test_it_stays_while_it_is_written_however_old(self, tmp_path: Path) -> None:
        with files.written_whole(tmp_path / "a.txt") as file:
            [aside] = files.leftovers(tmp_path)
            os.utime(aside, (0, 0))
            files.sweep(tmp_path, is_alone=True)
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
                files.sweep(tmp_path, is_alone=False)
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

        monkeypatch.setattr(files, "try_lock", refuse)
        files.write_new_file(tmp_path / "a.txt", b"whole")
        left = write(tmp_path / ".nl-a.txt-x.held.tmp", b"half")
        files.sweep(tmp_path, is_alone=True)
        assert left.exists()
        os.utime(left, (0, 0))
        files.sweep(tmp_path, is_alone=False)
        assert tree(tmp_path) == {"a.txt": b"whole"}
