"""Tokens: opaque, unforgeable, read back without a table."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.tokens import TOKEN, Tokens, verp

TOKENS, OTHERS = Tokens(b"s" * 32), Tokens(b"t" * 32)
ROWS = st.integers(0, 2**40 - 1)


@given(row=ROWS)
def test_a_token_is_read_back_whatever_its_case(row: int) -> None:
    token = TOKENS.token(row)
    assert TOKEN.fullmatch(token)
    assert TOKENS.row_of(token) == TOKENS.row_of(token.upper()) == row
    assert TOKENS.token(row) == token
    assert OTHERS.row_of(token) is None


@given(row=ROWS, place=st.integers(0, 23), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_token_is_nobodys(row: int, place: int, letter: str) -> None:
    token = TOKENS.token(row)
    changed = token[:place] + letter + token[place + 1 :]
    assert TOKENS.row_of(changed) == (row if changed == token else None)


@given(text=st.text(max_size=40) | st.text("abc234", min_size=23, max_size=25))
def test_anything_else_is_nobodys(text: str) -> None:
    assert TOKENS.row_of(text) is None


@pytest.mark.parametrize("text", ["", "a" * 24, "ſ" * 24, "K" * 24, " " + "a" * 22 + " ", "1" * 24, "\ud800" * 24])
def test_what_only_looks_like_one_is_nobodys(text: str) -> None:
    assert TOKENS.row_of(text) is None


def test_neighbours_have_nothing_in_common() -> None:
    tokens = [TOKENS.token(row) for row in range(2000)]
    assert len(set(tokens)) == 2000
    alike = [sum(a == b for a, b in zip(one, other, strict=True)) for one, other in pairwise(tokens)]
    # Chance would have 24/32 of a letter.
    assert sum(alike) / len(alike) < 1.5


@given(row=ROWS)
def test_a_message_id_stays_and_does_not_tell_the_token(row: int) -> None:
    identity = TOKENS.message_id(row, "example.org")
    assert identity == Tokens(b"s" * 32).message_id(row, "example.org")
    left, _at, domain = identity.partition("@")
    assert domain == "example.org"
    assert TOKENS.row_of(left) is None
    assert left not in TOKENS.token(row)


@given(row=ROWS)
def test_an_envelope_sender_holds_the_token_and_fits(row: int) -> None:
    sender = verp("bounces@example.org", TOKENS.token(row))
    local, _at, domain = sender.rpartition("@")
    assert domain == "example.org"
    assert len(local) <= 64
    assert TOKENS.row_of(local.lower().rpartition("+")[2]) == row


@pytest.mark.parametrize("row", [-1, 2**40])
def test_rows_beyond_five_octets_have_none(row: int) -> None:
    with pytest.raises(ValueError, match="row"):
        TOKENS.token(row)
    with pytest.raises(ValueError, match="row"):
        TOKENS.message_id(row, "example.org")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        Tokens(b"short")
