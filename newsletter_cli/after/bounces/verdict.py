"""A verdict: what one received message says, about whom, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from newsletter_cli.model.feedback import FeedbackKind


class Addressee(Struct, frozen=True, kw_only=True):
    """Whom a token of ours was sent to, the address as the ledger has it, and in which issue."""

    address: str
    issue: int | None = None


# From a token (24 letters, in any case) to whom it was sent; `None` for what is none of ours.
Find = Callable[[str], Addressee | None]


class Doubt(StrEnum):
    """Why nothing may be done about somebody because of a message."""

    NO_TOKEN = "no-token"  # noqa: S105
    """Nothing in it shows that it is about a message of ours."""
    SEVERAL_TOKENS = "several-tokens"
    """It leads to more than one person."""
    OTHER_RECIPIENT = "other-recipient"
    """It speaks of another address than the one we wrote to: an alias, a list, somebody it was forwarded to."""
    NOT_NAMED = "not-named"
    """It does not say which address failed."""
    STATUS = "status"
    """The status may mean a slip, a move, a fault of theirs."""
    WORDS = "words"
    """Nothing but words says so, and they could be meant otherwise."""
    FORWARDED = "forwarded"
    """Somebody sent on what they, or others, had got."""
    OWN_BOUNCE = "own-bounce"
    """It is about a report or an answer, not about an issue."""
    HAS_LEFT = "has-left"
    """An automatic answer says that the person has gone, or the mailbox will."""
    ASKS_FOR_PROOF = "asks-for-proof"
    """A program lets the message through only once somebody has answered it."""
    DELAYED = "delayed"
    """Nothing has failed yet."""
    NOTHING = "nothing"
    """Nothing has failed, and nobody complains."""


class Verdict(Struct, frozen=True, kw_only=True):
    """What a message says. `place` says to people where it lies.

    `address` is whom we wrote to, by a token of ours, and nobody else; empty without one. `candidate` is an address
    that the message names: to be shown to a person, never acted upon. `status` is an enhanced code (RFC 3463) or empty;
    `words` are the server's own, or the first ones that somebody wrote, without addresses. `at` is ISO 8601, UTC.
    `reference` is the same for the same message wherever it lies.
    """

    kind: FeedbackKind
    address: str = ""
    issue: int | None = None
    candidate: str = ""
    token: str = ""
    status: str = ""
    words: str = ""
    at: str = ""
    reference: bytes = b""
    doubt: Doubt | None = None
    place: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether something may be done about `address` without asking anybody."""
        return bool(self.address) and self.doubt is None

    @property
    def is_failure(self) -> bool:
        """Whether a delivery failed for good: what is counted; a late one is not."""
        failures = (FeedbackKind.HARD, FeedbackKind.FULL, FeedbackKind.SOFT, FeedbackKind.SENDER_FAULT)
        return self.kind in failures and self.doubt is not Doubt.DELAYED
