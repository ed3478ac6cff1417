"""What was found of a domain that sends, what that means for mailboxes, and what its administrator is asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct, field


class Standing(StrEnum):
    """How it is. `wrong`: mail does not arrive, or will not; `attention`: one day; `unknown`: the DNS did not say."""

    WELL = "well"
    ATTENTION = "attention"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class DnsRecord(Struct, frozen=True, kw_only=True):
    """A record as an administrator enters it: `_dmarc.example.org`, `TXT`, `v=DMARC1; p=none`."""

    name: str
    type: str
    value: str

    def as_dict(self) -> dict[str, str]:
        """The record for scripts."""
        return {"name": self.name, "type": self.type, "value": self.value}


class Request(Struct, frozen=True, kw_only=True):
    """What the administrator is asked for: a sentence, and the records that should stand there then."""

    what: str
    records: tuple[DnsRecord, ...] = ()


class DomainFinding(Struct, frozen=True, kw_only=True):
    """One thing looked at. `means` is for readers' mailboxes, `hint` what the editor does, `asks` the administrator.

    `topic` is `DNS`, `SPF`, `DKIM`, `DMARC`, `MX` or `PTR`; `name` the name in the DNS that it is about; `record` what
    stands there.
    """

    topic: str
    standing: Standing
    name: str
    message: str
    means: str = ""
    hint: str = ""
    record: str = ""
    asks: tuple[Request, ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        """The finding for scripts."""
        return {
            "topic": self.topic,
            "health": str(self.standing),
            "name": self.name,
            "message": self.message,
            "means": self.means or None,
            "hint": self.hint or None,
            "record": self.record or None,
            "wanted": [record.as_dict() for one in self.asks for record in one.records],
        }
