"""What can be reached from here, and what must not be asked: the machine itself, and the network around it.

One answer for whatever asks at an address that a text names: links, pictures, pads.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Protocol

from msgspec import Struct

from newsletter_cli.base.web.address import WebAddress, is_within

CONNECT_SECONDS = 3.0

# What `ipaddress` takes for public, in some releases or all: ranges that no router of the internet forwards (IANA's
# special-purpose registry, as of 2025; RFC 4291, 2.5.5.1).
NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("::/96", "64:ff9b:1::/48", "3fff::/20", "5f00::/16", "192.0.0.0/24")))
# An IPv4 address in its last four bytes: translated by the network on its way (RFC 6052; RFC 2765).
TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96")))

NO_WAY_OUT = frozenset((errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL))


class Lookup(Struct, frozen=True):
    """What a name leads to. Without `addresses`, `is_definite` tells “no such name” from “could not find out”."""

    addresses: tuple[str, ...] = ()
    is_definite: bool = True

    @property
    def is_private(self) -> bool:
        """Whether any of them is an address of the machine itself, the local network, or otherwise not public."""
        return any(map(is_private, self.addresses))


class Network(Protocol):
    """What is asked of the outside world. `Internet` is the real one."""

    def look_up(self, host: str) -> Lookup:
        """The addresses of a host; never raises."""

    def can_connect(self, host: str, port: int) -> bool | None:
        """`True`: a connection opens or is refused, so somebody is there. `None`: silence. `False`: no way out."""

    def proxy_for(self, address: WebAddress) -> str | None:
        """The proxy through which it is asked for, if any."""


class Internet:
    """The network that this machine has, with the proxies that its environment names."""

    def __init__(self) -> None:
        from urllib.request import getproxies

        self._proxies = getproxies()

    def look_up(self, host: str) -> Lookup:
        """As `Network` says. The system's resolver: the same names as in the editor's browser."""
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            # EAI_NODATA (no address of that kind) is not everywhere.
            unknown = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
            return Lookup(is_definite=error.errno in unknown)
        except (OSError, UnicodeError):
            return Lookup(is_definite=False)
        return Lookup(tuple(dict.fromkeys(str(entry[4][0]) for entry in found)))

    def can_connect(self, host: str, port: int) -> bool | None:
        """As `Network` says."""
        try:
            socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
        except (ConnectionRefusedError, ConnectionResetError):
            return True
        except OSError as error:
            return False if error.errno in NO_WAY_OUT else None
        return True

    def proxy_for(self, address: WebAddress) -> str | None:
        """As `Network` says, by the usual variables (`HTTPS_PROXY`, `NO_PROXY`…)."""
        from urllib.request import proxy_bypass

        if not self._proxies or proxy_bypass(address.host):
            return None
        return self._proxies.get(address.scheme) or self._proxies.get("all")


def is_private(address: str) -> bool:
    """Whether an IP address is anything but a public one (IANA special-purpose registries, RFC 6890)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if any(ip in network for network in TRANSLATED):
        inner = ipaddress.IPv4Address(ip.packed[-4:])
    if inner is not None and is_private(str(inner)):
        return True
    return not ip.is_global or ip.is_multicast or any(ip in network for network in NOT_PUBLIC)


def is_refused(host: str, lookup: Lookup) -> bool:
    """Whether a host is part of the local network, by its name or by what the name leads to."""
    return is_local_name(host) or lookup.is_private


def is_local_name(host: str) -> bool:
    """Whether a name is one of the machine itself or of a local network, whatever it resolves to (RFC 6761, 6762)."""
    return is_within(host, frozenset(("localhost", "local", "localdomain", "internal", "home.arpa")))
