"""A changed copy of a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The same with the names and types of the fields checked, which of `msgspec.structs.replace` mypy does not know.
    from dataclasses import replace
else:
    from msgspec.structs import replace

__all__ = ["replace"]
