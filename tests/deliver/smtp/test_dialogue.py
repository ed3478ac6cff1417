"""The dialogue, case by case, with PIPELINING."""

from __future__ import annotations

import pytest

from newsletter_cli.deliver.transport import Happened
from tests.deliver.smtp.talk import BODY, ENVELOPE, Talk, envelope, outgoing


def test_a_message_and_the_next_cost_one_round_trip_each() -> None:
    talk = Talk()
    assert talk.told() == [("READY", 0)]
    talk.hand(1)
    assert talk.written() == envelope(1)
    talk.hear(ENVELOPE)
    assert talk.told() == [("AT_DOT", 1)]
    assert talk.written() == BODY
    talk.hand(2)
    assert talk.written() == b""
    talk.release()
    assert talk.written() == b".\r\n" + envelope(2)
    talk.hear("250 2.0.0 queued as 1\n" + ENVELOPE)
    assert talk.told() == [("SENT", 1), ("AT_DOT", 2)]
    assert talk.written() == BODY
    talk.release()
    assert talk.written() == b".\r\n"
    talk.hear("250 2.0.0 queued as 2\n")
    assert talk.events[0].reply.text == "2.0.0 queued as 2"
    assert talk.told() == [("SENT", 2), ("READY", 0)]


def test_the_dot_and_the_next_envelope_are_one_buffer_and_the_body_is_not_copied() -> None:
    talk = Talk()
    message = outgoing(1)
    talk.dialogue.hand(message, 0)
    talk.written()
    talk.hear(ENVELOPE)
    (body,) = talk.dialogue.outbox.buffers
    assert body is message.data
    talk.hand(2)
    talk.release()
    assert len(talk.dialogue.outbox.buffers) == 2


def test_a_message_handed_after_the_release_follows_at_once() -> None:
    talk = Talk()
    talk.to_dot()
    talk.release()
    assert talk.written() == b".\r\n"
    talk.hand(2)
    assert talk.written() == envelope(2)
    talk.hear("250 ok\n" + ENVELOPE)
    assert talk.told() == [("SENT", 1), ("AT_DOT", 2)]


def test_the_size_is_named_where_it_is_offered() -> None:
    talk = Talk(size=0)
    talk.hand(1)
    assert talk.written() == envelope(1, f" SIZE={len(BODY)}")


def test_an_empty_message_is_but_a_dot() -> None:
    talk = Talk()
    talk.hand(1, data=b"")
    talk.written()
    talk.hear(ENVELOPE)
    assert talk.written() == b""
    talk.release()
    assert talk.written() == b".\r\n"


# Definite answers


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("250 ok\n", [("SENT", 1), ("READY", 0)]),
        ("252 well\n", [("SENT", 1), ("READY", 0)]),
        ("451 4.3.0 later\n", [("DEFERRED", 1), ("READY", 0)]),
        ("554 5.7.1 spam\n", [("REFUSED", 1), ("READY", 0)]),
        # Goodbye is no yes: it may have crossed the dot.
        ("221 2.0.0 closing\n", [("IN_DOUBT", 1), ("DOWN failure", 0)]),
        ("354 more?\n", [("IN_DOUBT", 1), ("DOWN failure", 0)]),
        ("nonsense\n", [("IN_DOUBT", 1), ("DOWN failure", 0)]),
    ],
)
def test_answers_to_the_dot(reply: str, expected: list[tuple[str, int]]) -> None:
    talk = Talk()
    talk.to_dot()
    talk.release()
    talk.written()
    talk.hear(reply)
    assert talk.told() == expected


