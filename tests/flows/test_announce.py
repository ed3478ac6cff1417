"""`nl announce`: what it says of an issue, the clipboard, and a post at most once for an issue and a network."""

from __future__ import annotations

import base64
import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from newsletter_cli.chat import posting
from newsletter_cli.console.clipboard import copy_text
from newsletter_cli.flows.announced import Announced
from newsletter_cli.workspace.folder import open_workspace
from tests.chat.server import Chat, chat
from tests.inside import call
from tests.workspaces import CONFIG, make_workspace, tree, write

NO_DISPLAY = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_TTY"))
KEY = "k3ysecretk3ysecretk3ysecre"
URL = '\n[post]\nurl = "https://www.example.org/letters/{slug}/"\n'


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.5)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "w", CONFIG + URL)
    return tmp_path / "w"


def address(server: Chat) -> dict[str, str | None]:
    return {"NL_ANNOUNCE_MATTERMOST": f"http://{server.place}/hooks/{KEY}"}


def test_one_text_is_all_that_a_pipe_gets(root: Path) -> None:
    done = call("announce", "1", "--for", "Matrix", cwd=root)
    assert done.out == (
        "**Tidings #1**\n\n**Dates to note:**\n\n- **Thursday 18 June 2026, 4\u00a0pm** – Tea\n\n"
        "**In this issue:**\n\n- **News** – Something happened.\n\n"
        "Read it online: https://www.example.org/letters/newsletter1/\n"
    )
    assert done.err == "issue 1 has not been sent to its readers yet\n"


def test_in_the_newsletter_s_language_not_the_user_s(root: Path) -> None:
    write(root / "newsletter.toml", (CONFIG + URL).replace('"en"', '"fr"'))
    done = call("announce", "--for", "linkedin,mastodon", cwd=root, env={"NL_LANG": "en"})
    assert "À vos agendas" in done.out
    assert "• jeudi 18 juin 2026, à 16\u00a0h – Tea" in done.out
    assert "— Mastodon: " in done.out


def test_what_is_not_ready_is_said(root: Path) -> None:
    write(root / "newsletter.toml", CONFIG)
    write(
        root / "sections/001/news.md", "---\nstatus: draft\n---\n" + "- [A long title of a thing](https://a.fr)\n" * 3
    )
    write(root / "sent/001.toml", f'ledger = "{"a" * 16}"\nat = "2026-06-11T10:00:00Z"\n')
    write(root / "templates/announce/notes.txt", "x")
    write(root / "templates/announce/mastadon.txt.j2", "x")
    said = json.loads(call("announce", "--json", cwd=root).out)
    assert (said["sent"], said["url"]) == (True, None)
    assert said["notes"] == [
        "no text says where the issue is read: newsletter.toml has no [post] url",
        "these are drafts still: News",
        "templates/announce/mastadon.txt.j2: no template of an announcement; it is not read",
        "templates/announce/notes.txt: no template of an announcement; it is not read",
    ]


def test_a_template_of_one_s_own(root: Path) -> None:
    copied = call("theme", "copy", "mastodon", cwd=root)
    assert "templates/announce/mastodon.txt.j2: yours from now on" in copied.out
    before = call("announce", "--for", "mastodon", cwd=root).out
    own = root / "templates/announce/mastodon.txt.j2"
    own.write_text(own.read_text("utf-8") + "\n{{ title }}, #{{ number }}\n", "utf-8")
    assert call("announce", "--for", "mastodon", cwd=root).out == before + "\nTidings #1, #1\n"
    own.write_text("{{ summary }}\n{{ titel }}\n", "utf-8")
    faulty = call("announce", "--for", "mastodon", cwd=root)
    assert (faulty.status, "mastodon.txt.j2:2" in faulty.err, "nl help announce" in faulty.err) == (1, True, True)
    own.write_text("{# nothing #}\n", "utf-8")
    assert "Mastodon: the template makes an empty text" in call("announce", "--for", "mastodon", cwd=root).err
    own.unlink()
    own.symlink_to("/etc/hostname")
    assert call("announce", "--for", "mastodon", cwd=root).status == 2


