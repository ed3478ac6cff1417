"""Any other service, or a script of one's own: a form that is simple to make.

    {"kind": "hard", "address": "…", "status": "5.1.1", "words": "550 5.1.1 …", "at": "2026-12-01T08:00:00Z", "id": "…"}

or a list of them. `kind` is one of `hard`, `soft`, `full`, `complaint`, `unsubscribe`, `sender-fault`; what is hard is
judged by its status and words, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter_cli.after.endpoint.services.told import NotUnderstood, Told, events_of, judge, moment_of, text_of
from newsletter_cli.model.feedback import FeedbackKind

TAKEN = frozenset({"hard", "soft", "full", "complaint", "unsubscribe", "sender-fault"})
FAILED = frozenset({"hard", "soft"})


def parse(payload: Any) -> Iterator[Told]:
    """What was told. Raises `NotUnderstood`."""
    for event in events_of(payload):
        name, address = text_of(event, "kind").lower(), text_of(event, "address")
        if name not in TAKEN or not address:
            raise NotUnderstood
        status, words = text_of(event, "status"), text_of(event, "words")
        kind, doubt = FeedbackKind(name), None
        if name in FAILED:
            kind, status, doubt = judge(status, words, is_hard=name == "hard")
        yield Told(
            kind=kind,
            address=address,
            id=text_of(event, "id") or f"{name} {address} {text_of(event, 'at')} {status} {words}",
            at=moment_of(event.get("at")),
            status=status,
            words=words,
            doubt=doubt,
            message_id=text_of(event, "message_id"),
            raw=event,
        )
