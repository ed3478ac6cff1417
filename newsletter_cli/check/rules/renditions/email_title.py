"""The e-mail's `<title>`: what a screen reader says first, and a browser shows in its tab."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.origins import squeezed
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="email-title", level=Level.WARNING, title=_("The e-mail's title is not its subject"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding where `<title>` is absent or says something else than the subject (RGAA 8.5, 8.6)."""
    title = " ".join((renditions.page.findtext(".//title") or "").split())
    # Typography sets spaces and quotation marks anew.
    if title != renditions.subject and (squeezed(title) or title) != squeezed(renditions.subject):
        yield RULE.at(
            renditions.theme,
            _("the e-mail's <title> is “{title}”, its subject “{subject}”").format(
                title=title, subject=renditions.subject
            ),
            suggestion=_("<mj-title>{{ issue.subject|attr }}</mj-title>, as the default theme has it"),
        )
