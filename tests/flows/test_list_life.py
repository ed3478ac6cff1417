"""`nl list show ADDR`: the whole life of an address, from wherever something is known of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.audience.feedback import FeedbackRecords
from newsletter_cli.audience.store import open_store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.flows.list_life import read_life
from newsletter_cli.model.feedback import Feedback, FeedbackKind
from tests.flows.bounces.stage import LEA, SentIssues
from tests.inside import Done, call
from tests.workspaces import write

NOTHING: dict[str, Any] = {
    "subscriber": None, "suppressed": None, "readmissions": [], "address_changes": [], "rejected_rows": 0,
    "feedback": [], "sources": [],
}  # fmt: skip
GONE = Feedback(
    reference=b"1", kind=FeedbackKind.HARD, key=LEA, issue=2, status="5.1.1", words="User unknown",
    at="2026-02-04T09:05:00Z", source="mailbox",
)  # fmt: skip


def show(root: Path, address: str, *options: str, language: str = "en") -> Done:
    # On the clock of this machine, which is that of the tests.
    return call("list", "show", address, *options, cwd=root, env={"NL_LANG": language, "TZ": "UTC"})


def came_back(root: Path, feedback: Sequence[Feedback], *, reason: str = "") -> None:
    """Recorded as `nl bounces` and `nl sync` do."""
    with open_store(root / "state") as store, store.transaction():
        FeedbackRecords(store).add(feedback, now="2026-02-05T08:00:00Z")
        if reason:
            Suppression(store).add([one.key for one in feedback], reason=reason, now="2026-02-05T08:00:00Z")


def test_all_that_happened_is_told_in_order(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws", issues=2).root
    write(root / "list.csv", "email;consent_at;consent_how\nlea@example.org;2025-11-03;form of the site\n")
    came_back(root, [GONE], reason="bounced")
    done = show(root, LEA)
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0] == "lea@example.org    confirmed  list.csv, row 2"
    assert lines[1] == (
        "On the suppression list since 2026-02-05 08:00: messages came back"
        " (came back of issue 2: no such mailbox, 5.1.1 User unknown)"
    )
    assert [
        line.split(maxsplit=2 if ":" in line[:20] else 1)[-1] for line in lines[lines.index("What happened") + 1 :]
    ] == [
        "agreed: form of the site",
        "issue 1: sent (250 OK)",
        "issue 2: sent (250 OK)",
        "came back of issue 2: no such mailbox, 5.1.1 User unknown",
        "on the suppression list: messages came back",
    ]


def test_for_scripts_the_same_stands_beside_what_the_export_has(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws").root
    came_back(root, [GONE])
    shown = json.loads(show(root, LEA, "--json").out)
    exported = json.loads(call("list", "export", LEA, cwd=root).out)
    life = shown.pop("life")
    assert shown == exported
    assert [(one["kind"], one["issue"]) for one in life] == [("sent", 1), ("hard", 2)]
    assert exported["feedback"] == [
        {
            "kind": "hard", "issue": 2, "status": "5.1.1", "words": "User unknown", "at": "2026-02-04T09:05:00Z",
            "source": "mailbox",
        }
    ]  # fmt: skip


def test_who_is_known_by_the_ledger_alone(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws").root
    write(root / "list.csv", "email\nada@example.org\n")
    done = show(root, LEA)
    assert (done.status, "issue 1: sent" in done.out, "list.csv" in done.out) == (0, True, False)


def test_who_is_known_by_their_hash_alone(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws", readers=["ada@example.org"]).root
    assert call("list", "unsubscribe", "--even-unknown", "gone@example.org", cwd=root).status == 0
    done = show(root, "Gone@Example.org")
    assert done.status == 0
    assert done.out.startswith("On the suppression list since")
    assert done.out.rstrip().endswith("on the suppression list: unsubscribed")


def test_who_is_known_by_what_came_back_alone(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws", readers=["ada@example.org"]).root
    came_back(root, [GONE])
    done = show(root, LEA)
    assert (done.status, "came back of issue 2" in done.out) == (0, True)


def test_of_whoever_was_erased_only_that_is_left(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws").root
    write(root / "list.csv", "email\nada@example.org\n")
    came_back(root, [GONE], reason="bounced")
    assert call("list", "forget", LEA, "--yes", cwd=root).status == 0
    life = json.loads(show(root, LEA, "--json").out)["life"]
    assert [(one["kind"], one["text"].partition(": ")[2]) for one in life] == [
        ("suppressed", "erased, and never to be written to again")
    ]


def test_nobody_is_status_1(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws").root
    done = show(root, "nobody@example.org")
    assert (done.status, done.out) == (1, "Nothing is known of this address.\n")
    assert json.loads(show(root, "nobody@example.org", "--json").out)["life"] == []


def test_coming_moving_leaving_and_coming_back(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws", readers=[]).root
    (root / "list.csv").unlink()
    for command in (
        ("add", "lea@example.org", "--consent", "asked at the door"),
        ("move", "lea@example.org", "lea@new.example.org"),
        ("unsubscribe", "lea@new.example.org"),
        ("add", "lea@new.example.org", "--consent", "wrote to us"),
    ):
        done = call("list", *command, cwd=root)
        assert done.status == 0, done.err
    kinds = [one["kind"] for one in json.loads(show(root, "lea@new.example.org", "--json").out)["life"]]
    assert {"consent", "added", "moved", "readmitted"} == set(kinds)
    # The address that they had means them, too.
    assert show(root, "lea@example.org").out == show(root, "lea@new.example.org").out


def test_in_french_all_is_french(tmp_path: Path) -> None:
    root = SentIssues(tmp_path / "ws", issues=2).root
    came_back(root, [GONE], reason="complained")
    said = show(root, LEA, language="fr").out
    assert "Ce qui s’est passé" in said
    assert "numéro 1\u00a0: envoyé (250 OK)" in said
    assert "complained" not in said


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("", 0),
        ("last spring", 0),
        ("2026-01-04", 0),
        ("2026-01-05T10:30:00+01:00", 1),
        ("2026-01-05 08:00", 0),
        ("2027", 0),
    ],
)
def test_a_consent_stands_where_its_date_puts_it_however_that_is_written(at: str, place: int) -> None:
    sent = {"issue": 1, "state": "sent", "at": "2026-01-05T09:00:00Z", "code": 250, "reply": "OK", "tries": 3}
    row = {"row": 2, "consent": {"at": at, "how": "form"}}
    waiting = sent | {"issue": 2, "state": "pending", "at": "", "code": 0, "reply": "", "tries": 0}
    data = NOTHING | {"sources": [{"name": "l.csv", "rows": [row, row]}], "deliveries": [waiting, sent]}
    life = read_life(data)
    assert [one.kind for one in life].index("consent") == place
    assert [one.text for one in life if one.kind != "consent"] == [
        "issue 1: sent (after 3 tries, 250 OK)", "issue 2: waiting"
    ]  # fmt: skip
    assert len(life) == 3