@pytest.mark.parametrize(
    ("replies", "expected", "then"),
    [
        ("250 ok\n550 5.1.1 nobody\n503 no\n", [("REFUSED", 1), ("READY", 0)], b"RSET\r\n"),
        ("250 ok\n450 4.2.0 grey\n503 no\n", [("DEFERRED", 1), ("READY", 0)], b"RSET\r\n"),
        ("250 ok\n250 ok\n451 later\n", [("DEFERRED", 1), ("READY", 0)], b"RSET\r\n"),
        ("250 ok\n250 ok\n554 no\n", [("REFUSED", 1), ("READY", 0)], b"RSET\r\n"),
        ("451 later\n503 no\n503 no\n", [("DEFERRED", 1), ("READY", 0)], b"RSET\r\n"),
        ("550 not you\n503 no\n503 no\n", [("BLOCKED", 1), ("READY", 0)], b"RSET\r\n"),
        ("552 5.3.4 too big\n503 no\n503 no\n", [("BLOCKED", 1), ("READY", 0)], b"RSET\r\n"),
        # Accepted though it makes no sense without a sender, and then rightly not.
        ("550 not you\n250 ok\n503 no\n", [("BLOCKED", 1), ("READY", 0)], b"RSET\r\n"),
    ],
)
def test_a_refused_envelope_leaves_the_connection_usable(
    replies: str, expected: list[tuple[str, int]], then: bytes
) -> None:
    talk = Talk(size=0)
    talk.told()
    talk.hand(1)
    talk.written()
    talk.hear(replies)
    assert talk.told() == expected
    assert talk.written() == b""
    talk.hand(2)
    assert talk.written() == then + envelope(2, f" SIZE={len(BODY)}")
    talk.hear("250 reset\n" + ENVELOPE)
    assert talk.told() == [("AT_DOT", 2)]


def test_the_row_is_told_at_once_and_the_connection_only_when_all_is_answered() -> None:
    talk = Talk()
    talk.told()
    talk.hand(1)
    talk.written()
    talk.hear("250 ok\n550 5.1.1 nobody\n")
    assert talk.told() == [("REFUSED", 1)]
    talk.hear("554 no valid recipients\n")
    assert talk.told() == [("READY", 0)]


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ("250 ok\n550 5.1.1 nobody\n", "REFUSED"),
        ("250 ok\n450 4.2.1 busy\n", "DEFERRED"),
        ("250 ok\n550 5.1.8 not you\n", "TURNED_AWAY"),
        ("451 later\n250 ok\n", "DEFERRED"),
        ("550 not you\n250 ok\n", "BLOCKED"),
    ],
)
def test_nobody_gets_an_empty_message_where_data_is_accepted_after_a_refusal(replies: str, kind: str) -> None:
    talk = Talk()
    talk.told()
    talk.hand(1)
    talk.written()
    talk.hear(replies + "354 go ahead\n")
    assert talk.told() == [(kind, 1), ("DOWN", 0)]
    # No dot, and the connection is reset: whatever the server kept, it has to throw away.
    assert talk.written() == b""
    assert talk.dialogue.must_be_cut
    assert talk.dialogue.pipelining.out_of_step


def test_a_reset_that_fails_ends_the_connection() -> None:
    talk = Talk()
    talk.hand(1)
    talk.hear("250 ok\n550 nobody\n503 no\n")
    talk.told()
    talk.hand(2)
    talk.hear("500 what\n")
    assert talk.told() == [("RETURNED", 2), ("DOWN failure", 0)]


@pytest.mark.parametrize("before", ["", "250 ok\n", "250 ok\n250 ok\n"])
@pytest.mark.parametrize(
    ("reply", "down"),
    [("421 4.3.2 bye\n", "DOWN"), ("399 what\n", "DOWN failure"), ("hm\n", "DOWN failure")],
)
def test_no_failure_before_the_dot_costs_the_row(before: str, reply: str, down: str) -> None:
    talk = Talk()
    talk.told()
    talk.hand(1)
    talk.written()
    talk.hear(before + reply)
    assert talk.told() == [("RETURNED", 1), (down, 0)]


def test_the_next_is_refused_and_the_connection_goes_on() -> None:
    talk = Talk()
    talk.to_dot()
    talk.hand(2)
    talk.release()
    talk.written()
    talk.hear("250 ok\n250 ok\n550 nobody\n503 no\n")
    assert talk.told() == [("SENT", 1), ("REFUSED", 2), ("READY", 0)]