class TestPosts:
    def test_once_for_an_issue_and_a_network(self, root: Path) -> None:
        with chat() as server:
            ask = ("announce", "1", "--for", "mattermost", "--post")
            nobody = call(*ask, cwd=root, env=address(server))
            assert (nobody.status, server.texts, "add --yes" in nobody.err) == (2, [], True)
            refused = call(*ask, cwd=root, env=address(server), typed="n\n")
            assert (refused.status, server.texts, "nothing was posted" in refused.err) == (2, [], True)
            rehearsed = call(*ask, "--dry-run", cwd=root, env=address(server))
            assert (rehearsed.status, server.texts) == (0, [])
            done = call(*ask, cwd=root, env=address(server), typed="y\n")
            assert (done.status, len(server.texts)) == (0, 1), done.err
            assert server.texts[0].startswith("**Tidings #1**\n\n**Dates to note:**\n\n- **Thursday")
            again = call(*ask, "--yes", cwd=root, env=address(server))
            assert (again.status, len(server.texts)) == (2, 1)
            assert "was announced on Mattermost already" in again.err
            assert call(*ask, "--dry-run", cwd=root, env=address(server)).status == 2
            anyway = call(*ask, "--yes", "--again", "--json", cwd=root, env=address(server))
            assert json.loads(anyway.out)["announcements"][0]["posted"] == "posted"
            assert len(server.texts) == 2
        assert KEY not in done.out + done.err + again.err + str(tree(root))

    def test_a_refusal_may_be_tried_again_and_silence_is_not(self, root: Path) -> None:
        ask = ("announce", "1", "--for", "mattermost", "--post", "--yes")
        with chat("error-500") as server:
            refused = call(*ask, cwd=root, env=address(server))
            assert (refused.status, "not posted to Mattermost: the chat answered 500" in refused.err) == (2, True)
            server.misbehaviour = "silent"
            assert "cannot be told" in call(*ask, cwd=root, env=address(server)).err
            server.misbehaviour = "ok"
            held = call(*ask, cwd=root, env=address(server))
            assert (held.status, len(server.texts), "--again" in held.err) == (2, 2, True)

    def test_a_run_that_was_killed_is_not_repeated_unasked(self, root: Path) -> None:
        with Announced(open_workspace(root), 1, "mattermost", "Mattermost") as record:
            record.begin(is_again=False)
        with chat() as server:
            done = call("announce", "--for", "mattermost", "--post", "--yes", cwd=root, env=address(server))
            assert (done.status, server.texts) == (2, [])

    def test_each_chat_gets_what_it_understands(self, root: Path) -> None:
        write(root / "sections/001/agenda.md", "---\nevents:\n  - title: Tea & <cake>\n    start: 2026-06-18T16:00\n"
              "    url: https://tea.example.org/a\n---\n")  # fmt: skip
        with chat() as server:
            env = {
                "NL_ANNOUNCE_TCHAP": f"matrix://nl:{KEY}@{server.place}/#room",
                "NL_ANNOUNCE_MASTODON": f"mastodon://{KEY}@{server.place}",
                **address(server),
            }
            asked = ("announce", "--for", "tchap,mattermost,mastodon", "--post", "--yes")
            done = call(*asked, cwd=root, env=env)
            assert done.status == 0, done.err
            tchap, mattermost, mastodon = server.said
        assert '<a href="https://tea.example.org/a">Tea &amp; &lt;cake&gt;</a>' in tchap["formatted_body"]
        assert "[Tea & <cake>](https://tea.example.org/a)" in mattermost["text"]
        assert "4\u00a0pm – Tea & <cake>\n" in mastodon["status"]

    def test_slack_gets_its_links(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import requests

        sent: list[str] = []

        def answer(_session: object, request: requests.PreparedRequest, **_options: object) -> requests.Response:
            body = request.body or b""
            sent.append(json.loads(body)["attachments"][0]["text"])
            response = requests.Response()
            response.status_code, response._content = 200, b"ok"
            return response

        monkeypatch.setattr(requests.Session, "send", answer)
        url = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        text = "*Bold & <sure>*\n- <https://tea.example.org/a?b=1&c=2|Tea> – <\uff01channel>"
        assert posting.post_to_chat(url, text, posting.Markup.OWN).outcome is posting.Outcome.POSTED
        assert sent == ["*Bold &amp; &lt;sure&gt;*\n- <https://tea.example.org/a?b=1&c=2|Tea> – &lt;\uff01channel&gt;"]

    def test_the_address_of_another_chat_is_refused(self, root: Path) -> None:
        env = {"NL_ANNOUNCE_MASTODON": f"https://chat.example.org/hooks/{KEY}"}
        done = call("announce", "--for", "mastodon", "--post", "--yes", cwd=root, env=env)
        assert (done.status, "is not one of Mastodon" in done.err, KEY in done.err) == (2, True, False)

    @pytest.mark.parametrize("keys", ['webhook_env = "OTHER_SECRET"', 'webhook_command = ["printenv", "X"]'])
    def test_of_a_strangers_workspace_wants_trust(self, root: Path, keys: str) -> None:
        write(root / "newsletter.toml", f"{CONFIG}\n[announce.mattermost]\n{keys}\n")
        with chat() as server:
            url = f"http://{server.place}/hooks/{KEY}"
            env = {"OTHER_SECRET": url, "X": url, "NL_CONFIG_DIR": str(root.parent / "config")}
            ask = ("announce", "--for", "mattermost", "--post", "--yes")
            done = call(*ask, cwd=root, env=env)
            assert (done.status, server.texts, "nl trust" in done.err) == (2, [], True)
            assert call("trust", "--yes", cwd=root, env=env).status == 0
            assert call(*ask, cwd=root, env=env).status == 0
            assert len(server.texts) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="programs of X11 and Wayland")
