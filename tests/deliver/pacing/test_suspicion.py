"""Whom a refusal is about: one recipient, or all."""

from __future__ import annotations

import pytest

from newsletter_cli.deliver.pacing.suspicion import Held, Suspicion
from newsletter_cli.model.delivery import Reply

SENDER = Reply(550, "5.1.8 Sender address rejected")
POLICY = Reply(554, "5.7.1 not today")


def held(row: int, reply: Reply = POLICY, *, domain: str = "", since: int = 0, is_at_mail: bool = False) -> Held:
    return Held(row=row, domain=domain or f"d{row}.example.org", reply=reply, since=since or row, is_at_mail=is_at_mail)


@pytest.mark.parametrize(
    ("reply", "domains", "is_at_mail", "count"),
    [(SENDER, 50, False, 10), (SENDER, 2, False, 25), (POLICY, 50, False, 25), (POLICY, 50, True, 3)],
)
def test_it_takes_several_to_believe_it(reply: Reply, domains: int, is_at_mail: bool, count: int) -> None:
    suspicion = Suspicion()
    verdicts = [
        suspicion.hold(held(row, reply, domain=f"d{row % domains}.example.org", is_at_mail=is_at_mail))
        for row in range(1, 40)
    ]
    assert verdicts.index(True) + 1 == count


def test_the_same_row_counts_once() -> None:
    suspicion = Suspicion()
    assert not any(suspicion.hold(held(1, SENDER)) for _time in range(100))


def test_who_was_accepted_later_clears_those_before_and_nobody_else() -> None:
    suspicion = Suspicion()
    suspicion.hold(held(1, since=5))
    suspicion.hold(held(2, since=9))
    # Begun before the refusal: what the server answers about it says nothing about later.
    assert suspicion.accepted(5) == []
    assert [one.row for one in suspicion.accepted(6)] == [1]
    assert [one.row for one in suspicion.let_go()] == [2]
    assert not suspicion


def test_at_mail_a_row_is_tried_three_times() -> None:
    suspicion = Suspicion()
    tries = []
    for _try in range(3):
        suspicion.hold(held(1, is_at_mail=True))
        (one,) = suspicion.let_go()
        tries.append(suspicion.may_try_again(one))
    assert tries == [True, True, False]
    suspicion.hold(held(2))
    assert not suspicion.may_try_again(suspicion.let_go()[0])
