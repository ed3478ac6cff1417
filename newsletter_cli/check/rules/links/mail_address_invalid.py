"""A `mailto:` link that no mail program can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import LinkReport
from newsletter_cli.check.links.address import is_mail
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="mail-address-invalid", level=Level.ERROR, title=_("A mail address is not valid"))
# As nearly all are written; a strict part of what the library accepts, which takes 30 ms to load.
PLAIN = re.compile(
    r"(?=[^@]{1,64}@.{1,180}\Z)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII | re.IGNORECASE,
)


def check(report: LinkReport) -> Iterator[Finding]:
    """One finding for each `mailto:` link with an address that is none (RFC 6068; RFC 5321, 5322, 6531)."""
    for place in report.places:
        if not is_mail(place.url):
            continue
        wrong = [address for address in addresses_of(place.url) if not is_mail_address(address)]
        if wrong:
            yield RULE.at(
                place.place,
                _("“{address}” is no mail address").format(address=wrong[0]),
                suggestion=_("write it as mailto:name@example.org"),
                subject=place.url,
            )


def addresses_of(url: str) -> list[str]:
    """The addresses that a `mailto:` link names before its `?`; an empty one where there is none at all.

    `mailto:?subject=…` is right: who it goes to is left to the reader.
    """
    to, question_mark, _fields = url.partition(":")[2].partition("?")
    if not to and question_mark:
        return []
    # A comma within an address is escaped (RFC 6068, 2).
    return [unquote(part).strip() for part in to.split(",")]


def is_mail_address(address: str) -> bool:
    """Whether a mail server could accept it; nobody is asked."""
    if address.startswith("//"):
        # RFC 5322 lets a name begin with slashes; here somebody took `mailto:` for another `http:`.
        return False
    if PLAIN.fullmatch(address):
        return True
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return False
    return "." in found.domain
