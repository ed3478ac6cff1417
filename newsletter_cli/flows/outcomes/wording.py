"""How the report calls things: states, what came back, domains, days and lengths of time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from newsletter_cli.base.i18n import _, interface_language, ngettext, shown_count
from newsletter_cli.deliver.alike import GAP, Saying
from newsletter_cli.flows.outcomes.gathering import DAY, HOUR, MINUTE
from newsletter_cli.flows.sending.words import state_names
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.model.feedback import FeedbackKind

# State → what its colour and pattern are called in the templates. Those that wait are one to whoever looks on.
KINDS: dict[str, tuple[DeliveryState, ...]] = {
    "sent": (DeliveryState.SENT,),
    "waiting": (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.ATTEMPTING),
    "deferred": (DeliveryState.DEFERRED,),
    "refused": (DeliveryState.REFUSED,),
    "doubt": (DeliveryState.IN_DOUBT,),
}
# What came back that matters to the list, the heaviest first → its colour and pattern.
CAME_BACK: dict[FeedbackKind, str] = {
    FeedbackKind.HARD: "hard",
    FeedbackKind.FULL: "full",
    FeedbackKind.SOFT: "soft",
    FeedbackKind.SENDER_FAULT: "fault",
    FeedbackKind.COMPLAINT: "complaint",
    FeedbackKind.UNSUBSCRIBE: "left",
}


def kind_names() -> dict[str, str]:
    """What people call the kinds of outcomes."""
    return {kind: state_names()[states[0]] for kind, states in KINDS.items()}


def kind_of(state: DeliveryState) -> str:
    """The kind of outcome that a state is."""
    return next(kind for kind, states in KINDS.items() if state in states)


def counts_by_kind(counts: dict[DeliveryState, int]) -> dict[str, int]:
    """How many of each kind."""
    return {kind: sum(counts[state] for state in states) for kind, states in KINDS.items()}


def shown_saying(saying: Saying) -> str:
    """A server's words, with its code."""
    if saying.text:
        return f"{saying.status} {saying.text}".strip()
    return _("{code}, in words that were not kept").format(code=saying.status) if saying.status else _("other answers")


def has_gaps(sayings: tuple[Saying, ...]) -> bool:
    """Whether something was left out of them."""
    return any(GAP in one.text for one in sayings)


def told_counts(counts: Iterable[tuple[str, int]]) -> str:
    """Numbers with their names as a sentence."""
    return " · ".join(_("{name}: {count}").format(name=name, count=shown_count(count)) for name, count in counts) + "."


def shown_share(count: int, total: int) -> str:
    """A share in per cent: `98.7 %`; never 0 or 100 for what is not."""
    if not total:
        return ""
    tenths = round(1000 * count / total)
    tenths = min(max(tenths, 1), 999) if 0 < count < total else tenths
    figures = f"{tenths / 10:.1f}".removesuffix(".0")
    if interface_language() == "fr":
        return figures.replace(".", ",") + "\u00a0%"
    return f"{figures}%"


def shown_day(day: date) -> str:
    """`11 juin 2026`, `1er juin 2026`, `June 11, 2026`."""
    from babel.dates import format_date

    text = format_date(day, "long", locale=interface_language())
    return text.replace("1 ", "1er ", 1) if interface_language() == "fr" and day.day == 1 else text


def shown_month(month: str) -> str:
    """`2026-06` as `juin 2026`, `Jun 2026`."""
    from babel.dates import format_date

    return format_date(date.fromisoformat(f"{month}-01"), "LLL y", locale=interface_language())


def shown_hour(moment: datetime, *, has_seconds: bool = False) -> str:
    """`9:05` in English, `9 h 05` in French; `09:05:30` where seconds count."""
    if has_seconds:
        return f"{moment:%H:%M:%S}"
    return f"{moment.hour}\u00a0h\u00a0{moment:%M}" if interface_language() == "fr" else f"{moment.hour}:{moment:%M}"


def shown_moment_of(moment: datetime) -> str:
    """Day and hour."""
    return _("{day}, {hour}").format(day=shown_day(moment.date()), hour=shown_hour(moment))


def shown_length(seconds: int) -> str:
    """A length of time in its largest two units: `2 h 05 min`, `3 days`."""
    if seconds < MINUTE:
        return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
    if seconds < HOUR:
        minutes = round(seconds / MINUTE)
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    if seconds < DAY:
        hours, rest = divmod(round(seconds / MINUTE), 60)
        return f"{hours}\u00a0h\u00a0{rest:02}" if rest else f"{hours}\u00a0h"
    days = round(seconds / DAY)
    return ngettext("{count} day", "{count} days", days).format(count=shown_count(days))


def stretch_name(seconds: int) -> str:
    """What the columns of a send over time are: messages in each minute, in every five minutes…"""
    if seconds == 1:
        return _("in each second")
    if seconds == MINUTE:
        return _("in each minute")
    if seconds == HOUR:
        return _("in each hour")
    if seconds == DAY:
        return _("on each day")
    return _("in every {length}").format(length=shown_length(seconds))
