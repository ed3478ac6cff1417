"""The rules that are applied while files are read: they have no check of their own."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.model import Level, Rule

CONFLICT_IN_CODE = Rule(
    slug="conflict-in-code",
    level=Level.WARNING,
    title=_("Git's conflict marks stand in a block of code"),
    why="""
        The marks of a conflict stand in one block of code. That may be an example, and a comment above the block says
        so; anywhere else they are an error.
    """,
    bad="""
        a block of code with

        ```
        <<<<<<< HEAD
        print("tide")
        =======
        print("tides")
        >>>>>>> main
        ```
    """,
    good="the block with one of the two lines, and no mark.",
)
CONTENT_UNUSABLE = Rule(
    slug="content-unusable",
    level=Level.ERROR,
    title=_("A file cannot be used as it is"),
    is_fixable=True,
    why="""
        A file cannot be used as it is: a header that is never closed, a date that is none, a list where a text
        belongs, conflict marks that Git or `nl pull` left. The message says what and where, and puts a line right with
        `--fix` where that is certain; nothing else is looked for in the issue until all is put right.
    """,
    bad="""
        ```yaml
        date: the week after next
        ```
    """,
    good="""
        ```yaml
        date: 2026-12-15
        ```
    """,
)
FILE_UNREAD = Rule(
    slug="file-unread",
    level=Level.WARNING,
    title=_("A file beside the sections is not read"),
    why="""
        A text lies beside the sections that is none of them, by the end of its name: `agenda.md.txt` (Windows hides the
        last of the two), `portrait.docx`, `agenda.markdown`. Its words reach nobody. A note where no section of the
        newsletter is named like it. `_notes.md`, which begins with `_`, is left alone.
    """,
    bad="`zoom-projet.md.txt`, or `zoom-projet.docx`.",
    good="`zoom-projet.md`.",
)
FILE_ENCODING = Rule(
    slug="file-encoding",
    level=Level.WARNING,
    title=_("A file is not UTF-8"),
    why="""
        A file was saved as Windows-1252 or UTF-16, as some editors for Windows do by themselves. It was read all the
        same; other programs, Git first of all, show its accents as other signs or take it for no text.
    """,
    bad="`agenda.md` saved as “ANSI”.",
    good="the same file saved as UTF-8.",
)
FRONT_MATTER_AFTER_UNKNOWN = Rule(
    slug="front-matter-after-unknown",
    level=Level.WARNING,
    title=_("“after:” names a section that is not there"),
    why="""
        `after:` names a section that this issue does not have, so the section takes its place before the standing
        ones.
    """,
    bad="`after: agnda`.",
    good="`after: agenda`.",
)
FRONT_MATTER_INDENTED_KEY = Rule(
    slug="front-matter-indented-key",
    level=Level.WARNING,
    title=_("A key of a header is indented for no reason"),
    why="""
        A key begins with blanks and belongs to nothing above it. It was read as a key of its own; other programs may
        not be so kind.
    """,
    bad="""
        ```yaml
        title: Jobs
         status: ready
        ```
    """,
    good="""
        ```yaml
        title: Jobs
        status: ready
        ```
    """,
)
FRONT_MATTER_QUOTES = Rule(
    slug="front-matter-quotes",
    level=Level.WARNING,
    title=_("A value of a header stands in quotation marks that are part of it"),
    is_fixable=True,
    why="""
        Guillemets or curly quotes stand around a whole value. To YAML they are letters like others, and readers see
        them; `--fix` puts straight quotes in their place. Where they are meant to be seen, put the value between
        straight quotes as well: `"« Zoom »"`.
    """,
    bad="""
        ```yaml
        title: « Zoom on a lighthouse »
        ```
    """,
    good="""
        ```yaml
        title: "Zoom on a lighthouse"
        ```
    """,
)
FRONT_MATTER_SLIP = Rule(
    slug="front-matter-slip",
    level=Level.WARNING,
    title=_("A line of a header is not quite `key: value`"),
    is_fixable=True,
    why="""
        There is no blank after a colon, or a no-break space stands beside it or at the start of the line; an entry of a
        list begins with another dash. What is meant leaves no doubt, and that is what was read; other programs may not
        be so kind. `--fix` writes it as it was read.
    """,
    bad="""
        ```yaml
        subject:The lighthouse looks for a keeper
        ```
    """,
    good="""
        ```yaml
        subject: The lighthouse looks for a keeper
        ```
    """,
)
FRONT_MATTER_VALUE_CUT = Rule(
    slug="front-matter-value-cut",
    level=Level.WARNING,
    title=_("Part of a value of a header is lost"),
    is_fixable=True,
    why="""
        The header is sound, and a value is not what it looks like: behind a blank, `#` begins a comment; `&Co` at the
        beginning is a name for what follows; a quotation mark is closed some lines further down, and the keys in
        between have become part of the text; a block (`|`) has no line below it. An error where nothing is left of what
        was typed. A comment whose first word stands apart from its `#` is left alone. `--fix` puts the value between
        quotes.
    """,
    bad="""
        ```yaml
        subject: Letter #2 is out
        ```
    """,
    good="""
        ```yaml
        subject: "Letter #2 is out"
        ```
    """,
)
FRONT_MATTER_UNKNOWN_KEY = Rule(
    slug="front-matter-unknown-key",
    level=Level.WARNING,
    title=_("A key of a header means nothing"),
    why="""
        A key of a header means nothing to `nl` and is left out. Often a slip of the finger. A key meant for your site
        goes under `post:` in `_issue.md`.
    """,
    bad="""
        ```yaml
        athor: Inès
        ```
    """,
    good="""
        ```yaml
        author: Inès
        ```
    """,
)
ISSUE_FILE_MISSING = Rule(
    slug="issue-file-missing",
    level=Level.WARNING,
    title=_("The issue has no _issue.md"),
    why="""
        The issue has no `_issue.md`, so that its title is made up from the pattern and it has no date.
    """,
    bad="`sections/002/` with section files only.",
    good="`sections/002/_issue.md` beside them; `nl new 2` writes it and leaves the others alone.",
)
PEOPLE_IN_GIT = Rule(
    slug="people-in-git",
    level=Level.WARNING,
    title=_("Git has, or would take, a file that names people"),
    why="""
        An error once Git tracks it, also where it has only been added: the hook of pre-commit stops there. The list,
        a folder of messages, a report, an export or another file that names people would go into the repository with
        the next `git add -A`, and whoever clones it would have it for good. Git itself is asked; outside a repository
        nothing is said. Looked at are the places that `newsletter.toml` and the environment name, what `nl` wrote or
        was given, and tables (`.csv`, `.tsv`, `.vcf`), lists in `.txt` and messages (`.eml`) in the workspace that
        hold addresses.
    """,
    bad="`members.csv` beside `newsletter.toml`, and no line in `.gitignore` that covers it.",
    good="""
        a line `/members.csv` in `.gitignore`, or the file in `state/`. Where a repository holds its list on purpose,
        `[check] ignore = ["people-in-git"]`.
    """,
)
