"""The way a message took: which servers, how long, encrypted or not (`Received`, RFC 5321 §4.4). Only notes."""

from __future__ import annotations

import datetime
import ipaddress
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.delivered.difference import Difference
from newsletter_cli.check.delivered.parsed import Parsed, moment

FROM = re.compile(r"^\s*from\s+(\S+)", re.IGNORECASE)
BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)
WITH = re.compile(r"\bwith\s+([A-Za-z0-9]+)", re.IGNORECASE)
ENCRYPTED = re.compile(r"\bwith\s+(?:(?:UTF8)?E?SMTPSA?|LMTPSA?|HTTPS)\b|TLS ?v?_?1|version=TLS|cipher", re.IGNORECASE)
ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]+)\]")
# This machine, and networks of one's own (RFC 1918, RFC 4193).
INSIDE = tuple(
    map(
        ipaddress.ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "::1/128",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
SLOW = datetime.timedelta(minutes=10)


class Hop(Struct, frozen=True, kw_only=True):
    """From one server to the next. `at` may be unknown; `is_inside` is within one machine or network."""

    sender: str
    receiver: str
    at: datetime.datetime | None
    is_encrypted: bool
    is_inside: bool


def read_route(message: Parsed) -> list[Hop]:
    """The hops, the first one first."""
    return [_hop(value) for value in reversed(message.values("received"))]


def compare_route(hops: Sequence[Hop], handed_over: datetime.datetime | None) -> Iterator[Difference]:
    """How long it took, and where anybody on the way could have read it."""
    times = [hop.at for hop in hops if hop.at is not None]
    start = handed_over or (times[0] if times else None)
    if times and start is not None:
        took = times[-1] - start
        yield Difference(
            kind="late" if took > SLOW else "time",
            message=_("it took {time}, over {hops}").format(
                time=_length(took),
                hops=ngettext("{count} server", "{count} servers", len(hops)).format(count=len(hops)),
            ),
            place="Received",
            is_note=True,
        )
    for hop in hops:
        if not hop.is_encrypted and not hop.is_inside:
            yield Difference(
                kind="not-encrypted",
                message=_("from {sender} to {receiver} it went without encryption").format(
                    sender=hop.sender or "?", receiver=hop.receiver or "?"
                ),
                place="Received",
                is_note=True,
            )


def _hop(value: str) -> Hop:
    sender, receiver = FROM.search(value), BY.search(value)
    said = WITH.search(value)
    addresses = ADDRESS.findall(value)
    is_local = sender is None or (said is not None and said[1].upper().startswith(("LMTP", "LOCAL", "PIPE", "STDIO")))
    return Hop(
        sender=sender[1].strip("[]") if sender else "",
        receiver=receiver[1] if receiver else "",
        at=moment(value.rpartition(";")[2]) if ";" in value else None,
        is_encrypted=bool(ENCRYPTED.search(value)),
        is_inside=is_local or (bool(addresses) and all(map(_is_inside, addresses[:1]))),
    )


def _is_inside(address: str) -> bool:
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(number.version == network.version and number in network for network in INSIDE)


def _length(took: datetime.timedelta) -> str:
    seconds = max(0, int(took.total_seconds()))
    if not seconds:
        return _("less than a second")
    if seconds < 120:
        return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
    if seconds < 7200:
        return ngettext("{count} minute", "{count} minutes", seconds // 60).format(count=seconds // 60)
    return ngettext("{count} hour", "{count} hours", seconds // 3600).format(count=seconds // 3600)
