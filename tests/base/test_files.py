"""Files appear whole or not at all."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter_cli.base import files
from tests.failures import interrupt, refuse
from tests.tree import modules, nodes
from tests.workspaces import tree, write

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")
OLD = ".nl-001.old-01234567.tmp"


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


def test_there_is_one_way_to_write_a_file() -> None:
    """Whoever writes aside and renames does it here: nothing else makes temporary files in the user's folders."""
    # In the system's temporary folder; mail folders have a way of their own, which is Maildir's.
    elsewhere = {"TemporaryDirectory", "TemporaryFile", "NamedTemporaryFile", "mkdtemp", "gettempdir"}
    maildir = "newsletter_cli.deliver.maildir"
    for name, module in modules().items():
        if name in {f"newsletter_cli.base.{one}" for one in ("files", "folders", "leftovers")} | {maildir}:
            continue
        for node in nodes(module, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            assert owner != "tempfile" or node.attr in elsewhere, f"{name}:{node.lineno}"
            assert (owner, node.attr) not in {("os", "replace"), ("os", "rename")}, f"{name}:{node.lineno}"
            assert node.attr != "rename", f"{name}:{node.lineno}"
