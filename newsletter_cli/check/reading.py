"""The rules that are applied while files are read or a post is imported: they have no module of their own."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.model import Level, Rule

CONTENT_UNUSABLE = Rule(slug="content-unusable", level=Level.ERROR, title=_("A file cannot be used as it is"))
PEOPLE_IN_GIT = Rule(
    slug="people-in-git", level=Level.WARNING, title=_("Git has, or would take, a file that names people")
)

READING_RULES = (
    CONTENT_UNUSABLE,
    Rule(slug="front-matter-after-unknown", level=Level.WARNING, title=_("“after:” names a section that is not there")),
    Rule(slug="front-matter-indented-key", level=Level.WARNING, title=_("A key of a header is indented for no reason")),
    Rule(slug="front-matter-unknown-key", level=Level.WARNING, title=_("A key of a header means nothing")),
    Rule(
        slug="import-date-assumed",
        level=Level.INFO,
        title=_("Day and month of an imported date could be the other way round"),
    ),
    Rule(
        slug="import-date-differs",
        level=Level.INFO,
        title=_("An imported header and its file's name disagree on the date"),
    ),
    Rule(slug="import-date-from-name", level=Level.INFO, title=_("An imported date is taken from the file's name")),
    Rule(slug="import-date-unreadable", level=Level.WARNING, title=_("An imported date cannot be read")),
    Rule(slug="import-empty-heading", level=Level.WARNING, title=_("A heading of an imported post has no text")),
    Rule(slug="import-no-section", level=Level.WARNING, title=_("An imported post has no heading to cut it at")),
    Rule(
        slug="import-unknown-section", level=Level.WARNING, title=_("A heading of an imported post is no known section")
    ),
    Rule(slug="issue-file-missing", level=Level.WARNING, title=_("The issue has no _issue.md")),
    PEOPLE_IN_GIT,
)
