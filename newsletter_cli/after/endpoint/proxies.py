"""Who asks, where a reverse proxy stands in front: what it says counts only where it is one of the trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
ANY = "*"


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses, networks (`10.0.0.0/8`), or `*` for all. Raises `ValueError`."""
    found: list[Network] = []
    for text in texts:
        if text == ANY:
            found += [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
        else:
            found.append(ipaddress.ip_network(text, strict=False))
    return tuple(found)


def client_of(scope: Any, trusted: Sequence[Network]) -> str:
    """The address of whoever asks, empty for a Unix socket without a proxy that says: the last in `X-Forwarded-For`
    that is no trusted proxy, where the peer is one. What stands before it was written by anybody.

    `*` believes every peer, and takes private addresses alone for further proxies.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if not trusted or not (_is_one_of(peer, trusted) or not peer):
        return str(peer)
    told = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
    hops = [hop.strip() for hop in told.split(",") if hop.strip()]
    for hop in reversed(hops):
        if not _is_further_proxy(hop, trusted):
            return hop
    return hops[0] if hops else str(peer)


def _is_further_proxy(text: str, networks: Sequence[Network]) -> bool:
    named = [network for network in networks if network.prefixlen]
    if _is_one_of(text, named):
        return True
    return len(named) < len(networks) and _is_private(text)


def _is_private(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_private
    except ValueError:
        return False


def _is_one_of(text: str, networks: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)
