"""What arrived beside what was handed over, in words."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _, ngettext, shown_kilobytes
from newsletter_cli.check.delivered.compare import GMAIL_BYTES
from newsletter_cli.check.delivered.difference import Difference
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.clearance.received import ReceivedProof

MOST_UNREAD = 3


def received_lines(done: ReceivedProof) -> Iterator[str]:
    """Which proof, each difference with its place, what is worth knowing besides, and the sizes."""
    heading = _("Issue {number}, proof {proof}, as it arrived").format(number=done.issue, proof=done.proof)
    yield Line((heading, "strong"), (f"  {done.place}", "dim"))
    arrival = done.arrival
    if arrival.is_as_sent:
        yield Line((_("It is as it was sent."), "well"))
    else:
        count = len(arrival.differences)
        said = ngettext("{count} thing is not as it was sent:", "{count} things are not as they were sent:", count)
        yield Line((said.format(count=count), "strong"))
    for one in arrival.differences:
        yield from _difference_lines(one)
    if arrival.notes:
        yield _("Besides:")
    for note in arrival.notes:
        yield from _difference_lines(note)
    yield _(
        "{sent} handed over, {received} received; the HTML takes {percent}% of the {gmail} that Gmail shows."
    ).format(
        sent=shown_kilobytes(arrival.handed_over_bytes),
        received=shown_kilobytes(arrival.received_bytes),
        percent=arrival.gmail_percent,
        gmail=shown_kilobytes(GMAIL_BYTES),
    )
    for unread in done.unread[:MOST_UNREAD]:
        yield _("Not read: {place}: {reason}").format(place=unread.place, reason=unread.reason)
    if (more := len(done.unread) - MOST_UNREAD) > 0:
        yield ngettext("{count} more was not read", "{count} more were not read", more).format(count=more)


def _difference_lines(one: Difference) -> Iterator[str]:
    told = one.message
    if one.place and not told.startswith(one.place):
        told = _("{place}: {message}").format(place=one.place, message=told)
    pieces = [("  · ", "dim"), (told, "" if one.is_note else "alert")]
    is_short = one.is_note or one.place == "Authentication-Results"
    if is_short and one.now:
        pieces.append((f" ({one.now})", "dim"))
    yield Line(*pieces, hang=4)
    if is_short:
        return
    if one.was:
        yield Line(("      − ", "dim"), (one.was, ""), hang=8)
    if one.now:
        yield Line(("      + ", "dim"), (one.now, ""), hang=8)
