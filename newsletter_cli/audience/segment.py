"""A part of the list: `group:proof`, `ville=Paris`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter_cli.audience.words import plain
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The people of a group, or those whose attribute `name` has this value; compared without case or accents."""

    kind: str
    name: str
    value: str = ""

    def has(self, groups: tuple[str, ...], attributes: Mapping[str, str]) -> bool:
        """Whether somebody with these groups and attributes is in it."""
        if self.kind == "group":
            return any(plain(group) == self.name for group in groups)
        return any(plain(name) == self.name and plain(value) == self.value for name, value in attributes.items())

    def __str__(self) -> str:
        return f"group:{self.name}" if self.kind == "group" else f"{self.name}={self.value}"


def parse_segment(text: str) -> Segment:
    """`group:NAME` or `ATTRIBUTE=VALUE`. Raises `UsageError`."""
    kind, colon, name = text.partition(":")
    if colon and kind.strip().lower() in {"group", "groupe"} and plain(name):
        return Segment(kind="group", name=plain(name))
    name, equals, value = text.partition("=")
    if equals and plain(name):
        return Segment(kind="attribute", name=plain(name), value=plain(value))
    raise UsageError(
        _("“{text}” is no part of the list").format(text=text if "@" not in text else "…"),
        hint=_("name a group, group:proof — or an attribute and its value, ville=Paris"),
    )
