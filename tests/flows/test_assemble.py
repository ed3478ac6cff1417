"""An assembly depends on the files and nothing else, reaches no network, and leaves a whole build or none."""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import socket
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from jinja2.bccache import Bucket

from newsletter_cli.base.errors import ConfigError, ContentError, NewsletterError, RenderError
from newsletter_cli.base.web.reach import Internet, Lookup
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.check import Wanted
from newsletter_cli.flows.status import read_status
from newsletter_cli.workspace.folder import open_workspace
from tests.inside import call
from tests.pictures import png
from tests.workspaces import CONFIG, ISSUE, ROOT, make_workspace, run, tree, write


def test_time_zone_language_hash_seed_folder_and_clock_change_no_byte(tmp_path: Path) -> None:
    places = [tmp_path / "a", tmp_path / "b" / "deeper still"]
    for place in places:
        place.mkdir(parents=True)
        shutil.copytree(ROOT / "sections", place / "sections")
        shutil.copyfile(ROOT / "newsletter.toml", place / "newsletter.toml")
    for path in places[1].rglob("*"):
        os.utime(path, (1, 1))
    worlds = [
        {"TZ": "Pacific/Kiritimati", "LANG": "ar_EG.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {
            "TZ": "America/Anchorage",
            "NL_LANG": "fr",
            "LANG": "fr_FR.UTF-8",
            "PYTHONHASHSEED": "4242",
            "PYTHONUTF8": "0",
        },
    ]
    assert run("assemble", env=worlds[0], cwd=places[0]).returncode == 0
    assert run("-C", str(places[1]), "assemble", "1", env=worlds[1], cwd=tmp_path).returncode == 0
    first, second = (tree(place / "build") for place in places)
    assert first == second
    assert {
        "001/post.md",
        "001/email.html",
        "001/email.txt",
        "001/agenda.ics",
        "001/announce.txt",
        "001/email.eml",
    } <= set(first)
    # Again, over a build that is there and with templates compiled before.
    assert call("assemble", cwd=places[0]).status == 0
    assert tree(places[0] / "build") == first


LINKS = "[a](https://www.python.org/a) [b](https://www.python.org/b)\n"


def test_whoever_is_offline_is_told_that_links_were_not_checked(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, issues={1: ISSUE | {"news.md": LINKS}})
    lines = list(assemble_issue(workspace, 1).lines(workspace))
    # Those of the sample that stand for no site are no links to be checked either.
    assert [line for line in lines if "links were not checked" in line and "--offline" in line]


def test_a_machine_without_a_network_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Internet, "look_up", lambda _self, _host: Lookup(is_definite=False))
    monkeypatch.setattr(Internet, "proxy_for", lambda _self, _address: None)
    monkeypatch.setattr("newsletter_cli.check.links.probe.find_lychee", lambda: "lychee")
    workspace = make_workspace(tmp_path, issues={1: ISSUE | {"news.md": LINKS}})
    lines = list(assemble_issue(workspace, 1, Wanted(has_links=True)).lines(workspace))
    assert "2 links were not checked: there is no network" in lines


def test_the_clock_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    workspace = make_workspace(tmp_path)
    folder = assemble_issue(workspace, 1).folder
    before = tree(folder)
    monkeypatch.setattr(time, "time", lambda: datetime(1971, 1, 1, tzinfo=UTC).timestamp())
    assemble_issue(workspace, 1)
    assert tree(folder) == before


