"""A list server as a list: one address, which hands the message out to people whom only the server knows."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.audience.address import parse_address
from newsletter_cli.audience.row import Candidate, Tally
from newsletter_cli.model.subscriber import NOTHING, SubscriberStatus


class ListServerSource:
    """The source of `send.to_list`: its one candidate. Raises `AddressFault` for what is no address."""

    kind = "list server"
    has_doubles = False

    def __init__(self, address: str):
        self.name = address
        self._address = parse_address(address)

    def read(self, tally: Tally) -> Iterator[Candidate]:
        """The address of the list."""
        tally.rows = 1
        yield Candidate(
            row=1,
            key=self._address.key,
            address=self._address.text,
            name="",
            status=SubscriberStatus.CONFIRMED,
            groups=(),
            attributes=NOTHING,
            consent=None,
            fault="",
            notes=(),
        )

    def read_gone(self) -> Iterator[Candidate]:
        """Nobody: who leaves tells the list server."""
        yield from ()
