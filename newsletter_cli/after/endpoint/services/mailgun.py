"""Mailgun: signed webhooks (https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks/)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.endpoint.services.told import NotUnderstood, Told, judge, moment_of, text_of
from newsletter_cli.model.feedback import FeedbackKind

KINDS = {"complained": FeedbackKind.COMPLAINT, "unsubscribed": FeedbackKind.UNSUBSCRIBE}
# Mailgun did not send, for what happened before.
SUPPRESSED = {
    "suppress-bounce": FeedbackKind.HARD,
    "suppress-complaint": FeedbackKind.COMPLAINT,
    "suppress-unsubscribe": FeedbackKind.UNSUBSCRIBE,
}
NOTHING = frozenset(
    {"accepted", "delivered", "opened", "clicked", "stored", "list_member_uploaded", "email_validation"}
)
# Mailgun tries again for eight hours; what is older was sent by somebody who kept it.
LATEST_SECONDS = 24 * 3600


def parse(payload: Any) -> Iterator[Told]:
    """What was told. Raises `NotUnderstood`."""
    event = payload.get("event-data") if isinstance(payload, dict) else None
    name = text_of(event, "event").lower()
    if not isinstance(event, dict) or not name:
        raise NotUnderstood
    is_late = name == "failed" and text_of(event, "severity") == "temporary"
    if name in NOTHING or is_late:  # it is tried again
        return
    reason = text_of(event, "reason")
    status = text_of(event, "delivery-status", "enhanced-code")
    said = (text_of(event, "delivery-status", part) for part in ("code", "message", "description"))
    words = " ".join(filter(None, said))
    kind, doubt = KINDS.get(name, FeedbackKind.UNKNOWN), None
    if reason in SUPPRESSED:
        kind, doubt = SUPPRESSED[reason], Doubt.STATUS
    elif name in ("failed", "rejected"):
        kind, status, doubt = judge(status, words, is_hard=name == "failed")
    yield Told(
        kind=FeedbackKind.SENDER_FAULT if name == "rejected" else kind,
        address=text_of(event, "recipient"),
        id=f"{text_of(event, 'id')} {name}",
        at=moment_of(event.get("timestamp")),
        status=status,
        words=words or reason or ("" if name in KINDS else name),
        doubt=doubt,
        message_id=text_of(event, "message", "headers", "message-id"),
        raw=event,
    )


def is_signed(payload: Any, key: str, now: float) -> bool:
    """Whether Mailgun signed it with this key, not long ago; compared in constant time."""
    parts = [text_of(payload, "signature", part) for part in ("timestamp", "token", "signature")]
    moment, token, signature = parts
    if not moment.isdecimal() or len(moment) > 12 or abs(now - int(moment)) > LATEST_SECONDS:
        return False
    made = hmac.new(key.encode(), f"{moment}{token}".encode("utf-8", "replace"), "sha256").hexdigest()
    return hmac.compare_digest(made.encode(), signature.lower().encode("utf-8", "replace"))
