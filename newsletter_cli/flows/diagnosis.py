"""What was looked at, how it is, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from newsletter_cli.base.i18n import _


class Health(StrEnum):
    """`wrong` stops the work; `attention` will one day."""

    WELL = "well"
    ATTENTION = "attention"
    WRONG = "wrong"


class Diagnosis(Struct, frozen=True, kw_only=True):
    """What was looked at, how it is, and what to do about it."""

    subject: str
    health: Health
    message: str
    hint: str | None = None

    @property
    def shown_subject(self) -> str:
        """The subject for people; a file is called what it is called."""
        names = {
            "program": _("program"),
            "templates": _("templates"),
            "people": _("people"),
            "leftovers": _("leftovers"),
            "commands": _("commands"),
            "list": _("list"),
            "send": _("send"),
            "endpoint": _("endpoint"),
            "links": _("links"),
            "language": _("language"),
            "browser": _("browser"),
        }
        return names.get(self.subject, self.subject)

    def as_dict(self) -> dict[str, Any]:
        """The diagnosis for scripts."""
        return asdict(self)
