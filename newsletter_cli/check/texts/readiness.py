"""How far an issue is: what is missing in the middle of the month is work, what is missing at its end a fault."""

from __future__ import annotations

from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.markdown.source import publish
from newsletter_cli.model import Level, Section, Status


def level_by_readiness(manuscript: Manuscript) -> Level | None:
    """How grave it is that a field of the issue's header is still empty.

    `None` (say nothing) while no section of this issue is finished, or where `_issue.md` itself is missing, which is
    told already; info while a draft is left; then a warning. Standing sections are always there and say nothing.
    """
    if not has_header(manuscript):
        return None
    own = [section for section in manuscript.issue.published_sections if not section.is_standing]
    finished = [section for section in own if section.status is Status.READY and has_content(section)]
    if own and not finished:
        return None
    return Level.WARNING if len(finished) == len(own) else Level.INFO


def has_header(manuscript: Manuscript) -> bool:
    """Whether the issue has a file of its own with something in it."""
    return bool(manuscript.issue.lines) or bool(manuscript.issue.editorial.text.strip())


def has_content(section: Section) -> bool:
    """Whether a reader would see anything under the section's heading."""
    if section.events or section.jobs:
        return True
    return bool(publish(section.body.text).text.strip())
