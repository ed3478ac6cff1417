"""Links to a place within the e-mail: dead in Gmail on an iPhone, in SFR Mail and in La Poste's webmail."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.subjects.renditions import CONFIG_FILE, Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="anchor-link", level=Level.WARNING, title=_("A link leads to a place within the e-mail"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such link of a text, one for all of the contents (caniemail, “Local anchors”)."""
    others = 0
    for link in renditions.body.iter("a"):
        address = link.get("href") or ""
        if not address.startswith("#"):
            continue
        place = renditions.origins.find(link)
        if place is None:
            others += 1
            continue
        yield RULE.at(
            place,
            _("the link “{address}” leads to a place within the e-mail, and fails in several mail readers").format(
                address=address
            ),
            suggestion=_("give the address of the page online, or say in words where to look"),
            subject=address,
        )
    if others:
        is_asked_for = renditions.contents == "anchors"
        yield RULE.at(
            Place(file=CONFIG_FILE) if is_asked_for else renditions.theme,
            ngettext(
                "{count} link of the contents leads to a place within the e-mail, and fails in several mail readers",
                "{count} links of the contents lead to places within the e-mail, and fail in several mail readers",
                others,
            ).format(count=others),
            suggestion=_('contents = "online" under [email] leads to the post instead') if is_asked_for else None,
        )
