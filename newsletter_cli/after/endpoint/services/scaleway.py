"""Scaleway Transactional Email (https://www.scaleway.com/en/docs/transactional-email/reference-content/): its events,
as they are or in the envelope of its Topics and Events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.endpoint.services.told import NotUnderstood, Told, events_of, judge, moment_of, text_of
from newsletter_cli.model.feedback import FeedbackKind

NOTHING = frozenset({"email_queued", "email_delivered", "email_deferred", "blocklist_created"})


def parse(payload: Any) -> Iterator[Told]:
    """What was told. Raises `NotUnderstood`."""
    for event in events_of(_unpacked(payload)):
        name = text_of(event, "type")
        if not name.startswith(("email_", "blocklist_", "unknown_type")):
            raise NotUnderstood
        if name in NOTHING:
            continue
        message = text_of(event, "email_response_message") or text_of(event, "email_error")
        code = text_of(event, "email_response_code")
        words = message if message.startswith(code) else f"{code} {message}"
        kind, status, doubt = FeedbackKind.UNKNOWN, "", None
        if name in ("email_dropped", "email_mailbox_not_found"):
            kind, status, doubt = judge("", words, is_hard=True)
        elif name == "email_spam":  # a filter's word for the message, not a reader's
            kind, status = FeedbackKind.SENDER_FAULT, judge("", words, is_hard=False)[1]
        elif name == "email_blocklisted":
            kind, doubt = FeedbackKind.HARD, Doubt.STATUS
        yield Told(
            kind=kind,
            address=text_of(event, "email_to"),
            id=f"{text_of(event, 'id')} {text_of(event, 'email_id')} {name}",
            at=moment_of(event.get("created_at")),
            status=status,
            words=words or name,
            doubt=doubt,
            raw=event,
        )


def _unpacked(payload: Any) -> Any:
    """The event, which stands as a text in the envelope."""
    from msgspec import DecodeError
    from msgspec.json import decode

    if not isinstance(payload, dict) or not isinstance(payload.get("Message"), str):
        return payload
    try:
        return decode(payload["Message"])
    except DecodeError:
        raise NotUnderstood from None
