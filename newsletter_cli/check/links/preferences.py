"""What the newsletter's configuration says about links, as far as checking them needs it."""

from __future__ import annotations

from typing import Protocol


class LinkPreferences(Protocol):
    """Which addresses to ask for, how long, and how long an answer counts."""

    @property
    def exclude(self) -> tuple[str, ...]:
        """Hosts, with all below them, or regular expressions that are looked for in the address."""

    @property
    def remap(self) -> tuple[str, ...]:
        """“PATTERN REPLACEMENT”: the address is asked for elsewhere."""

    @property
    def allow_private(self) -> bool:
        """Whether addresses of the local network may be asked for."""

    @property
    def timeout_seconds(self) -> int:
        """How long one try at one address may take."""

    @property
    def max_age_hours(self) -> int:
        """How long an answer is believed; 0: not at all."""
