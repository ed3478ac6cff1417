"""One person's own message, and who can be chosen."""

from __future__ import annotations

import email
import email.policy
import html
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter_cli.deliver.message.tokens import TOKEN
from newsletter_cli.flows.check import render_and_check
from newsletter_cli.flows.examine import Rendered
from newsletter_cli.flows.message import render_message
from newsletter_cli.preview import person as module
from newsletter_cli.preview.person import MOST_CHOICES, People, stand_in_token
from newsletter_cli.preview.personal import PersonalParts, personal_parts, personalise
from newsletter_cli.render.eml import Mailbox
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.rendering import Page
from tests.workspaces import CONFIG, ISSUE, make_workspace, run, tree, write

LIST = "email;name\nada@example.org;Ada Lovelace\ngrace@example.org;Grace Hopper\nALAN@example.org;\n"
SENDER = CONFIG + '[sender]\nname = "The tide table"\naddress = "tidings@example.org"\n'
PAGE = 'unsubscribe = "https://tidings.example/leave?list=tidings&from=mail"\n'
ADA = Mailbox(address="ada@example.org", name="Ada Lovelace")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path, SENDER)
    write(tmp_path / "list.csv", LIST)
    return made


def labels(people: People, workspace: Workspace, query: str = "") -> list[str]:
    return [one["label"] for one in people.state(workspace, query=query)["choices"]]


def rendered_with(root: Path, config: str, news: str) -> Rendered:
    workspace = make_workspace(root, config, {1: ISSUE | {"news.md": news}})
    return render_and_check(workspace, 1, has_local_images=True)[0]


# --- who can be chosen


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


# --- what their message has of its own


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_message_is_theirs_alone(workspace: Workspace) -> None:
    people = People()
    key = people.state(workspace, query="ada")["choices"][0]["key"]
    rendered, _checked = render_and_check(workspace, 1, has_local_images=True)
    parts = people.parts(workspace, rendered, key)
    assert parts is not None
    own = personalise(rendered, parts)
    message = email.message_from_bytes(render_message(workspace, own, to=parts.to), policy=email.policy.default)
    assert message["To"] == "Ada Lovelace <ada@example.org>"
    assert message["From"] == "The tide table <tidings@example.org>"
    token = stand_in_token(key)
    assert TOKEN.fullmatch(token)
    assert key not in token
    link = f"mailto:tidings@example.org?subject=Unsubscribe%20{token}"
    text, page = (body_of(message, kind) for kind in ("plain", "html"))
    assert link in text.split()
    assert link in [address for _label, address in Page(page).links()]
    assert (own.looked_at.email, own.looked_at.text) == (page, text)
    assert people.parts(workspace, rendered, "nobody") is None


def test_a_page_is_told_a_key_and_never_the_address(tmp_path: Path) -> None:
    config = SENDER.replace("[sender]", f"[email]\n{PAGE}[sender]")
    rendered = rendered_with(
        tmp_path,
        config,
        "---\nauthor: Grace\n---\n[Leave](https://tidings.example/leave?list=tidings&from=mail), or [elsewhere]"
        "(https://tidings.example/leave?list=tidings&from=mail2) and `<a href=\"x\">`.\n",
    )  # fmt: skip
    url = rendered.sources.frame.unsubscribe_url
    own = personalise(rendered, personal_parts(ADA, unsubscribe_url=url, token="k3y"))
    links = [address for _label, address in Page(str(own.renditions["email.html"])).links()]
    theirs = "https://tidings.example/leave?list=tidings&from=mail&u=k3y"
    assert links.count(theirs) == 2
    assert "https://tidings.example/leave?list=tidings&from=mail2" in links
    text = str(own.renditions["email.txt"]).split()
    assert text.count(theirs) == 2
    assert url not in text
    assert "ada@" not in str(own.renditions)
    # Everything else is what everybody gets, to the byte.
    common, personal = html.escape(url or ""), html.escape(theirs)
    assert str(own.renditions["email.html"]).replace(personal, common) == rendered.renditions["email.html"]
    assert own.renditions["post.md"] == rendered.renditions["post.md"]


def test_without_a_link_nothing_changes(tmp_path: Path) -> None:
    rendered = rendered_with(tmp_path, CONFIG, ISSUE["news.md"])
    parts = personal_parts(ADA, unsubscribe_url=None, token="k3y")
    assert parts == PersonalParts(to=ADA, unsubscribe_url=None)
    assert personalise(rendered, parts) is rendered


@pytest.mark.parametrize(
    ("common", "own"),
    [
        ("mailto:bye@example.org", "mailto:bye@example.org?subject=unsubscribe%20k3y"),
        ("MAILTO:bye@example.org?subject=Bye", "MAILTO:bye@example.org?subject=Bye%20k3y"),
        ("https://example.org/bye", "https://example.org/bye?u=k3y"),
        ("https://example.org/bye?a=1#form", "https://example.org/bye?a=1&u=k3y#form"),
    ],
)
def test_links_to_leave_tell_no_address(common: str, own: str) -> None:
    to = Mailbox(address="a+b&c@example.org")
    assert personal_parts(to, unsubscribe_url=common, token="k3y").unsubscribe_url == own
