"""What is over when the issue goes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, body_passages, issue_day
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.dates import Mention, day_words, find_dates, fold
from newsletter_cli.model import Finding, Level, Place

# What may stand before the date with which an entry opens.
OPENING = Pattern(r"[\W_]*(?:(?:le|les|du|de|on|from|the)\b[\W_]*)?")


@rule(
    "date-past",
    Level.WARNING,
    _("An event or a deadline is over on the issue's date"),
    why="""
        An event, or the deadline of a job, is over on the issue's date. A note where an entry of the agenda's text
        opens with a day that is past: an item, a heading, a cell of a table, a paragraph that begins in bold. A day
        within a sentence is history, and fine.
    """,
    bad="""
        , in an issue of 11 June 2026:

        ```yaml
        events:
          - title: The bees
            start: 2026-06-10T14:00
        ```
    """,
    good="the event of next month; or `On 10 June thirty of you came to see the bees`, in the text.",
)
def date_past(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each event and job that is past; an entry of the agenda that opens with such a day is an info.

    A day within a sentence is none: “after the workshop of 14 March” is history.
    """
    today = issue_day(manuscript)
    if today is None:
        return
    yield from _past_in_headers(manuscript, today)
    for passage in body_passages(manuscript):
        if passage.is_agenda and _is_entry(passage):
            for mention in find_dates(passage.prose, manuscript.language)[:1]:
                yield from _past_in_prose(manuscript, passage, mention, today)


def _past_in_headers(manuscript: Manuscript, today: date) -> Iterator[Finding]:
    for section in manuscript.issue.published_sections:
        file = section.body.file
        for event in section.events:
            if event.last_day < today:
                yield date_past.at(
                    Place(file=file, line=event.line or 1),
                    _("“{title}” was over on {date}, before the issue's date").format(
                        title=shorten(event.title), date=day_words(event.last_day, manuscript.language, has_year=True)
                    ),
                    suggestion=_("take it out, or fix its date"),
                )
        for job in section.jobs:
            if job.deadline is not None and job.deadline < today:
                yield date_past.at(
                    Place(file=file, line=job.line or 1),
                    _("nobody can apply for “{title}” any more: its deadline was {date}").format(
                        title=shorten(job.title), date=day_words(job.deadline, manuscript.language, has_year=True)
                    ),
                    suggestion=_("take it out, or fix its deadline"),
                )


def _past_in_prose(manuscript: Manuscript, passage: Passage, mention: Mention, today: date) -> Iterator[Finding]:
    if not OPENING.fullmatch(fold(passage.prose[: mention.start])):
        return
    days = [day for day in mention.dates(today, "ahead") if day is not None]
    if len(days) == len(mention.days) and max(days) < today:
        yield date_past.at(
            passage.place(mention.start, mention.end),
            _("“{words}” is past on the issue's date").format(words=passage.words(mention.start, mention.end)),
            suggestion=_("take the entry out, or fix its date"),
            level=Level.INFO,
        )


def _is_entry(passage: Passage) -> bool:
    """Whether it opens an entry: an item, a heading, a cell, a paragraph that begins in bold."""
    block, text = passage.block, passage.text
    if block is None or text is None:
        return False
    if block.is_item or block.kind != "paragraph":
        return True
    first = next((run for run in text.survey.runs_of(passage.index) if run.text.strip()), None)
    return first is not None and first.is_strong
