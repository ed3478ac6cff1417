"""What a misbehaviour is: something a server does at a phase of the talk, by name, the same every time.

Nothing here is random: turns are counted, shares of recipients are taken by the hash of their address. So a failing
run can be run again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class Phase(StrEnum):
    """Where a talk stands: the command that waits for its reply, or what comes around the final dot."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    # The message has begun to arrive.
    BODY = "body"
    # The whole message is there; it is neither accepted nor refused.
    DOT = "dot"
    # It is accepted and in the record; the client does not know yet.
    ACCEPTED = "accepted"
    # The reply to the dot has been sent.
    REPLIED = "replied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a misbehaviour may know. `messages`: accepted on this connection so far."""

    phase: Phase
    connection: int
    messages: int
    recipient: str
    # Waits so long, or until the client is gone: whether it still is there.
    wait: Callable[[float], Awaitable[bool]]
    # Reads nothing for so long, so that the client's window closes.
    stop_reading: Callable[[float], Awaitable[bool]]


class HangUp(Exception):
    """Close the connection, after these words if any; abruptly: with a reset, which throws away what is unread."""

    def __init__(self, words: str | None = None, *, is_abrupt: bool = False):
        super().__init__(words)
        self.words = words
        self.is_abrupt = is_abrupt


class Misbehaviour:
    """One thing a server does wrong. The attributes say when; each can be set by name: `lost-250:every=3,times=2`."""

    phase = Phase.CONNECT
    # Each nth time only.
    every = 1
    # So often at most; 0: always.
    times = 0
    # So often for one recipient; 0: always.
    tries = 0
    # For one recipient in so many, by the hash of the address.
    share = 1
    # Once this connection has taken so many messages.
    after = 0
    # How long it waits, where it waits.
    seconds = 3600.0
    # 0: the system's.
    window_bytes = 0
    # "": a good one.
    certificate = ""
    # 0: no limit.
    size_limit_bytes = 0
    # What is done where more than one command came at once, though that is offered: "drop", "503" or "close".
    on_haste = ""
    # After what: "mail" or "dot".
    hasty_after = "mail"

    def __init__(self, **options: str | float):
        for name, value in options.items():
            setattr(self, name, type(getattr(type(self), name))(value))
        self._turns = 0
        self._done = 0
        self._by_recipient: Counter[str] = Counter()

    def is_due(self, moment: Moment) -> bool:
        """Whether this is its moment; it counts, so it is asked once."""
        if moment.phase is not self.phase or moment.messages < self.after:
            return False
        if not is_in_share(moment.recipient, self.share):
            return False
        if self.tries and self._by_recipient[moment.recipient] >= self.tries:
            return False
        self._turns += 1
        if self._turns % self.every or (self.times and self._done >= self.times):
            return False
        self._done += 1
        self._by_recipient[moment.recipient] += 1
        return True

    async def at(self, moment: Moment) -> str | None:
        """The reply to give instead of the ordinary one; or `HangUp`."""
        return await self.act(moment) if self.is_due(moment) else None

    async def act(self, moment: Moment) -> str | None:
        """What it does when it is due."""
        return None

    def offered(self, extensions: list[str]) -> list[str]:
        """What the EHLO reply offers instead."""
        return extensions

    def pieces(self, reply: bytes) -> Iterable[bytes]:
        """How a reply goes over the wire: each piece in a segment of its own."""
        return (reply,)


Named = TypeVar("Named", bound=type[Misbehaviour])
MISBEHAVIOURS: dict[str, type[Misbehaviour]] = {}


def named(name: str) -> Callable[[Named], Named]:
    """Makes a misbehaviour known by this name."""

    def enter(kind: Named) -> Named:
        assert name not in MISBEHAVIOURS, name
        assert kind.__doc__, name
        MISBEHAVIOURS[name] = kind
        return kind

    return enter


def is_in_share(recipient: str, share: int) -> bool:
    """Whether this address is among the one in `share` that are dealt with differently."""
    return share <= 1 or int.from_bytes(hashlib.sha256(recipient.encode()).digest()[:4], "big") % share == 0


def share_of(recipients: Iterable[str], share: int = 4) -> set[str]:
    """Those of these addresses that are dealt with differently."""
    return {one for one in recipients if is_in_share(one, share)}


def parse_misbehaviour(text: str) -> Misbehaviour:
    """`NAME` or `NAME:key=value,…`. Raises `ValueError` naming what is unknown."""
    name, _colon, rest = text.partition(":")
    kind = MISBEHAVIOURS.get(name)
    if kind is None:
        raise ValueError(f"{name} is none of {', '.join(sorted(MISBEHAVIOURS))}")
    options = dict(one.split("=", 1) for one in rest.split(",") if one)
    for key in options:
        if not isinstance(getattr(kind, key, None), (int, float, str)):
            raise ValueError(f"{name} has no {key}")
    return kind(**options)
