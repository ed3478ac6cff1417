"""A delivery: one recipient of one issue, and the legal ways from one state to the next.

    pending ─► claimed ─► attempting ─► sent
       ▲          │           │
       │          ├───────────┼──► refused     5xx, a definite no
       │          ├───────────┼──► deferred    4xx, not now; claimed again when it is due
       │          │           └──► in_doubt    the final dot went out, and no reply came
       └──────────┴───────────┘    no final dot was sent: nothing has happened

`in_doubt` is left by a person's decision only. Standard library only.

A service that knows a repeated request by its key is asked again, in time and by the same way: where no answer came,
such a delivery is `pending` once more, its request still open. Once it cannot be asked again, it is in doubt from
wherever it waits.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    CLAIMED = "claimed"
    ATTEMPTING = "attempting"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"


# What may become of a delivery while a send is under way.
TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    # IN_DOUBT from PENDING, DEFERRED and CLAIMED: a request was open, and cannot be made again with its key any more.
    DeliveryState.PENDING: frozenset({DeliveryState.CLAIMED, DeliveryState.IN_DOUBT}),
    DeliveryState.DEFERRED: frozenset({DeliveryState.CLAIMED, DeliveryState.IN_DOUBT}),
    # REFUSED and DEFERRED from here: the server's reply to MAIL, RCPT or DATA, or a message that cannot be built.
    DeliveryState.CLAIMED: frozenset(
        {
            DeliveryState.ATTEMPTING,
            DeliveryState.PENDING,
            DeliveryState.REFUSED,
            DeliveryState.DEFERRED,
            DeliveryState.IN_DOUBT,
        }
    ),
    DeliveryState.ATTEMPTING: frozenset(
        {
            DeliveryState.SENT,
            DeliveryState.DEFERRED,
            DeliveryState.REFUSED,
            DeliveryState.IN_DOUBT,
            DeliveryState.PENDING,
        }
    ),
    DeliveryState.SENT: frozenset(),
    DeliveryState.REFUSED: frozenset(),
    DeliveryState.IN_DOUBT: frozenset(),
}
# What only a person can decide (`nl resolve`).
DECISIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.IN_DOUBT: frozenset({DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.REFUSED}),
    DeliveryState.REFUSED: frozenset({DeliveryState.PENDING}),
}


def refuse_illegal(before: DeliveryState, after: DeliveryState) -> None:
    """Raises `ValueError` for a way that no send may take."""
    if after not in TRANSITIONS[before]:
        raise ValueError(f"{before} cannot become {after}")


# RFC 3463 §2.
ENHANCED_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?= |$)")


class Reply(NamedTuple):
    """What a server answered: its code (RFC 5321 §4.2; 0 where there was no answer) and its own words, on one line."""

    code: int
    text: str

    @property
    def enhanced_status(self) -> str:
        """The enhanced status (RFC 3463) that the words begin with, `5.1.1`; empty where they have none."""
        found = ENHANCED_STATUS.match(self.text)
        return found.group() if found else ""


NO_REPLY = Reply(0, "")


def shown(reply: Reply) -> str:
    """A reply for people: its code, if it has one, and its words."""
    return f"{reply.code} {reply.text}" if reply.code else reply.text.removeprefix("nl: ")


class Key(NamedTuple):
    """What a service tells a repeated request by. It may be posted from `since` on and before `until` (seconds since
    1970), and never else.

    `is_repeat`: a request with it is open. `is_proof`: a service that knows it has the message, for nothing else than
    the message can have made it known.
    """

    value: str
    since: float
    until: float
    is_repeat: bool = False
    is_proof: bool = False

    def is_over(self, now: float) -> bool:
        """Whether it may not be posted any more. By a clock that was set back, nobody knows how late it is."""
        return not self.since <= now < self.until


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message, whole, before the first SMTP command.

    `row` is the delivery's id in the ledger. `data` is the message as it stands in DATA: lines ended by CRLF,
    dot-stuffed (RFC 5321 §4.5.2), the last line ended too, without the final dot. `sender` and `recipient` are
    the envelope's; `sender` is ASCII. `key`, where the service knows repeated requests.
    """

    row: int
    sender: str
    recipient: str
    data: bytes
    key: Key | None = None

    @property
    def needs_smtputf8(self) -> bool:
        """Whether the recipient's local part wants RFC 6531."""
        return not self.recipient.isascii()