class TestClipboard:
    @pytest.mark.parametrize(("program", "display"), [("xclip", "DISPLAY"), ("wl-copy", "WAYLAND_DISPLAY")])
    def test_a_program_gets_the_very_text(
        self, root: Path, program: str, display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in (program, "wl-paste"):
            own = write(tmp_path / "bin" / name, f"#!/bin/sh\ncat > {tmp_path}/clipboard\n")
            own.chmod(own.stat().st_mode | stat.S_IXUSR)
        env = {**NO_DISPLAY, display: ":7", "PATH": f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"}
        monkeypatch.delitem(sys.modules, "pyperclip", raising=False)
        text = call("announce", "--for", "tchap", cwd=root).out
        done = call("announce", "--for", "tchap", "--copy", cwd=root, env=env)
        assert (done.status, done.out) == (0, ""), done.err
        assert "In the clipboard: the text for Tchap." in done.err
        assert (tmp_path / "clipboard").read_text("utf-8") == text.strip("\n")

    def test_without_one_it_says_what_to_install(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "pyperclip", raising=False)
        done = call("announce", "--for", "tchap", "--copy", cwd=root, env=NO_DISPLAY)
        assert (done.status, done.out) == (2, "")
        assert "there is no clipboard here" in done.err
        assert "xclip" in done.err


class TestTerminal:
    """Over SSH, the terminal at the other end has the clipboard (OSC 52)."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def test_it_is_handed_the_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
        monkeypatch.setenv("TERM", "xterm-256color")
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        terminal = self.Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        assert copy_text("Été #1") is False
        assert terminal.getvalue() == f"\x1b]52;c;{base64.b64encode('Été #1'.encode()).decode()}\x07"


def test_what_a_network_counts_in_bytes_is_called_so(root: Path) -> None:
    done = call("announce", "1", cwd=root)
    told = {line.split(":")[0].removeprefix("— "): line for line in done.out.splitlines() if line.startswith("— ")}
    assert told["Tchap"].endswith("of 16,000 bytes —")
    assert told["Mastodon"].endswith("of 500 characters —")


def test_an_address_that_waits_for_the_date_says_so(root: Path) -> None:
    write(root / "newsletter.toml", CONFIG + '\n[post]\nurl = "https://www.example.org/{year}/{slug}/"\n')
    path = root / "sections/001/_issue.md"
    lines = [line for line in path.read_text("utf-8").splitlines(True) if not line.startswith("date:")]
    path.write_text("".join(lines), "utf-8")
    done = call("announce", "1", "--for", "slack", cwd=root)
    assert "its address is made of the date, and _issue.md has none" in done.err
    assert "has no [post] url" not in done.err
