"""What is done about something that came back: one answer, for a message of a mailbox, an entry of the endpoint's log
and what a mail service tells.

Nobody is taken off the list but by a delivery of their own: a hard bounce, a complaint or a wish to leave whose token
is ours. A mailbox that is full, or a fault that may pass, is counted over the issues; what the sender did is nobody
else's fault, however often it comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct, field

from newsletter_cli.model.feedback import FeedbackAction, FeedbackKind
from newsletter_cli.model.subscriber import SubscriberStatus

# What takes somebody off the list where it is certain, and why they are off then.
LEAVING = {
    FeedbackKind.HARD: SubscriberStatus.BOUNCED,
    FeedbackKind.COMPLAINT: SubscriberStatus.COMPLAINED,
    FeedbackKind.UNSUBSCRIBE: SubscriberStatus.UNSUBSCRIBED,
}
# What may pass, and counts when it comes for issue after issue.
PASSING = frozenset({FeedbackKind.FULL, FeedbackKind.SOFT})
# An issue that came back so did not reach its reader, and for a reason of the reader's mailbox.
FAILING = PASSING | {FeedbackKind.HARD}


class Rules(Struct, frozen=True, kw_only=True):
    """When what may pass has lasted: it came back for so many issues in a row, over so many days at least.

    `is_suppressing`: then they are taken off; else a person decides.
    """

    issues: int = 3
    days: int = 14
    is_suppressing: bool = False


class SentIssue(NamedTuple):
    """An issue that a server took for somebody, and when (ISO 8601, UTC)."""

    issue: int
    at: str


class Known(Struct, frozen=True, kw_only=True):
    """What is known of whom it is about.

    `has_left`: they are not written to any more. `is_back`: they agreed anew since it came. `has_moved`: they have
    another address since. `is_reader` is false for the reviewer of a proof. `sent`: the issues that a server took for
    them, in this order. `returned`: by issue, what came back of it, this included.
    """

    has_left: bool = False
    is_back: bool = False
    has_moved: bool = False
    is_reader: bool = True
    sent: Sequence[SentIssue] = ()
    returned: Mapping[int, frozenset[FeedbackKind]] = field(default_factory=dict)


def decide(
    kind: FeedbackKind,
    *,
    issue: int | None,
    is_certain: bool,
    known: Known | None,
    rules: Rules,
    has_happened: bool = True,
    wants_a_look: bool = False,
) -> FeedbackAction:
    """What is done about it. `is_certain`: it is about this delivery of theirs, and says what `kind` is; `known` is
    `None` where nobody is known whom it is about; `has_happened` is false for a report that nothing has failed yet;
    `wants_a_look`: an automatic answer that a person should see: its writer has left, or wants to be answered.
    """
    is_absence = kind is FeedbackKind.OUT_OF_OFFICE
    if not has_happened or kind is FeedbackKind.REPLY or (is_absence and not wants_a_look):
        return FeedbackAction.NONE
    if kind is FeedbackKind.SENDER_FAULT:
        return FeedbackAction.ALARM
    if kind is not FeedbackKind.UNKNOWN and known is not None and _is_over(kind, known):
        return FeedbackAction.NONE
    if is_absence or kind is FeedbackKind.UNKNOWN or known is None or not is_certain or not known.is_reader:
        return FeedbackAction.REVIEW
    return FeedbackAction.SUPPRESS if kind in LEAVING else _decide_counting(issue, known, rules)


def decide_again(action: FeedbackAction) -> FeedbackAction:
    """What is left to do about what was recorded before: nothing counts twice, and a person's decision stays open."""
    return action if action is FeedbackAction.REVIEW else FeedbackAction.NONE


def failures_in_a_row(issue: int | None, known: Known) -> tuple[int, int]:
    """For how many issues in a row, up to this one, nothing reached them, and over how many days.

    (0, 0) where a later issue reached them: that clears the count. An issue that came back through the sender's own
    fault says nothing of its reader, and is passed over.
    """
    told = [one for one in known.sent if not _is_passed_over(known.returned.get(one.issue, frozenset()))]
    numbers = [one.issue for one in told]
    if issue is None or issue not in numbers:
        return 0, 0
    place = numbers.index(issue)
    if any(not _has_failed(one, known) for one in numbers[place + 1 :]):
        return 0, 0
    first = place
    while first > 0 and _has_failed(numbers[first - 1], known):
        first -= 1
    return place - first + 1, _days_between(told[first].at, told[place].at)


def _is_over(kind: FeedbackKind, known: Known) -> bool:
    return known.has_left or known.is_back or (known.has_moved and kind in FAILING)


def _decide_counting(issue: int | None, known: Known, rules: Rules) -> FeedbackAction:
    count, days = failures_in_a_row(issue, known)
    if count < rules.issues or days < rules.days:
        return FeedbackAction.COUNT
    return FeedbackAction.SUPPRESS if rules.is_suppressing else FeedbackAction.REVIEW


def _has_failed(issue: int, known: Known) -> bool:
    return bool(known.returned.get(issue, frozenset()) & FAILING)


def _is_passed_over(kinds: frozenset[FeedbackKind]) -> bool:
    return FeedbackKind.SENDER_FAULT in kinds and not kinds & FAILING


def _days_between(first: str, last: str) -> int:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days
