"""A row of days or hours that ends before it begins: “du 17 au 14 juin”."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, all_passages, issue_day
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.markdown.dates import Mention, find_backward_hours, find_dates, fold
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="date-range-backwards", level=Level.WARNING, title=_("A row of days or hours ends before it begins"))
ANY_DAY = date(2024, 7, 1)
# “Avancée de 16 h à 14 h”, “cut from 12:00 to 8:00”: no row, but what was and what is; and how long a thing takes.
CHANGED = Pattern(
    r"\b(?:(?:pass(?:e|es|ent|er|ant|ait|aient|era)|(?:est|sont|ete) avance(?:e|s|es)?|changements?|changee?s?"
    r"|cut|fell|falls?|down|went|goes|brought|mov(?:e|es|ed|ing))\b"
    r"|redui|ramen|baiss|descen|raccourc|diminu|deplac|reporte|decal|reduc|drop|shorten|shrink|shrank|resched|shift)"
    r"[^.!?\n]*\Z|\btomb\w+\s+(?:de\s+)?\Z"
)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such row; those over New Year or midnight are none."""
    primary = manuscript.language.lower().partition("-")[0]
    if primary not in ("fr", "en"):
        return
    near = issue_day(manuscript) or ANY_DAY
    for passage in all_passages(manuscript):
        for mention in find_dates(passage.prose, manuscript.language):
            if _is_backward(mention, near) and not _is_change(passage, mention.start):
                yield RULE.at(
                    passage.place(mention.start, mention.end),
                    _("“{words}” ends before it begins").format(words=passage.words(mention.start, mention.end)),
                    suggestion=_("exchange the two days, or give each its month"),
                )
        if any(map(str.isdigit, passage.prose)):
            for hours in find_backward_hours(fold(passage.prose), primary):
                if _is_change(passage, hours.start):
                    continue
                yield RULE.at(
                    passage.place(hours.start, hours.end),
                    _("“{words}” ends before it begins").format(words=passage.words(hours.start, hours.end)),
                    suggestion=_("exchange the two hours, or mend one of them"),
                )


def _is_backward(mention: Mention, near: date) -> bool:
    if not mention.is_range or not mention.is_sure:
        return False
    first, *_between, last = mention.dates(near)
    return first is not None and last is not None and first > last


def _is_change(passage: Passage, start: int) -> bool:
    return CHANGED.search(fold(passage.prose[:start])) is not None
