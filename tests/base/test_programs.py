"""Programs are started from a few known places, and no code is read from data."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from newsletter_cli.base.programs import find_program
from tests.tree import modules, nodes
from tests.workspaces import write

STARTERS = {
    # What each starts, and why nothing of a workspace decides which program that is.
    "newsletter_cli.check.browser.chromium": "Chromium, from its usual places or PATH",
    "newsletter_cli.base.running": "Grammalecte, Harper and lychee, from the installation or PATH",
    "newsletter_cli.console.pager": "PAGER of the reader's own environment",
    "newsletter_cli.flows.clearance.timers": "nothing: the module quotes a line for Windows",
    "newsletter_cli.flows.sending.preparing": "this very Python",
    "newsletter_cli.base.git": "Git, with what a repository could have it run turned off",
    "newsletter_cli.base.secret": "commands of newsletter.toml that were trusted",
}
FORBIDDEN = {"marshal", "pickle", "shelve", "dill", "jsonpickle", "runpy"}
DANGEROUS = {"eval", "exec", "__import__", "compile"}


def imported(tree: ast.Module) -> set[str]:
    names = {alias.name for node in nodes(tree, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in nodes(tree, ast.ImportFrom)}


def test_programs_are_started_in_known_places() -> None:
    found = {name for name, tree in modules().items() if "subprocess" in imported(tree)}
    assert found == set(STARTERS)


def test_nothing_else_starts_one() -> None:
    for name, tree in modules().items():
        for node in nodes(tree, ast.Call):
            called = ast.unparse(node.func)
            is_start = called in {"os.system", "os.popen", "os.startfile", "pty.spawn"} or called.startswith(
                ("os.exec", "os.spawn", "os.posix_spawn", "asyncio.create_subprocess")
            )
            assert not is_start, (name, called)


def test_no_code_is_read_from_data() -> None:
    for name, tree in modules().items():
        assert not FORBIDDEN & imported(tree), name
        for node in nodes(tree, ast.Call):
            assert getattr(node.func, "id", "") not in DANGEROUS, name


def test_no_yaml_that_makes_objects() -> None:
    unsafe = {"FileSystemBytecodeCache", "UnsafeLoader", "FullLoader", "unsafe_load"}
    for name, tree in modules().items():
        used = {node.id for node in nodes(tree, ast.Name)} | {node.attr for node in nodes(tree, ast.Attribute)}
        used |= {one.name for node in nodes(tree, ast.ImportFrom) for one in node.names}
        assert not used & unsafe, name
        assert not any(
            node.attr == "load" and isinstance(node.value, ast.Name) and node.value.id == "yaml"
            for node in nodes(tree, ast.Attribute)
        ), name


@pytest.mark.skipif(os.name != "posix", reason="Windows tells programs by their endings")
def test_a_program_is_never_taken_from_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "here" / "tool", "#!/bin/sh\n").chmod(0o755)
    write(tmp_path / "bin" / "tool", "#!/bin/sh\n").chmod(0o755)
    write(tmp_path / "bin" / "text", "no program\n")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", os.pathsep.join(("", ".", "../here")))
    assert find_program("tool") is None
    monkeypatch.setenv("PATH", os.pathsep.join((".", str(tmp_path / "bin"))))
    assert find_program("tool") == str(tmp_path / "bin" / "tool")
    assert find_program("text") is None
