"""The freeze: everybody decided, everything fixed, in one transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newsletter_cli.base.errors import LedgerError, UsageError
from newsletter_cli.deliver.ledger.freeze import freeze
from newsletter_cli.deliver.ledger.reading import read_freezes, read_report
from newsletter_cli.deliver.ledger.waiting import read_templates
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.model.subscriber import Exclusion, Reason, Recipient
from tests.deliver.stage import EXCLUDED, ISSUE, MESSAGE, counts, facts, freeze_people, recipient, states


def test_candidates_are_deliveries_and_exclusions(ledger: sqlite3.Connection) -> None:
    frozen = freeze_people(ledger, [recipient(1), recipient(2), *EXCLUDED])

    assert (frozen.recipients, frozen.known, frozen.candidates) == (2, 0, 4)
    report = read_report(ledger, ISSUE)
    assert report.candidates == 4
    assert report.counts[DeliveryState.PENDING] == 2
    assert report.excluded == {"unsubscribed": 1, "invalid": 1}
    assert not report.is_complete
    assert read_templates(ledger, ISSUE) == {frozen.freeze_id: b"template"}


def test_a_sum_that_does_not_come_out_records_nothing(state: Path, ledger: sqlite3.Connection) -> None:
    with pytest.raises(LedgerError, match="3 candidates, but 2 decisions"):
        freeze(
            ledger,
            facts(),
            [recipient(1), recipient(2)],
            pace_of=lambda domain: "",
            fields_of=None,
            expected_candidates=lambda: 3,
            message=lambda: MESSAGE,
        )
    assert counts(state) == {}
    assert read_freezes(ledger, ISSUE) == ()


def test_a_no_records_nothing(state: Path, ledger: sqlite3.Connection) -> None:
    def no(_frozen: object) -> None:
        raise UsageError("nothing was sent")

    with pytest.raises(UsageError):
        freeze(
            ledger,
            facts(),
            [recipient(1)],
            pace_of=lambda domain: "",
            fields_of=None,
            expected_candidates=lambda: 1,
            message=lambda: MESSAGE,
            confirm=no,
        )
    assert counts(state) == {}
    freeze_people(ledger, [recipient(1)])
    assert counts(state) == {"pending": 1}


def test_a_list_that_breaks_off_records_nothing(state: Path, ledger: sqlite3.Connection) -> None:
    def broken() -> object:
        yield recipient(1)
        raise OSError("gone")

    with pytest.raises(LedgerError):
        freeze(
            ledger,
            facts(),
            broken(),  # type: ignore[arg-type]
            pace_of=lambda domain: "",
            fields_of=None,
            expected_candidates=lambda: 1,
            message=lambda: MESSAGE,
        )
    assert counts(state) == {}


def test_who_stands_in_an_earlier_freeze_is_not_chosen_again(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)], segment="group:proof")
    ledger.execute("UPDATE delivery SET state = 'sent' WHERE id = 1")
    frozen = freeze_people(ledger, [recipient(1), recipient(2), recipient(3)])

    assert (frozen.recipients, frozen.known, frozen.candidates) == (1, 2, 3)
    assert counts(state) == {"sent": 1, "pending": 2}
    assert [one.segment for one in read_freezes(ledger, ISSUE)] == ["group:proof", ""]


def test_the_same_person_in_two_issues_is_two_deliveries(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(1)])
    freeze_people(ledger, [recipient(1)], issue=8)
    assert ledger.execute("SELECT count(*) FROM delivery").fetchone() == (2,)


def test_personal_fields_are_kept_and_nothing_else(ledger: sqlite3.Connection) -> None:
    person = Recipient(
        key="a@example.org",
        address="A@example.org",
        name="Ada",
        groups=("x",),
        attributes={"ville": "Paris", "salaire": "1"},
        row=2,
    )
    freeze(
        ledger,
        facts(),
        [person],
        pace_of=lambda domain: "",
        fields_of=lambda one: {"ville": one.attributes["ville"]},
        expected_candidates=lambda: 1,
        message=lambda: MESSAGE,
    )
    row = ledger.execute("SELECT key, address, name, fields FROM delivery").fetchone()
    assert row == ("a@example.org", "A@example.org", "Ada", '{"ville": "Paris"}')


def test_being_outside_the_group_is_counted_only(ledger: sqlite3.Connection) -> None:
    others = [
        Exclusion(row=row, key=f"r{row}@example.org", reason=Reason.NOT_IN_GROUP, detail="") for row in range(2, 12)
    ]
    freeze_people(ledger, [recipient(1), *others, EXCLUDED[0]])
    assert read_report(ledger, ISSUE).excluded == {"not-in-group": 10, "unsubscribed": 1}
    assert ledger.execute("SELECT count(*) FROM exclusion").fetchone() == (1,)


def test_who_got_it_is_no_exclusion_of_a_later_freeze(ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(1), recipient(2), recipient(3)])
    ledger.execute("UPDATE delivery SET state = 'sent'")
    others = [
        Exclusion(row=row, key=f"reader{row}@example.org", reason=Reason.NOT_IN_GROUP, detail="") for row in (2, 3, 4)
    ]
    frozen = freeze_people(ledger, [recipient(1), *others], segment="group:proof")
    assert (frozen.recipients, frozen.known, frozen.candidates) == (0, 3, 4)
    assert read_report(ledger, ISSUE).candidates == 4


def test_afresh_chooses_anew_whoever_was_never_tried(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 6)])
    ledger.execute("UPDATE delivery SET state = 'sent', tries = 1 WHERE id = 1")
    ledger.execute("UPDATE delivery SET tries = 1 WHERE id = 2")
    frozen = freeze_people(ledger, [recipient(1), recipient(2), recipient(3), recipient(9)], is_afresh=True)
    assert (frozen.recipients, frozen.known) == (2, 2)
    assert states(state) == {
        "reader1@example.org": "sent",
        "reader2@example.org": "pending",
        "reader3@example.org": "pending",
        "reader9@example.org": "pending",
    }
    # No number of a delivery names somebody else later: links carry it.
    assert min(row[0] for row in ledger.execute("SELECT id FROM delivery WHERE wave = ?", (frozen.freeze_id,))) > 5


def test_afresh_leaves_nothing_of_a_freeze_that_nothing_came_of(ledger: sqlite3.Connection) -> None:
    left_out = [
        Exclusion(row=number, key=f"reader{number}@example.org", reason=Reason.SUPPRESSED, detail="")
        for number in (7, 8)
    ]
    freeze_people(ledger, [recipient(1), *left_out])
    # What an older nl left behind, of a freeze that is no more.
    ledger.execute("INSERT INTO exclusion_count VALUES (99, 'double', 3)")
    ledger.execute("INSERT INTO exclusion VALUES (99, 3, 'double', '')")
    freeze_people(ledger, [recipient(1), left_out[0]], is_afresh=True)
    assert read_report(ledger, ISSUE).excluded == {"suppressed": 1}
    assert ledger.execute("SELECT count(*) FROM exclusion").fetchone() == (1,)
    assert ledger.execute("SELECT count(*) FROM exclusion_count").fetchone() == (1,)
