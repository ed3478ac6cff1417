"""What can be reached from here: names, private addresses, and whether there is a network at all."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Iterable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from newsletter_cli.check.links.address import WebAddress
from newsletter_cli.check.links.together import ask_all

LOOKUP_THREADS = 32
LOOKUP_SECONDS = 10.0
# A name server that says nothing to any question for so long is not there: nobody waits for it to be asked again.
SILENCE_SECONDS = 2.0
CONNECT_SECONDS = 3.0
# How many sites are connected to, to learn whether there is a network; the first that opens ends it.
MOST_ENDPOINTS = 8
# Fewer silent sites than this may just be dead.
ENOUGH_SILENT_SITES = 3
# Looked up only when no site of the issue has a name that is known: it has been there since 1995, and without it
# there is no name on the internet.
CANARY = "a.root-servers.net"

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


def look_up_all(network: Network, hosts: Iterable[str]) -> dict[str, Lookup]:
    """What each name leads to; one that takes too long could not be found out."""
    lookups: dict[str, Lookup] = {}
    names = []
    for host in dict.fromkeys(hosts):
        try:
            lookups[host] = Lookup((str(ipaddress.ip_address(host)),))
        except ValueError:
            names.append(host)
    answers = ask_all(
        network.look_up,
        names,
        threads=LOOKUP_THREADS,
        deadline_seconds=LOOKUP_SECONDS,
        silence_seconds=SILENCE_SECONDS,
    )
    lookups |= dict(answers)
    return {name: lookups.get(name, Lookup(is_definite=False)) for name in (*lookups, *names)}


def is_one_for_all(lookups: Mapping[str, Lookup]) -> bool:
    """Whether several names all lead to one private address: that of a network that wants visitors to sign in."""
    answers = [lookup for host, lookup in lookups.items() if lookup.addresses != (host,)]
    is_one = len({lookup.addresses for lookup in answers}) == 1
    return is_one and len(answers) >= ENOUGH_SILENT_SITES and answers[0].is_private


def has_network(network: Network, addresses: Iterable[WebAddress], lookups: Mapping[str, Lookup]) -> bool:
    """Whether the outside can be reached, known within seconds and never judged by one dead site.

    Names: one that is found is enough; if none is, a name that always exists decides. Connections: one that opens or
    is refused is enough; several sites that all stay silent mean that nothing gets through. Behind a proxy only the
    proxy can be asked.
    """
    endpoints: dict[str, int] = {}
    proxies = set()
    has_direct = False
    for address in addresses:
        proxy = network.proxy_for(address)
        if proxy:
            proxies.add(proxy)
            continue
        has_direct = True
        if lookups[address.host].addresses:
            endpoints.setdefault(address.host, address.effective_port)
    if proxies:
        return any(_proxy_answers(network, proxy) for proxy in proxies)
    if not endpoints:
        answers = ask_all(network.look_up, (CANARY,), threads=1, deadline_seconds=SILENCE_SECONDS)
        return not has_direct or any(lookup.addresses for _name, lookup in answers)
    return _any_endpoint_connects(network, list(endpoints.items())[:MOST_ENDPOINTS])


def _proxy_answers(network: Network, proxy: str) -> bool:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    try:
        port = parts.port or {"https": 443, "socks5": 1080, "socks5h": 1080}.get(parts.scheme, 80)
    except ValueError:
        return False
    return parts.hostname is not None and network.can_connect(parts.hostname, port) is True


def _any_endpoint_connects(network: Network, endpoints: list[tuple[str, int]]) -> bool:
    silent = 0
    answers = ask_all(
        lambda endpoint: network.can_connect(*endpoint),
        endpoints,
        threads=MOST_ENDPOINTS,
        deadline_seconds=CONNECT_SECONDS + 1,
    )
    heard = 0
    for _endpoint, is_open in answers:
        heard += 1
        if is_open:
            return True
        silent += is_open is None
    silent += len(endpoints) - heard
    return silent > 0 and len(endpoints) < ENOUGH_SILENT_SITES
