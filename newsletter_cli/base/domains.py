"""Domains beyond ASCII as DNS knows them: one answer for every address of a page, of a mail, of a server.

By the rules of browsers (UTS 46, non-transitional, https://url.spec.whatwg.org/#idna): `straße.example` means
the site that a browser opens, not `strasse.example`, which may be somebody else's.
"""

from __future__ import annotations

import ipaddress
import string
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter_cli.base.pattern import Pattern

LONGEST_LABEL = 63
# What no host may hold, as the rules of browsers have it; some letters are written as one of these and something else.
FORBIDDEN = Pattern(r"[\x00-\x20\x7f\"#%/:<>?@\[\\\]^`{|}]")


class DomainFault(ValueError):
    """What stands there is no domain, and no browser could open it; `domain` is what was meant for one."""

    def __init__(self, domain: str):
        super().__init__(domain)
        self.domain = domain


def is_this_machine(host: str) -> bool:
    """Whether a host, a name or an address, is the machine itself: nobody else listens on the way there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def ascii_domain(domain: str) -> str:
    """The domain in ASCII; as it is where it is so already. Raises `DomainFault`."""
    if domain.isascii():
        return domain
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.InvalidCodepoint:
        # Symbols, which some registries sell and browsers open, and underscores beside a label beyond ASCII.
        return _lenient(domain)
    except UnicodeError:
        raise DomainFault(domain) from None


def _lenient(domain: str) -> str:
    import idna

    try:
        labels = [_label(label) for label in idna.uts46_remap(domain, std3_rules=False).split(".")]
    except UnicodeError:
        raise DomainFault(domain) from None
    if not all(0 < len(label) <= LONGEST_LABEL and not FORBIDDEN.search(label) for label in labels):
        raise DomainFault(domain)
    return ".".join(labels)


def _label(label: str) -> str:
    import idna

    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except idna.InvalidCodepoint:
        idna.check_initial_combiner(label)
        idna.check_bidi(label)
        return f"xn--{label.encode('punycode').decode('ascii')}"


def shown_domain(domain: str) -> str:
    """A domain in ASCII as its people read it; as it is where a browser would take the words for another."""
    if "xn--" not in domain:
        return domain
    import idna

    try:
        read = idna.decode(domain)
        return read if ascii_domain(read) == domain else domain
    except (UnicodeError, DomainFault):
        return domain


def ascii_address(address: str) -> str:
    """A mail address with its domain in ASCII. Raises `DomainFault`."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def ascii_url(url: str) -> str:
    """An address as a header takes it: hosts as DNS knows them, all else percent-encoded (RFC 3987, 3.1).

    Raises `DomainFault`.
    """
    if url.isascii():
        return url
    scheme, place, path, query, fragment = urlsplit(url)
    user, at, host = place.rpartition("@")
    host, colon, port = host.partition(":")
    if scheme == "mailto":
        path = ",".join(map(ascii_address, path.split(",")))
    place = f"{user}{at}{ascii_domain(host)}{colon}{port}"
    return quote(urlunsplit((scheme, place, path, query, fragment)), safe=string.punctuation)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
