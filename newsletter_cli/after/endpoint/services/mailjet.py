"""Mailjet: its Event API, one event or a list of them (https://dev.mailjet.com/email/guides/webhooks/)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.endpoint.services.told import NotUnderstood, Told, events_of, judge, moment_of, text_of
from newsletter_cli.model.feedback import FeedbackKind

NOTHING = frozenset({"sent", "open", "click"})
KINDS = {"spam": FeedbackKind.COMPLAINT, "unsub": FeedbackKind.UNSUBSCRIBE}
# What is about the sender, in Mailjet's words for where an error comes from.
SENDERS = frozenset({"content", "policy", "spam"})
FULL = frozenset({"quota exceeded"})


def parse(payload: Any) -> Iterator[Told]:
    """What was told. Raises `NotUnderstood`."""
    for event in events_of(payload):
        name = text_of(event, "event").lower()
        if not name:
            raise NotUnderstood
        if name in NOTHING:
            continue
        words = " ".join(filter(None, (text_of(event, "error"), text_of(event, "comment"))))
        kind, status, doubt = KINDS.get(name, FeedbackKind.UNKNOWN), "", None
        if name in ("bounce", "blocked"):
            kind, status, doubt = _judge(event, words, is_blocked=name == "blocked")
        yield Told(
            kind=kind,
            address=text_of(event, "email"),
            id=f"{text_of(event, 'MessageID')} {name} {text_of(event, 'time')}",
            at=moment_of(event.get("time")),
            status=status,
            words=words or ("" if name in KINDS else name),
            doubt=doubt,
            raw=event,
        )


def _judge(event: dict[str, Any], words: str, *, is_blocked: bool) -> tuple[FeedbackKind, str, Doubt | None]:
    if text_of(event, "error_related_to").lower() in SENDERS:
        return FeedbackKind.SENDER_FAULT, judge("", words, is_hard=False)[1], None
    if text_of(event, "error").lower() in FULL:
        return FeedbackKind.FULL, judge("", words, is_hard=False)[1], None
    kind, status, doubt = judge("", words, is_hard=event.get("hard_bounce") is True or is_blocked)
    # Blocked: Mailjet did not send, for what happened to another message.
    return kind, status, Doubt.STATUS if is_blocked and kind is FeedbackKind.HARD else doubt
