"""People on the mailing list, and what a selection says of each of them.

The values that travel a million at a time are named tuples: they cost a third of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec import Struct, field

NOTHING: Mapping[str, str] = MappingProxyType({})


class SubscriberStatus(StrEnum):
    """Where a subscriber stands. Only a `confirmed` one is written to."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Reason(StrEnum):
    """Why a candidate is not written to. One reason each, the first that holds in this order."""

    INVALID = "invalid"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    SUPPRESSED = "suppressed"
    UNCONFIRMED = "unconfirmed"
    NOT_IN_GROUP = "not-in-group"
    DOUBLE = "double"


# The statuses of those who left, and the reason each gives.
GONE = {
    SubscriberStatus.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
    SubscriberStatus.BOUNCED: Reason.BOUNCED,
    SubscriberStatus.COMPLAINED: Reason.COMPLAINED,
}


class Consent(NamedTuple):
    """The proof of consent (GDPR article 7): when (ISO 8601, as given), how, and which source says so."""

    at: str = ""
    how: str = ""
    source: str = ""


NO_CONSENT = Consent()


class Subscriber(Struct, frozen=True, kw_only=True):
    """One person of the managed list. `key` is the address as compared, `address` as written on the envelope.

    Times are ISO 8601, UTC; `left_at` is empty for whoever has not left.
    """

    key: str
    address: str
    name: str = ""
    status: SubscriberStatus = SubscriberStatus.CONFIRMED
    groups: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    consent: Consent = NO_CONSENT
    created_at: str = ""
    changed_at: str = ""
    left_at: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The subscriber for scripts, and for the person's own right of access."""
        return {
            "address": self.address,
            "name": self.name,
            "status": str(self.status),
            "groups": list(self.groups),
            "attributes": dict(self.attributes),
            "consent": self.consent._asdict(),
            "created_at": self.created_at,
            "changed_at": self.changed_at,
            "left_at": self.left_at,
        }


class Recipient(NamedTuple):
    """Somebody to write to. `row` is the row of the source, counted from 1 as a spreadsheet does."""

    key: str
    address: str
    name: str
    groups: tuple[str, ...]
    attributes: Mapping[str, str]
    row: int


class Exclusion(NamedTuple):
    """A candidate who is not written to. `key` is empty for an address that cannot be read;
    `detail` explains (“double of row 12”) and holds no address."""

    row: int
    key: str
    reason: Reason
    detail: str
