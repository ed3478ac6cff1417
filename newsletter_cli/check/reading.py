"""The rules that are applied while files are read or a post is imported: they have no module of their own."""

from __future__ import annotations

from newsletter_cli.i18n import _
from newsletter_cli.model import Level, Rule

CONTENT_UNUSABLE = Rule("content-unusable", Level.ERROR, _("A file cannot be used as it is"))

READING_RULES = (
    CONTENT_UNUSABLE,
    Rule("front-matter-after-unknown", Level.WARNING, _("“after:” names a section that is not there")),
    Rule("front-matter-indented-key", Level.WARNING, _("A key of a header is indented for no reason")),
    Rule("front-matter-unknown-key", Level.WARNING, _("A key of a header means nothing")),
    Rule("import-date-assumed", Level.INFO, _("Day and month of an imported date could be the other way round")),
    Rule("import-date-differs", Level.INFO, _("An imported header and its file's name disagree on the date")),
    Rule("import-date-from-name", Level.INFO, _("An imported date is taken from the file's name")),
    Rule("import-date-unreadable", Level.WARNING, _("An imported date cannot be read")),
    Rule("import-empty-heading", Level.WARNING, _("A heading of an imported post has no text")),
    Rule("import-no-section", Level.WARNING, _("An imported post has no heading to cut it at")),
    Rule("import-unknown-section", Level.WARNING, _("A heading of an imported post is no known section")),
    Rule("issue-file-missing", Level.WARNING, _("The issue has no _issue.md")),
)
