"""The rules that are applied while a post is imported: they have no check of their own."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.model import Level, Rule

IMPORT_DATE_ASSUMED = Rule(
    slug="import-date-assumed",
    level=Level.INFO,
    title=_("Day and month of an imported date could be the other way round"),
    why="""
        Day and month could be the other way round: `04/03/2023` is read day first, month first in an English
        newsletter.
    """,
    bad="`date: 04/03/2023`.",
    good="`date: 2023-03-04`.",
)
IMPORT_DATE_DIFFERS = Rule(
    slug="import-date-differs",
    level=Level.INFO,
    title=_("An imported header and its file's name disagree on the date"),
    why="""
        The header and the file's name do not agree; the header's date is kept.
    """,
    bad="`date: 2023-03-28` in `2023-03-21-newsletter.md`.",
    good="one date in both.",
)
IMPORT_DATE_FROM_NAME = Rule(
    slug="import-date-from-name",
    level=Level.INFO,
    title=_("An imported date is taken from the file's name"),
    why="""
        The header has no date; it is taken from the file's name.
    """,
    bad="`2023-03-28-newsletter.md` without `date:`.",
    good="`date: 2023-03-28` in its header.",
)
IMPORT_DATE_UNREADABLE = Rule(
    slug="import-date-unreadable",
    level=Level.WARNING,
    title=_("An imported date cannot be read"),
    why="""
        The header's date means none that can be read. It is kept under `post:`, and the issue has no date.
    """,
    bad="`date: sometime in March`.",
    good="`date: 2023-03-28T13:00:00+02:00`.",
)
IMPORT_EMPTY_HEADING = Rule(
    slug="import-empty-heading",
    level=Level.WARNING,
    title=_("A heading of an imported post has no text"),
    why="""
        A heading has no text; its section is kept as `section-3.md`, after its position.
    """,
    bad="a line that holds `##` and nothing else.",
    good="`title:` in the header of that file.",
)
IMPORT_FILE_LEFT = Rule(
    slug="import-file-left",
    level=Level.WARNING,
    title=_("A file that an imported post shows does not come along"),
    why="""
        The post shows a file that is not beside it, or lies outside its folder. Those beside it come along.
    """,
    bad="`![The pier](pier.png)`, and `pier.png` is on another machine.",
    good="`pier.png` in the post's folder.",
)
IMPORT_KEY_LEFT = Rule(
    slug="import-key-left",
    level=Level.WARNING,
    title=_("A key of an imported text's header does not come along"),
    why="""
        The section's header stays as it is: a key of the file says something else there, or is none of a section.
        What the section's header leaves open is taken from the file.
    """,
    bad="`author: Ada` in the file, where the section says `author: Grace`.",
    good="the name of whoever wrote it, in the section's header.",
)
IMPORT_NOT_CARRIED = Rule(
    slug="import-not-carried",
    level=Level.WARNING,
    title=_("Something of an imported document does not come along"),
    why="""
        A Word document or a page holds what a section cannot: comments, tracked changes, text boxes, equations, charts,
        merged cells, hidden text. Each is named with its words and its place; what only looks different (colours,
        underlining) is a note. In the end every word of the document is looked for in the text and in this list.
    """,
    bad="a comment “Is this so?” in the margin of a document.",
    good="the question settled, and the comment resolved, before the document is imported.",
)
IMPORT_PICTURE_UNFIT = Rule(
    slug="import-picture-unfit",
    level=Level.WARNING,
    title=_("An imported picture could not be made fit for mail"),
    why="""
        Pictures that come with a text are reduced and converted as `nl images` does. This one could not be read, and
        is as it came.
    """,
    bad="`![The pier](pier.png)`, and `pier.png` is cut off in the middle.",
    good="the picture saved once more as PNG or JPEG.",
)
IMPORT_OWN_TITLE = Rule(
    slug="import-own-title",
    level=Level.INFO,
    title=_("An imported post says its title twice"),
    why="""
        The first heading of the post, or of a text for one section, says what its title says. It is left out, for the
        site and the e-mail show the title by themselves. One of the first level that says something else is about the
        whole text, and becomes the section's `title:`.
    """,
    bad="`# Newsletter #12` in a post with `title: Newsletter #12`.",
    good="the post without that heading.",
)
IMPORT_SKIPPED = Rule(
    slug="import-skipped",
    level=Level.WARNING,
    title=_("A text was imported into a section that is left out"),
    why="""
        The section's header says `status: skip`: what was put there reaches nobody.
    """,
    bad="`nl import portrait.docx --section portrait`, where `portrait.md` says `status: skip`.",
    good="`status: ready` in its header, once the text is finished.",
)
IMPORT_NO_SECTION = Rule(
    slug="import-no-section",
    level=Level.WARNING,
    title=_("An imported post has no heading to cut it at"),
    why="""
        The post has no heading to cut it at; all of it becomes the editorial.
    """,
    bad="""
        ```markdown
        **Agenda**

        On Thursday…
        ```
    """,
    good="""
        ```markdown
        ## Agenda

        On Thursday…
        ```
    """,
)
IMPORT_UNKNOWN_SECTION = Rule(
    slug="import-unknown-section",
    level=Level.WARNING,
    title=_("A heading of an imported post is no known section"),
    why="""
        A heading of the post is no section this newsletter knows; it is kept as a section of its own.
    """,
    bad="""
        , when `newsletter.toml` knows `jobs` under the title “Jobs” only:

        ```markdown
        ## Career corner
        ```
    """,
    good="""
        ```toml
        [[sections]]
        slug = "jobs"
        title = "Jobs"
        aliases = ["Career corner"]
        ```
    """,
)
