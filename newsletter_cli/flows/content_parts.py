"""The names of what readers see of an issue, besides its renditions, which go by the names of their files."""

from __future__ import annotations

SUBJECT, PREHEADER, SENDER, REPLY_TO = "subject", "preheader", "sender", "reply-to"
GREETING, LEAVING, PICTURES = "greeting", "unsubscribe", "pictures"
