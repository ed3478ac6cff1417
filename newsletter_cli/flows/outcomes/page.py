"""The report as one page: what its template is filled in with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.base.i18n import _, interface_language, ngettext, shown_count
from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.flows.feedback_words import feedback_names
from newsletter_cli.flows.outcomes.figures import Figure, Grid
from newsletter_cli.flows.outcomes.gathering import Outcome
from newsletter_cli.flows.outcomes.history import History, PastIssue
from newsletter_cli.flows.outcomes.history_figures import (
    feedback_figure,
    growth_figure,
    leaving_figure,
    recipients_figure,
)
from newsletter_cli.flows.outcomes.issue_figures import (
    domain_figure,
    domain_note,
    exclusion_figure,
    outcome_figure,
    pace_figure,
    pace_told,
    runs_grid,
    saying_figure,
)
from newsletter_cli.flows.outcomes.wording import (
    counts_by_kind,
    has_gaps,
    kind_names,
    shown_day,
    shown_moment_of,
    shown_share,
)
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.render.active import refuse_active
from newsletter_cli.render.templating import render_template
from newsletter_cli.render.theme import Theme
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.template_files import read_template_folder

FOLDER = "report"
TEMPLATE = "page.html.j2"
# What tells a page of ours from any other: beyond it, no file is replaced.
MARK = '<meta name="generator" content="nl report">'


class Part(Struct, frozen=True, kw_only=True):
    """A part of the page: its title, what is to be seen in it in a sentence, its figures, tables and notes."""

    title: str
    text: str = ""
    figures: tuple[Figure, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()


class Fact(Struct, frozen=True, kw_only=True):
    """A number at the top of the page. `kind` as in a plot."""

    name: str
    value: str
    kind: str = ""


def render_issue_page(workspace: Workspace, outcome: Outcome, history: History, *, now: datetime) -> str:
    """The page of one issue. Raises `RenderError`, `ConfigError` for a template of the workspace's own."""
    numbers = outcome.numbers
    past = next(one for one in history.issues if one.number == numbers.issue)
    return _render(
        workspace,
        title=_("Issue {number}: what became of it").format(number=numbers.issue),
        subject=past.subject,
        state=_state(past),
        is_well=numbers.is_complete and not numbers.rehearsed,
        facts=_issue_facts(past),
        parts=[*_issue_parts(outcome, past, now), *_history_parts(history)],
        now=now,
    )


def render_history_page(workspace: Workspace, history: History, *, now: datetime) -> str:
    """The page of all issues. Raises `RenderError`, `ConfigError` for a template of the workspace's own."""
    latest = history.issues[-1]
    parts = [*_history_parts(history), Part(title=_("Issue by issue"), grids=(issues_grid(history, _zone(workspace)),))]
    count = len(history.issues)
    return _render(
        workspace,
        title=_("What became of all issues"),
        subject="",
        state=ngettext("{count} issue so far", "{count} issues so far", count).format(count=shown_count(count)),
        is_well=all(one.numbers.is_complete for one in history.issues),
        facts=[
            Fact(name=_("issues"), value=shown_count(count)),
            Fact(name=_("recipients of the last"), value=shown_count(latest.numbers.deliveries)),
            *_came_back(history.issues),
        ],
        parts=parts,
        now=now,
    )


def _render(
    workspace: Workspace,
    *,
    title: str,
    subject: str,
    state: str,
    is_well: bool,
    facts: Sequence[Fact],
    parts: Sequence[Part],
    now: datetime,
) -> str:
    own = read_template_folder(workspace, FOLDER)
    theme = Theme(name=FOLDER, files=own.files, places=own.places, settings={}, unread=own.unread)
    context: dict[str, Any] = {
        "lang": interface_language(),
        "mark": MARK,
        "newsletter": workspace.config.newsletter.name,
        "title": title,
        "subject": without_addresses(subject),
        "state": state,
        "is_well": is_well,
        "facts": list(facts),
        "parts": list(parts),
        "as_of": _("As of {moment}").format(moment=shown_moment_of(now.astimezone(_zone(workspace)))),
        "words": {
            "numbers": _("The numbers"),
            "keys": _("What the patterns mean"),
            "skip": _("Skip to the report"),
            "contents": _("On this page"),
            "private": _("This page names nobody. It was made by nl and needs neither a script nor the network."),
        },
    }
    page = render_template(theme, TEMPLATE, context)
    refuse_active(page, theme, is_archive=True)
    return page


def _zone(workspace: Workspace) -> ZoneInfo:
    return ZoneInfo(workspace.config.newsletter.timezone)


def _state(past: PastIssue) -> str:
    numbers = past.numbers
    if numbers.rehearsed:
        return _("A rehearsal: into a folder of one machine only")
    if not numbers.deliveries:
        return _("Nobody was written to")
    if not numbers.is_complete:
        return _("Not complete")
    return _("Complete for a part of the list") if numbers.parts else _("Complete")


