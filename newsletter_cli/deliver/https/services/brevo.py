"""Brevo's transactional e-mail: the parts of the message, as JSON.

https://developers.brevo.com/reference/send-transac-email; for the key, which stands among the headers of the *message*,
https://developers.brevo.com/docs/heterogenous-versions-batch-emails. A second request with a known key is answered
`duplicate_parameter`, “Email for the idempotency key has already been processed”, and does nothing.

Brevo writes the message anew: From, To, Date, Message-ID, boundaries and the envelope are its own, and so is the
signature. It counts openings and clicks unless the account is set otherwise; no request can say so.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from typing import Any

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.deliver.https.answers import hear_status, parse_object, plain_words
from newsletter_cli.deliver.https.service import Heard, HttpAnswer, HttpRequest
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Outgoing

PATH = "/v3/smtp/email"
# A key lives for 30 minutes. The margin is for clocks that are set, and for a request that is long on its way.
KEY_SECONDS, MARGIN_SECONDS = 30 * 60, 10 * 60
LONGEST_NAME = 70
# What Brevo has fields for, or writes itself. A signature of ours would be about octets that nobody gets.
OWN = frozenset(
    {"from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type", "dkim-signature",
     "content-transfer-encoding"}
)  # fmt: skip
# Brevo's template language would take what follows for its own.
PLACEHOLDER = re.compile(r"\{[{%#]")
KNOWN = "duplicate_parameter"
# It is the account, the key or the sender that is wrong: the next message would fare no better.
ABOUT_ACCOUNT = frozenset({"unauthorized", "permission_denied", "account_under_validation", "not_acceptable"})
CREATED = 201


class Brevo(Struct, frozen=True, kw_only=True):
    """The account is that of the key."""

    @property
    def most_bytes(self) -> int | None:
        """Its documentation names a limit for attachments alone, and there are none."""
        return None

    @property
    def key_seconds(self) -> int:
        """For how long a request may be made again."""
        return KEY_SECONDS - MARGIN_SECONDS

    def fault(self, message: Outgoing) -> str:
        """Pictures inside, no HTML, a name that is too long, and what Brevo would fill in."""
        try:
            payload = _payload(message)
        except CannotCarry as fault:
            return str(fault)
        if len(payload["sender"].get("name", "")) > LONGEST_NAME:
            return _("Brevo takes {count} characters for the sender’s name at most").format(count=LONGEST_NAME)
        for part in ("subject", "htmlContent", "textContent"):
            found = PLACEHOLDER.search(payload.get(part, ""))
            if found is not None:
                return _("Brevo would take “{mark}” for a placeholder of its own").format(mark=found.group())
        return ""

    def submit(self, message: Outgoing, secret: str) -> HttpRequest:
        """The parts of the message, with its key."""
        payload = _payload(message)
        if message.key is not None:
            payload["headers"]["idempotencyKey"] = message.key.value
        return HttpRequest(
            method="POST",
            path=PATH,
            headers=(*_known_by(secret), ("Content-Type", "application/json")),
            body=json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(),
        )

    def hear(self, answer: HttpAnswer) -> Heard:
        """Its words are a code, and a sentence."""
        told = parse_object(answer)
        code, words = str(told.get("code", "")), str(told.get("message", ""))
        heard = hear_status(answer, _words(answer, code, words))
        if answer.status == CREATED:
            return heard._replace(kind=Happened.SENT, fatal=None)
        if answer.status == 400 and code == KNOWN:
            return heard._replace(is_known=True)
        hint = _hint(answer.status, code, words)
        if hint:
            return heard._replace(kind=Happened.RETURNED, fatal=hint)
        if heard.kind is Happened.DEFERRED and "retry-after" not in answer.headers:
            return heard._replace(rest_seconds=_reset_seconds(answer) or heard.rest_seconds)
        return heard

    def probe(self, secret: str) -> HttpRequest:
        """Whose the key is; nothing of the answer is kept."""
        return HttpRequest(method="GET", path="/v3/account", headers=_known_by(secret))


class CannotCarry(ValueError):
    """Brevo's request has no place for something in this message; the reason is for people."""


def _known_by(secret: str) -> tuple[tuple[str, str], ...]:
    return (("api-key", secret), ("Accept", "application/json"))


def _hint(status: int, code: str, words: str) -> str:
    """What to do where the next message would fare no better; empty where it might."""
    if status == 402 or code == "not_enough_credits":
        return _("the Brevo account has no credits left: buy some, or wait until tomorrow; then run this again")
    if code in ABOUT_ACCOUNT and status in (400, 403):
        return _("look at the Brevo account, and at what its key may do")
    if status == 400 and "sender" in without_addresses(words).lower():
        return _("sender.address has to be a sender that the Brevo account has confirmed")
    return ""


def _words(answer: HttpAnswer, code: str, words: str) -> str:
    if code:
        return f"{code}: {words}"
    return "accepted" if answer.status in (201, 202) else plain_words(answer)


def _reset_seconds(answer: HttpAnswer) -> float:
    text = answer.headers.get("x-sib-ratelimit-reset", "").strip()
    return float(text) if text.isdigit() and len(text) < 9 else 0.0


def _payload(message: Outgoing) -> dict[str, Any]:
    """What the message says, in Brevo's words; always the same for the same message. Raises `CannotCarry`."""
    parsed = email.message_from_string(unstuff(message.data).decode(), policy=email.policy.default)
    bodies: dict[str, str] = {}
    for part in parsed.walk():
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and kind not in bodies and not part.get_filename():
            bodies[kind] = part.get_content().replace("\r\n", "\n")
        elif not part.is_multipart():
            raise CannotCarry(_("Brevo takes no pictures and files inside a message: have the images linked"))
    if "text/html" not in bodies:
        raise CannotCarry(_("Brevo takes no message without HTML"))
    payload: dict[str, Any] = {"sender": _mailbox(parsed, "From"), "to": [_recipient(parsed, message)]}
    if parsed["Reply-To"] is not None:
        payload["replyTo"] = _mailbox(parsed, "Reply-To")
    payload["subject"] = str(parsed["Subject"] or "")
    payload["htmlContent"] = bodies["text/html"]
    if "text/plain" in bodies:
        payload["textContent"] = bodies["text/plain"]
    payload["headers"] = {
        name: " ".join(str(value).split("\r\n ")).replace("\n", "").strip()
        for name, value in parsed.raw_items()
        if name.lower() not in OWN
    }
    return payload


def _mailbox(parsed: Any, name: str) -> dict[str, str]:
    (found, *_others) = parsed[name].addresses
    return _named(found.addr_spec, found.display_name)


def _recipient(parsed: Any, message: Outgoing) -> dict[str, str]:
    """Whom the envelope names; a name that is too long for Brevo is left out."""
    addresses = () if parsed["To"] is None else parsed["To"].addresses
    name = addresses[0].display_name if addresses else ""
    return _named(message.recipient, name if len(name) <= LONGEST_NAME else "")


def _named(address: str, name: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}
