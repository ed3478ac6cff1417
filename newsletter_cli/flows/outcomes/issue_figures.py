"""The figures of one issue: outcomes, who was left out, domains, the send over time, servers' words."""

from __future__ import annotations

from datetime import datetime, timedelta

from newsletter_cli.base.domains import shown_domain
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.deliver.ledger.breakdown import RunRow
from newsletter_cli.flows.outcomes.figures import Figure, Grid, Key, bar_figure, column_figure
from newsletter_cli.flows.outcomes.gathering import FEWEST_OF_DOMAIN, MINUTE, Outcome, Pace
from newsletter_cli.flows.outcomes.wording import (
    KINDS,
    counts_by_kind,
    kind_names,
    kind_of,
    shown_day,
    shown_hour,
    shown_length,
    shown_moment_of,
    shown_saying,
    shown_share,
    stretch_name,
    told_counts,
)
from newsletter_cli.flows.sending.words import reason_names, state_names
from newsletter_cli.render.plots.bars import Part, Row
from newsletter_cli.render.plots.columns import Stack


def outcome_figure(outcome: Outcome) -> Figure:
    """How many of each outcome."""
    counts, names = outcome.numbers.counts, state_names()
    total = outcome.numbers.deliveries
    shown = [state for states in KINDS.values() for state in states if counts[state]]
    rows = [Row(label=names[one], parts=(Part(kind=kind_of(one), count=counts[one]),)) for one in shown]
    cells = tuple((names[one], shown_count(counts[one]), shown_share(counts[one], total)) for one in shown)
    return bar_figure(
        rows,
        title=_("What became of the recipients"),
        told=told_counts((names[one], counts[one]) for one in shown),
        grid=Grid(
            caption=_("What became of the recipients"), heads=(_("outcome"), _("recipients"), _("share")), rows=cells
        ),
    )


def exclusion_figure(outcome: Outcome) -> Figure | None:
    """Who on the list was left out, by reason; `None` where nobody was."""
    names, excluded = reason_names(), outcome.numbers.excluded
    if not excluded:
        return None
    told = [(names.get(reason, reason), count) for reason, count in excluded.items()]
    return bar_figure(
        [Row(label=name, parts=(Part(kind="out", count=count),)) for name, count in told],
        title=_("Left out, by reason"),
        told=told_counts(told),
        grid=Grid(
            caption=_("Left out, by reason"),
            heads=(_("reason"), _("people")),
            rows=tuple((name, shown_count(count)) for name, count in told),
        ),
    )


def domain_figure(outcome: Outcome) -> Figure | None:
    """What became of the recipients of each large domain; `None` where no domain is large enough to be named."""
    if not outcome.domains:
        return None
    by_name = [(shown_domain(one.domain), counts_by_kind(one.counts)) for one in outcome.domains]
    others = counts_by_kind(outcome.others)
    if any(others.values()):
        by_name.append((_("all others"), others))
    seen = [kind for kind in KINDS if any(counts[kind] for _name, counts in by_name)]
    names = kind_names()
    rows = [
        Row(label=name, parts=tuple(Part(kind=kind, count=counts[kind]) for kind in seen)) for name, counts in by_name
    ]
    cells = tuple(
        (name, *(shown_count(counts[kind]) for kind in seen), shown_count(sum(counts.values())))
        for name, counts in by_name
    )
    return bar_figure(
        rows,
        title=_("By domain"),
        told=told_counts((name, sum(counts.values())) for name, counts in by_name),
        grid=Grid(
            caption=_("What became of the recipients, by domain"),
            heads=(_("domain"), *(names[kind] for kind in seen), _("recipients")),
            rows=cells,
        ),
        keys=[Key(kind=kind, label=names[kind], count=_count_of(kind, by_name)) for kind in seen],
    )


def _count_of(kind: str, by_name: list[tuple[str, dict[str, int]]]) -> str:
    return shown_count(sum(counts[kind] for _name, counts in by_name))


def domain_note() -> str:
    """Why small domains are not named."""
    return _("Domains with fewer than {count} recipients are among the others: they might name somebody.").format(
        count=FEWEST_OF_DOMAIN
    )


