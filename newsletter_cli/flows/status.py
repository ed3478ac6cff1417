"""`nl status`: how far an issue is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError, RenderError
from newsletter_cli.base.i18n import _
from newsletter_cli.check.texts.readiness import has_content
from newsletter_cli.config import Config, SectionSettings
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.check import Checked, render_and_check
from newsletter_cli.flows.frame import build_frame
from newsletter_cli.flows.obstacles import Obstacle, find_obstacles
from newsletter_cli.flows.read import markdown_rules
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.model import Finding, Issue, Level, Section, Status
from newsletter_cli.render.compose import ComposedIssue, ComposedSection, compose_issue
from newsletter_cli.render.dates import format_day
from newsletter_cli.render.words import Words
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.read import read_issue
from newsletter_cli.workspace.wording import read_words

if TYPE_CHECKING:
    from newsletter_cli.flows.clearance.guide import Guide
    from newsletter_cli.flows.publishing.standing import SiteStanding
    from newsletter_cli.flows.render import Rendered

ABSENT = "absent"


class SectionStatus(Struct, frozen=True, kw_only=True):
    """How far one section is.

    `status` is that of the file, or `absent`; `word_count` counts what a reader sees; `findings` counts what `nl check`
    finds without network, by level; `missing` holds codes: `file`, `text`, `author`, `ready`.
    """

    slug: str
    title: str
    author: str | None
    status: str
    word_count: int
    findings: Counter[str]
    missing: tuple[str, ...]


class IssueStatus(Struct, frozen=True, kw_only=True):
    """How far an issue is."""

    issue: Issue
    heading: str
    sections: tuple[SectionStatus, ...]
    obstacles: tuple[Obstacle, ...]
    guide: Guide
    site: SiteStanding | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's head."""
        return (_("section"), _("author"), _("status"), _("words"), _("findings"), _("missing"))

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The table's rows, in canonical order."""
        names = {"file": _("the file"), "text": _("the text"), "author": _("the author"), "ready": "status: ready"}
        status_names: dict[str, str] = {Status.DRAFT: _("draft"), Status.READY: _("ready"), Status.SKIP: _("skip")}
        return [
            (
                one.title,
                one.author or "–",
                "–" if one.status == ABSENT else status_names[one.status],
                str(one.word_count),
                str(one.findings[Level.ERROR] + one.findings[Level.WARNING] or "–"),
                ", ".join(names[code] for code in one.missing) or "✓",
            )
            for one in self.sections
        ]

    def lines(self) -> Iterator[str]:
        """The way of the issue, and what is to be done."""
        yield from self.guide.lines()
        if not self.obstacles and self.guide.is_ready_to_go:
            yield ""
            yield Line(("✓ ", "well"), (_("Nothing stands between this issue and its readers."), "strong"))
        if self.site is not None and self.site.line:
            yield ""
            yield self.site.line

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.issue.number,
            "title": self.issue.title,
            "date": None if self.issue.date is None else self.issue.date.isoformat(),
            "sections": [
                {
                    "slug": one.slug,
                    "title": one.title,
                    "author": one.author,
                    "status": one.status,
                    "words": one.word_count,
                    "findings": {level.value: one.findings[level] for level in Level},
                    "missing": list(one.missing),
                }
                for one in self.sections
            ],
            "obstacles": [{"code": one.code, "message": one.message} for one in self.obstacles],
            "sent_unknown": self.guide.unknown or None,
            "sent": None if self.guide.sent is None else {"sent": self.guide.sent[0], "recipients": self.guide.sent[1]},
            "published": None if self.site is None else self.site.as_dict(),
            **self.guide.as_dict(),
        }


def read_status(workspace: Workspace, number: int, *, directory: str = "") -> IssueStatus:
    """How far the issue is. `directory`: the folder that was named with `-C`. Raises `ContentError` for a file that
    cannot be read.
    """
    # Who only wants the sections' table, as the preview does, needs none of it.
    from newsletter_cli.flows.clearance.standing import read_guide

    config = workspace.config
    words = read_words(workspace, config.newsletter.language)
    issue, composed, checked, rendered = _look_at(workspace, number, words)
    sources = None if rendered is None else rendered.sources
    absent = _absent_sections(issue, config)
    when = _("no date yet") if issue.date is None else format_day(issue.date.date(), words, config.newsletter.language)
    obstacles = tuple(find_obstacles(workspace, checked.findings, issue, [item.title for item in absent]))
    return IssueStatus(
        issue=issue,
        heading=f"{issue.title} – {when}",
        sections=section_statuses(issue, composed, checked, config),
        obstacles=obstacles,
        guide=read_guide(workspace, issue, checked.findings, obstacles, sources, directory=directory),
        site=_site_standing(workspace, rendered, directory),
    )


