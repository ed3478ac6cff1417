"""Addresses as reports of delivery write them, and whether two are one mailbox's."""

from __future__ import annotations

import contextlib
import re
from functools import lru_cache

from newsletter_cli.after.bounces.parts import Fields
from newsletter_cli.base.domains import DomainFault, ascii_domain

# `rfc822;ada@example.org`, `utf-8;ad\x{E0}@example.org` (RFC 3464, 2.1.2; RFC 6533, 3).
TYPE = re.compile(r"^\s*[\w-]+\s*;\s*")
COMMENT = re.compile(r"\s+\([^()]*\)\s*$")
BEYOND_ASCII = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
# xtext (RFC 3461, 4), as Original-Recipient has it; `+2B` for a plus.
XTEXT = re.compile(r"\+([0-9A-F]{2})")
# How Exchange wraps an address of another system: IMCEASMTP-ada+40example+2Eorg@example.net.
WRAPPED = re.compile(r"^IMCEA\w+-(.+)@[^@]+$", re.IGNORECASE)
# `dda:SMTP=ada@example.org`, as old Exchange has it.
X400 = re.compile(r"^smtp=", re.IGNORECASE)
# One message compares the same few again and again.
MOST_KEPT = 256
# Bounded: an endless word must not take endless time.
ADDRESS = re.compile(r"""[^\s<>"'()\[\],;:@]{1,80}@[^\s<>"'()\[\],;:@]{1,255}""")


def parse_recipient(value: str) -> str:
    """The address in a Final-Recipient, an Original-Recipient, an X-Failed-Recipients; empty where none is."""
    text = COMMENT.sub("", TYPE.sub("", value))
    if "\\x{" in text:
        text = BEYOND_ASCII.sub(lambda found: _character(found[1]), text)
    if "<" in text:
        text = text.partition("<")[2].partition(">")[0]
    text = text.strip().strip("<>\"'").rstrip(".")
    wrapped = WRAPPED.match(text)
    if wrapped:
        text = XTEXT.sub(lambda found: chr(int(found[1], 16)), wrapped[1])
    return text if "@" in text else ""


def parse_sender(fields: Fields) -> str:
    """The address in From; empty where there is none."""
    return next(iter(addresses_in(fields.get("from"))[-1:]), "")


def is_same(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox: local parts in any case, domains as DNS knows them."""
    return bool(one) and bool(other) and _comparable(one) == _comparable(other)


def without_tag(address: str) -> str:
    """The mailbox behind a sub-address (RFC 5233): `ada@example.org` for `ada+letters@example.org`."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def is_behind(final: str, address: str) -> bool:
    """Whether `final` is the same name at a server within the domain of `address`: a mailbox, not where it leads to."""
    name, _at, domain = _comparable(address).rpartition("@")
    final_name, _at, final_domain = _comparable(final).rpartition("@")
    return name == final_name and final_domain.endswith(f".{domain}")


def addresses_in(text: str) -> list[str]:
    """All that looks like an address, in its order."""
    return [X400.sub("", found.rstrip(".")) for found in ADDRESS.findall(text)] if "@" in text else []


@lru_cache(MOST_KEPT)
def _comparable(address: str) -> str:
    local, _at, domain = address.strip().rpartition("@")
    with contextlib.suppress(DomainFault):
        domain = ascii_domain(domain.rstrip("."))
    local = local.strip('"')
    return f"{local}@{domain}".casefold()


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
