"""Nobody to write to: readers do not learn who sends the letter, and cannot answer."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import CONFIG_FILE, Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="sender-missing", level=Level.WARNING, title=_("The e-mail does not say whom to write to"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding where no address is configured, or where the theme leaves it out."""
    if not renditions.sender:
        yield RULE.at(
            Place(file=CONFIG_FILE),
            _("the e-mail gives no address to write to"),
            suggestion=_("address = … under [sender], or reply_to = …"),
        )
        return
    written = f"mailto:{renditions.sender}".lower()
    links = ((link.get("href") or "").lower() for link in renditions.body.iter("a"))
    if not any(link.partition("?")[0] == written for link in links):
        yield RULE.at(
            renditions.theme,
            _("the theme leaves out the address to write to, {address}").format(address=renditions.sender),
            suggestion=_("footer.reply_to holds it"),
        )