def _site_standing(workspace: Workspace, rendered: Rendered | None, directory: str) -> SiteStanding | None:
    if rendered is None or workspace.config.site.folder is None:
        return None
    from newsletter_cli.flows.publishing.standing import site_standing

    return site_standing(workspace, rendered, directory=directory)


def section_statuses(
    issue: Issue, composed: ComposedIssue, checked: Checked, config: Config
) -> tuple[SectionStatus, ...]:
    """How far each section is, those without a file included, in their order."""
    found = _by_file(checked.findings)
    counts = {one.section.slug: _section_word_count(one) for one in composed.sections}
    present = [
        _section_status(section, counts.get(section.slug, 0), found.get(section.body.file, Counter()))
        for section in issue.sections
    ]
    return _in_order(present, _absent_sections(issue, config), config)


def _absent_sections(issue: Issue, config: Config) -> list[SectionSettings]:
    present = {section.slug for section in issue.sections}
    return [item for item in config.sections if item.slug not in present and (item.new or item.standing)]


def _look_at(workspace: Workspace, number: int, words: Words) -> tuple[Issue, ComposedIssue, Checked, Rendered | None]:
    """The issue, its texts, what is found in it, and what was made of it; neither of these where its theme cannot be
    used: assembling says so.
    """
    try:
        rendered, checked = render_and_check(workspace, number)
    except (ConfigError, RenderError):
        issue = read_issue(workspace, number).issue
        return (
            issue,
            compose_issue(
                parse_issue(issue, markdown_rules(workspace.config)), build_frame(workspace.config, words, issue)
            ),
            Checked(number=number, findings=()),
            None,
        )
    return rendered.sources.issue, rendered.composed, checked, rendered


def _by_file(findings: tuple[Finding, ...]) -> dict[str, Counter[str]]:
    """How many findings of each level each file has; what the table says already (draft, empty) is left out."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        if finding.rule not in ("section-draft", "section-empty", "section-missing"):
            counts[finding.file][finding.level] += 1
    return counts


def _section_word_count(composed: ComposedSection) -> int:
    texts = ["".join(composed.body.itertext())]
    for one in composed.events:
        texts += [one.event.title, "" if one.description is None else "".join(one.description.itertext())]
    texts += [f"{job.title} {job.employer or ''}" for job in composed.jobs]
    return sum(map(count_words, texts))


def count_words(text: str) -> int:
    """How many words a text has; signs that stand alone are none."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def _in_order(present: list[SectionStatus], absent: list[SectionSettings], config: Config) -> tuple[SectionStatus, ...]:
    """The sections as they will appear, each absent one behind the last that canonically stands before it."""
    ordered = list(present)
    rank = {item.slug: index for index, item in enumerate(config.sections)}
    for item in absent:
        before = [index for index, one in enumerate(ordered) if rank.get(one.slug, len(rank)) < rank[item.slug]]
        place = before[-1] + 1 if before else 0
        ordered.insert(
            place,
            SectionStatus(
                slug=item.slug,
                title=item.title,
                author=None,
                status=ABSENT,
                word_count=0,
                findings=Counter(),
                missing=("file",),
            ),
        )
    return tuple(ordered)


def _section_status(section: Section, word_count: int, findings: Counter[str]) -> SectionStatus:
    missing = []
    if section.status is not Status.SKIP:
        if not has_content(section):
            missing.append("text")
        if section.author is None and not section.is_standing:
            missing.append("author")
        if section.status is Status.DRAFT:
            missing.append("ready")
    return SectionStatus(
        slug=section.slug,
        title=section.title,
        author=section.author,
        status=section.status.value,
        word_count=word_count,
        findings=findings,
        missing=tuple(missing),
    )