def test_no_network_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the network was asked for something")

    body = (
        "![](https://example.org/a.png)\n\n<img src=https://example.org/b.png><link rel=stylesheet href=https://example.org/c.css>\n\n"
        "<style>@import url(https://example.org/d.css)</style> https://example.org/e"
    )
    workspace = make_workspace(tmp_path, issues={1: {**ISSUE, "news.md": body}})
    monkeypatch.setattr(socket.socket, "__init__", refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    assert (assemble_issue(workspace, 1).folder / "email.html").is_file()


def test_sections_are_numbered_without_gap_and_skipped_ones_left_out(tmp_path: Path) -> None:
    files = {**ISSUE, "news.md": "---\nstatus: skip\n---\nNothing.\n"}
    assembled = assemble_issue(make_workspace(tmp_path, issues={1: files}), 1)
    post = (assembled.folder / "post.md").read_text(encoding="utf-8")
    assert "## 1. Coming up\n" in post
    assert "## 2. About us\n" in post
    assert "Nothing." not in post
    assert assembled.section_count == 2


def test_a_draft_is_reported_and_assembled(tmp_path: Path) -> None:
    files = {**ISSUE, "news.md": "---\nstatus: draft\n---\nSoon.\n"}
    assembled = assemble_issue(make_workspace(tmp_path, issues={1: files}), 1)
    found = [(one.rule, one.file) for one in assembled.checked.findings]
    assert ("section-draft", "sections/001/news.md") in found
    assert assembled.checked.exit_status == 0


def test_images_and_other_files_go_along_notes_and_hidden_ones_do_not(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    folder = workspace.issue_folder(1)
    write(folder / "images" / "a.png", png())
    write(folder / ".hidden", "x")
    write(folder / "notes.txt", "x")
    write(folder / "news.md~", "x")
    names = set(tree(assemble_issue(workspace, 1).folder))
    assert "images/a.png" in names
    assert not {name for name in names if "hidden" in name or "news.md" in name or "notes" in name}


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("agenda.ics", "agenda.ics"),
        ("Agenda.ICS", "Agenda.ICS"),
        ("agenda.ics/a.png", "agenda.ics"),
        ("email.html/a.png", "email.html"),
        ("post.md/deep/a.png", "post.md"),
    ],
)
def test_a_file_named_like_a_rendition_is_named_and_nothing_is_written(tmp_path: Path, file: str, named: str) -> None:
    workspace = make_workspace(tmp_path)
    before = tree(assemble_issue(workspace, 1).folder)
    write(workspace.issue_folder(1) / file, "mine")
    with pytest.raises(ContentError) as caught:
        assemble_issue(workspace, 1)
    assert caught.value.place == f"sections/001/{named}"
    # A folder in the place of a text is told as one.
    assert any(words in (caught.value.hint or "") for words in ("another name", "move it away"))
    assert tree(workspace.build_folder(1)) == before


def test_a_calendar_of_ones_own_goes_along_where_nl_writes_none(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, issues={1: {"_issue.md": ISSUE["_issue.md"], "agenda.ics": "mine"}})
    assert tree(assemble_issue(workspace, 1).folder)["agenda.ics"] == b"mine"


@pytest.mark.parametrize("place", ["state", "state/cache", "state/builds"])
def test_without_a_place_for_state_it_assembles_all_the_same(tmp_path: Path, place: str) -> None:
    workspace = make_workspace(tmp_path)
    expected = tree(assemble_issue(make_workspace(tmp_path / "other"), 1).folder)
    write(tmp_path / place, "a file")
    assert tree(assemble_issue(workspace, 1).folder) == expected
    is_remembered = not any(one.code == "build" for one in read_status(workspace, 1).obstacles)
    assert is_remembered == (place == "state/cache")


@pytest.mark.parametrize("method", ["load_bytecode", "write_bytecode"])
def test_a_cache_that_fails_half_way_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    workspace = make_workspace(tmp_path)
    expected = tree(assemble_issue(workspace, 1).folder)
    shutil.rmtree(tmp_path / "state")
    monkeypatch.setattr(Bucket, method, refuse)
    assert tree(assemble_issue(workspace, 1).folder) == expected


def test_a_build_holds_what_its_issue_holds_and_nothing_older(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    folder = assemble_issue(workspace, 1).folder
    assert (folder / "agenda.ics").is_file()
    write(workspace.issue_folder(1) / "agenda.md", "No event this time.\n")
    assemble_issue(workspace, 1)
    assert not (folder / "agenda.ics").exists()


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("news.md", "---\ntitle: x\n---\n\nText\n\n<!-- nl: never closed\n", 7),
        ("_issue.md", "Hello\n<!-- nl: oh", 2),
        ("agenda.md", "---\nevents: soon\n---\n", 2),
        ("news.md", "---\nstatus: reday\n---\n", 2),
        ("news.md", "---\ntitle: 'a\n---\n", 2),
    ],
)
def test_a_fault_leaves_the_last_good_build(tmp_path: Path, file: str, text: str, line: int) -> None:
    workspace = make_workspace(tmp_path)
    folder = assemble_issue(workspace, 1).folder
    before = tree(folder)
    write(workspace.issue_folder(1) / file, text)
    with pytest.raises(NewsletterError) as caught:
        assemble_issue(workspace, 1)
    assert (caught.value.file, caught.value.line, caught.value.exit_status) == (f"sections/001/{file}", line, 1)
    assert tree(folder) == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["001"]


