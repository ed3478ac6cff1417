"""What was looked at, how it is, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Health(StrEnum):
    """`wrong` stops the work; `attention` will one day."""

    WELL = "well"
    ATTENTION = "attention"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was looked at, how it is, and what to do about it."""

    subject: str
    health: Health
    message: str
    hint: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The diagnosis for scripts."""
        return asdict(self)
