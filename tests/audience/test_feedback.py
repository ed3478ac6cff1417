"""What came back after a send, in the store: once each, by person, anonymous on request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.audience.feedback import FeedbackRecords
from newsletter_cli.audience.store import Store, open_store
from newsletter_cli.model.feedback import Feedback, FeedbackKind

NOW = "2026-06-12T08:00:00+00:00"
LEA, ALI = "lea@example.org", "ali@example.org"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "state") as store:
        yield store


def heard(number: int, key: str = LEA, kind: FeedbackKind = FeedbackKind.SOFT) -> Feedback:
    return Feedback(
        reference=bytes([number]), kind=kind, key=key, issue=1, status="4.2.1", words="later", at=NOW, source="mailbox"
    )


def add(store: Store, *feedback: Feedback) -> list[Feedback]:
    with store.transaction():
        return FeedbackRecords(store).add(feedback, now=NOW)


def test_what_is_heard_twice_counts_once(store: Store) -> None:
    first, second = heard(1), heard(2, ALI, FeedbackKind.HARD)
    assert add(store, first, first) == [first]
    assert add(store, first, second) == [second]
    records = FeedbackRecords(store)
    assert records.of_person(LEA) == [first]
    assert records.knows(b"\x02")
    assert not records.knows(b"\x03")
    assert records.counts() == [(1, FeedbackKind.HARD, 1), (1, FeedbackKind.SOFT, 1)]


def test_whoever_is_erased_is_counted_on_without_a_name(store: Store) -> None:
    add(store, heard(1), heard(2, ALI))
    with store.transaction():
        assert FeedbackRecords(store).forget_person(LEA) == 1
    assert FeedbackRecords(store).of_person(LEA) == []
    assert FeedbackRecords(store).counts() == [(1, FeedbackKind.SOFT, 2)]
    assert add(store, heard(1)) == []


def test_it_moves_with_a_person_and_is_anonymous_in_the_end(store: Store) -> None:
    add(store, heard(1), heard(2, ""))
    with store.transaction():
        assert FeedbackRecords(store).move_person(LEA, ALI) == 1
        assert FeedbackRecords(store).purge(NOW) == 0
        assert FeedbackRecords(store).purge("2026-06-13") == 1
    assert FeedbackRecords(store).of_person(ALI) == []


def test_what_came_back_to_one_person_is_found_by_its_index(store: Store) -> None:
    add(store, *(heard(number, f"r{number}@example.org") for number in range(200)))
    records = FeedbackRecords(store)
    asked: list[str] = []
    connection = store.connection
    connection.set_trace_callback(asked.append)
    records.of_person(LEA)
    records.knows(b"\x07")
    with store.transaction():
        records.move_person("r7@example.org", LEA)
        records.forget_person(LEA)
    connection.set_trace_callback(None)
    statements = [one for one in asked if "feedback" in one]
    assert len(statements) == 4
    for statement in statements:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [step for step in plan if step.startswith("SCAN")], (statement, plan)
