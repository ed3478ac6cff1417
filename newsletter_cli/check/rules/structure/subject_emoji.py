"""A subject with several emoji: it looks like unwanted mail, to people and to filters."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="subject-emoji", level=Level.WARNING, title=_("The subject has several emoji"))
# One picture each (Unicode Technical Standard 51): a flag, a digit in a box, signs joined by U+200D.
ONE = "[\u231a\u231b\u23e9-\u23f3\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\U0001f004-\U0001faff]"
EMOJI = Pattern(
    "[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3|"
    f"{ONE}[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*(?:\u200d(?:{ONE}|[\u2640\u2642])[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for a subject (the title, without one) with more than one emoji."""
    name = "subject" if manuscript.issue.subject else "title"
    count = len(EMOJI.findall(manuscript.issue.subject or manuscript.issue.title))
    if count > 1:
        yield RULE.at(
            manuscript.field(name),
            _("the subject has {count} emoji").format(count=count),
            suggestion=_("one at most: screen readers read out each by its name"),
        )