def _issue_facts(past: PastIssue) -> list[Fact]:
    counts, names = counts_by_kind(past.numbers.counts), kind_names()
    facts = [Fact(name=_("recipients"), value=shown_count(past.numbers.deliveries))]
    for kind, count in counts.items():
        if count or kind == "sent":
            facts.append(Fact(name=names[kind], value=shown_count(count), kind=kind))
    if left_out := sum(past.numbers.excluded.values()):
        facts.append(Fact(name=_("left out"), value=shown_count(left_out), kind="out"))
    return [*facts, *_came_back([past])]


def _came_back(issues: Sequence[PastIssue]) -> list[Fact]:
    """Bounces, complaints and wishes to leave, where there are any."""
    counted = (
        (_("bounces"), "hard", sum(one.bounces for one in issues)),
        (_("complaints"), "complaint", sum(one.complaints for one in issues)),
        (_("wishes to leave"), "left", sum(one.wishes_to_leave for one in issues)),
    )
    return [Fact(name=name, value=shown_count(count), kind=kind) for name, kind, count in counted if count]


def _issue_parts(outcome: Outcome, past: PastIssue, now: datetime) -> list[Part]:
    """What is known of the issue alone."""
    numbers = outcome.numbers
    total, sent = numbers.deliveries, counts_by_kind(numbers.counts)["sent"]
    parts = []
    figures = [figure for figure in (_outcomes(outcome), exclusion_figure(outcome)) if figure is not None]
    if figures:
        text = _("{share} of the recipients have the issue.").format(share=shown_share(sent, total)) if total else ""
        parts.append(Part(title=_("Outcomes"), text=text, figures=tuple(figures), notes=_outcome_notes(outcome)))
    if (domains := domain_figure(outcome)) is not None:
        parts.append(Part(title=_("By domain"), figures=(domains,), notes=(domain_note(),)))
    if outcome.pace is not None:
        runs, figure = runs_grid(outcome, outcome.pace.first), pace_figure(outcome, outcome.pace)
        parts.append(
            Part(
                title=_("Over time"),
                text=pace_told(outcome.pace),
                figures=() if figure is None else (figure,),
                grids=() if runs is None else (runs,),
                notes=_late(outcome.pace.late),
            )
        )
    if (sayings := saying_figure(outcome)) is not None:
        gaps = _("“…” stands for what might tell whom an answer is about: addresses, domains, numbers, names.")
        parts.append(
            Part(
                title=_("What the servers said"),
                text=_("The answers to those who have not got the issue; the same words are counted together."),
                figures=(sayings,),
                notes=(gaps,) if has_gaps(outcome.sayings) else (),
            )
        )
    return parts


def _outcomes(outcome: Outcome) -> Figure | None:
    return outcome_figure(outcome) if outcome.numbers.deliveries else None


def _outcome_notes(outcome: Outcome) -> tuple[str, ...]:
    rehearsed = outcome.numbers.rehearsed
    if not rehearsed:
        return ()
    text = ngettext(
        "{count} of them has it in a folder of one machine only.",
        "{count} of them have it in a folder of one machine only.",
        rehearsed,
    )
    return (text.format(count=shown_count(rehearsed)),)


def _late(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    text = ngettext("{count} message needed more than one try.", "{count} messages needed more than one try.", count)
    return (text.format(count=shown_count(count)),)


def _history_parts(history: History) -> list[Part]:
    """What is known of all issues and of the list."""
    came_back = feedback_figure(history)
    parts = []
    if len(history.issues) > 1:
        parts.append(Part(title=_("Over the issues"), figures=(recipients_figure(history),)))
    if came_back is not None:
        parts.append(Part(title=_("What came back"), figures=(came_back,)))
    figures = [one for one in (growth_figure(history), leaving_figure(history)) if one is not None]
    if figures:
        parts.append(Part(title=_("The list"), text=figures[0].told, figures=tuple(figures)))
    if history.fault is not None:
        parts.append(
            Part(
                title=_("The list"),
                text=_("Of the list and of what came back nothing can be said: {reason}").format(
                    reason=without_addresses(history.fault.message)
                ),
            )
        )
    return parts


def issues_grid(history: History, zone: ZoneInfo) -> Grid:
    """A line for each issue, the newest first."""
    names, came_back = kind_names(), feedback_names()
    counts = {one.number: counts_by_kind(one.numbers.counts) for one in history.issues}
    seen = [kind for kind in names if any(one[kind] for one in counts.values())]
    kinds = [kind for kind in FeedbackKind if any(one.feedback.get(kind) for one in history.issues)]
    rows = tuple(
        (
            str(one.number),
            shown_day(datetime.fromisoformat(one.began).astimezone(zone).date()),
            shown_count(one.numbers.deliveries),
            *(shown_count(counts[one.number][kind]) for kind in seen),
            shown_count(sum(one.numbers.excluded.values())),
            *(shown_count(one.feedback.get(kind, 0)) for kind in kinds),
        )
        for one in reversed(history.issues)
    )
    return Grid(
        caption=_("All issues"),
        heads=(
            _("issue"),
            _("date"),
            _("recipients"),
            *(names[kind] for kind in seen),
            _("left out"),
            *(came_back[kind] for kind in kinds),
        ),
        rows=rows,
        words=2,
    )


def now_utc() -> datetime:
    """This moment."""
    return datetime.now(UTC)
