"""What is done about something that came back."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter_cli.after.deciding import Known, Rules, SentIssue, decide, failures_in_a_row
from newsletter_cli.model.feedback import FeedbackAction as A
from newsletter_cli.model.feedback import FeedbackKind as K

READER = Known(sent=(SentIssue(1, "2026-01-01T09:00:00Z"),))


def decided(
    kind: K, *, issue: int | None = 1, is_certain: bool = True, known: Known | None = READER, **rules: Any
) -> A:
    return decide(kind, issue=issue, is_certain=is_certain, known=known, rules=Rules(**rules))


def monthly(*told: K | None) -> Known:
    """A reader of as many monthly issues, and what came back of each."""
    sent = tuple(SentIssue(number, f"2026-{number:02d}-01T09:00:00Z") for number in range(1, len(told) + 1))
    return Known(
        sent=sent, returned={number: frozenset({kind}) for number, kind in enumerate(told, 1) if kind is not None}
    )


@pytest.mark.parametrize("kind", [K.HARD, K.COMPLAINT, K.UNSUBSCRIBE])
def test_only_what_is_certain_of_a_delivery_takes_its_reader_off(kind: K) -> None:
    assert decided(kind) is A.SUPPRESS
    assert decided(kind, is_certain=False) is A.REVIEW
    assert decided(kind, known=None) is A.REVIEW
    assert decided(kind, known=None, is_certain=False) is A.REVIEW
    assert decided(kind, known=Known(is_reader=False)) is A.REVIEW
    assert decided(kind, known=Known(has_left=True)) is A.NONE
    assert decided(kind, known=Known(is_back=True)) is A.NONE


def test_an_address_that_was_changed_since_bounces_in_vain_but_its_owner_may_leave() -> None:
    assert decided(K.HARD, known=Known(has_moved=True)) is A.NONE
    assert decided(K.FULL, known=Known(has_moved=True)) is A.NONE
    assert decided(K.UNSUBSCRIBE, known=Known(has_moved=True)) is A.SUPPRESS
    assert decided(K.COMPLAINT, known=Known(has_moved=True)) is A.SUPPRESS


@pytest.mark.parametrize("known", [None, READER, Known(has_left=True), Known(is_reader=False)])
@pytest.mark.parametrize("is_certain", [True, False])
def test_the_sender_s_fault_is_an_alarm_and_nobody_s_else(known: Known | None, is_certain: bool) -> None:
    assert decided(K.SENDER_FAULT, known=known, is_certain=is_certain) is A.ALARM
    assert decided(K.OUT_OF_OFFICE, known=known, is_certain=is_certain) is A.NONE
    assert decided(K.REPLY, known=known, is_certain=is_certain) is A.NONE


def test_who_seems_to_have_left_is_shown_and_not_taken_off() -> None:
    for known in (None, READER):
        action = decide(
            K.OUT_OF_OFFICE, issue=1, is_certain=True, known=known, rules=Rules(), has_happened=True, wants_a_look=True
        )
        assert action is A.REVIEW
    gone = Known(has_left=True)
    assert decide(K.OUT_OF_OFFICE, issue=1, is_certain=True, known=gone, rules=Rules(), wants_a_look=True) is A.NONE


@pytest.mark.parametrize("kind", [K.FULL, K.SOFT])
def test_what_may_pass_counts_until_it_has_lasted(kind: K) -> None:
    assert decided(kind) is A.COUNT
    assert decided(kind, issue=2, known=monthly(kind, kind)) is A.COUNT
    assert decided(kind, issue=3, known=monthly(kind, kind, kind)) is A.REVIEW
    assert decided(kind, issue=3, known=monthly(kind, kind, kind), is_suppressing=True) is A.SUPPRESS
    assert decided(kind, issue=3, known=monthly(kind, kind, kind), days=90) is A.COUNT
    assert decided(kind, issue=3, known=monthly(kind, kind, kind), is_certain=False) is A.REVIEW
    assert decided(kind, issue=2, known=monthly(kind, kind, kind)) is A.COUNT
    assert decided(kind, issue=None) is A.COUNT
    assert decided(kind, issue=9) is A.COUNT


def test_an_issue_that_came_through_clears_the_count_and_the_sender_s_fault_is_passed_over() -> None:
    assert failures_in_a_row(4, monthly(K.FULL, None, K.FULL, K.FULL)) == (2, 31)
    assert failures_in_a_row(3, monthly(K.FULL, K.SOFT, K.FULL, None)) == (0, 0)
    assert failures_in_a_row(4, monthly(K.FULL, K.FULL, K.SENDER_FAULT, K.FULL)) == (3, 90)
    assert failures_in_a_row(3, monthly(K.FULL, K.FULL, K.FULL, K.SENDER_FAULT)) == (3, 59)
    assert failures_in_a_row(2, monthly(K.FULL, K.FULL, K.FULL)) == (2, 31)


@pytest.mark.parametrize("kind", K)
def test_nothing_is_done_about_what_has_not_failed_yet(kind: K) -> None:
    assert decide(kind, issue=1, is_certain=True, known=READER, rules=Rules(), has_happened=False) is A.NONE


@pytest.mark.parametrize("known", [None, READER, Known(is_reader=False), Known(has_left=True)])
def test_what_is_not_understood_is_for_a_person(known: Known | None) -> None:
    assert decided(K.UNKNOWN, known=known) is A.REVIEW
