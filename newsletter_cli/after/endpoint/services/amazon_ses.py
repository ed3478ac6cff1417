"""Amazon SES, through SNS: bounces and complaints, as notifications or as events of a configuration set
(https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html). That SNS sent it is looked at in `sns.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.endpoint.services.told import NotUnderstood, Told, judge, moment_of, text_of
from newsletter_cli.model.feedback import FeedbackKind

NOTHING = frozenset({"delivery", "send", "open", "click", "deliverydelay", "rendering failure", "subscription"})
# Sub-types that name what it is, whatever the server's words.
SUBTYPES = {
    "MailboxFull": FeedbackKind.FULL,
    "MessageTooLarge": FeedbackKind.SENDER_FAULT,
    "ContentRejected": FeedbackKind.SENDER_FAULT,
    "AttachmentRejected": FeedbackKind.SENDER_FAULT,
}
# SES did not send, for what happened to another message, perhaps of another sender.
SUPPRESSED = frozenset({"Suppressed", "OnAccountSuppressionList"})
TOPIC_TEST = "AMAZON_SES_SETUP_NOTIFICATION"


def parse(payload: Any) -> Iterator[Told]:
    """What was told, by the message within SNS's. Raises `NotUnderstood`."""
    if not isinstance(payload, dict):
        raise NotUnderstood
    name = (text_of(payload, "notificationType") or text_of(payload, "eventType")).lower()
    if name in NOTHING or name == TOPIC_TEST.lower():
        return
    if name == "bounce":
        yield from _bounces(payload, payload.get("bounce"))
    elif name == "complaint":
        yield from _complaints(payload, payload.get("complaint"))
    elif name == "reject":
        yield _told(payload, FeedbackKind.SENDER_FAULT, "", name, words=text_of(payload, "reject", "reason"))
    elif name:
        yield _told(payload, FeedbackKind.UNKNOWN, "", name, words=name)
    else:
        raise NotUnderstood


def _bounces(payload: dict[str, Any], bounce: Any) -> Iterator[Told]:
    is_permanent = text_of(bounce, "bounceType") == "Permanent"
    subtype = text_of(bounce, "bounceSubType")
    for recipient in _recipients(bounce, "bouncedRecipients"):
        words = text_of(recipient, "diagnosticCode") or subtype
        kind, status, doubt = judge(text_of(recipient, "status"), words, is_hard=is_permanent)
        if subtype in SUBTYPES:
            kind, doubt = SUBTYPES[subtype], None
        elif subtype in SUPPRESSED:
            kind, doubt = FeedbackKind.HARD, Doubt.STATUS
        address = text_of(recipient, "emailAddress")
        identity = f"{text_of(bounce, 'feedbackId')} {address}"
        yield _told(
            payload, kind, address, identity,
            at=moment_of(bounce.get("timestamp")), status=status, words=words, doubt=doubt,
        )  # fmt: skip


def _complaints(payload: dict[str, Any], complaint: Any) -> Iterator[Told]:
    feedback = text_of(complaint, "complaintFeedbackType") or "abuse"
    people = _recipients(complaint, "complainedRecipients")
    for recipient in people:
        address = text_of(recipient, "emailAddress")
        yield _told(
            payload,
            FeedbackKind.UNKNOWN if feedback == "not-spam" else FeedbackKind.COMPLAINT,
            address,
            f"{text_of(complaint, 'feedbackId')} {address}",
            at=moment_of(complaint.get("timestamp")),
            words=feedback,
            # Where it does not know who complained, Amazon names all who may have.
            doubt=Doubt.NOT_NAMED if len(people) > 1 else None,
        )


def _recipients(told: Any, name: str) -> list[Any]:
    people = told.get(name) if isinstance(told, dict) else None
    if not isinstance(people, list) or not people:
        raise NotUnderstood
    return people


def _told(
    payload: dict[str, Any], kind: FeedbackKind, address: str, identity: str,
    *, at: str = "", status: str = "", words: str = "", doubt: Doubt | None = None,
) -> Told:  # fmt: skip
    return Told(
        kind=kind,
        address=address,
        id=f"{text_of(payload, 'mail', 'messageId')} {identity}",
        at=at or moment_of(payload.get("mail", {}).get("timestamp") if isinstance(payload.get("mail"), dict) else None),
        status=status,
        words=words,
        doubt=doubt,
        message_id=text_of(payload, "mail", "commonHeaders", "messageId"),
        raw=payload,
    )
