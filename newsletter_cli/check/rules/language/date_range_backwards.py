"""A row of days or hours that ends before it begins: “du 17 au 14 juin”."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import all_passages, issue_day
from newsletter_cli.i18n import _
from newsletter_cli.markdown.dates import Mention, find_backward_hours, find_dates, fold
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule("date-range-backwards", Level.WARNING, _("A row of days or hours ends before it begins"))
ANY_DAY = date(2024, 7, 1)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such row; those over New Year or midnight are none."""
    primary = manuscript.language.lower().partition("-")[0]
    if primary not in ("fr", "en"):
        return
    near = issue_day(manuscript) or ANY_DAY
    for passage in all_passages(manuscript):
        for mention in find_dates(passage.prose, manuscript.language):
            if _is_backward(mention, near):
                yield RULE.at(
                    passage.place(mention.start, mention.end),
                    _("“{words}” ends before it begins").format(words=passage.words(mention.start, mention.end)),
                    suggestion=_("exchange the two days, or give each its month"),
                )
        if any(map(str.isdigit, passage.prose)):
            for hours in find_backward_hours(fold(passage.prose), primary):
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