# What cannot be known


@pytest.mark.parametrize("is_timeout", [False, True])
@pytest.mark.parametrize("has_next", [False, True])
def test_lost_after_the_dot_is_in_doubt_and_only_that_row(is_timeout: bool, has_next: bool) -> None:
    talk = Talk()
    talk.to_dot()
    if has_next:
        talk.hand(2)
    talk.release()
    talk.written()
    if is_timeout:
        talk.dialogue.timed_out()
    else:
        talk.dialogue.lost("gone")
    assert [event.is_failure for event in talk.events] == [True, *[False] * has_next, True]
    assert talk.events[0].reply.code == 0
    returned = [("RETURNED", 2)] if has_next else []
    assert talk.told() == [("IN_DOUBT", 1), *returned, ("DOWN failure", 0)]


def test_one_byte_of_the_dot_is_enough_for_doubt() -> None:
    for taken, kind in [(0, "RETURNED"), (1, "IN_DOUBT"), (2, "IN_DOUBT")]:
        talk = Talk()
        talk.to_dot()
        talk.release()
        talk.dialogue.taken(taken, 0)
        talk.dialogue.lost("gone")
        assert talk.told() == [(kind, 1), ("DOWN failure", 0)]


def test_a_body_that_is_out_but_for_the_dot_comes_back() -> None:
    talk = Talk()
    talk.hand(1)
    talk.written()
    talk.hear(ENVELOPE)
    talk.release()
    talk.dialogue.taken(len(BODY), 0)
    assert talk.dialogue.is_in_body
    talk.dialogue.lost("gone")
    assert talk.told()[-2:] == [("RETURNED", 1), ("DOWN failure", 0)]


def test_a_dot_offered_to_tls_is_in_doubt_though_nothing_was_taken() -> None:
    talk = Talk()
    talk.to_dot()
    talk.release()
    talk.dialogue.outbox.offering()
    talk.dialogue.lost("gone")
    assert talk.told() == [("IN_DOUBT", 1), ("DOWN failure", 0)]


def test_a_body_offered_to_tls_is_not_in_doubt() -> None:
    talk = Talk()
    talk.hand(1)
    talk.written()
    talk.hear(ENVELOPE)
    talk.release()
    talk.dialogue.outbox.offering()
    talk.dialogue.lost("gone")
    assert talk.told()[-2:] == [("RETURNED", 1), ("DOWN failure", 0)]


def test_the_doubt_of_one_row_is_not_the_next_ones() -> None:
    talk = Talk()
    talk.to_dot()
    talk.hand(2)
    talk.release()
    talk.written()
    talk.hear("250 ok\n" + ENVELOPE)
    talk.written()
    talk.dialogue.lost("gone")
    assert talk.told() == [("SENT", 1), ("AT_DOT", 2), ("RETURNED", 2), ("DOWN failure", 0)]


# Replies that nobody asked for


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("221 bye\n", [("RETURNED", 1), ("DOWN failure", 0)]),
        ("552 5.3.4 too big\n", [("TURNED_AWAY", 1), ("DOWN failure", 0)]),
        ("554 spam\n", [("REFUSED", 1), ("DOWN failure", 0)]),
        ("451 4.3.1 no room\n", [("DEFERRED", 1), ("DOWN failure", 0)]),
        ("503 what\n", [("RETURNED", 1), ("DOWN failure", 0)]),
        ("250 ok\n", [("RETURNED", 1), ("DOWN failure", 0)]),
    ],
)
@pytest.mark.parametrize("is_released", [False, True])
def test_a_reply_before_the_dot(reply: str, expected: list[tuple[str, int]], is_released: bool) -> None:
    talk = Talk()
    talk.hand(1)
    talk.written()
    talk.hear(ENVELOPE)
    talk.told()
    talk.dialogue.taken(5, 0)
    if is_released:
        talk.release()
    talk.hear(reply)
    assert talk.told() == expected
    assert talk.written() == b""


