"""An issue or a section without a title."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.readiness import level_by_readiness
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="title-missing", level=Level.WARNING, title=_("A title is missing"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where the issue's title is made up from the pattern, one for each section without a heading."""
    issue = manuscript.issue
    level = level_by_readiness(manuscript)
    # `title:` with nothing behind it has a line, too: compared with what the pattern gives, it tells nothing.
    if "title" not in issue.lines and level is not None:
        yield RULE.at(
            manuscript.field("title"),
            _("the issue has no title: “{title}” is made up").format(title=issue.title),
            suggestion=_("write it into _issue.md: title: …"),
            level=level,
        )
    for section in issue.published_sections:
        if not section.title.strip():
            yield RULE.at(
                Place(file=section.body.file, line=section.lines.get("title", 1)),
                _("this section has no title: readers cannot find it"),
                suggestion=_("write one into its header: title: …"),
            )
