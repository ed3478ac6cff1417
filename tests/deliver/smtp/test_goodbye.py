"""A 421 while a message is on its way, and servers that do not read on: what is made of them."""

from __future__ import annotations

import pytest

from tests.deliver.smtp.talk import BODY, ENVELOPE, Talk, envelope

BYE = "421 4.3.2 going down\n"
SENT, RETURNED, IN_DOUBT = ("SENT", 1), ("RETURNED", 1), ("IN_DOUBT", 1)


def closes(talk: Talk) -> None:
    talk.dialogue.lost("the server closed the connection")


def is_silent(talk: Talk) -> None:
    talk.dialogue.timed_out()


@pytest.mark.parametrize("is_before_dot", [True, False])
@pytest.mark.parametrize(
    ("heard", "ends", "expected"),
    [
        ("250 ok\n", None, SENT),
        ("451 later\n", None, ("DEFERRED", 1)),
        ("554 spam\n", None, ("REFUSED", 1)),
        (BYE, None, RETURNED),
        ("354 more\n", None, IN_DOUBT),
        ("", closes, RETURNED),
        ("", is_silent, IN_DOUBT),
    ],
)
def test_what_follows_a_goodbye_tells(heard: str, ends: object, expected: tuple[str, int], is_before_dot: bool) -> None:
    talk = Talk()
    talk.hand(1)
    talk.written()
    talk.hear(ENVELOPE)
    talk.told()
    if is_before_dot:
        talk.hear(BYE)
        # The message goes on: nobody knows yet whether the server does.
        assert talk.told() == []
    assert talk.written() == BODY
    talk.release()
    assert talk.written() == b".\r\n"
    talk.hear(heard if is_before_dot else BYE + heard)
    if callable(ends):
        assert talk.told() == []
        ends(talk)
    # It had said so: no failure of the connection.
    assert talk.told() == [expected, ("DOWN", 0)]


@pytest.mark.parametrize("ends", [closes, is_silent])
def test_closed_after_a_goodbye_before_the_dot_left_nothing_has_happened(ends: object) -> None:
    talk = Talk()
    talk.hand(1)
    talk.written()
    talk.hear(ENVELOPE + BYE)
    talk.told()
    assert callable(ends)
    ends(talk)
    assert talk.told() == [RETURNED, ("DOWN", 0)]


@pytest.mark.parametrize(
    ("heard", "ends", "expected"),
    [
        # Said in the middle of the body: one answer more than the envelope has.
        ("250 2.0.0 queued\n250 ok\n250 ok\n", None, SENT),
        ("250 queued\n250 ok\n550 nobody\n503 what\n", None, SENT),
        ("250 2.0.0 queued\n", closes, SENT),
        ("554 spam\n", None, RETURNED),
        # Said to the dot, by a server that goes on all the same.
        ("250 ok\n250 ok\n354 go ahead\n", None, RETURNED),
        ("250 2.1.0 sender ok\n", closes, RETURNED),
        # Nobody can tell.
        ("250 ok\n", closes, IN_DOUBT),
        ("250 ok\n250 ok\n503 what\n", closes, IN_DOUBT),
        ("250 ok\n250 ok\n503 what\n", is_silent, IN_DOUBT),
        ("250 2.0.0 queued\n", is_silent, IN_DOUBT),
        ("", is_silent, IN_DOUBT),
        ("", closes, RETURNED),
    ],
)
def test_the_answers_to_an_envelope_behind_the_dot_are_not_taken_for_the_dot_s(
    heard: str, ends: object, expected: tuple[str, int]
) -> None:
    talk = Talk()
    talk.to_dot()
    talk.hand(2)
    talk.release()
    talk.written()
    talk.hear(BYE + heard)
    if callable(ends):
        assert talk.told() == []
        ends(talk)
    assert talk.told() == [expected, ("RETURNED", 2), ("DOWN", 0)]


def test_no_envelope_follows_a_dot_after_a_goodbye() -> None:
    talk = Talk()
    talk.to_dot()
    talk.hear(BYE)
    talk.hand(2)
    talk.release()
    assert talk.written() == b".\r\n"
    talk.hear("250 ok\n")
    assert talk.told() == [SENT, ("RETURNED", 2), ("DOWN", 0)]


# Servers that offer PIPELINING and do not read on


def test_a_server_that_drops_what_was_sent_in_one_go_is_noticed_soon() -> None:
    talk = Talk(timeout=300)
    talk.hand(1)
    talk.written()
    assert talk.dialogue.deadline == 300
    talk.hear("250 ok\n")
    assert talk.dialogue.deadline == 10
    talk.dialogue.timed_out()
    assert talk.told() == [("READY", 0), RETURNED, ("DOWN", 0)]
    assert talk.dialogue.pipelining.out_of_step


def test_one_that_drops_what_follows_a_dot_is_noticed_too() -> None:
    talk = Talk(timeout=300)
    talk.to_dot()
    talk.hand(2)
    talk.release()
    assert talk.written() == b".\r\n" + envelope(2)
    talk.hear("250 ok\n")
    assert talk.dialogue.deadline == 10
    talk.dialogue.timed_out()
    assert talk.told() == [SENT, ("RETURNED", 2), ("DOWN", 0)]
    assert talk.dialogue.pipelining.out_of_step


@pytest.mark.parametrize("reply", ["503 5.5.1 need MAIL\n", "554 5.5.0 Error: improper use of SMTP PIPELINING\n"])
def test_one_that_says_so_is_believed(reply: str) -> None:
    talk = Talk()
    talk.hand(1)
    talk.written()
    talk.hear(f"250 ok\n{reply}")
    assert talk.told() == [("READY", 0), RETURNED, ("DOWN", 0)]
    assert talk.dialogue.pipelining.out_of_step


def test_one_that_has_shown_that_it_reads_on_may_be_slow() -> None:
    talk = Talk(timeout=300)
    talk.to_dot()
    talk.release()
    talk.written()
    talk.hear("250 ok\n")
    talk.hand(2)
    talk.written()
    talk.hear("250 ok\n")
    assert talk.dialogue.deadline == 300


def test_one_command_at_a_time_may_be_slow_from_the_start() -> None:
    talk = Talk(timeout=300, pipelining=False)
    talk.hand(1)
    talk.written()
    talk.hear("250 ok\n")
    talk.written()
    assert talk.dialogue.deadline == 300


# A process that was stopped, a machine that slept


def test_time_in_which_nobody_listened_counts_for_no_deadline() -> None:
    talk = Talk(timeout=10, final=60)
    talk.to_dot()
    talk.release()
    talk.written()
    assert talk.dialogue.deadline == 60
    talk.dialogue.paused(1000, 1005)
    assert talk.dialogue.deadline == 1060
    # It never counts twice what has not passed.
    talk.dialogue.paused(1000, 1005)
    assert talk.dialogue.deadline == 1065
