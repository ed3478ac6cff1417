"""Who left between the freeze and the moment a send goes on."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter_cli.audience.membership import parse_one_address, readmit
from newsletter_cli.base.errors import SendHeld
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.deciding import Decision, decide
from newsletter_cli.deliver.ledger.transactions import transaction
from newsletter_cli.flows.audience import open_audience, open_state
from newsletter_cli.flows.diagnosis import Health
from newsletter_cli.flows.doctor import examine
from newsletter_cli.flows.list_people import unsubscribe_people
from newsletter_cli.flows.list_report import read_stats
from newsletter_cli.flows.sending.telling import sent_lines
from newsletter_cli.model.delivery import DeliveryState
from tests.flows.sending.newsletter import Editor, Newsletter

PEOPLE = "email;status\nada@example.org;confirmed\nben@example.org;confirmed\ncleo@example.org;confirmed\n"


def test_by_the_list_itself(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    newsletter.send(limit=1)
    newsletter.list(PEOPLE.replace("ben@example.org;confirmed", "ben@example.org;unsubscribed"))
    editor = Editor()
    assert newsletter.send(editor=editor).exit_status == 0
    assert newsletter.written_to() == ["ada@example.org", "cleo@example.org"]
    assert "1 person has left the list since" in editor.questions[0].notes
    assert newsletter.report().numbers.is_complete


def test_a_list_that_cannot_be_read_holds_nothing_up(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    newsletter.send(limit=1)
    (tmp_path / "list.csv").unlink()
    editor = Editor()
    assert newsletter.send(editor=editor).exit_status == 0
    assert any("cannot be read now" in note for note in editor.questions[0].notes)
    assert len(newsletter.messages()) == 3


def test_another_list_is_told_and_changes_nothing(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    newsletter.send(limit=1)
    (tmp_path / "other.csv").write_text("email\nzoe@example.org\n", encoding="utf-8")
    editor = Editor()
    newsletter.send(list_file=str(tmp_path / "other.csv"), editor=editor)
    assert any("were chosen from list.csv" in note for note in editor.questions[0].notes)
    assert "zoe@example.org" not in newsletter.written_to()


LEAVE = """
import sys
from datetime import UTC, datetime
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from newsletter_cli.audience.membership import unsubscribe
from newsletter_cli.audience.store import open_store
with open_store(Path(sys.argv[1])) as store:
    unsubscribe(store, [sys.argv[2]], now=datetime.now(UTC))
"""


class Leavers(Editor):
    """An editor at whose send people leave meanwhile, each by a process of its own."""

    def __init__(self, state: Path, keys: list[str]):
        super().__init__()
        self.state, self.keys = state, keys

    def show(self) -> None:
        if self.keys:
            subprocess.run([sys.executable, "-c", LEAVE, str(self.state), self.keys.pop()], check=True)


def test_each_who_leaves_during_a_send_is_heard(tmp_path: Path) -> None:
    """Also after this process has opened and closed the list besides, as every send does."""
    addresses = [f"reader{number:03}@example.org" for number in range(250)]
    newsletter = Newsletter(tmp_path, people="email\n" + "\n".join(addresses) + "\n")
    newsletter.send(limit=1)
    leaving = [addresses[-1], addresses[-2], addresses[-3]]
    editor = Leavers(newsletter.state, list(leaving))
    newsletter.send(editor=editor)
    assert editor.keys == []
    assert set(newsletter.written_to()) == set(addresses) - set(leaving)
    for name in ("list.db", "ledger.db"):
        with closing(sqlite3.connect(newsletter.state / name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def come_and_go(newsletter: Newsletter) -> None:
    """The issue waits; Cleo leaves, the send ends, and she comes back with her consent."""
    newsletter.send(limit=1)
    unsubscribe_people(newsletter.workspace, ["cleo@example.org"], override=None)
    newsletter.send()
    assert "cleo@example.org" not in newsletter.written_to()
    with open_state(newsletter.workspace) as store:
        address, _name = parse_one_address("cleo@example.org")
        assert readmit(store, address, consent_how="a mistake", consent_at="", now=datetime.now(UTC))


def test_whoever_is_back_on_the_list_can_be_given_the_issue(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    come_and_go(newsletter)
    said = list(sent_lines(newsletter.send()))
    assert any("--newcomers" in line for line in said)
    assert newsletter.dry(has_newcomers=True).recipients == 1
    sent = newsletter.send(has_newcomers=True)
    assert (sent.frozen_rows, sent.exit_status) == (1, 0)
    assert sorted(newsletter.written_to()) == ["ada@example.org", "ben@example.org", "cleo@example.org"]
    again = list(sent_lines(newsletter.send(has_newcomers=True)))
    assert not any("--newcomers" in line for line in again)
    assert any("Nobody has joined the list since" in line for line in again)
    assert len(newsletter.written_to()) == 3


def test_by_the_list_itself_and_back_again(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    newsletter.send(limit=1)
    newsletter.list(PEOPLE.replace("ben@example.org;confirmed", "ben@example.org;unsubscribed"))
    newsletter.send()
    newsletter.list(PEOPLE)
    newsletter.send(has_newcomers=True)
    assert sorted(newsletter.written_to()) == ["ada@example.org", "ben@example.org", "cleo@example.org"]


def test_what_a_person_decided_is_not_undone_by_newcomers(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    newsletter.send(limit=1)
    with closing(open_database(newsletter.state)) as ledger:
        ledger.execute("UPDATE delivery SET state = 'refused', code = 550, reply = '5.1.1 no' WHERE state = 'pending'")
        with transaction(ledger):
            assert decide(ledger, 1, DeliveryState.REFUSED, Decision.SKIP, keys=None, now=5) == 2
    newsletter.send(has_newcomers=True)
    assert newsletter.written_to() == ["ada@example.org"]


def test_an_older_list_holds_a_send_until_a_person_says_so(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    unsubscribe_people(newsletter.workspace, ["ada@example.org"], override=None)
    older = (newsletter.state / "list.db").read_bytes()
    unsubscribe_people(newsletter.workspace, ["cleo@example.org"], override=None)
    (newsletter.state / "list.db").write_bytes(older)
    with pytest.raises(SendHeld, match="older than the last one"):
        newsletter.send()
    assert [one.place for one in newsletter.dry().problems] == ["state/list.db"]
    assert any(one.subject == "list" and one.health is Health.WRONG for one in examine(newsletter.workspace))
    with open_audience(newsletter.workspace) as audience:
        assert read_stats(newsletter.workspace, audience, None).warnings
    assert newsletter.written_to() == []
    newsletter.send(is_anyway=True)
    assert newsletter.written_to() == ["ben@example.org", "cleo@example.org"]
    with open_state(newsletter.workspace) as store:
        assert not store.is_old_copy()
