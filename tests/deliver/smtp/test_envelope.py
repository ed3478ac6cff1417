"""The commands of an envelope, and what refusals of them mean."""

from __future__ import annotations

import pytest

from newsletter_cli.deliver.smtp.envelope import Command, judge_refusal, mail_command, rcpt_command, refuse_locally
from newsletter_cli.deliver.smtp.offer import Offer, parse_offer
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Outgoing, Reply

PLAIN = Offer()
FULL = Offer(has_pipelining=True, size_limit_bytes=1000, has_smtputf8=True, has_8bitmime=True)


def message(
    recipient: str = "ann@example.org", *, sender: str = "b@example.org", data: bytes = b"A: b\r\n"
) -> Outgoing:
    return Outgoing(row=1, sender=sender, recipient=recipient, data=data)


def test_parameters_stand_only_where_they_are_offered_and_needed() -> None:
    assert mail_command(message(), PLAIN) == b"MAIL FROM:<b@example.org>\r\n"
    assert mail_command(message(), FULL) == b"MAIL FROM:<b@example.org> SIZE=6\r\n"
    assert mail_command(message("zoé@example.org"), FULL) == b"MAIL FROM:<b@example.org> SIZE=6 SMTPUTF8\r\n"
    eight_bit = message("zoé@example.org", data="To: zoé\r\n".encode())
    assert mail_command(eight_bit, FULL) == b"MAIL FROM:<b@example.org> SIZE=10 SMTPUTF8 BODY=8BITMIME\r\n"
    assert mail_command(message(sender=""), PLAIN) == b"MAIL FROM:<>\r\n"
    assert rcpt_command(message("zoé@example.org")) == "RCPT TO:<zoé@example.org>\r\n".encode()


@pytest.mark.parametrize(
    "recipient",
    [
        "a@b",
        "a+b=c@example.org",
        '"a b"@example.org',
        r'"a\"b>"@example.org',
        "o'neil@xn--exmple-cua.org",
        "a@[192.0.2.1]",
    ],
)
def test_addresses_that_can_stand_in_an_envelope(recipient: str) -> None:
    assert refuse_locally(message(recipient), PLAIN) is None


@pytest.mark.parametrize(
    "recipient",
    ["", "a", "a@", "a@b\r\nRCPT TO:<c@d>", "a@b> SIZE=1 <", "a b@c", "a@b c", "a@b\x00", 'a"b@c', '"a\rb"@c', "a@b@c"],
)
def test_nothing_in_an_address_becomes_a_command(recipient: str) -> None:
    refusal = refuse_locally(message(recipient), FULL)
    assert refusal is not None
    assert refusal.code == 553
    assert refusal.text.startswith("nl: ")
    assert refuse_locally(message(sender=recipient or "x"), FULL) is not None


def test_smtputf8_is_for_servers_that_offer_it() -> None:
    refusal = refuse_locally(message("zoé@example.org"), PLAIN)
    assert refusal is not None
    assert "SMTPUTF8" in refusal.text
    assert refuse_locally(message("zoé@example.org"), FULL) is None
    assert refuse_locally(message(sender="zoé@example.org"), FULL) is not None


@pytest.mark.parametrize(
    ("command", "code", "text", "verdict"),
    [
        (Command.MAIL, 451, "4.3.2 later", Happened.DEFERRED),
        (Command.MAIL, 550, "5.7.1 not you", Happened.BLOCKED),
        (Command.MAIL, 530, "5.7.0 Authentication required", Happened.BLOCKED),
        (Command.MAIL, 552, "5.3.4 too big", Happened.BLOCKED),
        (Command.MAIL, 554, "5.3.4 too big", Happened.BLOCKED),
        (Command.MAIL, 503, "5.5.1 nested MAIL command", Happened.DOWN),
        (Command.MAIL, 354, "what?", Happened.DOWN),
        (Command.RCPT, 450, "4.2.0 greylisted", Happened.DEFERRED),
        (Command.RCPT, 452, "4.2.2 full", Happened.DEFERRED),
        (Command.RCPT, 550, "5.1.1 nobody", Happened.REFUSED),
        (Command.RCPT, 550, "5.2.1 mailbox disabled", Happened.REFUSED),
        (Command.RCPT, 550, "no such user", Happened.REFUSED),
        (Command.RCPT, 550, "5.1.1 User unknown in relay recipient table", Happened.REFUSED),
        (Command.RCPT, 554, "5.7.1 Relay access denied", Happened.TURNED_AWAY),
        (Command.RCPT, 550, "relaying denied", Happened.TURNED_AWAY),
        (Command.RCPT, 550, "5.4.5 Daily sending quota exceeded", Happened.TURNED_AWAY),
        (Command.RCPT, 550, "5.1.8 <b@example.org>: Sender address rejected: Domain not found", Happened.TURNED_AWAY),
        (Command.RCPT, 553, "5.7.1 <b@x>: Sender address rejected: not owned by user b", Happened.TURNED_AWAY),
        (Command.RCPT, 530, "5.7.0 Authentication required", Happened.TURNED_AWAY),
        (Command.RCPT, 503, "5.5.1 need MAIL", Happened.DOWN),
        (Command.RCPT, 354, "what?", Happened.DOWN),
        (Command.DATA, 451, "later", Happened.DEFERRED),
        (Command.DATA, 554, "no", Happened.REFUSED),
        (Command.DATA, 503, "need RCPT", Happened.DOWN),
        (Command.DATA, 250, "what?", Happened.DOWN),
    ],
)
def test_what_a_refusal_means(command: Command, code: int, text: str, verdict: Happened) -> None:
    assert judge_refusal(command, Reply(code, text), message()) is verdict


def test_a_mail_that_is_refused_is_about_everybody_unless_it_asks_for_something_rare() -> None:
    # All messages of a send are of one size.
    assert judge_refusal(Command.MAIL, Reply(552, "5.3.4 too large"), message(data=b"x" * 1001)) is Happened.BLOCKED
    assert judge_refusal(Command.MAIL, Reply(550, "no"), message("zoé@example.org")) is Happened.REFUSED


@pytest.mark.parametrize(("size", "limit"), [("1000", 1000), ("", 0), ("0", 0), ("lots", 0), ("²", 0)])
def test_the_offered_size(size: str, limit: int) -> None:
    assert parse_offer({"size": size}).size_limit_bytes == limit
    assert parse_offer({}).size_limit_bytes is None


def test_what_is_offered() -> None:
    assert parse_offer({"pipelining": "", "size": "1000", "smtputf8": "", "8bitmime": "", "dsn": ""}) == FULL
