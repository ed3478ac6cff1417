"""The report on a terminal: what goes beyond the numbers of `flows/sending/report.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter_cli.base.domains import shown_domain
from newsletter_cli.base.errors import ListError
from newsletter_cli.base.i18n import _, shown_count
from newsletter_cli.console.lines import Line
from newsletter_cli.console.spark import spark
from newsletter_cli.flows.feedback_words import feedback_names
from newsletter_cli.flows.outcomes.figures import Grid
from newsletter_cli.flows.outcomes.gathering import Outcome
from newsletter_cli.flows.outcomes.history import History, came_back_of
from newsletter_cli.flows.outcomes.issue_figures import pace_told
from newsletter_cli.flows.outcomes.wording import counts_by_kind, kind_names
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.workspace.folder import Workspace

MOST_DOMAINS = 6


def outcome_lines(outcome: Outcome, *, is_fine: bool) -> Iterator[str]:
    """The send over time, and the largest domains. `is_fine`: in blocks, else in plain signs."""
    if outcome.pace is not None:
        if len(outcome.pace.counts) > 1:
            yield Line(("  " + spark(outcome.pace.counts, is_fine=is_fine), "accent"))
        yield f"  {pace_told(outcome.pace)}"
        yield ""
    names, lines = kind_names(), []
    for one in outcome.domains[:MOST_DOMAINS]:
        counts = counts_by_kind(one.counts)
        told = ", ".join(f"{names[kind]} {shown_count(count)}" for kind, count in counts.items() if count)
        lines.append("  " + _("{name}: {count}").format(name=shown_domain(one.domain), count=told))
    if lines:
        yield Line((_("Largest domains:"), "strong"))
        yield from lines
        yield ""


def came_back_lines(workspace: Workspace, issue: int) -> Iterator[str]:
    """What came back from an issue, where anything did; why nothing is known of it."""
    try:
        counts = came_back_of(workspace, issue)
    except ListError as error:
        yield _("Of the list and of what came back nothing can be said: {reason}").format(reason=error)
        return
    if any(counts.values()):
        yield _("Came back: {counts}").format(counts=_told_kinds(counts))


def _told_kinds(counts: Mapping[FeedbackKind, int]) -> str:
    names = feedback_names()
    return ", ".join(f"{names[kind]} {shown_count(counts[kind])}" for kind in FeedbackKind if counts.get(kind))


def history_table(workspace: Workspace, history: History) -> Grid:
    """A line for each issue, the newest first, as wide as a terminal is."""
    zone = ZoneInfo(workspace.config.newsletter.timezone)
    rows = tuple(
        (
            str(one.number),
            datetime.fromisoformat(one.began).astimezone(zone).date().isoformat(),
            *map(
                shown_count,
                (
                    one.numbers.deliveries,
                    one.numbers.counts[DeliveryState.SENT],
                    one.numbers.counts[DeliveryState.REFUSED],
                    one.open,
                    one.bounces,
                    one.complaints,
                    one.wishes_to_leave,
                ),
            ),
        )
        for one in reversed(history.issues)
    )
    heads = (_("recipients"), _("sent"), _("refused"), _("open"), _("bounces"), _("complaints"), _("leaving"))
    return Grid(caption=_("All issues"), heads=(_("issue"), _("date"), *heads), rows=rows, words=2)


def history_lines(history: History, *, is_drawn: bool, is_fine: bool) -> Iterator[str]:
    """Recipients and subscribers over time, what came back of no issue, why nothing is known of the list.

    `is_drawn`: as small plots too, which no pipe wants.
    """
    counts = [one.numbers.deliveries for one in history.issues]
    plots = [(_("Recipients, issue by issue"), counts)] if len(counts) > 1 else []
    if history.list is not None and len(growth := history.list.subscribers()) > 1:
        plots.append((_("Subscribers, month by month"), [count for _month, count in growth]))
    for name, numbers in plots if is_drawn else ():
        yield Line(
            (_("{name}: {count}").format(name=name, count=shown_count(numbers[0])) + " ", ""),
            (spark(numbers, is_fine=is_fine), "accent"),
            (f" {shown_count(numbers[-1])}", ""),
        )
    if any(history.unplaced.values()):
        yield _("Came back, of which issue is not known: {counts}").format(counts=_told_kinds(history.unplaced))
    if history.fault is not None:
        yield _("Of the list and of what came back nothing can be said: {reason}").format(reason=history.fault)
