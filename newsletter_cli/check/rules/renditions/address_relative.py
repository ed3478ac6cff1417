"""Addresses that lead somewhere on a web page only: in a mail reader there is no page to start from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.subjects.renditions import CONFIG_FILE, Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="address-relative", level=Level.WARNING, title=_("Addresses lead nowhere in an e-mail"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for all relative addresses that people wrote, one for each of the theme's own.

    Those of local files are relative on purpose; places within the e-mail are the business of `anchor-link`.
    """
    known = renditions.local_files | set(renditions.addresses)
    relative = [one for one in renditions.addresses if _is_relative(one) and one not in renditions.local_files]
    if relative:
        yield RULE.at(
            Place(file=CONFIG_FILE),
            ngettext(
                "{count} address is relative ({example}) and leads nowhere in an e-mail",
                "{count} addresses are relative ({example}…) and lead nowhere in an e-mail",
                len(relative),
            ).format(count=len(relative), example=relative[0]),
            suggestion=_("say where the post will be online: url = … under [post]"),
        )
    for element in renditions.body.iter("a", "img"):
        address = element.get("href" if element.tag == "a" else "src") or ""
        if address and address not in known and _is_relative(address):
            yield RULE.at(
                renditions.theme,
                _("the theme's address “{address}” is relative and leads nowhere in an e-mail").format(address=address),
                suggestion=_("write the whole address, beginning with https://"),
                subject=address,
            )


def _is_relative(address: str) -> bool:
    try:
        return not address.startswith("#") and not urlsplit(address).scheme
    except ValueError:
        return False
