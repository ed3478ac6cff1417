"""No way out of the list."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import CONFIG_FILE, Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="unsubscribe-missing", level=Level.WARNING, title=_("The e-mail has no way out of the list"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding where none is configured, or where the theme leaves it out (GDPR art. 7.3: as easy as joining)."""
    if not renditions.unsubscribe_url:
        yield RULE.at(
            Place(file=CONFIG_FILE),
            _("the e-mail has no link to leave the list"),
            suggestion=_("unsubscribe = … under [email], or an address under [sender]"),
        )
    elif all(link.get("href") != renditions.unsubscribe_url for link in renditions.body.iter("a")):
        yield RULE.at(
            renditions.theme,
            _("the theme leaves out the link to leave the list"),
            suggestion=_("footer.unsubscribe_url holds it"),
        )
