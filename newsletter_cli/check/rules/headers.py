"""The header of an issue: its date, title, subject, preheader and summary."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.readiness import level_by_readiness
from newsletter_cli.check.texts.wording import word_key
from newsletter_cli.model import Finding, Level, Place


@rule(
    "date-missing",
    Level.WARNING,
    _("The issue has no date"),
    why="""
        The issue has no date. Nothing can be said of what is past, and the site puts the post where it likes.
    """,
    bad="`date:` with nothing behind it.",
    good="`date: 2026-06-11`",
)
def date_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where `date` is empty; info while sections are still drafts, nothing while all of them are."""
    level = level_by_readiness(manuscript)
    if manuscript.issue.date is None and level is not None:
        yield date_missing.at(
            manuscript.field("date"),
            _("the issue has no date"),
            suggestion=_("write it into _issue.md: date: 2026-06-11"),
            level=level,
        )


@rule(
    "preheader-missing",
    Level.WARNING,
    _("The issue has no preheader"),
    why="""
        The issue has no preheader, the line that inboxes show beside the subject. They fill it with whatever comes
        first.
    """,
    bad="`preheader:` with nothing behind it.",
    good='`preheader: "A concert on the pier, and who is looking for a keeper of tides."`',
)
def preheader_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where `preheader` is empty; info while sections are still drafts, nothing while all of them are."""
    level = level_by_readiness(manuscript)
    if manuscript.issue.preheader is None and level is not None:
        yield preheader_missing.at(
            manuscript.field("preheader"),
            _("the issue has no preheader: the inbox will show the first words of the e-mail beside the subject"),
            suggestion=_("write 40 to 100 characters into _issue.md: preheader: …"),
            level=level,
        )


@rule(
    "preheader-same",
    Level.WARNING,
    _("The preheader repeats the subject"),
    why="""
        The preheader repeats the subject or the title. Half of what the inbox shows is lost.
    """,
    bad='`subject: "The sea in June"` and `preheader: "The sea in June!"`',
    good='`subject: "The sea in June"` and `preheader: "Three concerts, a walk at low tide and two jobs."`',
)
def preheader_same(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where the preheader is the subject or the title, whatever their punctuation and capitals."""
    issue = manuscript.issue
    preheader = word_key(issue.preheader or "")
    if not preheader:
        return
    is_subject = preheader == word_key(issue.subject or issue.title)
    if is_subject or preheader == word_key(issue.title):
        yield preheader_same.at(
            manuscript.field("preheader"),
            _("the preheader repeats the subject") if is_subject else _("the preheader repeats the title"),
            suggestion=_("say what the subject leaves out: what else is in it, for whom, until when"),
        )


# One picture each (Unicode Technical Standard 51): a flag, a digit in a box, signs joined by U+200D.
ONE_EMOJI = "[\u231a\u231b\u23e9-\u23f3\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\U0001f004-\U0001faff]"
EMOJI = Pattern(
    "[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3|"
    f"{ONE_EMOJI}[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*(?:\u200d(?:{ONE_EMOJI}|[\u2640\u2642])[\ufe0f\U0001f3fb-\U0001f3ff]*)*",
    rough=r"[^\x00-\u20cf]",
)


