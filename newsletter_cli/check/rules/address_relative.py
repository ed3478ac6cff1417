"""Addresses that lead somewhere on a web page only: in a mail reader there is no page to start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from newsletter_cli.i18n import _, ngettext
from newsletter_cli.model import Finding, Level


def check_addresses(addresses: Iterable[str]) -> Iterator[Finding]:
    """One finding for all relative ones among the addresses of an issue's links and images."""
    relative = [address for address in addresses if _is_relative(address)]
    if relative:
        yield Finding(
            file="newsletter.toml",
            rule="address-relative",
            level=Level.WARNING,
            message=ngettext(
                "{count} address is relative ({example}) and leads nowhere in an e-mail",
                "{count} addresses are relative ({example}…) and lead nowhere in an e-mail",
                len(relative),
            ).format(count=len(relative), example=relative[0]),
            suggestion=_("say where the post will be online: url = … under [post]"),
        )


def _is_relative(address: str) -> bool:
    try:
        return not urlsplit(address).scheme
    except ValueError:
        return False
