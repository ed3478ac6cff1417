"""Named tuples made a million at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T", bound=tuple[Any, ...])


def maker(kind: type[T]) -> Callable[[tuple[Any, ...]], T]:
    """What makes a named tuple of the values of all its fields, in their order: in a quarter of the time of a call."""
    return partial(tuple.__new__, kind)
