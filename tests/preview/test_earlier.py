"""An earlier issue beside the present one."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.preview.earlier import MOST_REMEMBERED, EarlierIssues
from newsletter_cli.workspace.folder import open_workspace
from tests.workspaces import ISSUE, make_workspace, tree, write


def content(root: Path) -> dict[str, bytes]:
    """All that is the editor's, or a build: not what `nl` keeps for itself."""
    return {name: data for name, data in tree(root).items() if not name.startswith("state/")}


def test_it_is_made_from_its_sources_and_nothing_is_written(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, issues={1: ISSUE, 2: ISSUE, 4: ISSUE})
    before, earlier = content(tmp_path), EarlierIssues()
    assert earlier.numbers(workspace, 4) == [2, 1]
    assert earlier.numbers(workspace, 1) == []
    found = earlier.render(workspace, 2)
    assert (found.number, found.title, found.errors) == (2, "Tidings #1", ())
    assert found.rendered is not None
    assert "Something" in str(found.rendered.renditions["email.html"])
    assert content(tmp_path) == before


def test_it_is_rendered_again_once_its_sources_have_changed(tmp_path: Path) -> None:
    workspace, earlier = make_workspace(tmp_path), EarlierIssues()
    first = earlier.render(workspace, 1)
    assert earlier.render(workspace, 1) is first
    write(tmp_path / "sections/001/news.md", "---\nauthor: Grace\n---\nSomething else.\n")
    second = earlier.render(workspace, 1)
    assert second.rendered is not None
    assert "Something else." in str(second.rendered.renditions["email.txt"])
    config = (tmp_path / "newsletter.toml").read_text(encoding="utf-8")
    write(tmp_path / "newsletter.toml", config.replace('"News"', '"What is new"'))
    third = earlier.render(open_workspace(tmp_path), 1)
    assert third.rendered is not None
    assert "What is new" in str(third.rendered.renditions["email.txt"])


def test_what_cannot_be_rendered_is_said_and_mended(tmp_path: Path) -> None:
    workspace, earlier = make_workspace(tmp_path), EarlierIssues()
    write(tmp_path / "sections/001/news.md", "---\nauthor: [Grace\n---\nSomething.\n")
    found = earlier.render(workspace, 1)
    assert found.rendered is None
    assert [error.file for error in found.errors] == ["sections/001/news.md"]
    write(tmp_path / "sections/001/news.md", "---\nauthor: Grace\n---\nMended.\n")
    assert earlier.render(workspace, 1).errors == ()
    assert (earlier.render(workspace, 9).rendered, earlier.render(workspace, 9).errors) == (None, ())


def test_no_more_is_remembered_than_one_leafs_through(tmp_path: Path) -> None:
    numbers = range(1, MOST_REMEMBERED + 3)
    workspace, earlier = make_workspace(tmp_path, issues=dict.fromkeys(numbers, ISSUE)), EarlierIssues()
    rendered = [earlier.render(workspace, number) for number in numbers]
    assert earlier.render(workspace, numbers[-1]) is rendered[-1]
    assert earlier.render(workspace, 1) is not rendered[0]
