"""What a service told of one delivery, whichever service it is; and how its words are judged.

A service's own "hard" is not believed where the server's status or words say otherwise: what is a slip of the sender's
authentication is called hard by most of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from msgspec import Struct

from newsletter_cli.after.bounces.failure import judge_failure
from newsletter_cli.after.bounces.statuses import KINDS, Meaning
from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.base.moments import timestamp
from newsletter_cli.model.feedback import FeedbackKind

# Where a number is one of milliseconds.
MOST_SECONDS = 100_000_000_000
# Beyond it nobody has an event; Python's clock ends at the year 9999.
LAST_SECONDS = 4_102_444_800


class NotUnderstood(ValueError):
    """What was sent is nothing that this service sends."""


class Told(Struct, frozen=True, kw_only=True):
    """One thing that a service told. `address` is whom it is about, or empty; `id` the service's own for the event, or
    what tells it from others; `at` ISO 8601 in UTC, or empty. `raw` is the event as it came: tokens are looked for in
    it, and none of it is kept.
    """

    kind: FeedbackKind
    address: str
    id: str
    at: str = ""
    status: str = ""
    words: str = ""
    doubt: Doubt | None = None
    message_id: str = ""
    raw: Any = None


Parser = Callable[[Any], Iterator[Told]]


def judge(status: str, words: str, *, is_hard: bool) -> tuple[FeedbackKind, str, Doubt | None]:
    """Kind, status and doubt of a failure that a service calls hard, or not."""
    failure = judge_failure(status, words)
    kind = KINDS[failure.meaning]
    if kind in (FeedbackKind.SENDER_FAULT, FeedbackKind.FULL):
        return kind, failure.status, None
    if not is_hard or failure.meaning is Meaning.PASSING:
        return FeedbackKind.SOFT, failure.status, None
    # With the service's word alone, a person looks.
    return FeedbackKind.HARD, failure.status, Doubt.STATUS if failure.meaning is Meaning.OPEN else failure.doubt


def text_of(value: Any, *path: str) -> str:
    """The text (or number) below these names; empty where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def moment_of(value: Any) -> str:
    """ISO 8601 in UTC of what services write: seconds, milliseconds, ISO 8601, RFC 5322; empty for what is none."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 16:
        value = int(value)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if value > MOST_SECONDS else value
            return timestamp(datetime.fromtimestamp(seconds, UTC)) if 0 < seconds < LAST_SECONDS else ""
        if not isinstance(value, str):
            return ""
        return timestamp(_aware(value.strip()))
    except (ValueError, TypeError, OverflowError, IndexError, OSError):
        return ""


def _aware(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_six_digits(text))
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _six_digits(text: str) -> str:
    """Python 3.11 takes six digits of a second and no more; Postmark writes seven."""
    head, dot, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return f"{head}.{rest[: min(digits, 6)]}{rest[digits:]}" if dot else text


def events_of(payload: Any) -> list[dict[str, Any]]:
    """The events of a payload that is one, or several in a list. Raises `NotUnderstood`."""
    events = payload if isinstance(payload, list) else [payload]
    found = [event for event in events if isinstance(event, dict)]
    if not found or len(found) != len(events):
        raise NotUnderstood
    return found
