"""Servers' answers counted together, and that nothing in them tells whom they are about."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.deliver.alike import ENOUGH, MOST_KINDS, Sayings
from newsletter_cli.deliver.ledger.breakdown import SaidRow
from newsletter_cli.model.delivery import DeliveryState

REFUSED = DeliveryState.REFUSED
# Letters that no word of a server has side by side: found again wherever they stand.
MARKED = st.text(alphabet="qxzkjw", min_size=6, max_size=12)
NEAR = st.sampled_from([*" <>'\"().,:-_@=/…", "\u202e", "\x1b"])
KNOWN = st.sampled_from(("User unknown", "Mailbox full", "try again later", "550 5.1.1", "rejected"))


def said(reply: str, *, code: int = 550, address: str = "ada@example.org", name: str = "", fields: str = "") -> SaidRow:
    return SaidRow(state=REFUSED, code=code, reply=reply, address=address, name=name, fields=fields)


def told(*rows: SaidRow) -> list[tuple[str, str, int]]:
    sayings = Sayings()
    for row in rows:
        sayings.add(row)
    return [(one.status, one.text, one.count) for one in sayings.groups()]


@pytest.mark.parametrize(
    ("reply", "status", "text"),
    [
        ("5.1.1 <ada@example.org>: Recipient address rejected: User unknown", "550 5.1.1",
         "Recipient address rejected: User unknown"),
        ("User 'jdupont' unknown", "550", "User … unknown"),
        ("5.2.1 Mailbox of Jean Dupont is disabled", "550 5.2.1", "Mailbox of … is disabled"),
        ("5.1.1 no such user; see https://support.example.com/?p=u-7f3a", "550 5.1.1", "no such user; see"),
        ("4.7.1 Greylisted, try again in 297 seconds", "550 4.7.1", "Greylisted, try again in … seconds"),
        ("5.7.1 Service unavailable; client [192.0.2.7] blocked", "550 5.7.1",
         "Service unavailable; client … blocked"),
        ("Relay access denied for tiny-family.example", "550", "Relay access denied for"),
        ("Boîte pleine, réessayer plus tard", "550", "Boîte pleine, réessayer plus tard"),
        ("<script>alert(1)</script> rejected \u202e\x1b[31m", "550", "rejected"),
        ("5.1.1 User unknown (nl: decided: skip)", "550 5.1.1", "User unknown"),
        ("", "550", ""),
        ("550", "550", ""),
        ("nl: the connection broke 3 times: no answer", "550", "the connection broke … times: no answer"),
    ],
)  # fmt: skip
def test_an_answer(reply: str, status: str, text: str) -> None:
    assert told(said(reply)) == [(status, text, 1)]


def test_answers_that_differ_in_what_is_personal_are_one() -> None:
    rows = [
        said(f"4.2.2 user{number} is over quota, id 7f{number}", address=f"user{number}@d{number}.example")
        for number in range(9)
    ]
    assert told(*rows) == [("550 4.2.2", "is over quota, id", 9)]


def test_a_word_that_was_said_of_several_is_about_none_of_them() -> None:
    reply = "Blocked by Frobnicator"
    some = [said(reply, address=f"a{number}@example.org") for number in range(ENOUGH)]
    assert told(*some) == [("550", reply, ENOUGH)]
    assert told(*some[1:]) == [("550", "Blocked by", ENOUGH - 1)]


def test_nobody_reads_their_own_name_however_often_it_is_said() -> None:
    rows = [said("Mail for Zoé Quart refused", name="Zoé QUART", address="z@example.org")] * 9
    assert told(*rows) == [("550", "Mail for … refused", 9)]
    rows = [said("Mail for Zoé refused", fields='{"first_name": "Zoé"}', address="z@example.org")] * 9
    assert told(*rows) == [("550", "Mail for … refused", 9)]


@given(MARKED, MARKED, MARKED, st.lists(KNOWN | NEAR, max_size=6), NEAR, NEAR, st.integers(1, 3))
def test_nothing_personal_is_left(
    local: str, name: str, token: str, words: list[str], before: str, after: str, times: int
) -> None:
    for one in (local, name, token, f"{local}@{name}.example", local.upper(), f"x{local}y"):
        reply = f"{' '.join(words)}{before}{one}{after}{' '.join(words)}"
        row = said(reply, address=f"{local}@example.org", name=name)
        for _status, text, _count in told(*[row] * times):
            assert not re.search(f"{local}|{name}|{token}", text, re.IGNORECASE)
            assert not re.search("[<>@\x00-\x1f\u202e]", text)


def test_many_different_answers_take_little_room() -> None:
    sayings = Sayings()
    for number in range(MOST_KINDS + 500):
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        sayings.add(said(f"not {letters}xyz", address=f"q{number}@example.org"))
    groups = sayings.groups()
    assert sum(one.count for one in groups) == MOST_KINDS + 500
    assert [one.text for one in groups if one.count == 500] == [""]
