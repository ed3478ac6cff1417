"""The oracle catches each way in which the promise can be broken: an oracle that is always content proves nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.deliver.server.oracle import (
    STATES,
    Broken,
    check_finished,
    check_promise,
    faults_of_report,
    faults_of_send,
    parse_report,
)
from tests.deliver.server.record import Accepted, Record, address_key, count_record, read_record

A, B = "a@example.org", "b@example.org"


def accepted(*recipients: str) -> list[Accepted]:
    return [
        Accepted(recipient=one, sender=B, message_id=f"<{one}>", sha256="", size_bytes=1, connection=1, seconds=0)
        for one in recipients
    ]


def told(**counts: int) -> str:
    excluded = {"invalid": 1}
    whole = dict.fromkeys(STATES, 0) | counts
    is_complete = not any(count for state, count in counts.items() if state not in {"sent", "refused"})
    return json.dumps(
        {"issue": 1, "candidates": sum(counts.values()) + 1, "excluded": excluded, "counts": whole,
         "complete": is_complete}
    )  # fmt: skip


@pytest.mark.parametrize("state", ["sent", "in_doubt", "attempting"])
def test_accepted_and_known_to_be(state: str) -> None:
    assert faults_of_send(accepted(A), {A: state, B: "pending"}) == []


@pytest.mark.parametrize("state", ["pending", "claimed", "deferred", "refused"])
def test_accepted_and_denied(state: str) -> None:
    assert faults_of_send(accepted(A), {A: state}) == [f"accepted, and the ledger says otherwise: 1: {A} ({state})"]
    assert faults_of_send(accepted(A), {A: "refused"}, settled={A}) == []


def test_accepted_twice() -> None:
    assert faults_of_send(accepted(A, B, A), {A: "sent", B: "sent"}) == [f"accepted more than once: 1: {A}"]
    assert faults_of_send(accepted(A, A), {A: "sent"}, decided={A}) == []


def test_sent_and_never_accepted() -> None:
    assert faults_of_send([], {A: "sent"}) == [f"sent says the ledger, and never accepted: 1: {A}"]


def test_accepted_for_somebody_who_is_not_in_the_ledger() -> None:
    assert faults_of_send(accepted(A), {}) == [f"accepted and not in the ledger: 1: {A}"]


def test_numbers_that_do_not_add_up() -> None:
    right = parse_report(told(sent=2, in_doubt=1))
    states = {A: "sent", B: "sent", "c@example.org": "in_doubt"}
    assert faults_of_report(right, states, candidates=4) == []
    assert faults_of_report(right, {A: "sent"}, candidates=4)
    assert faults_of_report(right, states, candidates=5)
    wrong = json.loads(told(sent=2, in_doubt=1)) | {"candidates": 9}
    assert faults_of_report(parse_report(json.dumps(wrong)), states)
    wrong = json.loads(told(sent=2, in_doubt=1)) | {"complete": True}
    assert faults_of_report(parse_report(json.dumps(wrong)), states)


def test_from_the_files(tmp_path: Path) -> None:
    record, state = tmp_path / "record", tmp_path / "state"
    state.mkdir()
    written = Record(record)
    written.accept("A@Example.org", B, b"Subject: x\r\nMessage-ID:\r\n <1@example.org>\r\n\r\nbody", 1)
    with closing(sqlite3.connect(state / "ledger.db")) as connection:
        connection.execute("CREATE TABLE delivery(issue, key, state)")
        connection.executemany("INSERT INTO delivery VALUES (1, ?, ?)", [(A, "sent"), (B, "pending")])
        connection.commit()
    check_promise(record, state, issue=1, report=told(sent=1, pending=1), candidates=3)
    check_finished(record, state, issue=1, expected=[A])
    with pytest.raises(Broken, match=f"missed: 1: {B}"):
        check_finished(record, state, issue=1, expected=[A, B])
    # A violation of SMTP, another id for the same address: each is told.
    written.log(connection=1, violation="a NUL")
    written.accept(A, B, b"Message-ID: <2@example.org>\r\n\r\nbody", 1)
    written.close()
    with pytest.raises(Broken, match=r"(?s)more than once.*a Message-ID belongs.*against the rules of SMTP: a NUL"):
        check_promise(record, state, issue=1)
    assert [one.message_id for one in read_record(record)] == ["<1@example.org>", "<2@example.org>"]
    assert count_record(record) == 2


def test_a_line_that_is_still_being_written_is_none_yet(tmp_path: Path) -> None:
    record = tmp_path / "record"
    written = Record(record)
    written.accept(A, B, b"\r\n\r\n", 1)
    written.close()
    with record.open("ab") as file:
        file.write(b'{"recipient": "b@exa')
    assert [one.recipient for one in read_record(record)] == [A]


def test_addresses_are_one_where_mail_systems_say_so() -> None:
    assert address_key("Léa@EXAMPLE.org") == address_key("léa@example.ORG")
    assert address_key("a@bücher.example") == "a@xn--bcher-kva.example"
