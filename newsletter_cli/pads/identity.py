"""Whether two addresses lead to one pad: in what is asked, not in how people came there (`?both`, `#here`, http)."""

from __future__ import annotations

from newsletter_cli.base.web.address import parse_address
from newsletter_cli.pads.hosts.addresses import ways_to_ask


def pad_identity(address: str) -> str:
    """The same for all addresses of one pad; for what is no address, itself."""
    try:
        asked = ways_to_ask(parse_address(address))[0].url
    except ValueError:
        return address
    return asked.partition("://")[2]
