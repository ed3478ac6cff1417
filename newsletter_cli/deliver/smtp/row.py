"""How far one message has come on its connection, and how patient the connection is."""

from __future__ import annotations

from msgspec import Struct

from newsletter_cli.model.delivery import Outgoing, Reply


class ConnectionLimits(Struct, frozen=True, kw_only=True):
    """`timeout_seconds` for an answer to a command and for any progress of a body, `final_timeout_seconds` for the
    answer to a whole message (RFC 5321 §4.5.3.2), `messages` for one connection."""

    timeout_seconds: float
    final_timeout_seconds: float
    messages: int


class MessageUnderWay(Struct, eq=False, kw_only=True):
    """One message under way."""

    message: Outgoing
    # Why it cannot be offered to this server at all, if so.
    refusal: Reply | None
    is_begun: bool = False
    # Whether it is the first on its connection, and whether its sender was accepted, before its recipient was named.
    is_first: bool = False
    is_sender_accepted: bool = False
    is_last: bool = False
    # Whether its envelope travelled behind the final dot of the message before.
    is_behind_dot: bool = False
    is_at_dot: bool = False
    is_released: bool = False
    is_over: bool = False
