"""Bodies in quoted-printable, with places held open."""

from __future__ import annotations

import quopri
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter_cli.deliver.message.body import Slot, encode_body, encode_piece, split_held
from newsletter_cli.deliver.message.marks import choose_marks
from newsletter_cli.deliver.message.reading import read_piece
from tests.examples import examples

MARKS = choose_marks()
SLOTS = {MARKS.token: Slot.TOKEN, MARKS.greeting: Slot.GREETING_TEXT}
LINES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=100),
    st.text("ab .=é", max_size=200),
    st.builds(
        lambda length, end: "a" * length + end, st.integers(68, 77), st.sampled_from([" \n", "\t\n", " \t", ".\n"])
    ),
    st.sampled_from(
        [".", "..", "." * 150, "From ", "From here " * 20, " " * 80, "\t", "=", "\r", "\r\n", "x" * 75, "é" * 60]
    ),
)
PIECES = st.one_of(LINES, st.sampled_from([*SLOTS, "\n", "\n\n"]))


def checked(encoded: str) -> str:
    """What another decoder makes of it; its lines are as they should be."""
    for line in encoded.split("\r\n"):
        assert len(line) <= 76
        assert not line.startswith((".", "From "))
        assert not line.endswith((" ", "\t"))
        assert "\n" not in line
        assert "\r" not in line
    assert encoded.isascii()
    return quopri.decodestring(encoded.encode()).decode().replace("\r\n", "\n")


@examples(50)
@given(pieces=st.lists(PIECES, max_size=12), value=LINES)
@example(pieces=["a ", MARKS.token], value="x")
@example(pieces=["." * 76, MARKS.token, "." * 77, "\n.", MARKS.greeting, "\n"], value=".")
@example(pieces=["a" * 74 + " \n", MARKS.token], value="a" * 74 + " \n.")
@example(pieces=["From " * 16, MARKS.token, MARKS.token, MARKS.greeting, MARKS.greeting, "From "], value=" ")
def test_a_body_filled_is_the_text_filled(pieces: list[str], value: str) -> None:
    text = "".join(pieces)
    literals, slots = split_held(encode_body(text, SLOTS))
    assert slots == [SLOTS[mark] for mark in re.findall("|".join(SLOTS), text)]
    value = value.replace("\r", "\n")
    filled = literals[0].decode()
    for slot, literal in zip(slots, literals[1:], strict=True):
        filled += "t" * 24 if slot is Slot.TOKEN else encode_piece(value).decode()
        filled += literal.decode()
    wanted = text.replace("\r\n", "\n").replace("\r", "\n")
    assert checked(filled) == wanted.replace(MARKS.token, "t" * 24).replace(MARKS.greeting, value)


@examples(30)
@given(text=LINES)
def test_a_piece_is_read_back_by_the_strict_reader(text: str) -> None:
    text = text.replace("\r", "\n")
    encoded = encode_piece(text)
    assert checked(encoded.decode()) == text
    assert read_piece(encoded) == text
    assert len(encoded.rpartition(b"\n")[2]) <= 75


@pytest.mark.parametrize(
    "piece", [b"a\nb", b"a\rb", b"\xc3\xa9", b"=c3=a9", b"=C3", b"a \r\nb", b".", b"x" * 77, b"From a", b"a=b", b"a\0"]
)
def test_what_is_no_piece_is_not_read(piece: bytes) -> None:
    assert read_piece(piece) is None


def test_a_mark_at_the_end_of_a_line_needs_no_soft_break() -> None:
    encoded = encode_body(f"{MARKS.greeting}\nLeave: {MARKS.token}\n", SLOTS)
    assert encoded == f"{Slot.GREETING_TEXT.held}\r\nLeave:=20=\r\n{Slot.TOKEN.held}\r\n"