@rule(
    "subject-emoji",
    Level.WARNING,
    _("The subject has several emoji"),
    why="""
        The subject has more than one emoji. It looks like unwanted mail, and screen readers read out each by its
        name. Without a subject, the title is looked at.
    """,
    bad='`subject: "🌊 The sea 🌙 the moon"`',
    good='`subject: "🌊 The sea and the moon"`',
)
def subject_emoji(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for a subject (the title, without one) with more than one emoji."""
    name = "subject" if manuscript.issue.subject else "title"
    count = len(EMOJI.findall(manuscript.issue.subject or manuscript.issue.title))
    if count > 1:
        yield subject_emoji.at(
            manuscript.field(name),
            _("the subject has {count} emoji").format(count=count),
            suggestion=_("one at most: screen readers read out each by its name"),
        )


MOST_CHARACTERS = 60  # characters; telephones show some 40 of them


@rule(
    "subject-long",
    Level.WARNING,
    _("The subject is too long"),
    why="""
        The subject is longer than 60 characters. Inboxes cut it, telephones even earlier. Without a subject, the
        title is looked at.
    """,
    bad='`subject: "News of the sea, of the sand, of the lighthouse and of all who look after them"`',
    good='`subject: "The lighthouse looks for a keeper"`',
)
def subject_long(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding above 60 characters. Without a subject the title is the subject."""
    name = "subject" if manuscript.issue.subject else "title"
    subject = " ".join((manuscript.issue.subject or manuscript.issue.title).split())
    if len(subject) > MOST_CHARACTERS:
        yield subject_long.at(
            manuscript.field(name),
            _("the subject has {count} characters; inboxes cut it after {most} or earlier").format(
                count=len(subject), most=MOST_CHARACTERS
            )
            if name == "subject"
            else _("the title serves as the subject and has {count} characters; inboxes cut it after {most}").format(
                count=len(subject), most=MOST_CHARACTERS
            ),
            suggestion=_("the weightiest words first, the rest into the preheader"),
        )


@rule(
    "subject-missing",
    Level.WARNING,
    _("The issue has no subject"),
    why="""
        The issue has no subject. The inbox shows the title, which is the same every month but for a number.
    """,
    bad="`subject:` with nothing behind it.",
    good='`subject: "The lighthouse looks for a keeper"`',
)
def subject_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where `subject` is empty; info while sections are still drafts, nothing while all of them are."""
    level = level_by_readiness(manuscript)
    if manuscript.issue.subject is None and level is not None:
        yield subject_missing.at(
            manuscript.field("subject"),
            _("the issue has no subject: the inbox will show its title"),
            suggestion=_("write what is best in it into _issue.md: subject: …"),
            level=level,
        )


@rule(
    "summary-missing",
    Level.WARNING,
    _("The issue has no summary"),
    why="""
        The issue has no summary. The site's list of posts and search engines show its first words instead.
    """,
    bad="`summary:` with nothing behind it.",
    good='`summary: "Three concerts, a walk at low tide and two jobs at the lighthouse."`',
)
def summary_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where `summary` is empty; info while sections are still drafts, nothing while all of them are."""
    level = level_by_readiness(manuscript)
    if manuscript.issue.summary is None and level is not None:
        yield summary_missing.at(
            manuscript.field("summary"),
            _("the issue has no summary: the site's list of posts will show its first words"),
            suggestion=_("write one sentence into _issue.md: summary: …"),
            level=level,
        )


@rule(
    "title-missing",
    Level.WARNING,
    _("A title is missing"),
    why="""
        The issue has no title, and one is made up from `title` in `newsletter.toml`; or a section has none, and
        readers cannot find it.
    """,
    bad='`title: ""` in `agenda.md`.',
    good='`title: "Coming up"`, or no `title:` for the section\'s usual one.',
)
def title_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where the issue's title is made up from the pattern, one for each section without a heading."""
    issue = manuscript.issue
    level = level_by_readiness(manuscript)
    # `title:` with nothing behind it has a line, too: compared with what the pattern gives, it tells nothing.
    if "title" not in issue.lines and level is not None:
        yield title_missing.at(
            manuscript.field("title"),
            _("the issue has no title: “{title}” is made up").format(title=issue.title),
            suggestion=_("write it into _issue.md: title: …"),
            level=level,
        )
    for section in issue.published_sections:
        if not section.title.strip():
            yield title_missing.at(
                Place(file=section.body.file, line=section.lines.get("title", 1)),
                _("this section has no title: readers cannot find it"),
                suggestion=_("write one into its header: title: …"),
            )
