"""The dialogue where PIPELINING is not offered: one command, one answer."""

from __future__ import annotations

import pytest

from tests.deliver.smtp.talk import BODY, Talk

MAIL = b"MAIL FROM:<news@example.org>\r\n"


def rcpt(row: int) -> bytes:
    return f"RCPT TO:<r{row}@example.org>\r\n".encode()


def to_dot(talk: Talk, row: int) -> None:
    talk.hear("250 ok\n")
    assert talk.written() == rcpt(row)
    talk.hear("250 ok\n")
    assert talk.written() == b"DATA\r\n"
    talk.hear("354 go ahead\n")
    assert talk.written() == BODY


def test_every_command_waits_for_its_answer() -> None:
    talk = Talk(pipelining=False)
    talk.hand(1)
    assert talk.written() == MAIL
    to_dot(talk, 1)
    assert talk.told() == [("READY", 0), ("AT_DOT", 1)]
    talk.hand(2)
    talk.release()
    assert talk.written() == b".\r\n"
    talk.hear("250 ok\n")
    assert talk.told() == [("SENT", 1)]
    assert talk.written() == MAIL
    to_dot(talk, 2)
    talk.release()
    talk.written()
    talk.hear("250 ok\n")
    assert talk.told() == [("AT_DOT", 2), ("SENT", 2), ("READY", 0)]


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        (["550 not you\n"], "BLOCKED"),
        (["451 later\n"], "DEFERRED"),
        (["250 ok\n", "550 nobody\n"], "REFUSED"),
        (["250 ok\n", "450 later\n"], "DEFERRED"),
        (["250 ok\n", "250 ok\n", "554 no\n"], "REFUSED"),
    ],
)
def test_a_refused_envelope_ends_there_and_is_reset(replies: list[str], kind: str) -> None:
    talk = Talk(pipelining=False)
    talk.told()
    talk.hand(1)
    for reply in replies:
        talk.written()
        talk.hear(reply)
    assert talk.told() == [(kind, 1), ("READY", 0)]
    assert talk.written() == b""
    talk.hand(2)
    assert talk.written() == b"RSET\r\n"
    talk.hear("250 ok\n")
    assert talk.written() == MAIL
    to_dot(talk, 2)


def test_the_next_is_not_known_to_the_server_when_the_connection_is_lost() -> None:
    talk = Talk(pipelining=False)
    talk.hand(1)
    talk.written()
    to_dot(talk, 1)
    talk.told()
    talk.hand(2)
    talk.release()
    talk.written()
    talk.dialogue.lost("gone")
    assert talk.told() == [("IN_DOUBT", 1), ("RETURNED", 2), ("DOWN failure", 0)]


def test_handed_after_the_release_it_waits() -> None:
    talk = Talk(pipelining=False)
    talk.hand(1)
    talk.written()
    to_dot(talk, 1)
    talk.release()
    talk.hand(2)
    assert talk.written() == b".\r\n"
    talk.hear("250 ok\n")
    assert talk.written() == MAIL
