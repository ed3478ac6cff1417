"""No way to the issue online, for those whose mail reader makes a mess of it."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import CONFIG_FILE, Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="online-link-missing", level=Level.WARNING, title=_("The e-mail does not lead to the issue online"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding where it is not configured, or where the theme leaves the link out."""
    if renditions.online_url is None:
        yield RULE.at(
            Place(file=CONFIG_FILE),
            _("the e-mail has no link to the issue online"),
            suggestion=_("say where the post will be online: url = … under [post]"),
        )
    elif all(link.get("href") != renditions.online_url for link in renditions.body.iter("a")):
        yield RULE.at(
            renditions.theme,
            _("the theme leaves out the link to the issue online"),
            suggestion=_("footer.online_url holds it"),
        )
