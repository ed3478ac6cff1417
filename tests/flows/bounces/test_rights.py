"""What came back is about people: shown to them, erased with them, moved with them, anonymous in the end."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.audience.store import open_store
from tests.flows.bounces.messages import report
from tests.flows.bounces.stage import ALI, LEA, SentIssues
from tests.inside import call
from tests.workspaces import write

MANAGED = '[list]\nsource = "managed"\n[list.retention]\nledger_days = 30\n'
NEW = "lea@new.example"


@pytest.fixture
def sent(tmp_path: Path) -> SentIssues:
    """Léa's mailbox is full; what a server says of it was recorded."""
    sent = SentIssues(tmp_path / "w", config=MANAGED)
    nl(sent, "list", "import", "list.csv", "--consent", "form")
    write(sent.root / "full.eml", report(LEA, sent.token(LEA), status="5.2.2"))
    nl(sent, "bounces", "full.eml", "--apply")
    return sent


def nl(sent: SentIssues, *arguments: str) -> str:
    done = call(*arguments, cwd=sent.root)
    assert done.status == 0, done.out + done.err
    return done.out


def feedback(sent: SentIssues, address: str) -> Any:
    return json.loads(nl(sent, "list", "export", address))["feedback"]


def test_it_is_part_of_what_is_known_of_somebody(sent: SentIssues) -> None:
    (told,) = feedback(sent, LEA)
    assert (told["kind"], told["issue"], told["status"], told["source"]) == ("full", 1, "5.2.2", "mailbox")
    assert "Mailbox full" in told["words"]
    assert feedback(sent, ALI) == []


def test_it_follows_a_change_of_address(sent: SentIssues) -> None:
    nl(sent, "list", "move", LEA, NEW)
    assert len(feedback(sent, NEW)) == 1
    assert feedback(sent, LEA) == feedback(sent, NEW)


def test_it_is_erased_with_them_and_counts_on(sent: SentIssues) -> None:
    nl(sent, "list", "forget", LEA, "--yes")
    with closing(open_store(sent.root / "state").connection) as connection:
        assert connection.execute("SELECT kind, issue, words, key LIKE '%@%' FROM feedback").fetchall() == [
            ("full", 1, "", 0)
        ]
    # Nothing of her comes back by reading it once more.
    nl(sent, "bounces", "full.eml", "--apply")
    assert b"lea@" not in b"".join(path.read_bytes() for path in (sent.root / "state").glob("list.db*"))


def test_it_is_anonymous_when_its_time_has_come(sent: SentIssues) -> None:
    assert "feedback: 1" in nl(sent, "list", "purge", "--dry-run")
    nl(sent, "list", "purge", "--yes")
    assert feedback(sent, LEA) == []
    assert "feedback" not in nl(sent, "list", "purge", "--dry-run")


def test_it_is_handed_over_with_the_list(sent: SentIssues, tmp_path: Path) -> None:
    nl(sent, "state", "export", str(tmp_path / "state.age"))
    other = tmp_path / "other"
    write(other / "newsletter.toml", (sent.root / "newsletter.toml").read_bytes())
    done = call("state", "import", str(tmp_path / "state.age"), cwd=other)
    assert done.status == 0, done.err
    assert len(json.loads(call("list", "export", LEA, cwd=other).out)["feedback"]) == 1
