"""Brevo: transactional and marketing webhooks (https://developers.brevo.com/docs/transactional-webhooks)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.endpoint.services.told import NotUnderstood, Told, events_of, judge, moment_of, text_of
from newsletter_cli.model.feedback import FeedbackKind

FAILED = {"hard_bounce": True, "hardbounce": True, "invalid_email": True, "soft_bounce": False, "softbounce": False}
# The address is on Brevo's own list of those it does not send to.
BLOCKED = frozenset({"blocked", "error"})
KINDS = {
    "spam": FeedbackKind.COMPLAINT,
    "complaint": FeedbackKind.COMPLAINT,
    "unsubscribe": FeedbackKind.UNSUBSCRIBE,
    "unsubscribed": FeedbackKind.UNSUBSCRIBE,
}
# What readers do, and what has not failed, is nobody's business here.
NOTHING = frozenset(
    {
        "request", "requests", "delivered", "deferred", "sent",
        "opened", "unique_opened", "first_opening", "proxy_open", "unique_proxy_open", "click", "clicks", "clicked",
        "list_addition", "contact_updated", "contact_deleted", "inbound_email_processed",
    }
)  # fmt: skip


def parse(payload: Any) -> Iterator[Told]:
    """What was told. Raises `NotUnderstood`."""
    for event in events_of(payload):
        name = text_of(event, "event").lower().replace("-", "_")
        if not name:
            raise NotUnderstood
        if name in NOTHING:
            continue
        words = text_of(event, "reason")
        kind, status, doubt = KINDS.get(name, FeedbackKind.UNKNOWN), "", None
        if name in FAILED:
            kind, status, doubt = judge("", words, is_hard=FAILED[name])
        elif name in BLOCKED:
            kind, status, doubt = FeedbackKind.HARD, "", Doubt.STATUS
        yield Told(
            kind=kind,
            address=text_of(event, "email"),
            id=f"{text_of(event, 'id')} {text_of(event, 'message-id')} {name} {text_of(event, 'ts_event')}",
            at=moment_of(event.get("ts_event") or event.get("ts_epoch") or event.get("ts")),
            status=status,
            words=words or ("" if name in KINDS else name),
            doubt=doubt,
            message_id=text_of(event, "message-id"),
            raw=event,
        )
