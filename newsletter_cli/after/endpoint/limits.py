"""How often one client may be wrong. Only those who are wrong are counted: nobody's wish to leave waits for others."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable

# A bucket that holds this many, and gets one back in so many seconds.
WRONG_AT_ONCE = 20
SECONDS_FOR_ONE = 3.0
# Of so many clients is known how often they were wrong; then the one that was wrong longest ago is forgotten.
MOST_CLIENTS = 10_000
# Whoever has one address of IPv6 has them all, up to this prefix.
PREFIX_V6 = 64


class Limits:
    """`clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wrong(self, client: str) -> float:
        """The client was wrong once more: the seconds it has to wait, 0 for none."""
        name, now = _network(client), self._clock()
        level, since = self._wrong.pop(name, (0.0, now))
        level = max(0.0, level - (now - since) / SECONDS_FOR_ONE)
        is_over = level >= WRONG_AT_ONCE
        # What is refused does not count: whoever waits as told is heard again.
        self._wrong[name] = (level if is_over else level + 1, now)
        if len(self._wrong) > MOST_CLIENTS:
            self._wrong.popitem(last=False)
        return (level - WRONG_AT_ONCE + 1) * SECONDS_FOR_ONE if is_over else 0.0

    def __len__(self) -> int:
        return len(self._wrong)


def _network(client: str) -> str:
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, PREFIX_V6), strict=False))
    return str(address)
