"""A changed copy of a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # mypy knows the fields of what is given to this one: their names and types are checked.
    from dataclasses import replace
else:
    import dataclasses

    from msgspec import Struct, structs

    def replace(value, /, **changes):
        """A copy of a struct, or of a dataclass, with other values in some of its fields."""
        return structs.replace(value, **changes) if isinstance(value, Struct) else dataclasses.replace(value, **changes)


__all__ = ["replace"]
