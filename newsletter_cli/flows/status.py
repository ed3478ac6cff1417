"""`nl status`: how far an issue is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsletter_cli.check import check_issue
from newsletter_cli.check.rules.section_empty import has_content
from newsletter_cli.flows.assemble import POST
from newsletter_cli.flows.frame import build_frame
from newsletter_cli.i18n import _, ngettext
from newsletter_cli.model import Finding, Issue, Section, Status
from newsletter_cli.render.compose import compose_issue
from newsletter_cli.render.dates import format_day
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.read import read_issue, section_files
from newsletter_cli.workspace.templates import read_words


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """How far one section is. `word_count`: the words a reader sees; `missing`: what it lacks, in words."""

    slug: str
    title: str
    author: str | None
    status: str
    word_count: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssueStatus:
    """How far an issue is. `obstacles`: what stands between it and the readers, in words."""

    issue: Issue
    heading: str
    sections: tuple[SectionStatus, ...]
    obstacles: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's head."""
        return (_("section"), _("author"), _("status"), _("words"), _("missing"))

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The table's rows, in canonical order."""
        return [
            (one.title, one.author or "–", one.status, str(one.word_count), ", ".join(one.missing) or "✓")
            for one in self.sections
        ]

    def lines(self) -> Iterator[str]:
        """What is to be done."""
        if not self.obstacles:
            yield _("Nothing stands between this issue and its readers.")
            return
        yield _("Before it can go:")
        for obstacle in self.obstacles:
            yield f"  – {obstacle}"

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
                    "missing": list(one.missing),
                }
                for one in self.sections
            ],
            "obstacles": list(self.obstacles),
        }


def read_status(workspace: Workspace, number: int) -> IssueStatus:
    """How far the issue is. Raises `ContentError` for a file that cannot be read."""
    config = workspace.config
    read = read_issue(workspace, number)
    issue = read.issue
    words = read_words(workspace, config.newsletter.language)
    composed = compose_issue(issue, build_frame(config, words, issue))
    counts = {one.section.slug: _count_words("".join(one.body.itertext())) for one in composed.sections}
    sections = [_section_status(section, counts.get(section.slug, 0)) for section in issue.sections]
    present = {section.slug for section in issue.sections}
    absent = [item for item in config.sections if item.slug not in present and (item.new or item.standing)]
    sections += [
        SectionStatus(item.slug, item.title, None, _("no file"), 0, (_("the whole section"),)) for item in absent
    ]
    rank = {item.slug: index for index, item in enumerate(config.sections)}
    if absent:
        sections.sort(key=lambda one: rank.get(one.slug, len(rank)))
    when = _("no date yet") if issue.date is None else format_day(issue.date.date(), words, config.newsletter.language)
    return IssueStatus(
        issue=issue,
        heading=f"{issue.title} – {when}",
        sections=tuple(sections),
        obstacles=tuple(_obstacles(workspace, issue, [item.title for item in absent])),
        findings=tuple(
            finding
            for finding in (*read.findings, *check_issue(issue, config.sections))
            if finding.rule not in ("section-draft", "section-empty", "section-missing")
        ),
    )


def _count_words(text: str) -> int:
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def _section_status(section: Section, word_count: int) -> SectionStatus:
    missing = []
    if section.status is not Status.SKIP:
        if not has_content(section):
            missing.append(_("the text"))
        if section.author is None and not section.is_standing:
            missing.append(_("the author"))
        if section.status is Status.DRAFT:
            missing.append(_("status: ready"))
    return SectionStatus(section.slug, section.title, section.author, section.status.value, word_count, tuple(missing))


def _obstacles(workspace: Workspace, issue: Issue, absent: list[str]) -> Iterator[str]:
    drafts = [section.title for section in issue.published_sections if section.status is Status.DRAFT]
    empty = [section.title for section in issue.published_sections if not has_content(section)]
    if drafts:
        yield ngettext(
            "a section is still a draft: {titles}", "sections are still drafts: {titles}", len(drafts)
        ).format(titles=", ".join(drafts))
    if empty:
        yield ngettext("a section is empty: {titles}", "sections are empty: {titles}", len(empty)).format(
            titles=", ".join(empty)
        )
    if absent:
        yield ngettext("a section has no file: {titles}", "sections have no file: {titles}", len(absent)).format(
            titles=", ".join(absent)
        )
    fields = {"date": issue.date, "summary": issue.summary, "subject": issue.subject, "preheader": issue.preheader}
    unfilled = [name for name, value in fields.items() if value is None]
    if unfilled:
        yield _("{file} lacks: {fields}").format(file=issue.editorial.file, fields=", ".join(unfilled))
    if not _is_build_current(workspace, issue.number):
        yield _("it is not assembled, or has changed since: nl assemble {number}").format(number=issue.number)


def _is_build_current(workspace: Workspace, number: int) -> bool:
    """Whether the build is younger than every file it is made from."""
    post = workspace.build_folder(number) / POST
    if not post.is_file():
        return False
    built = post.stat().st_mtime
    folder = workspace.issue_folder(number)
    sources = [*section_files(folder), *folder.glob("_*.md"), workspace.root / "newsletter.toml"]
    return all(path.stat().st_mtime <= built for path in sources)