@pytest.mark.parametrize(("reply", "down"), [("421 idle\n", "DOWN"), ("250 hello\n", "DOWN failure")])
def test_a_reply_to_an_idle_connection(reply: str, down: str) -> None:
    talk = Talk()
    talk.told()
    talk.hear(reply)
    assert talk.told() == [(down, 0)]


def test_what_follows_a_goodbye_is_not_read() -> None:
    talk = Talk()
    talk.told()
    talk.hear("421 bye\n421 bye\nnonsense\n")
    assert talk.told() == [("DOWN", 0)]


# Addresses outside ASCII


def test_smtputf8_is_asked_for() -> None:
    talk = Talk(smtputf8=True)
    talk.hand(1, recipient="zoé@example.org")
    assert talk.written() == ("MAIL FROM:<news@example.org> SMTPUTF8\r\nRCPT TO:<zoé@example.org>\r\nDATA\r\n".encode())


def test_without_smtputf8_the_row_is_refused_here_and_the_connection_goes_on() -> None:
    talk = Talk()
    talk.told()
    talk.hand(1, recipient="zoé@example.org")
    assert talk.written() == b""
    assert talk.events[0].reply.code == 553
    assert talk.events[0].reply.text.startswith("nl: ")
    assert talk.told() == [("REFUSED", 1), ("READY", 0)]


def test_one_that_is_refused_here_waits_for_its_turn() -> None:
    talk = Talk()
    talk.to_dot()
    talk.hand(2, recipient="zoé@example.org")
    talk.release()
    assert talk.written() == b".\r\n"
    assert talk.told() == []
    talk.hear("250 ok\n")
    assert talk.told() == [("SENT", 1), ("REFUSED", 2), ("READY", 0)]


@pytest.mark.parametrize("heard", ["221 bye\n", "250 ok\n221 bye\n", "250 ok\n250 ok\n221 bye\n"])
def test_goodbye_in_an_envelope_is_no_yes(heard: str) -> None:
    talk = Talk()
    talk.told()
    talk.hand(1)
    talk.written()
    talk.hear(heard)
    assert talk.told() == [("RETURNED", 1), ("DOWN failure", 0)]


# So many messages, and goodbye


def test_the_last_message_of_a_connection() -> None:
    talk = Talk(messages=2)
    talk.to_dot()
    talk.hand(2)
    talk.release()
    talk.written()
    talk.hear("250 ok\n" + ENVELOPE)
    assert talk.told() == [("SENT", 1), ("AT_DOT last", 2)]
    talk.release()
    talk.written()
    talk.hear("250 ok\n")
    assert talk.told() == [("SENT", 2)]
    assert talk.written() == b"QUIT\r\n"
    talk.hear("221 bye\n")
    assert talk.told() == [("DOWN", 0)]


@pytest.mark.parametrize("end", ["eof", "timeout", "421 bye\n"])
def test_goodbye_needs_no_answer(end: str) -> None:
    talk = Talk(messages=1, timeout=10)
    talk.to_dot()
    talk.release()
    talk.written()
    talk.hear("250 ok\n")
    assert talk.told() == [("SENT", 1)]
    assert talk.written() == b"QUIT\r\n"
    assert talk.dialogue.deadline == 5
    if end == "eof":
        talk.dialogue.lost("gone")
    elif end == "timeout":
        talk.dialogue.timed_out()
    else:
        talk.hear(end)
    assert talk.told() == [("DOWN", 0)]


def test_a_message_handed_to_a_connection_at_its_end_comes_back() -> None:
    talk = Talk(messages=1)
    talk.to_dot()
    talk.hand(2)
    talk.release()
    assert talk.written() == b".\r\n"
    talk.hear("250 ok\n")
    assert talk.told() == [("SENT", 1), ("RETURNED", 2)]
    talk.hand(3)
    talk.hear("221 bye\n")
    assert talk.told() == [("RETURNED", 3), ("DOWN", 0)]
    talk.hand(4)
    assert talk.told() == [("RETURNED", 4)]


