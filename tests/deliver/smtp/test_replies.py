"""Replies: split anywhere, in one piece or many, and never more than is sane."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.deliver.smtp.replies import MOST_BYTES, MOST_CHARACTERS, MOST_LINES, ReplyParser
from newsletter_cli.model.delivery import Reply


def parse(data: bytes) -> tuple[list[Reply], str | None]:
    parser = ReplyParser()
    return parser.feed(data), parser.fault


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"250 2.1.5 Ok\r\n", [(250, "2.1.5 Ok")]),
        (b"250\r\n", [(250, "")]),
        (b"250 \r\n", [(250, "")]),
        (b"250 no carriage return\n", [(250, "no carriage return")]),
        (b"250-first\r\n250-second\r\n250 third\r\n", [(250, "first second third")]),
        (b"250-\r\n250 ok\r\n", [(250, "ok")]),
        (
            b"550-5.1.1 Nobody\r\n550-5.1.1 of that name\r\n550 5.1.1 here\r\n",
            [(550, "5.1.1 Nobody of that name here")],
        ),
        (b"250 a\r\n354 b\r\n", [(250, "a"), (354, "b")]),
        ("250 déjà reçu\r\n".encode(), [(250, "déjà reçu")]),
        (b"250 \xff\r\n", [(250, "�")]),
        (b"550 a\x1b[31mred\x00\tend \r\n", [(550, "a [31mred end")]),
        ("550 turned\u202e round\r\n".encode(), [(550, "turned round")]),
        (b"250 cut in t", []),
        (b"250-not over\r\n", []),
    ],
)
def test_replies_are_understood(data: bytes, expected: list[tuple[int, str]]) -> None:
    assert parse(data) == ([Reply(*one) for one in expected], None)


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n",
        b"\r\n",
        b"25 ok\r\n",
        b"2500 ok\r\n",
        b"250_ok\r\n",
        b"150 too low\r\n",
        b"600 too high\r\n",
        b"250-one\r\n251 another\r\n",
        b"\xb2\xb2\xb2 superscript\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
    ],
)
def test_what_is_no_reply_is_a_fault(data: bytes) -> None:
    replies, fault = parse(b"250 before\r\n" + data + b"250 after\r\n")
    assert replies == [Reply(250, "before")]
    assert fault


@pytest.mark.parametrize(
    "data",
    [
        b"250-line\r\n" * MOST_LINES,
        b"250-" + b"x" * MOST_BYTES + b"\r\n250 end\r\n",
        b"250 " + b"x" * MOST_BYTES,
        (b"250-" + b"x" * 500 + b"\r\n") * 200,
    ],
)
def test_a_reply_without_end_is_a_fault(data: bytes) -> None:
    replies, fault = parse(data)
    assert not replies
    assert fault


def test_after_a_fault_nothing_is_read() -> None:
    parser = ReplyParser()
    parser.feed(b"nonsense\r\n")
    assert parser.feed(b"250 ok\r\n") == []


def test_long_words_are_cut() -> None:
    ((_code, text),), fault = parse(b"250 " + b"x" * 2000 + b"\r\n")
    assert fault is None
    assert len(text) == MOST_CHARACTERS
    assert text.endswith("…")


def test_the_bounds_are_for_one_reply_each() -> None:
    parser = ReplyParser()
    for _round in range(300):
        assert len(parser.feed(b"250-" + b"x" * 400 + b"\r\n250 end\r\n")) == 1
    assert parser.fault is None


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=["Cc"]), max_size=12)
REPLIES = st.lists(st.tuples(st.integers(200, 599), st.lists(WORDS, min_size=1, max_size=4)), max_size=8)


@given(REPLIES, st.data())
def test_it_does_not_matter_where_bytes_are_split(replies: list[tuple[int, list[str]]], data: st.DataObject) -> None:
    stream = b""
    for code, words in replies:
        for number, word in enumerate(words, 1):
            stream += f"{code}{' ' if number == len(words) else '-'}{word}\r\n".encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    parser = ReplyParser()
    heard: list[Reply] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        heard += parser.feed(stream[start:end])
    assert heard == parse(stream)[0]
    assert [one.code for one in heard] == [code for code, _words in replies]
    assert parser.fault is None


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    for reply in parse(data)[0]:
        assert 200 <= reply.code < 600
        assert reply.text.isprintable()


@pytest.mark.parametrize(
    ("text", "status"),
    [("5.1.1 no", "5.1.1"), ("5.7.509", "5.7.509"), ("no 5.1.1", ""), ("1.2.3.4 is listed", ""), ("2.0.0x", "")],
)
def test_the_enhanced_status(text: str, status: str) -> None:
    assert Reply(550, text).enhanced_status == status
