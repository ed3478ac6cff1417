"""Feedback: what came back about a delivery after it had left, a bounce, a complaint, a wish to leave, an answer.

Standard library and msgspec only.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct


class FeedbackKind(StrEnum):
    """What a message, or the answer of an endpoint, says."""

    HARD = "hard"
    """No such mailbox, for ever."""
    FULL = "full"
    SOFT = "soft"
    """Not delivered, for a reason that may pass."""
    SENDER_FAULT = "sender-fault"
    """Refused for what the sender did or sent: policy, authentication, size, content."""
    OUT_OF_OFFICE = "out-of-office"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    REPLY = "reply"
    """A person wrote."""
    UNKNOWN = "unknown"


class FeedbackAction(StrEnum):
    """What `nl` does about it, or asks for."""

    SUPPRESS = "suppress"
    COUNT = "count"
    ALARM = "alarm"
    REVIEW = "review"
    """A person decides."""
    NONE = "none"


class Feedback(Struct, frozen=True, kw_only=True):
    """One thing that came back, and whom it is about.

    `reference` is a digest of what told it: the same message or entry read twice counts once. `key` is the normalised
    address, empty where nobody was found; `issue` the number of the issue, if known. `status` is an enhanced code
    (RFC 3463, `5.1.1`) or empty, `words` are the server's own, without anybody's address. `at` is ISO 8601, UTC;
    `source` where it was heard: `mailbox`, `endpoint` or the name of a service.
    """

    reference: bytes
    kind: FeedbackKind
    key: str = ""
    issue: int | None = None
    status: str = ""
    words: str = ""
    at: str
    source: str

    def as_dict(self) -> dict[str, Any]:
        """What is kept of it, for the right of access of the person it is about."""
        return {
            "kind": str(self.kind),
            "issue": self.issue,
            "status": self.status,
            "words": self.words,
            "at": self.at,
            "source": self.source,
        }
