"""Which addresses mail can leave from into the world."""

from __future__ import annotations

import ipaddress

# For examples (RFC 5737, 3849): they stand for addresses of the world.
DOCUMENTATION = tuple(
    ipaddress.ip_network(one) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


def is_of_the_world(address: str) -> bool:
    """Whether it is one that others can be written to from: not one of an office's own network."""
    own = ipaddress.ip_address(address)
    return own.is_global or any(own in network for network in DOCUMENTATION)