def test_a_template_of_ones_own_with_a_fault_is_named_with_its_line(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    write(tmp_path / "templates/themes/default/footer.mjml.j2", "<mj-section>\n{{ nothing_such }}\n</mj-section>\n")
    with pytest.raises(RenderError) as caught:
        assemble_issue(workspace, 1)
    assert caught.value.place == "templates/themes/default/footer.mjml.j2:2"


def test_references_resolve_from_one_section_to_another(tmp_path: Path) -> None:
    files = {**ISSUE, "news.md": "[here][far] and so[^1]\n", "about.md": "[far]: https://example.org/far\n[^1]: Why.\n"}
    folder = assemble_issue(make_workspace(tmp_path, issues={1: files}), 1).folder
    assert 'href="https://example.org/far"' in (folder / "email.html").read_text(encoding="utf-8")
    assert "Why." in (folder / "email.txt").read_text(encoding="utf-8")


def test_an_issue_of_nothing_can_be_assembled(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, issues={1: {"_issue.md": ""}})
    assembled = assemble_issue(workspace, 1)
    assert assembled.section_count == 0
    assert (assembled.folder / "post.md").read_text(encoding="utf-8").startswith("---\ntitle: ")


@pytest.mark.parametrize("level", [1, 3])
def test_the_post_follows_the_configuration(tmp_path: Path, level: int) -> None:
    config = (
        CONFIG + f"[post]\nheading_level = {level}\nnumbered = false\nslug = 'letter-{{number}}-{{month}}-{{year}}'\n"
    )
    folder = assemble_issue(make_workspace(tmp_path, config), 1).folder
    post = (folder / "post.md").read_text(encoding="utf-8")
    assert f"\n{'#' * level} Coming up\n" in post
    assert "slug: letter-1-june-2026" in post


def test_the_sample_workspace_assembles_without_a_finding(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sections", tmp_path / "sections")
    shutil.copyfile(ROOT / "newsletter.toml", tmp_path / "newsletter.toml")
    assembled = assemble_issue(open_workspace(tmp_path), 1)
    assert assembled.checked.findings == ()
    assert assembled.section_count == 9


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


LONG = '[personal]\n{line}\n[[personal.fields]]\nname = "who"\nfallback = "' + "y" * 201 + '"\n'


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('[sender]\naddress = "a..b@example.org"\n', "is no e-mail address"),
        (LONG.format(line='greeting = "{who}"'), "longer than 200 characters"),
        (LONG.format(line='subject = "{who}, {subject}"'), "longer than 200 characters"),
    ],
)
def test_what_makes_no_message_is_said_and_the_last_build_stays(tmp_path: Path, config: str, said: str) -> None:
    before = tree(assemble_issue(make_workspace(tmp_path), 1).folder)
    write(tmp_path / "newsletter.toml", CONFIG + config)
    with pytest.raises(ConfigError, match=said) as caught:
        assemble_issue(open_workspace(tmp_path), 1)
    assert (caught.value.file, caught.value.line) == ("newsletter.toml", CONFIG.count("\n") + 2)
    assert tree(tmp_path / "build/001") == before


def test_the_message_is_a_draft_with_the_issues_own_pictures(tmp_path: Path) -> None:
    news = "---\nauthor: Grace\n---\n![A map](images/a%20map.png) ![Elsewhere](https://example.org/b.png)\n"
    sender = '[sender]\nname = "La marée"\naddress = "tidings@example.org"\nreply_to = "us@example.org"\n'
    config = CONFIG + sender + '[post]\nurl = "https://tidings.example/{slug}/"\n'
    workspace = make_workspace(tmp_path, config, {1: ISSUE | {"news.md": news}})
    write(tmp_path / "sections/001/images/a map.png", png())
    write(tmp_path / "sections/001/images/unseen.png", b"not shown")
    for has_local_images in (False, True):
        folder = assemble_issue(workspace, 1, has_local_images=has_local_images).folder
        message = email.message_from_bytes((folder / "email.eml").read_bytes(), policy=email.policy.default)
        headers = [message[name] for name in ("X-Unsent", "Subject", "From", "Reply-To", "To", "Date", "Message-ID")]
        assert headers == ["1", "Tidings #1", "La marée <tidings@example.org>", "us@example.org", None, None, None]
        pictures = [part for part in message.walk() if part.get_content_maintype() == "image"]
        assert [part.get_content() for part in pictures] == [png()]
        page, text = ((folder / name).read_text(encoding="utf-8") for name in ("email.html", "email.txt"))
        shown = "images/a%20map.png" if has_local_images else "https://tidings.example/newsletter1/images/a%20map.png"
        assert body_of(message, "plain") == text
        in_message = body_of(message, "html")
        assert in_message == page.replace(f'src="{shown}"', f'src="cid:{pictures[0]["Content-ID"].strip("<>")}"')


def test_without_a_sender_the_draft_has_none(tmp_path: Path) -> None:
    folder = assemble_issue(make_workspace(tmp_path), 1).folder
    message = email.message_from_bytes((folder / "email.eml").read_bytes(), policy=email.policy.default)
    assert (message["From"], message["Reply-To"]) == (None, None)
    assert message.get_content_type() == "multipart/alternative"
