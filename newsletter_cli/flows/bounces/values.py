"""What came back, as it goes from a source to a decision and to the records."""

from __future__ import annotations

from msgspec import Struct, field

from newsletter_cli.flows.bounces.people import Addressee
from newsletter_cli.model.feedback import Feedback, FeedbackAction, FeedbackKind
from newsletter_cli.model.subscriber import SubscriberStatus


class Incoming(Struct, frozen=True, kw_only=True):
    """Something that came back. `whom` it is about by a token of ours; `is_certain`: what it says, it surely says of
    that delivery; `has_happened` is false for a report that nothing has failed yet; `doubt` is why it is not
    certain (`after/bounces/verdict.py`). `address` is what people see of it,
    `place` where it lies, `handle` finds it again in its source. `feedback.key` is not looked at.
    """

    feedback: Feedback
    whom: Addressee | None = None
    is_certain: bool = False
    has_happened: bool = True
    doubt: str = ""
    address: str = ""
    place: str = ""
    handle: str = ""


class Decided(Struct, frozen=True, kw_only=True):
    """What is done about something that came back. `is_known`: it was recorded before."""

    kind: FeedbackKind
    action: FeedbackAction
    is_known: bool
    is_reader: bool
    doubt: str
    address: str
    status: str
    words: str
    issue: int | None
    place: str
    handle: str


class Recorded(Struct, kw_only=True):
    """What a recording changed: how many records are new, who was taken off why (newly suppressed), by status; the
    normalised addresses of those who asked to leave.
    """

    new: int = 0
    taken_off: dict[SubscriberStatus, int] = field(default_factory=dict)
    unsubscribed: list[str] = field(default_factory=list)
