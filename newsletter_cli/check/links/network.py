"""What the names of an issue's links lead to, and whether there is a network at all."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from newsletter_cli.base.web.address import WebAddress
from newsletter_cli.base.web.reach import CONNECT_SECONDS, Lookup, Network
from newsletter_cli.check.links.together import ask_all

LOOKUP_THREADS = 32
LOOKUP_SECONDS = 10.0
# A name server that says nothing to any question for so long is not there: nobody waits for it to be asked again.
SILENCE_SECONDS = 2.0
# How many sites are connected to, to learn whether there is a network; the first that opens ends it.
MOST_ENDPOINTS = 8
# Fewer silent sites than this may just be dead.
ENOUGH_SILENT_SITES = 3
# Looked up only when no site of the issue has a name that is known: it has been there since 1995, and without it
# there is no name on the internet.
CANARY = "a.root-servers.net"


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