def test_the_last_one_refused_ends_the_connection_too() -> None:
    talk = Talk(messages=1)
    talk.told()
    talk.hand(1)
    talk.written()
    talk.hear("250 ok\n550 nobody\n503 no\n")
    assert talk.told() == [("REFUSED", 1)]
    assert talk.written() == b"QUIT\r\n"


# Wrong use


def test_a_dot_is_never_sent_without_a_row_at_its_dot() -> None:
    talk = Talk()
    with pytest.raises(ValueError, match="at its dot"):
        talk.release()
    talk.hand(1)
    with pytest.raises(ValueError, match="at its dot"):
        talk.release()
    talk.written()
    talk.hear(ENVELOPE)
    talk.release()
    with pytest.raises(ValueError, match="at its dot"):
        talk.release()


def test_a_connection_takes_one_message_and_one_more() -> None:
    talk = Talk()
    talk.hand(1)
    with pytest.raises(ValueError, match="cannot take"):
        talk.hand(2)
    talk.hear(ENVELOPE)
    talk.hand(2)
    with pytest.raises(ValueError, match="cannot take"):
        talk.hand(3)


def test_release_on_a_connection_that_has_gone_does_nothing() -> None:
    talk = Talk()
    talk.to_dot()
    talk.dialogue.lost("gone")
    talk.release()
    assert talk.written() == b""
    talk.dialogue.lost("again")
    assert talk.told() == [("RETURNED", 1), ("DOWN failure", 0)]


# Time


def test_deadlines() -> None:
    talk = Talk(timeout=10, final=60)
    dialogue = talk.dialogue

    # A function, which a type checker does not take to answer the same each time, as it does a property.
    def deadline() -> float | None:
        return dialogue.deadline

    assert deadline() is None
    talk.now = 100
    talk.hand(1)
    assert deadline() == 110
    talk.now = 105
    talk.written()
    assert deadline() == 115
    talk.hear("250 ok\n")
    talk.now = 110
    talk.hear("250 ok\n354 go\n")
    # A body that moves is not late.
    assert deadline() == 120
    talk.now = 119
    dialogue.taken(5, talk.now)
    assert deadline() == 129
    talk.written()
    # The engine takes the time it needs.
    assert deadline() is None
    talk.now = 500
    talk.release()
    assert deadline() == 510
    talk.now = 501
    talk.written()
    assert deadline() == 561
    talk.hear("250 ok\n")
    assert deadline() is None


def test_the_next_envelope_is_waited_for_from_the_answer_to_the_dot_on() -> None:
    talk = Talk(timeout=40, final=60)
    talk.to_dot()
    talk.hand(2)
    talk.release()
    talk.written()
    assert talk.dialogue.deadline == 60
    talk.now = 50
    talk.hear("250 ok\n")
    # Not that long, until it has shown that it reads on behind a dot.
    assert talk.dialogue.deadline == 60
    talk.hear("250 ok\n")
    assert talk.dialogue.deadline == 90
    talk.dialogue.timed_out()
    assert "40 s" in talk.events[-1].reply.text
    assert talk.told() == [("SENT", 1), ("RETURNED", 2), ("DOWN failure", 0)]


def test_half_a_reply_is_no_reply() -> None:
    talk = Talk(timeout=10)
    talk.hand(1)
    talk.written()
    talk.now = 9
    talk.dialogue.received(b"250-drip", talk.now)
    assert talk.dialogue.deadline == 10


def test_texts_say_what_happened() -> None:
    talk = Talk(final=60)
    talk.to_dot()
    talk.release()
    talk.written()
    talk.dialogue.timed_out()
    assert talk.events[0].kind is Happened.IN_DOUBT
    assert talk.events[0].reply.text == "nl: no answer to the whole message after 60 s"
