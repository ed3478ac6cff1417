"""Complaints: reports of abuse (RFC 5965, RFC 6591), and what Microsoft sends instead."""

from __future__ import annotations

import re

from newsletter_cli.after.bounces.parts import Fields, Mail
from newsletter_cli.model.feedback import FeedbackKind

REPORT = "message/feedback-report"
MICROSOFT = re.compile(r"\bstaff@(?:hotmail|outlook|live|microsoft)\.com\b", re.IGNORECASE)
MICROSOFT_SUBJECT = re.compile(r"^complaint about message from ", re.IGNORECASE)
REDACTED = re.compile(r"redact|^[^@]{0,2}[*xX#]{3,}|hidden|anonym|\.invalid$", re.IGNORECASE)
# Feedback-Type.
NO_COMPLAINT = ("not-spam", "miscategorized")
KINDS = {
    "abuse": FeedbackKind.COMPLAINT,
    "fraud": FeedbackKind.COMPLAINT,
    # A program found it, nobody pressed a button: what was sent is at fault, or was changed on its way.
    "virus": FeedbackKind.SENDER_FAULT,
    "complaint": FeedbackKind.COMPLAINT,
    "opt-out": FeedbackKind.UNSUBSCRIBE,
    "opt-out-list": FeedbackKind.UNSUBSCRIBE,
    "auth-failure": FeedbackKind.SENDER_FAULT,
    "dmarc": FeedbackKind.SENDER_FAULT,
}


def read_complaint(mail: Mail) -> Fields | None:
    """The fields of a report of abuse; `None` where a message is none."""
    leaf = mail.first(REPORT)
    if leaf and mail.media_type == "multipart/report":
        return Fields(leaf.text.strip("\n"))
    is_microsofts = any(map(MICROSOFT.search, mail.fields.all("from"))) and MICROSOFT_SUBJECT.search(
        mail.fields.get("subject")
    )
    return Fields("Feedback-Type: abuse") if is_microsofts else None


def kind_of_complaint(report: Fields) -> FeedbackKind | None:
    """What somebody pressed a button for; `None` where nobody complains (`not-spam`)."""
    said = report.get("feedback-type").strip().lower()
    return None if said in NO_COMPLAINT else KINDS.get(said, FeedbackKind.UNKNOWN)


def is_redacted(address: str) -> bool:
    """Whether a provider has hidden who complained."""
    return bool(REDACTED.search(address))
