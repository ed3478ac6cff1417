"""Compiled templates are code: they are kept for this user alone, and never taken from a workspace."""

from __future__ import annotations

import marshal
import os
import pickle
from pathlib import Path

import pytest
from jinja2.bccache import bc_magic

from newsletter_cli.flows import compiled
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.workspace.folder import Workspace
from tests.workspaces import make_workspace, tree, write

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX modes")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from newsletter_cli.render.templating import _environment

    _environment.cache_clear()
    monkeypatch.setenv("NL_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "templates"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "ws")


def touching(marker: Path, key: str) -> bytes:
    """What looks like a compiled template and leaves a mark."""
    code = compile(f"open({str(marker)!r}, 'w').close()", "x", "exec")
    return bc_magic + pickle.dumps(key, 2) + marshal.dumps(code)


def test_a_second_run_finds_what_the_first_compiled(workspace: Workspace, cache: Path) -> None:
    built = tree(assemble_issue(workspace, 1).folder)
    kept = tree(cache)
    assert kept
    assert "state/cache" not in str(list(tree(workspace.root)))
    assert tree(assemble_issue(workspace, 1).folder) == built
    assert tree(cache) == kept


def test_what_a_clone_brings_is_not_run_and_swept(workspace: Workspace, tmp_path: Path) -> None:
    assemble_issue(workspace, 1)
    marker = tmp_path / "marker"
    for path in list((tmp_path / "cache" / "templates").iterdir()):
        key = path.stem.removeprefix("template-")
        for name in (f"__jinja2_{key}.cache", path.name):
            write(workspace.root / "state" / "cache" / name, touching(marker, key))
    write(workspace.root / "state" / "cache" / "__jinja2_0.cache", b"x")
    assemble_issue(workspace, 1)
    assert not marker.exists()
    assert not list((workspace.root / "state" / "cache").glob("__jinja2_*"))


@posix
@pytest.mark.parametrize("mode", [0o777, 0o720])
def test_a_cache_that_others_may_write_is_done_without(workspace: Workspace, cache: Path, mode: int) -> None:
    cache.mkdir(parents=True)
    cache.parent.chmod(0o700)
    cache.chmod(mode)
    assemble_issue(workspace, 1)
    assert tree(cache) == {}


@posix
def test_a_link_in_its_place_is_not_followed(workspace: Workspace, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    cache.parent.mkdir(mode=0o700)
    cache.symlink_to(tmp_path / "elsewhere")
    assert compiled.compiled_templates(workspace) is None


def test_a_cache_within_the_workspace_is_done_without(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.root)
    for place in (workspace.root / "cache", Path("cache")):
        monkeypatch.setenv("NL_CACHE_DIR", str(place))
        assert compiled.compiled_templates(workspace) is None


def test_one_cut_short_is_compiled_again(workspace: Workspace, cache: Path) -> None:
    from newsletter_cli.render.templating import _environment

    built = tree(assemble_issue(workspace, 1).folder)
    for path in cache.iterdir():
        path.write_bytes(path.read_bytes()[:40])
    _environment.cache_clear()
    assert tree(assemble_issue(workspace, 1).folder) == built


def test_it_does_not_grow_for_ever(workspace: Workspace, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MOST_FILES", 4)
    assemble_issue(workspace, 1)
    assert 0 < len(tree(cache)) <= 5
