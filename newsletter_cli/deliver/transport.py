"""What a transport is to the engine: connections that take one message after another, and events that tell of them.

A connection is open to a mail server; for a Maildir it is a place in a queue. The engine drives all from one thread:

    connect() ─► READY ─► hand(number, message) ─► AT_DOT ─► release(number) ─► SENT | REFUSED | DEFERRED | IN_DOUBT
                                  ▲                  │
                                  └── hand(number, next): its envelope travels with this body's end (RFC 2920 §3.1)

The promise hangs on `release`: a transport never sends a message's final dot before it, and the engine calls it
only once the ledger says durably that this row is being attempted.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple, Protocol

from newsletter_cli.model.delivery import NO_REPLY, Outgoing, Reply


class Happened(Enum):
    """What a transport tells of a connection."""

    # The connection is open and idle: it can be handed a message.
    READY = auto()
    # The row's recipient was accepted and the server waits for the message: `release` lets its final dot go.
    # `is_last` says that this connection takes no message after this one.
    AT_DOT = auto()
    # The row is over: definite replies of the server.
    SENT = auto()
    REFUSED = auto()
    DEFERRED = auto()
    # The row's final dot was sent and no reply came.
    IN_DOUBT = auto()
    # The same, of a message whose key tells it from another: the same request may be made again, in time.
    UNANSWERED = auto()
    # The row's final dot was not sent: the server must discard it (RFC 5321 §4.1.1.10), it can be tried again.
    # `is_failure`: this message may be why its connection ended.
    RETURNED = auto()
    # Refused before a dot was sent, by an answer that may be about all: at MAIL, before a recipient was named
    # (BLOCKED), or at RCPT or DATA, by words about the sender, the server or a policy (TURNED_AWAY). The connection
    # goes on.
    BLOCKED = auto()
    TURNED_AWAY = auto()
    # The connection is closed. `is_failure`: it broke, or could not be opened; otherwise its time was up
    # (421, enough messages, QUIT).
    DOWN = auto()
    # Something that a person should know, about the server; the send goes on.
    NOTED = auto()
    # Going on makes no sense: the certificate is bad, STARTTLS is missing, the password is wrong. The connection is
    # closed.
    FATAL = auto()


class ConnectionEvent(NamedTuple):
    """Something that happened on a connection; `row` is 0 where it concerns no message."""

    kind: Happened
    connection: int
    row: int = 0
    reply: Reply = NO_REPLY
    is_failure: bool = False
    is_last: bool = False
    # With FATAL: what to do next, for a person.
    hint: str | None = None
    # With DEFERRED: nobody else should be tried before so long.
    rest_seconds: float = 0.0


class Transport(Protocol):
    """What hands messages over. Not thread-safe: one thread calls all of it."""

    @property
    def name(self) -> str:
        """Where it leads, without a secret: `smtp://mail.example.org:587`, `maildir:state/outbox`."""
        ...

    def connect(self) -> int:
        """Begin to open one more connection; its number. READY, DOWN or FATAL will tell."""
        ...

    def hand(self, connection: int, message: Outgoing) -> None:
        """Give a connection its next message: an idle one (READY or a finished row), or one that is at a dot (once)."""
        ...

    def release(self, connection: int) -> None:
        """The row at its dot on this connection is durably recorded as being attempted: its final dot may go."""
        ...

    def poll(self, timeout_seconds: float) -> list[ConnectionEvent]:
        """What has happened since, waiting at most so long for something to happen.

        Events of a connection are in order. After SENT, REFUSED or DEFERRED without a next message on its way, the
        connection is idle; READY follows in the same list. RETURNED rows of a connection come before its DOWN.
        """
        ...

    def close(self) -> None:
        """Close everything at once; nothing that was handed and not released will be sent. Idempotent."""
        ...
