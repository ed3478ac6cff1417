"""What a rule is given besides the issue."""

from __future__ import annotations

from typing import Protocol


class SectionNames(Protocol):
    """A canonical section of the newsletter."""

    @property
    def slug(self) -> str:
        """Its file's name, without `.md`."""

    @property
    def title(self) -> str:
        """Its usual title."""

    @property
    def new(self) -> bool:
        """Whether each issue is expected to have one."""

    @property
    def required(self) -> bool:
        """Whether an issue without it is at fault."""

    @property
    def standing(self) -> bool:
        """Whether it is carried over from issue to issue."""
