"""What people call the states of a delivery and the reasons for leaving somebody out; and how they type lengths of
time and moments: `30m`, `4h`, `2026-12-17T18:00`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.base.moments import timestamp
from newsletter_cli.console.lines import Line
from newsletter_cli.deliver.ledger.deciding import REHEARSED_NOTE, Decision, decided
from newsletter_cli.deliver.ledger.reading import Report
from newsletter_cli.deliver.ledger.repeats import ENDED_EARLY, Repeats
from newsletter_cli.deliver.ledger.schema import GONE_NOTE
from newsletter_cli.model.delivery import DeliveryState, Reply, shown
from newsletter_cli.model.moment import parse_moment
from newsletter_cli.model.subscriber import Reason


def state_names(count: int = 2) -> dict[DeliveryState, str]:
    """What people call the states, of one delivery or of several: in French these are two words."""
    return {
        DeliveryState.PENDING: _("waiting"),
        DeliveryState.CLAIMED: _("about to be sent"),
        DeliveryState.ATTEMPTING: _("under way"),
        DeliveryState.SENT: ngettext("sent", "sent", count),
        DeliveryState.DEFERRED: _("put off by their server"),
        DeliveryState.REFUSED: ngettext("refused", "refused", count),
        DeliveryState.IN_DOUBT: ngettext("in doubt", "in doubt", count),
    }


def reason_names() -> dict[str, str]:
    """What people call the reasons for leaving somebody out."""
    return {
        Reason.INVALID: _("no valid address"),
        Reason.UNSUBSCRIBED: _("unsubscribed"),
        Reason.BOUNCED: _("bounced before"),
        Reason.COMPLAINED: _("complained"),
        Reason.SUPPRESSED: _("on the suppression list"),
        Reason.UNCONFIRMED: _("not confirmed"),
        Reason.NOT_IN_GROUP: _("not in the part that was asked for"),
        Reason.DOUBLE: _("twice on the list"),
    }


def told_reply(reply: Reply) -> str:
    """A server's answer for people; what `nl` itself noted of it, in their language."""
    text = shown(reply)
    for note, name in _notes().items():
        # A decision may stand behind the server's own words.
        text = name if reply.text == note else text.replace(f"({note})", f"({name})")
    return text


def noted(reply: Reply) -> str | None:
    """What `nl` itself noted where no server answered, in the editor's language; `None` for a server's own words."""
    return _notes().get(reply.text) if reply.text.startswith("nl: ") else None


def _notes() -> dict[str, str]:
    return {decided(one): name for one, name in decision_names().items()} | {
        ENDED_EARLY: _("ended before the answer was recorded"),
        GONE_NOTE: _("they left the list since the send began"),
    }


def decision_names() -> dict[str, str]:
    """What was decided, as people say it."""
    return {
        Decision.RESEND: _("decided: to be sent again"),
        Decision.SKIP: _("decided: they do without"),
        Decision.SENT: _("decided: they have it"),
        REHEARSED_NOTE: _("decided: it was a rehearsal"),
    }


def decision_words() -> dict[str, str]:
    """The decisions alone, for a line that says how many were decided so."""
    return {
        Decision.RESEND: _("to be sent again"),
        Decision.SKIP: _("they do without"),
        Decision.SENT: _("they have it"),
    }


def repeat_line(repeats: Repeats, command: str) -> Iterator[str]:
    """That some who wait may have the message already, and until when the service can be asked again."""
    if repeats.people:
        moment = shown_moment(timestamp(datetime.fromtimestamp(repeats.until, UTC)))
        text = ngettext(
            "{count} of them may have it: no answer came. Until {moment}, {command} asks {transport} again with the "
            "same key, and nobody gets it twice; later, or by another transport or key, it is in doubt",
            "{count} of them may have it: no answer came. Until {moment}, {command} asks {transport} again with the "
            "same keys, and nobody gets it twice; later, or by another transport or key, they are in doubt",
            repeats.people,
        )
        shown_text = text.format(
            count=shown_count(repeats.people), moment=moment, command=command, transport=repeats.transport
        )
        yield Line((shown_text, "alert"))


