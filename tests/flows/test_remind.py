"""`nl remind`: due dates read strictly, and the chat told at most once a day, whatever happens in between."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter_cli.base.errors import ChatError
from newsletter_cli.chat import posting
from newsletter_cli.flows.remind import build_reminder, post_reminder
from newsletter_cli.flows.reminded import Reminded
from newsletter_cli.workspace.folder import open_workspace
from tests.chat.server import Chat, chat
from tests.inside import call
from tests.workspaces import CONFIG, make_workspace, tree, write

KEY = "k3ysecretk3ysecretk3ysecre"
NOW = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
ISSUE = {
    "_issue.md": "---\ntitle: One\ndate: 2026-06-11\n---\n",
    "news.md": "---\nauthor: Grace <grace@example.org>\nstatus: draft\néchéance: 1er juin 2026\n---\n",
    "about.md": "Who we are.\n",
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.5)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "w", CONFIG.replace('"en"', '"fr"'), {1: ISSUE})
    return tmp_path / "w"


def address(server: Chat) -> dict[str, str | None]:
    return {"NL_REMIND_WEBHOOK": f"http://{server.place}/hooks/{KEY}"}


def test_who_owes_what(root: Path) -> None:
    told = build_reminder(open_workspace(root), 1, now=NOW).as_dict()
    assert [(one["section"], one["author"], one["due"], one["days"], one["late"]) for one in told["owed"]] == [
        ("news", "Grace", "2026-06-01", -1, True),
        # No file yet: seven days before the issue.
        ("agenda", None, "2026-06-04", 2, False),
    ]
    assert "Grace\n- News\u00a0: en retard d’un jour (lundi 1er juin 2026)" in told["text"]
    assert "example.org" not in told["text"]


def test_ready_skipped_and_standing_sections_owe_nothing(root: Path) -> None:
    write(root / "sections/001/news.md", "---\nstatus: ready\ndue: 2026-06-01\n---\nText.\n")
    write(root / "sections/001/agenda.md", "---\nstatus: skip\n---\n")
    assert build_reminder(open_workspace(root), 1, now=NOW).owed == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("mardi 1er juin 2026", "lundi"), ("soon", "“soon” is no date"), ("2026-13-01", "is no date"),
     ("[2026-06-01]", "is no date"), ("0206-06-01", "is no date")],
)  # fmt: skip
def test_a_day_that_is_none_is_told_with_its_line(root: Path, typed: str, said: str) -> None:
    write(root / "sections/001/news.md", f"---\nstatus: draft\ndue: {typed}\n---\n")
    done = call("remind", "1", cwd=root)
    assert done.status == 1
    assert "sections/001/news.md:3" in done.err
    assert said in done.err


def test_it_is_shown_line_by_line(root: Path) -> None:
    done = call("remind", "1", cwd=root)
    assert done.out.startswith("Tidings n°\u00a01\u00a0: les textes attendus\n\nGrace\n- News\u00a0: ")
    assert json.loads(call("remind", "--json", cwd=root).out)["posted"] is None


def test_posted_once_a_day(root: Path) -> None:
    with chat() as server:
        done = call("remind", "1", "--post", cwd=root, env=address(server))
        assert (done.status, len(server.texts)) == (0, 1), done.err
        again = call("remind", "1", "--post", cwd=root, env=address(server))
        assert (again.status, len(server.texts)) == (2, 1)
        assert "has had its reminder today" in again.err
        anyway = call("remind", "1", "--post", "--again", "--json", cwd=root, env=address(server))
        assert (json.loads(anyway.out)["posted"], len(server.texts)) == ("posted", 2)
        tomorrow = build_reminder(open_workspace(root), 1, now=datetime.now(UTC) + timedelta(days=1))
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("NL_REMIND_WEBHOOK", str(address(server)["NL_REMIND_WEBHOOK"]))
            post_reminder(open_workspace(root), tomorrow)
        assert len(server.texts) == 3
    assert KEY not in done.out + done.err + again.err + str(tree(root))


def test_a_refusal_may_be_tried_again_and_silence_is_not(root: Path) -> None:
    with chat("error-500") as server:
        refused = call("remind", "1", "--post", cwd=root, env=address(server))
        assert refused.status == 2
        assert "was not posted: the chat answered 500" in refused.err
        server.misbehaviour = "silent"
        unknown = call("remind", "1", "--post", cwd=root, env=address(server))
        assert unknown.status == 2
        assert "cannot be told" in unknown.err
        server.misbehaviour = "ok"
        held = call("remind", "1", "--post", cwd=root, env=address(server))
        assert (held.status, len(server.texts)) == (2, 2)
        assert "--again" in held.err
        assert call("remind", "1", "--post", "--again", cwd=root, env=address(server)).status == 0


def test_two_at_once_post_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with chat() as server:
        monkeypatch.setenv("NL_REMIND_WEBHOOK", str(address(server)["NL_REMIND_WEBHOOK"]))
        workspace = open_workspace(root)
        reminder = build_reminder(workspace, 1, now=NOW)
        refusals = []

        def post() -> None:
            try:
                post_reminder(workspace, reminder)
            except ChatError as error:
                refusals.append(error)

        threads = [threading.Thread(target=post) for _one in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert (len(server.texts), len(refusals)) == (1, 2)


def test_a_run_that_was_killed_is_not_repeated_unasked(root: Path) -> None:
    with Reminded(open_workspace(root), 1, NOW.date()) as reminded:
        reminded.begin(is_again=False)
    with Reminded(open_workspace(root), 1, NOW.date()) as reminded, pytest.raises(ChatError, match="cannot be told"):
        reminded.begin(is_again=False)
    (root / "state/reminders/001.json").write_text("{")
    with Reminded(open_workspace(root), 1, NOW.date()) as reminded, pytest.raises(ChatError, match="cannot be told"):
        reminded.begin(is_again=False)


def test_nothing_owed_posts_nothing(root: Path) -> None:
    for name in ("news", "agenda"):
        write(root / f"sections/001/{name}.md", "---\nstatus: ready\n---\nText.\n")
    with chat() as server:
        done = call("remind", "1", "--post", cwd=root, env=address(server))
        assert (done.status, server.texts) == (0, [])


class TestSecrets:
    def test_in_the_file_it_is_refused_and_not_shown(self, root: Path) -> None:
        config = (root / "newsletter.toml").read_text()
        write(root / "newsletter.toml", config + f'\n[remind]\nwebhook = "https://chat.example.org/hooks/{KEY}"\n')
        done = call("remind", "1", cwd=root)
        assert done.status == 2
        assert "must not stand in newsletter.toml" in done.err
        assert KEY not in done.out + done.err

    @pytest.mark.parametrize(
        "keys", ['webhook_env = "SOME_OTHER_SECRET"', 'webhook_command = ["printenv", "X"]', 'webhook_keyring = "chat"']
    )
    def test_of_a_strangers_workspace_wants_trust(self, root: Path, keys: str) -> None:
        write(root / "newsletter.toml", (root / "newsletter.toml").read_text() + f"\n[remind]\n{keys}\n")
        with chat() as server:
            url = f"http://{server.place}/hooks/{KEY}"
            env = {"SOME_OTHER_SECRET": url, "X": url, "NL_CONFIG_DIR": str(root.parent / "config")}
            done = call("remind", "1", "--post", cwd=root, env=env)
            assert (done.status, server.texts) == (2, [])
            assert "nl trust" in done.err
            listed = call("trust", "--json", cwd=root, env=env)
            assert "remind.webhook" in listed.out
            if "keyring" not in keys:
                assert call("trust", "--yes", cwd=root, env=env).status == 0
                assert call("remind", "1", "--post", cwd=root, env=env).status == 0
                assert len(server.texts) == 1

    def test_of_a_mailbox_is_refused(self, root: Path) -> None:
        env = {"NL_REMIND_WEBHOOK": f"mailtos://u:{KEY}@example.org"}
        done = call("remind", "1", "--post", cwd=root, env=env)
        assert done.status == 2
        assert "readers are written to by nl send alone" in done.err
        debugged = call("--debug", "remind", "1", "--post", cwd=root, env=env)
        assert KEY not in done.err + debugged.err + debugged.out

    def test_unset_says_what_to_do(self, root: Path) -> None:
        done = call("remind", "1", "--post", cwd=root)
        assert (done.status, "NL_REMIND_WEBHOOK" in done.err) == (2, True)
