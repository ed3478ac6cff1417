"""An announcement that comes too late: an event or a deadline that is over when the issue goes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, body_passages, issue_day
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.dates import Mention, day_words, find_dates, fold
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="date-past", level=Level.WARNING, title=_("An event or a deadline is over on the issue's date"))
# What may stand before the date with which an entry opens.
OPENING = re.compile(r"[\W_]*(?:(?:le|les|du|de|on|from|the)\b[\W_]*)?")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each event and job that is past; an entry of the agenda that opens with such a day is an info.

    A day within a sentence is none: “after the workshop of 14 March” is history.
    """
    today = issue_day(manuscript)
    if today is None:
        return
    yield from _in_headers(manuscript, today)
    for passage in body_passages(manuscript):
        if passage.is_agenda and _is_entry(passage):
            for mention in find_dates(passage.prose, manuscript.language)[:1]:
                yield from _in_prose(manuscript, passage, mention, today)


def _in_headers(manuscript: Manuscript, today: date) -> Iterator[Finding]:
    for section in manuscript.issue.published_sections:
        file = section.body.file
        for event in section.events:
            if event.last_day < today:
                yield RULE.at(
                    Place(file=file, line=event.line or 1),
                    _("“{title}” was over on {date}, before the issue's date").format(
                        title=shorten(event.title), date=day_words(event.last_day, manuscript.language, has_year=True)
                    ),
                    suggestion=_("take it out, or mend its date"),
                )
        for job in section.jobs:
            if job.deadline is not None and job.deadline < today:
                yield RULE.at(
                    Place(file=file, line=job.line or 1),
                    _("nobody can apply for “{title}” any more: its deadline was {date}").format(
                        title=shorten(job.title), date=day_words(job.deadline, manuscript.language, has_year=True)
                    ),
                    suggestion=_("take it out, or mend its deadline"),
                )


def _in_prose(manuscript: Manuscript, passage: Passage, mention: Mention, today: date) -> Iterator[Finding]:
    if not OPENING.fullmatch(fold(passage.prose[: mention.start])):
        return
    days = [day for day in mention.dates(today, "ahead") if day is not None]
    if len(days) == len(mention.days) and max(days) < today:
        yield RULE.at(
            passage.place(mention.start, mention.end),
            _("“{words}” is past on the issue's date").format(words=passage.words(mention.start, mention.end)),
            suggestion=_("take the entry out, or mend its date"),
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