def complete_line(report: Report, command: str = "") -> Iterator[str]:
    """Whether all is done, and what is to be done. `command`: the send that was typed, as it is to be typed again."""
    counts, number = report.counts, report.issue
    again = command or f"{called()} send {number}"
    if report.rehearsed:
        rehearsed = ngettext(
            "{count} reader has it in a folder on this machine only: nl resolve {number} --rehearsed, "
            "then nl send {number}",
            "{count} readers have it in a folder on this machine only: nl resolve {number} --rehearsed, "
            "then nl send {number}",
            report.rehearsed,
        ).format(count=shown_count(report.rehearsed), number=number)
        yield Line((rehearsed, "alert"))
    if report.is_complete:
        yield from _complete(report)
        return
    if under_way := counts[DeliveryState.ATTEMPTING]:
        yield ngettext(
            "{count} is under way — or was, if no nl send is running: then the next one calls it in doubt",
            "{count} are under way — or were, if no nl send is running: then the next one calls them in doubt",
            under_way,
        ).format(count=shown_count(under_way))
    if waiting := counts[DeliveryState.PENDING] + counts[DeliveryState.CLAIMED]:
        yield ngettext(
            "{count} waits: {command} goes on where it was", "{count} wait: {command} goes on where it was", waiting
        ).format(count=shown_count(waiting), command=again)
    if deferred := counts[DeliveryState.DEFERRED]:
        yield ngettext(
            "{count} was put off: run {command} again in a while, or have it wait: --retry-deferred-for 4h",
            "{count} were put off: run {command} again in a while, or have it wait: --retry-deferred-for 4h",
            deferred,
        ).format(count=shown_count(deferred), command=again)
    yield from repeat_line(report.repeats, again)
    if report.unsettled_refusals:
        yield ngettext(
            "{count} was refused. Who and why: nl resolve {number} --show. "
            "Then nl resolve {number} --refused resend (the cause is gone) or --refused skip (for good)",
            "{count} were refused. Who and why: nl resolve {number} --show. "
            "Then nl resolve {number} --refused resend (the cause is gone) or --refused skip (for good)",
            report.unsettled_refusals,
        ).format(count=shown_count(report.unsettled_refusals), number=number)
    if doubtful := counts[DeliveryState.IN_DOUBT]:
        yield ngettext(
            "{count} is in doubt: the message went out and no answer came. You decide: "
            "nl resolve {number} --in-doubt skip (they may lack it), resend (they may get it twice), "
            "sent (you know that they have it)",
            "{count} are in doubt: the message went out and no answer came. You decide: "
            "nl resolve {number} --in-doubt skip (they may lack it), resend (they may get it twice), "
            "sent (you know that they have it)",
            doubtful,
        ).format(count=shown_count(doubtful), number=number)


def _complete(report: Report) -> Iterator[str]:
    """That nothing is left to do: not said where somebody has the issue in a folder only."""
    if report.rehearsed:
        if report.rehearsed == report.counts[DeliveryState.SENT]:
            yield _("The rehearsal is over: nothing has left this machine.")
    elif not report.parts:
        yield Line(("✓ ", "well"), (_("Complete: nothing is left to do."), "strong"))
    else:
        parts = _("Complete for {parts}. For the rest of the list: nl send {number}")
        yield parts.format(parts=", ".join(report.parts), number=report.issue)


DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*(s|sec|m|min|h|d|j)?", re.IGNORECASE)
# Ten years; beyond a few thousand, Python itself loses count.
LONGEST_SECONDS = 10 * 366 * 86400
SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "j": 86400}


def parse_duration(text: str) -> float:
    """`90s`, `30m`, `4h`, `2d` in seconds; a bare number is minutes. Raises `UsageError`."""
    found = DURATION.fullmatch(text.strip())
    if found is None:
        raise UsageError(_("“{text}” is no length of time").format(text=text), hint=_("for instance: 30m, 4h"))
    seconds = float(found[1].replace(",", ".")) * SECONDS[(found[2] or "min").lower()]
    if seconds > LONGEST_SECONDS:
        raise UsageError(_("“{text}” is longer than anybody waits").format(text=text), hint=_("for instance: 30m, 4h"))
    return seconds


def parse_send_by(text: str, timezone: str, *, begins: datetime | None = None) -> datetime:
    """A moment in the newsletter's time zone, or a length of time from when the send `begins`: now, unless it is said.

    Raises `UsageError`.
    """
    if DURATION.fullmatch(text.strip()):
        return (begins or datetime.now(UTC)) + timedelta(seconds=parse_duration(text))
    moment = parse_moment(text.strip())
    if moment is None or not 2000 <= moment.year < 2200:
        raise UsageError(_("“{text}” is no moment").format(text=text), hint=_("for instance: 2026-12-17T18:00, or 24h"))
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(23, 59, 59))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
