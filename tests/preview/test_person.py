"""Who can be chosen, to see their own message."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.preview import person as module
from newsletter_cli.preview.person import MOST_CHOICES, People
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.inside import run
from tests.workspaces import CONFIG, make_workspace, tree, write

LIST = "email;name\nada@example.org;Ada Lovelace\ngrace@example.org;Grace Hopper\nALAN@example.org;\n"
SENDER = CONFIG + '[sender]\nname = "The tide table"\naddress = "tidings@example.org"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path, SENDER)
    write(tmp_path / "list.csv", LIST)
    return made


def labels(people: People, workspace: Workspace, query: str = "") -> list[str]:
    return [one["label"] for one in people.state(workspace, query=query)["choices"]]


def test_people_are_found_by_name_and_by_address(workspace: Workspace) -> None:
    people = People()
    everybody = ["Ada Lovelace <ada@example.org>", "Grace Hopper <grace@example.org>", "ALAN@example.org"]
    assert labels(people, workspace) == everybody
    assert labels(people, workspace, "hopper GRA") == everybody[1:2]
    assert labels(people, workspace, "alan@") == everybody[2:]
    assert labels(people, workspace, "nobody") == []
    state = people.state(workspace, query="ada")
    assert (state["available"], state["count"], state["is_counted"], state["error"]) == (True, 1, True, None)


@pytest.mark.parametrize("query", ["\ud800", "\0", "%_*[", " ", "é" * 5000])
def test_any_search_is_answered(workspace: Workspace, query: str) -> None:
    assert People().state(workspace, query=query)["available"]


def test_only_those_it_would_go_to(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    write(tmp_path / "list.csv", "email;status\na@example.org;\nb@example.org;unsubscribed\na@example.org;\nnot one;\n")
    assert labels(People(), workspace) == ["a@example.org"]
    assert run("list", "unsubscribe", "a@example.org", "-C", str(tmp_path)).returncode == 0
    assert labels(People(), workspace) == []


def test_never_more_than_the_first_fifty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make_workspace(tmp_path)
    write(tmp_path / "list.csv", "email\n" + "".join(f"p{number}@example.org\n" for number in range(300)))
    state = People().state(workspace)
    assert (len(state["choices"]), state["count"], state["is_counted"]) == (MOST_CHOICES, 300, True)
    monkeypatch.setattr(module, "COUNTING_SECONDS", -1.0)
    state = People().state(workspace)
    assert (len(state["choices"]), state["count"], state["is_counted"]) == (MOST_CHOICES, MOST_CHOICES + 1, False)


def test_keys_tell_nothing_and_hold_for_one_run(workspace: Workspace) -> None:
    people, others = People(), People()
    keys = [one["key"] for one in people.state(workspace)["choices"]]
    assert len(set(keys)) == 3
    assert all(len(key) == 32 and key.isalnum() and key.isascii() for key in keys)
    assert set(keys).isdisjoint(one["key"] for one in others.state(workspace)["choices"])
    for wrong in ("", "é\ud800", "ada@example.org", others.state(workspace)["choices"][0]["key"]):
        assert people.person(workspace, wrong) is None
        assert people.state(workspace, shown=wrong)["shown"] is None


def test_the_list_is_read_again_once_it_has_changed(workspace: Workspace) -> None:
    people = People()
    key = people.state(workspace)["choices"][1]["key"]
    write(workspace.root / "list.csv", LIST.replace("Grace Hopper", "Admiral Hopper") + "new@example.org;\n")
    # Nobody searched since: the chosen person is found in the new list all the same.
    found = people.person(workspace, key)
    assert found is not None
    assert found.label == "Admiral Hopper <grace@example.org>"
    assert people.state(workspace, shown=key)["count"] == 4
    write(workspace.root / "list.csv", "email\nada@example.org\n")
    assert people.person(workspace, key) is None
    assert people.state(workspace, shown=key)["shown"] is None


def test_a_look_at_a_workspace_without_list_writes_nothing(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    before = tree(tmp_path)
    state = People().state(workspace, query="ada", shown="x")
    assert state == {
        "available": False, "shown": None, "shown_label": None, "choices": [], "count": 0, "is_counted": True,
        "error": None,
    }  # fmt: skip
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("config", "content"),
    [
        (CONFIG, "name\nAda\n"),
        (CONFIG, b"\xff\xfe\x00"),
        (CONFIG + '[list]\nsource = "csv"\nfile = "gone.csv"\n', "email\na@example.org\n"),
        (CONFIG + '[list]\nsource = "sql"\n[list.sql]\nurl = "sqlite:///nowhere/x.db"\nquery = "SELECT 1"\n', ""),
    ],
)
def test_a_faulty_list_is_a_message(tmp_path: Path, config: str, content: str | bytes) -> None:
    workspace, people = make_workspace(tmp_path, config), People()
    write(tmp_path / "list.csv", content)
    state = people.state(workspace, shown="x")
    assert (state["available"], state["choices"], state["shown"]) == (False, [], None)
    assert state["error"]
    write(tmp_path / "list.csv", LIST)
    assert people.state(open_workspace(make_workspace(tmp_path, CONFIG).root))["count"] == 3


def test_a_list_that_a_command_leads_to_is_not_opened_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "marker"
    monkeypatch.setenv("NL_TRUST", "1")
    tables = f'[list]\nsource = "sql"\n[list.sql]\nquery = "SELECT 1"\nurl_command = ["touch", "{marker.as_posix()}"]\n'
    found = People().find(make_workspace(tmp_path / "ws", CONFIG + tables))
    assert not found.is_available
    assert "list.sql.url_command" in (found.error or "")
    assert not marker.exists()
