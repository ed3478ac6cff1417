"""What people call what came back after a send: one name for each kind, in every table, report and page."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.model.feedback import FeedbackKind


def feedback_names() -> dict[FeedbackKind, str]:
    """What people call the kinds."""
    return {
        FeedbackKind.HARD: _("no such mailbox"),
        FeedbackKind.FULL: _("mailbox full"),
        FeedbackKind.SOFT: _("not delivered, may pass"),
        FeedbackKind.SENDER_FAULT: _("sender’s fault"),
        FeedbackKind.OUT_OF_OFFICE: _("automatic answer"),
        FeedbackKind.COMPLAINT: _("complaint"),
        FeedbackKind.UNSUBSCRIBE: _("wants to leave"),
        FeedbackKind.REPLY: _("answer of a person"),
        FeedbackKind.UNKNOWN: _("not understood"),
    }
