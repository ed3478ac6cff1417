"""The e-mail's headings: one first, none skipped. Screen readers jump from one to the next."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.subjects.origins import HEADINGS
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="email-headings", level=Level.WARNING, title=_("The e-mail's headings are out of order"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding where there is not exactly one `h1`, one for each level that is jumped over (RGAA 9.1).

    `nl` levels the headings of a text itself; what is left comes from the theme, or from a section without a title.
    """
    hidden = renditions.looks.light
    headings = [one for one in renditions.body.iter(*HEADINGS) if not hidden[one].is_hidden]
    first = [one for one in headings if one.tag == "h1"]
    if len(first) != 1:
        yield RULE.at(
            renditions.theme,
            ngettext(
                "the e-mail has {count} heading of the first level instead of one",
                "the e-mail has {count} headings of the first level instead of one",
                len(first),
            ).format(count=len(first)),
            suggestion=_("the issue's title is the one <h1>"),
        )
    previous = 0
    for heading in headings:
        level = int(str(heading.tag)[1])
        if level > previous + 1 and previous:
            yield RULE.at(
                renditions.origin_of(heading),
                _("the heading “{text}” is of level {level} after one of level {previous} in the e-mail").format(
                    text=" ".join(heading.text_content().split()), level=level, previous=previous
                ),
                suggestion=_("give the section a title, or the heading above it its own level"),
            )
        previous = level
