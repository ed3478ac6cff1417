"""Postmark: bounce, spam complaint and subscription change webhooks
(https://postmarkapp.com/developer/webhooks/bounce-webhook).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.endpoint.services.told import NotUnderstood, Told, events_of, judge, moment_of, text_of
from newsletter_cli.model.feedback import FeedbackKind

HARD = frozenset({"HardBounce", "BadEmailAddress"})
SOFT = frozenset({"SoftBounce", "Transient", "DnsError"})
KINDS = {
    "SpamNotification": FeedbackKind.SENDER_FAULT,
    "VirusNotification": FeedbackKind.SENDER_FAULT,
    "Blocked": FeedbackKind.SENDER_FAULT,
    "DMARCPolicy": FeedbackKind.SENDER_FAULT,
    "SMTPApiError": FeedbackKind.SENDER_FAULT,
    "TemplateRenderingFailed": FeedbackKind.SENDER_FAULT,
    "SpamComplaint": FeedbackKind.COMPLAINT,
    "Unsubscribe": FeedbackKind.UNSUBSCRIBE,
    "AutoResponder": FeedbackKind.OUT_OF_OFFICE,
}
# A change of Postmark's own list, and why.
REASONS = {
    "ManualSuppression": FeedbackKind.UNSUBSCRIBE,
    "SpamComplaint": FeedbackKind.COMPLAINT,
    "HardBounce": FeedbackKind.HARD,
}
NOTHING = frozenset({"Delivery", "Open", "Click"})


def parse(payload: Any) -> Iterator[Told]:
    """What was told. Raises `NotUnderstood`."""
    for event in events_of(payload):
        record = text_of(event, "RecordType")
        if record in NOTHING:
            continue
        if record == "SubscriptionChange":
            yield from _subscription(event)
        elif record in ("Bounce", "SpamComplaint") or "TypeCode" in event:
            yield _bounce(event)
        else:
            raise NotUnderstood


def _bounce(event: dict[str, Any]) -> Told:
    name = text_of(event, "Type")
    words = text_of(event, "Details") or text_of(event, "Description")
    kind, status, doubt = KINDS.get(name, FeedbackKind.UNKNOWN), "", None
    if name in HARD or name in SOFT:
        kind, status, doubt = judge("", words, is_hard=name in HARD)
    return Told(
        kind=kind,
        address=text_of(event, "Email"),
        id=f"{text_of(event, 'ID')} {name}",
        at=moment_of(event.get("BouncedAt")),
        status=status,
        words=words,
        doubt=doubt,
        message_id=text_of(event, "MessageID"),
        raw=event,
    )


def _subscription(event: dict[str, Any]) -> Iterator[Told]:
    # Somebody who comes back at Postmark agrees to nothing here.
    if event.get("SuppressSending") is True:
        reason = text_of(event, "SuppressionReason")
        kind = REASONS.get(reason, FeedbackKind.UNKNOWN)
        yield Told(
            kind=kind,
            address=text_of(event, "Recipient"),
            id=f"{text_of(event, 'MessageID')} {reason} {text_of(event, 'ChangedAt')}",
            at=moment_of(event.get("ChangedAt")),
            words=reason,
            # The bounce itself is told by another webhook, with its status.
            doubt=Doubt.STATUS if kind is FeedbackKind.HARD else None,
            raw=event,
        )