def pace_figure(outcome: Outcome, pace: Pace) -> Figure | None:
    """How many messages left when; `None` where all did within a second."""
    if len(pace.counts) == 1:
        return None
    stacks = [
        Stack(label=_label(pace, number), parts=(Part(kind="sent", count=count),))
        for number, count in enumerate(pace.counts)
    ]
    rows = tuple(
        (shown_moment_of(moment) if pace.width_seconds >= MINUTE else _second(moment), shown_count(count))
        for number, count in enumerate(pace.counts)
        if count
        for moment in (pace.moment(number),)
    )
    name = stretch_name(pace.width_seconds)
    return column_figure(
        stacks,
        title=_("Messages that left {stretch}").format(stretch=name),
        told=pace_told(pace),
        grid=Grid(
            caption=_("Messages that left {stretch}").format(stretch=name), heads=(_("from"), _("messages")), rows=rows
        ),
        spans=[span for run in outcome.runs if (span := _span(run, pace)) is not None],
        note=_("The line below shows when a send was running; where it is broken, the send was paused."),
    )


def pace_told(pace: Pace) -> str:
    """When the messages left, and how fast."""
    length = int((pace.last - pace.first).total_seconds())
    count = sum(pace.counts)
    first = shown_moment_of(pace.first)
    if count == 1:
        return _("The message left on {moment}.").format(moment=first)
    text = ngettext(
        "{count} message left from {moment} on, within {length}; at most {most} in a minute.",
        "{count} messages left from {moment} on, within {length}; at most {most} in a minute.",
        count,
    )
    return text.format(
        count=shown_count(count), moment=first, length=shown_length(max(1, length)), most=shown_count(pace.a_minute)
    )


def _second(moment: datetime) -> str:
    return _("{day}, {hour}").format(day=shown_day(moment.date()), hour=shown_hour(moment, has_seconds=True))


def _label(pace: Pace, number: int) -> str:
    moment = pace.moment(number)
    if pace.width_seconds < MINUTE:
        return shown_hour(moment, has_seconds=True)
    if pace.first.date() == pace.last.date():
        return shown_hour(moment)
    from babel.dates import format_skeleton

    from newsletter_cli.base.i18n import interface_language

    day = format_skeleton("MMMd", moment, locale=interface_language())
    return day if pace.width_seconds >= 12 * 60 * MINUTE else f"{day} {shown_hour(moment)}"


def _span(run: RunRow, pace: Pace) -> tuple[float, float] | None:
    """From where to where a run goes, in columns; `None` for one that touches none of them."""
    begin = datetime.fromisoformat(run.started_at)
    # What was killed has no end on record: as far as the messages go.
    end = datetime.fromisoformat(run.ended_at) if run.ended_at else pace.last + timedelta(seconds=1)
    first, last = pace.position(begin), pace.position(max(begin, end))
    if last < 0 or first > len(pace.counts):
        return None
    return max(0.0, first), min(last, float(len(pace.counts)))


def runs_grid(outcome: Outcome, zone: datetime) -> Grid | None:
    """When the send ran, and how each run ended; `None` where it went through in one."""
    if len(outcome.runs) < 2 and all(run.ending == "done" for run in outcome.runs):
        return None
    names = {
        "done": _("went to its end"),
        "limit": _("stopped where it was told to"),
        "interrupted": _("interrupted by somebody"),
        "stopped": _("stopped by itself"),
    }

    def at(moment: str) -> str:
        return shown_moment_of(datetime.fromisoformat(moment).astimezone(zone.tzinfo)) if moment else "–"

    rows = tuple((at(run.started_at), at(run.ended_at), names.get(run.ending, _("not known"))) for run in outcome.runs)
    return Grid(caption=_("When the send ran"), heads=(_("from"), _("to"), _("how it ended")), rows=rows, words=3)


def saying_figure(outcome: Outcome) -> Figure | None:
    """What servers said to those who have not got the issue; `None` where they said nothing."""
    if not outcome.sayings:
        return None
    names = kind_names()
    seen = list(dict.fromkeys(kind_of(one.state) for one in outcome.sayings))
    told = [(shown_saying(one), one.count) for one in outcome.sayings]
    return bar_figure(
        [
            Row(label=shown_saying(one), parts=(Part(kind=kind_of(one.state), count=one.count),))
            for one in outcome.sayings
        ],
        title=_("What the servers said"),
        told=told_counts(told),
        grid=Grid(
            caption=_("What the servers said"),
            heads=(_("words"), _("outcome"), _("recipients")),
            rows=tuple(
                (shown_saying(one), names[kind_of(one.state)], shown_count(one.count)) for one in outcome.sayings
            ),
            words=2,
        ),
        keys=[Key(kind=kind, label=names[kind]) for kind in seen],
        is_wordy=True,
    )
