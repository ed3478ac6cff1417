"""`nl report` and `nl resolve` as a whole, and what `nl list` does with what was sent."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.deliver.ledger.database import open_database
from tests import inside
from tests.cli.keyboard import at_keyboard
from tests.deliver.server.oracle import STATES, parse_report
from tests.flows.sending.newsletter import ADDRESSES, PEOPLE, Newsletter
from tests.inside import run

GREETING = '[personal]\ngreeting = "Dear {first_name},"\n[[personal.fields]]\nname = "first_name"\n'


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path / "w")


@pytest.fixture(scope="module")
def once_doubtful(tmp_path_factory: pytest.TempPathFactory) -> Newsletter:
    newsletter = Newsletter(tmp_path_factory.mktemp("doubtful") / "w")
    newsletter.send(to="group:proof")
    newsletter.send(limit=1)
    return in_doubt(newsletter, "ben@example.org", "cleo@example.org")


@pytest.fixture
def doubtful(once_doubtful: Newsletter, tmp_path: Path) -> Newsletter:
    """Ada has it; Ben and Cleo are in doubt."""
    return once_doubtful.copied(tmp_path / "w")


@pytest.fixture(scope="module")
def once_refused(tmp_path_factory: pytest.TempPathFactory) -> Newsletter:
    people = "email;first_name\nada@example.org;Ada\nben@example.org;\ncleo@example.org;\n"
    newsletter = Newsletter(tmp_path_factory.mktemp("refused") / "w", config=GREETING, people=people)
    newsletter.send(accepted=("unbuildable",))
    return newsletter


@pytest.fixture
def refused(once_refused: Newsletter, tmp_path: Path) -> Newsletter:
    """Ada has it; for Ben and Cleo no message could be made."""
    return once_refused.copied(tmp_path / "w")


def in_doubt(newsletter: Newsletter, *addresses: str) -> Newsletter:
    """As after a crash between the last byte of a message and its answer."""
    with closing(open_database(newsletter.state)) as connection:
        for address in addresses:
            connection.execute("UPDATE delivery SET state = 'attempting' WHERE key = ?", (address,))
    return newsletter


def nl(newsletter: Newsletter, *arguments: str, status: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    done = run(*arguments, env=env, cwd=newsletter.root)
    assert done.returncode == status, done.stdout + done.stderr
    assert "fault of nl" not in done.stderr
    return done


def nl_json(newsletter: Newsletter, *arguments: str, status: int = 0) -> Any:
    return json.loads(nl(newsletter, *arguments, "--json", status=status).stdout)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


class TestReport:
    def test_for_scripts(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        done = nl(newsletter, "report", "1", "--json")
        assert done.stderr == ""
        report = parse_report(done.stdout)
        assert (report.issue, report.candidates, report.excluded, report.is_complete) == (1, 3, {}, False)
        assert report.counts == dict.fromkeys(STATES, 0) | {"sent": 1, "pending": 2}

    def test_for_people(self, newsletter: Newsletter) -> None:
        newsletter.send()
        lines = nl(newsletter, "report").stdout.splitlines()
        assert lines[0] == "Issue 1: 3 recipients"
        assert "sent\t3" in lines
        assert "The rehearsal is over: nothing has left this machine." in lines

    def test_an_issue_that_was_never_sent(self, newsletter: Newsletter) -> None:
        for command in (["report"], ["report", "--json"], ["report", "--csv", "r.csv"], ["resolve", "--show"]):
            done = nl(newsletter, *command, status=2)
            assert (done.stdout, "never sent from here" in done.stderr) == ("", True)
            assert "→ see what a send would do: nl send 1 --dry-run" in done.stderr
        assert not (newsletter.root / "r.csv").exists()
        assert not (newsletter.state / "ledger.db").exists()

    def test_everybody_as_a_private_file(self, newsletter: Newsletter) -> None:
        newsletter.list(PEOPLE + "not one;;\n")
        newsletter.send()
        done = nl(newsletter, "report", "--csv", "r.csv")
        assert (done.stdout, "4 rows written to r.csv" in done.stderr) == ("", True)
        rows = rows_of(newsletter.root / "r.csv")
        assert [row["address"] for row in rows] == [*ADDRESSES, ""]
        assert rows[-1]["state"] == "excluded:invalid"
        if os.name == "posix":
            assert stat.S_IMODE((newsletter.root / "r.csv").stat().st_mode) == 0o600

    def test_both_at_once(self, newsletter: Newsletter) -> None:
        newsletter.send()
        assert nl_json(newsletter, "report", "--csv", "r.csv")["complete"] is True
        assert len(rows_of(newsletter.root / "r.csv")) == 3

    def test_no_list_is_written_over(self, newsletter: Newsletter) -> None:
        newsletter.send()
        nl(newsletter, "report", "--csv", "list.csv", status=2)
        assert (newsletter.root / "list.csv").read_text("utf-8") == PEOPLE

    def test_the_file_stands_at_the_same_place_wherever_the_folder_is_named(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        newsletter.send()
        root, places = str(newsletter.root), []
        for number, command in enumerate((["-C", root, "report"], ["report", "-C", root])):
            done = run(*command, "--csv", f"r{number}.csv", cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            (path,) = tmp_path.rglob(f"r{number}.csv")
            places.append(path.parent)
        assert places[0] == places[1]

    def test_while_a_send_is_under_way(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        with closing(open_database(newsletter.state)) as writing:
            writing.execute("BEGIN IMMEDIATE")
            writing.execute("UPDATE delivery SET state = 'claimed' WHERE state = 'pending'")
            assert nl_json(newsletter, "report")["counts"]["pending"] == 2
            assert "nl send 1" in nl(newsletter, "report").stdout
            writing.execute("ROLLBACK")


class TestResolve:
    def test_show_names_those_to_be_decided_about(self, doubtful: Newsletter) -> None:
        nl(doubtful, "send", status=3)  # notes what the crash left
        said = nl(doubtful, "resolve", "--show").stdout
        assert "ben@example.org" in said
        assert "cleo@example.org" in said
        assert "ada@example.org" not in said

    def test_show_is_for_scripts_too(self, refused: Newsletter) -> None:
        told = nl_json(refused, "resolve", "--show")
        assert "ben@example.org" in json.dumps(told)

    @pytest.mark.parametrize(
        ("decision", "complete", "sent"), [("skip", True, 1), ("sent", True, 3), ("resend", False, 1)]
    )
    def test_those_in_doubt(self, doubtful: Newsletter, decision: str, complete: bool, sent: int) -> None:
        told = nl_json(doubtful, "resolve", "1", "--in-doubt", decision, "--yes")
        assert told == {"issue": 1, "resolved": 2, "decision": decision, "complete": complete}
        report = nl_json(doubtful, "report")
        assert (report["complete"], report["counts"]["sent"]) == (complete, sent)
        nl(doubtful, "send", "--yes")
        assert nl_json(doubtful, "report")["complete"] is True

    @pytest.mark.parametrize(
        ("decision", "words", "complete"), [("skip", "they do without", True), ("resend", "to be sent again", False)]
    )
    def test_those_refused(self, refused: Newsletter, decision: str, words: str, complete: bool) -> None:
        said = nl(refused, "resolve", "--refused", decision, "--yes").stdout
        assert f"2 deliveries decided: {words}" in said
        assert ("They go out with: nl send 1" in said) is not complete
        assert nl_json(refused, "report")["complete"] is complete
        assert "ben@" not in nl(refused, "resolve", "--show").stdout

    def test_one_of_them(self, doubtful: Newsletter) -> None:
        told = nl_json(doubtful, "resolve", "--in-doubt", "skip", "--address", "BEN@example.org", "--yes")
        assert (told["resolved"], told["complete"]) == (1, False)
        said = nl(doubtful, "resolve", "--show").stdout
        assert "ben@example.org" not in said
        assert "cleo@example.org" in said

    def test_somebody_who_is_not_among_them(self, doubtful: Newsletter) -> None:
        before = doubtful.states()
        for address in ("ada@example.org", "nobody@example.org", "no address"):
            done = nl(doubtful, "resolve", "--in-doubt", "skip", "--address", address, "--yes", status=2)
            assert "→" in done.stderr
        after = doubtful.states()
        assert {one for one in after if after[one] == "sent"} == {one for one in before if before[one] == "sent"}
        assert "refused" not in after.values()

    @pytest.mark.parametrize(
        ("arguments", "word"),
        [
            ([], "--in-doubt, --refused or --rehearsed"),
            (["--in-doubt", "skip", "--refused", "skip"], "one decision at a time"),
            (["--refused", "skip", "--rehearsed"], "one decision at a time"),
            (["--in-doubt", "perhaps"], "resend"),
            (["--refused", "sent", "--yes"], "--refused resend"),
            (["--in-doubt", "skip"], "--yes"),
            (["--in-doubt", "skip", "--json"], "--yes"),
            (["--show", "--in-doubt", "skip", "--yes"], "--show"),
            (["--show", "--rehearsed", "--yes"], "--show"),
            (["--show", "--address", "ben@example.org"], "--show"),
        ],
    )
    def test_wrong_usage_decides_nothing(self, doubtful: Newsletter, arguments: list[str], word: str) -> None:
        done = nl(doubtful, "resolve", "1", *arguments, status=2)
        assert (done.stdout, word in done.stderr) == ("", True)
        assert nl_json(doubtful, "report")["complete"] is False

    PROMPT = "type that number: "

    def test_somebody_at_the_keyboard_types_how_many_they_are(self, doubtful: Newsletter) -> None:
        asked = ("resolve", "1", "--in-doubt", "skip")
        # Ctrl-C needs a terminal of its own: `keyboard.at_keyboard`.
        for typed in ("\n", "y\n", "3\n"):
            status, shown = inside.at_keyboard(doubtful.root, *asked, typed=typed)
            assert status != 0
            assert "2 people do without this issue, for good." in shown
        assert at_keyboard(doubtful.root, *asked, typed="\x03", prompt=self.PROMPT)[0] == 130
        assert "refused" not in doubtful.states().values()
        assert inside.at_keyboard(doubtful.root, *asked, typed="2\n")[0] == 0
        assert list(doubtful.states().values()).count("refused") == 2

    def test_a_rehearsal_is_sent_after_all(self, newsletter: Newsletter) -> None:
        newsletter.send()
        told = nl_json(newsletter, "report")
        assert (told["complete"], told["in_folder_only"]) == (True, 3)
        assert "--rehearsed" in nl(newsletter, "report").stdout
        done = nl_json(newsletter, "resolve", "1", "--rehearsed", "--yes")
        assert done == {"issue": 1, "resolved": 3, "decision": "resend", "complete": False}
        assert nl_json(newsletter, "report")["counts"]["pending"] == 3

    def test_nobody_waits_for_a_decision(self, newsletter: Newsletter) -> None:
        newsletter.send()
        assert "0 deliveries decided" in nl(newsletter, "resolve", "--in-doubt", "skip").stdout


class TestPeople:
    @pytest.fixture
    def sent(self, newsletter: Newsletter) -> Newsletter:
        newsletter.send(to="group:proof")
        newsletter.send(limit=1)
        return newsletter

    def test_access_erasure_and_what_waits(self, sent: Newsletter) -> None:
        known = json.loads(nl(sent, "list", "export", "ada@example.org").stdout)
        assert [(one["issue"], one["state"]) for one in known["deliveries"]] == [(1, "sent")]
        waiting = next(one for one in ADDRESSES if one not in sent.written_to())
        for address in ("ada@example.org", waiting):
            told = nl_json(sent, "list", "forget", address, "--yes")
            assert told["records_made_anonymous"] == 1
            assert json.loads(nl(sent, "list", "export", address).stdout)["deliveries"] == []
        nl(sent, "send", "--yes")
        assert waiting not in sent.written_to()
        nl(sent, "report", "--csv", "r.csv")
        assert not {"ada@example.org", waiting} & {row["address"] for row in rows_of(sent.root / "r.csv")}

    def test_whoever_leaves_meanwhile_is_not_written_to(self, sent: Newsletter) -> None:
        waiting = next(one for one in ADDRESSES if one not in sent.written_to())
        nl(sent, "list", "unsubscribe", waiting)
        nl(sent, "send", "--yes")
        assert waiting not in sent.written_to()
        assert nl_json(sent, "report")["complete"] is True

    def test_leaving_by_the_token_of_a_mail(self, sent: Newsletter) -> None:
        token = str(sent.messages()[0]["List-Unsubscribe"]).rstrip(">").rpartition("%20")[2]
        said = nl(sent, "list", "unsubscribe", token)
        assert "example.org" not in said.stdout + said.stderr
        assert "since" in nl(sent, "list", "show", "ada@example.org").stdout

    def test_the_end_of_retention(self, newsletter: Newsletter) -> None:
        newsletter.send()
        with closing(open_database(newsletter.state)) as connection:
            connection.execute("UPDATE wave SET frozen_at = '2020-01-01T00:00:00Z'")
        assert nl_json(newsletter, "list", "purge", "--dry-run")["due"] == {"deliveries": 3}
        assert "--yes" in nl(newsletter, "list", "purge", status=2).stderr
        assert nl_json(newsletter, "list", "purge", "--yes")["erased"] == {"deliveries": 3}
        nl(newsletter, "report", "--csv", "r.csv")
        assert "example.org" not in (newsletter.root / "r.csv").read_text("utf-8-sig")
        assert nl_json(newsletter, "report")["counts"]["sent"] == 3
