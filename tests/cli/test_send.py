"""`nl send` as a whole: exit statuses, JSON, who is asked, what is said, and where no address may show."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import inside
from tests.cli.keyboard import at_keyboard
from tests.deliver.server.serving import ThreadedServer
from tests.flows.sending.newsletter import ADDRESSES, FAULTY, PEOPLE, Newsletter
from tests.inside import run
from tests.workspaces import write

posix = pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
CONTRACT = {"issue", "candidates", "recipients", "excluded", "messages_verified", "size_bytes", "problems"}
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path / "w")


def nl(newsletter: Newsletter, *arguments: str, status: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    done = run(*arguments, env=env, cwd=newsletter.root)
    assert done.returncode == status, done.stdout + done.stderr
    assert "fault of nl" not in done.stderr
    return done


def nl_json(newsletter: Newsletter, *arguments: str, status: int = 0, **env: str) -> dict[str, Any]:
    done = nl(newsletter, *arguments, "--json", status=status, **env)
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def untouched(newsletter: Newsletter) -> bool:
    return newsletter.states() == {} and newsletter.messages() == []


class TestQuestion:
    """What somebody at the keyboard sees, and what their answer does."""

    PROMPT = "type the issue’s number: "

    def test_the_number_sends_it(self, newsletter: Newsletter) -> None:
        status, shown = at_keyboard(newsletter.root, "send", "1", typed="1\n", prompt=self.PROMPT)
        assert status == 0
        assert "rehearsal into a folder" in shown
        assert newsletter.written_to() == list(ADDRESSES)

    @pytest.mark.parametrize(("typed", "status"), [("yes\n", 2), ("\n", 2), ("\x03", 130), ("\x04", 130)])
    def test_anything_else_sends_nothing_and_says_so(self, newsletter: Newsletter, typed: str, status: int) -> None:
        ended, shown = at_keyboard(newsletter.root, "send", "1", typed=typed, prompt=self.PROMPT)
        assert ended == status
        assert "nothing was sent" in shown
        assert untouched(newsletter)

    def test_a_script_has_to_be_sure(self, newsletter: Newsletter) -> None:
        assert "--yes" in nl(newsletter, "send", "1", "--json", status=2).stderr
        assert untouched(newsletter)


class TestSend:
    def test_the_whole_way_and_once_more(self, newsletter: Newsletter) -> None:
        told = nl_json(newsletter, "send", "1", "--yes")
        assert (told["issue"], told["complete"], told["counts"]["sent"]) == (1, True, 3)
        assert told["ending"] == "done"
        assert "The rehearsal is over: nothing has left this machine." in nl(newsletter, "send").stdout
        assert newsletter.written_to() == list(ADDRESSES)
        assert nl_json(newsletter, "report")["counts"] == told["counts"]

    def test_what_is_left_over_is_exit_status_3(self, newsletter: Newsletter) -> None:
        said = nl(newsletter, "send", "--yes", "--limit", "2", status=3).stdout
        assert "Stopped at the limit" in said
        assert "1 waits: nl send 1" in said
        assert nl_json(newsletter, "send", "--yes", "--limit", "2")["complete"] is True

    def test_parts_newcomers_and_nobody_twice(self, newsletter: Newsletter) -> None:
        nl(newsletter, "send", "--yes", "--to", "group:proof")
        nl(newsletter, "send", "--yes")
        newsletter.list(PEOPLE + "dora@example.org;Dora;\n")
        assert "--newcomers" in nl(newsletter, "send", "--yes").stdout
        nl(newsletter, "send", "--yes", "--newcomers")
        assert Counter(newsletter.written_to()) == Counter([*ADDRESSES, "dora@example.org"])

    def test_a_part_meanwhile_is_refused_with_what_to_do(self, newsletter: Newsletter) -> None:
        nl(newsletter, "send", "--yes", "--limit", "1", status=3)
        done = nl(newsletter, "send", "--yes", "--to", "group:proof", status=2)
        assert "→ finish it first: nl send 1" in done.stderr
        assert len(newsletter.messages()) == 1

    def test_faults_are_exit_status_1(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, texts=FAULTY)
        done = nl(newsletter, "send", "--yes", status=1)
        assert "sections/001/news.md:4" in done.stderr
        assert "--accept link-empty" in done.stderr
        assert (done.stdout, untouched(newsletter)) == ("", True)
        assert "did you mean “link-empty”?" in nl(newsletter, "send", "--yes", "--accept", "lnk-empty", status=2).stderr
        nl(newsletter, "send", "--yes", "--accept", "link-empty")
        assert nl_json(newsletter, "report")["accepted_rules"] == ["link-empty"]

    def test_the_environment_and_options_over_it(self, newsletter: Newsletter, tmp_path: Path) -> None:
        other = write(tmp_path / "other.csv", "email\nx@example.org\n")
        third = write(tmp_path / "third.csv", "email\ny@example.org\n")
        send = partial(nl, newsletter, "send", "--yes", NL_LIST=str(other), NL_TRANSPORT=f"maildir:{tmp_path / 'a'}")
        send("--limit", "1")
        send("--newcomers", "--list", str(third), "--transport", "maildir:b")
        assert [str(one["To"]) for one in newsletter.messages(str(tmp_path / "a"))] == ["x@example.org"]
        assert [str(one["To"]) for one in newsletter.messages("b")] == ["y@example.org"]

    def test_through_a_server(self, newsletter: Newsletter, tmp_path: Path) -> None:
        with ThreadedServer(tmp_path / "record") as server:
            url = f"smtp://127.0.0.1:{server.port}"
            nl(newsletter, "send", "1", "--yes", "--list", "list.csv", "--transport", url)
            assert Counter(server.accepted()) == Counter(ADDRESSES)

    def test_a_server_that_refuses_everything_is_exit_status_3_and_says_why(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        with ThreadedServer(tmp_path / "record", "550-mail") as server:
            done = nl(newsletter, "send", "--yes", "--transport", f"smtp://127.0.0.1:{server.port}", status=3)
        assert "the send was stopped" in done.stderr
        assert "550" in done.stderr
        assert set(newsletter.states().values()) == {"pending"}

    @pytest.mark.parametrize(
        ("arguments", "word"),
        [
            (["--limit", "0"], "limit"),
            (["--limit", "many"], "limit"),
            (["--retry-deferred-for", "soon"], "30m, 4h"),
            (["--send-by", "soon"], "24h"),
            (["--to", "everybody"], "group:proof"),
            (["--outbox", "x"], "--dry-run"),
            (["--probe"], "--dry-run"),
            (["--transport", "pigeon:coop"], "maildir:PATH"),
            (["--list", "gone.csv"], "gone.csv"),
            (["7"], "issues here: 1"),
        ],
    )
    def test_wrong_usage(self, newsletter: Newsletter, arguments: Sequence[str], word: str) -> None:
        done = nl(newsletter, "send", "--yes", *arguments, status=2)
        assert word in done.stderr
        assert untouched(newsletter)

    def test_late(self, newsletter: Newsletter) -> None:
        done = nl(newsletter, "send", "--yes", "--send-by", "2020-01-01", status=2)
        assert "past already" in done.stderr
        assert untouched(newsletter)

    def test_secrets_that_are_missing(self, tmp_path: Path) -> None:
        config = '[send]\ntransport = "smtp://127.0.0.1:2525"\n[send.smtp]\nuser = "letter"\n'
        newsletter = Newsletter(tmp_path, config=config)
        assert "NL_SMTP_PASSWORD" in nl(newsletter, "send", "--yes", status=2).stderr
        assert untouched(newsletter)


class TestDryRun:
    def test_json_alone_on_standard_output(self, newsletter: Newsletter) -> None:
        done = nl(newsletter, "send", "1", "--dry-run", "--json")
        assert done.stderr == ""
        told = json.loads(done.stdout)
        assert set(told) >= CONTRACT
        assert set(told["size_bytes"]) == {"max", "median"}
        assert (told["candidates"], told["recipients"], told["messages_verified"]) == (3, 3, 3)

    def test_problems_are_exit_status_1(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, texts=FAULTY)
        told = nl_json(newsletter, "send", "--dry-run", status=1)
        assert [one["code"] for one in told["problems"]] == ["link-empty"]
        assert told["messages_verified"] == 3
        said = nl(newsletter, "send", "--dry-run", status=1).stdout
        assert "✗ sections/001/news.md:4" in said
        assert "nl send 1" not in said
        nl(newsletter, "send", "--dry-run", "--accept", "link-empty")

    def test_for_people_it_says_who_is_left_out_and_why(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, people="email\na@example.org\nb @example.org\nA@example.org\n")
        said = nl(newsletter, "send", "--dry-run").stdout
        assert "left out: row 3:" in said
        assert "left out: row 4: duplicate of row 2" in said
        assert "Nothing stands in the way: nl send 1" in said

    def test_it_needs_nobody_to_ask_and_leaves_no_ledger(self, newsletter: Newsletter) -> None:
        nl(newsletter, "send", "--dry-run")
        assert not (newsletter.state / "ledger.db").exists()

    def test_every_message_into_a_folder_seen_from_where_one_is(self, newsletter: Newsletter, tmp_path: Path) -> None:
        done = run("-C", str(newsletter.root), "send", "--dry-run", "--outbox", "all", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert len(list((tmp_path / "all").iterdir())) == 3
        done = run("-C", str(newsletter.root), "send", "--dry-run", "--outbox", "all", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is not empty" in done.stderr

    def test_the_server_is_talked_to_where_that_is_asked_for(self, newsletter: Newsletter, tmp_path: Path) -> None:
        with ThreadedServer(tmp_path / "record") as server:
            url = f"smtp://127.0.0.1:{server.port}"
            assert nl_json(newsletter, "send", "--dry-run", "--transport", url, "--probe")["server"]
            assert server.counts["MAIL"] == 0


class TestNobodyIsNamed:
    """Of the people written to, a terminal or a log sees the first and the last of the question, and no one else."""

    PEOPLE = "email;name\n" + "".join(f"p{number}@example.org;Person {number}\n" for number in range(6))
    INNER = re.compile(r"p[1-4]@example\.org|Person \d")

    @pytest.mark.parametrize("name", ["", "550-rcpt:share=1", "450-rcpt:share=1", "lost-250:every=2"])
    def test_by_a_send_its_report_and_its_errors(self, tmp_path: Path, name: str) -> None:
        newsletter = Newsletter(tmp_path / "w", people=self.PEOPLE)
        with ThreadedServer(tmp_path / "record", *([name] if name else [])) as server:
            url = f"smtp://127.0.0.1:{server.port}"
            said = ""
            for command in (["send", "--dry-run"], ["send", "--yes"], ["send", "--yes"], ["report"], ["doctor"]):
                where = ["--transport", url] if command[0] == "send" else []
                done = run(*command, *where, cwd=newsletter.root)
                said += done.stdout + done.stderr
        assert "p0@example.org" in said
        assert not self.INNER.findall(said)

    def test_nobody_at_all_by_results_for_scripts(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, people=self.PEOPLE)
        for command in (["send", "--dry-run"], ["send", "--yes", "--limit", "2"], ["send", "--yes"], ["report"]):
            done = run(*command, "--json", cwd=newsletter.root)
            assert not re.findall(r"p\d@example\.org|Person", done.stdout + done.stderr)


class TestAsked:
    def test_without_a_terminal_it_wants_yes(self, newsletter: Newsletter) -> None:
        done = nl(newsletter, "send", status=2)
        assert "--yes" in done.stderr
        assert untouched(newsletter)
        assert "never sent" in nl(newsletter, "report", status=2).stderr

    def test_without_a_terminal_going_on_wants_yes_too(self, newsletter: Newsletter) -> None:
        nl(newsletter, "send", "--yes", "--limit", "1", status=3)
        assert "--yes" in nl(newsletter, "send", status=2).stderr
        assert len(newsletter.messages()) == 1

    @posix
    def test_the_number_typed_sends_it(self, newsletter: Newsletter) -> None:
        status, shown = inside.at_keyboard(newsletter.root, "send", typed="001\n")
        assert status == 0
        for words in (
            "Tidings #1",
            "letter@example.org",
            "list.csv",
            "ada@example.org",
            "cleo@example.org",
            "type the",
        ):
            assert words in shown
        assert "ben@example.org" not in shown
        assert newsletter.written_to() == list(ADDRESSES)

    @posix
    @pytest.mark.parametrize("typed", ["2\n", "\n", "y\n", "yes\n"])
    def test_anything_else_sends_nothing(self, newsletter: Newsletter, typed: str) -> None:
        status, shown = inside.at_keyboard(newsletter.root, "send", typed=typed)
        assert status == 2
        assert "Traceback" not in shown
        assert untouched(newsletter)

    @posix
    @pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_a_terminal_without_colours(self, newsletter: Newsletter, env: dict[str, str]) -> None:
        status, shown = inside.at_keyboard(newsletter.root, "send", typed="1\n", **env)
        assert status == 0
        assert not re.search(r"\x1b\[[0-9;]*m", shown)


class TestSaid:
    @pytest.mark.parametrize("env", [{}, {"NL_LANG": "fr"}, {"FORCE_COLOR": "1", "TERM": "xterm-256color"}])
    def test_a_pipe_gets_no_control_characters(self, tmp_path: Path, env: dict[str, str]) -> None:
        texts = {"_issue.md": '---\ntitle: "A \\e[31m title\\a"\ndate: 2026-06-11\n---\nHello.\n'}
        newsletter = Newsletter(tmp_path / "w", texts=texts)
        with ThreadedServer(tmp_path / "record", "escapes", "550-rcpt:share=1") as server:
            url = f"smtp://127.0.0.1:{server.port}"
            for command in (
                ["send", "--dry-run", "--transport", url, "--probe"],
                ["send", "--yes", "--transport", url],
                ["report"],
                ["report", "--json"],
                ["resolve", "--show"],
                ["send"],
                ["nonsense"],
            ):
                done = run(*command, cwd=newsletter.root, env=env)
                tabs = (done.stdout + done.stderr).replace("\t", " ")
                assert not CONTROL.findall(tabs), command

    @posix
    def test_words_of_a_server_do_not_drive_a_terminal(self, newsletter: Newsletter, tmp_path: Path) -> None:
        with ThreadedServer(tmp_path / "record", "escapes", "550-rcpt:share=1") as server:
            url = f"smtp://127.0.0.1:{server.port}"
            _status, shown = inside.at_keyboard(newsletter.root, "send", "--transport", url, typed="1\n", NO_COLOR="1")
        assert "\x1b]" not in shown
        assert "\x07" not in shown

    def test_in_french(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, texts=FAULTY)
        french = {"NL_LANG": "fr"}
        for command, status in (
            (["send", "--dry-run"], 1),
            (["send", "--yes"], 1),
            (["send", "--accept", "link-empty"], 2),
            (["report"], 2),
            (["send", "--yes", "--accept", "link-empty", "--limit", "1"], 3),
            (["send", "--yes"], 0),
            (["report"], 0),
            (["report", "--csv", "r.csv"], 0),
            (["resolve", "--in-doubt", "skip", "--yes"], 0),
            (["resolve", "--show"], 0),
        ):
            done = nl(newsletter, *command, status=status, **french)
            assert not status or re.search(r"[éàè’ ]", done.stdout + done.stderr), command

    def test_json_is_the_same_in_every_language(self, newsletter: Newsletter) -> None:
        nl(newsletter, "send", "--yes", NL_LANG="fr")
        assert nl_json(newsletter, "report", NL_LANG="fr") == nl_json(newsletter, "report", NL_LANG="en")
