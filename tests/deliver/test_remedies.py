"""A definite no of a mail server, in the words of real ones, and what is said to be done about it."""

from __future__ import annotations

import pytest

from newsletter_cli.deliver.pacing.suspicion import Held, reason_to_stop
from newsletter_cli.deliver.remedies import remedy_of
from newsletter_cli.model.delivery import Reply


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (530, "5.7.0 Must issue a STARTTLS command first", "send.smtp.starttls"),
        (523, "5.7.10 Encryption required", "send.smtp.starttls"),
        (530, "5.7.0 Authentication required", "NL_SMTP_PASSWORD"),
        (553, "5.7.1 <…>: Sender address rejected: not logged in", "NL_SMTP_PASSWORD"),
        (534, "5.7.9 Application-specific password required", "app password"),
        (535, "5.7.139 Authentication unsuccessful, basic authentication is disabled", "app password"),
        (554, "5.7.1 <…>: Relay access denied", "send.smtp.user"),
        (550, "5.7.1 Sender address rejected: not owned by user ada", "sender.address"),
        (554, "5.2.252 SendAsDenied; ada not allowed to send as …", "sender.address"),
        (552, "5.3.4 Message size exceeds fixed maximum message size", "pictures"),
        (554, "5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org", "blocklist"),
        (550, "5.7.25 The IP address sending this message does not have a PTR record", "provider’s server"),
        (504, "5.5.2 <pc>: Helo command rejected: need fully-qualified hostname", "send.smtp.hello"),
        (550, "5.7.26 This mail is unauthenticated: SPF did not pass", "SPF"),
        (550, "5.4.5 Daily user sending limit exceeded", "counts anew"),
        (550, "5.1.1 no such user here", "otherwise"),
        (535, "5.7.8 Error: authentication failed", "otherwise"),
    ],
)
def test_what_to_change(code: int, text: str, words: str) -> None:
    assert words in remedy_of(Reply(code, text), "otherwise")


def test_a_send_that_is_stopped_says_it() -> None:
    reply = Reply(550, "5.7.1 Sender address rejected: not owned by user")
    reason, hint = reason_to_stop(Held(row=1, domain="x.fr", reply=reply, since=1, is_at_mail=True), "550 no")
    assert "550 no" in reason
    assert "send.bounces" in hint
    _reason, hint = reason_to_stop(Held(row=1, domain="x.fr", reply=Reply(550, "no"), since=1), "550 no")
    assert "run the same command again" in hint
