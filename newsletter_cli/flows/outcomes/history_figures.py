"""The figures over all issues: recipients, what came back, the list."""

from __future__ import annotations

from newsletter_cli.base.i18n import _, shown_count
from newsletter_cli.flows.feedback_words import feedback_names
from newsletter_cli.flows.list_report import status_names
from newsletter_cli.flows.outcomes.figures import Figure, Grid, Key, column_figure, line_figure
from newsletter_cli.flows.outcomes.history import History
from newsletter_cli.flows.outcomes.wording import (
    CAME_BACK,
    KINDS,
    counts_by_kind,
    kind_names,
    shown_month,
    told_counts,
)
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.render.plots.bars import Part
from newsletter_cli.render.plots.columns import Stack

# Further back nobody sees a month any more.
MOST_MONTHS = 36
MOST_ISSUES = 36


def recipients_figure(history: History) -> Figure:
    """What became of the recipients, issue by issue."""
    issues = history.issues[-MOST_ISSUES:]
    counts = [counts_by_kind(one.numbers.counts) for one in issues]
    everywhere = [counts_by_kind(one.numbers.counts) for one in history.issues]
    seen = [kind for kind in KINDS if any(one[kind] for one in everywhere)]
    names = kind_names()
    stacks = [
        Stack(label=str(issue.number), parts=tuple(Part(kind=kind, count=one[kind]) for kind in seen))
        for issue, one in zip(issues, counts, strict=True)
    ]
    rows = tuple(
        (str(issue.number), *(shown_count(one[kind]) for kind in seen), shown_count(sum(one.values())))
        for issue, one in zip(history.issues, everywhere, strict=True)
    )
    first, last = issues[0], issues[-1]
    told = _("{first} recipients of issue {number}, {last} of issue {latest}.").format(
        first=shown_count(first.numbers.deliveries),
        number=first.number,
        last=shown_count(last.numbers.deliveries),
        latest=last.number,
    )
    return column_figure(
        stacks,
        title=_("Recipients of each issue"),
        told=told,
        grid=Grid(
            caption=_("Recipients of each issue"),
            heads=(_("issue"), *(names[kind] for kind in seen), _("recipients")),
            rows=rows,
        ),
        keys=[Key(kind=kind, label=names[kind]) for kind in seen],
        note=_left_off(history),
    )


def feedback_figure(history: History) -> Figure | None:
    """What came back, issue by issue; `None` where nothing did."""
    issues = history.issues[-MOST_ISSUES:]
    totals = {kind: sum(one.feedback.get(kind, 0) for one in history.issues) for kind in FeedbackKind}
    if not any(totals.values()) and not any(history.unplaced.values()):
        return None
    names = feedback_names()
    seen = [kind for kind in CAME_BACK if totals[kind]]
    told_kinds = [kind for kind in FeedbackKind if totals[kind] or history.unplaced.get(kind)]
    stacks = [
        Stack(
            label=str(one.number),
            parts=tuple(Part(kind=CAME_BACK[kind], count=one.feedback.get(kind, 0)) for kind in seen),
        )
        for one in issues
    ]
    rows = [
        (str(one.number), *(shown_count(one.feedback.get(kind, 0)) for kind in told_kinds)) for one in history.issues
    ]
    if any(history.unplaced.values()):
        unplaced = (shown_count(history.unplaced.get(kind, 0)) for kind in told_kinds)
        rows.append((_("not known of which"), *unplaced))
    return column_figure(
        stacks,
        title=_("What came back from each issue"),
        told=told_counts((names[kind], totals[kind]) for kind in told_kinds),
        grid=Grid(
            caption=_("What came back from each issue"),
            heads=(_("issue"), *(names[kind] for kind in told_kinds)),
            rows=tuple(rows),
        ),
        keys=[Key(kind=CAME_BACK[kind], label=names[kind], count=shown_count(totals[kind])) for kind in seen],
        note=_left_off(history),
    )


def growth_figure(history: History) -> Figure | None:
    """How many were on the list that `nl` keeps, month by month; `None` where it keeps none."""
    counts = history.list.subscribers() if history.list is not None else []
    if not counts or history.list is None:
        return None
    kept = counts[-MOST_MONTHS:]
    joined, gone = history.list.joined, history.list.gone
    rows = tuple(
        (shown_month(month), shown_count(joined.get(month, 0)), shown_count(gone.get(month, 0)), shown_count(count))
        for month, count in kept
    )
    told = _("{first} subscribers at the end of {month}, {last} at the end of {latest}.").format(
        first=shown_count(kept[0][1]),
        month=shown_month(kept[0][0]),
        last=shown_count(kept[-1][1]),
        latest=shown_month(kept[-1][0]),
    )
    return line_figure(
        [(shown_month(month), count) for month, count in kept],
        title=_("Subscribers at the end of each month"),
        told=told,
        grid=Grid(
            caption=_("Subscribers at the end of each month"),
            heads=(_("month"), _("joined"), _("left"), _("subscribers")),
            rows=rows,
        ),
        note=_("Whoever was erased since is not counted in any month."),
    )


def leaving_figure(history: History) -> Figure | None:
    """How many left in which month, and why, as the suppression list has it; `None` where nobody did."""
    if history.list is None or not history.list.left:
        return None
    months = [month for month in history.list.months() if month >= min(history.list.left)][-MOST_MONTHS:]
    left = history.list.left
    order = [reason for reason in LEAVING if any(reason in left.get(month, {}) for month in months)]
    names = {**status_names(), "erased": _("erased")}
    stacks = [
        Stack(
            label=shown_month(month),
            parts=tuple(Part(kind=LEAVING[one], count=left.get(month, {}).get(one, 0)) for one in order),
        )
        for month in months
    ]
    rows = tuple(
        (shown_month(month), *(shown_count(left.get(month, {}).get(one, 0)) for one in order)) for month in months
    )
    totals = {one: sum(left.get(month, {}).get(one, 0) for month in months) for one in order}
    return column_figure(
        stacks,
        title=_("Who left, month by month"),
        told=told_counts((names[one], totals[one]) for one in order),
        grid=Grid(caption=_("Who left, month by month"), heads=(_("month"), *(names[one] for one in order)), rows=rows),
        keys=[Key(kind=LEAVING[one], label=names[one], count=shown_count(totals[one])) for one in order],
    )


# Reason of the suppression list → its colour and pattern.
LEAVING = {"bounced": "hard", "complained": "complaint", "unsubscribed": "left", "erased": "out"}


def _left_off(history: History) -> str:
    if len(history.issues) <= MOST_ISSUES:
        return ""
    return _("The last {count} issues are drawn; the table has all.").format(count=MOST_ISSUES)
