"""What a theme's template writes though it has no value: nothing is written, and the place is told.

Python's own word for nothing, `None`, would stand in front of readers otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from types import FrameType
from typing import Any

from msgspec import Struct

# Where those of the rendering under way are gathered: environments are shared by all.
_told: ContextVar[list[Gap] | None] = ContextVar("told", default=None)


class Gap(Struct, frozen=True, kw_only=True):
    """What was written without a value: its `name`, empty where that cannot be told, and the template's place.

    `is_object`: it has a value, and parts of its own, but nothing that could be written.
    """

    name: str
    file: str
    line: int | None
    is_object: bool = False


class Nothing:
    """No value, under a name. In a condition it is what `none` is; written, it is nothing."""

    __slots__ = ("_name",)

    def __init__(self, name: str):
        self._name = name

    def __str__(self) -> str:
        _tell(self._name)
        return ""

    __html__ = __str__

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __eq__(self, other: object) -> bool:
        return is_nothing(other)

    def __hash__(self) -> int:
        return hash(None)


def is_nothing(value: object) -> bool:
    """Jinja's test `none`."""
    return value is None or isinstance(value, Nothing)


def named_nothings(value: Any, name: str = "") -> Any:
    """The value with a `Nothing` in the place of each `None`, under the name by which a template knows it."""
    if value is None:
        return Nothing(name)
    if isinstance(value, Mapping):
        return {key: named_nothings(one, f"{name}.{key}" if name else str(key)) for key, one in value.items()}
    if isinstance(value, list):
        # In a loop its parts have a name of their own: `section.events` are known as `event`.
        return [named_nothings(one, name.rpartition(".")[2].removesuffix("s")) for one in value]
    return value


def write_value(value: object) -> object:
    """Jinja's `finalize`: what is written for a value."""
    if value is None:
        _tell("")
        return ""
    if not hasattr(value, "__html__") and isinstance(value, (Mapping, list, tuple, Struct)):
        _tell("", is_object=True)
        return ""
    return value


def gathered(render: Callable[[], str], gaps: list[Gap] | None) -> str:
    """What `render` makes, its gaps added to `gaps`, each place once."""
    found: list[Gap] = []
    token = _told.set(found)
    try:
        return render()
    finally:
        _told.reset(token)
        if gaps is not None:
            gaps += [one for one in dict.fromkeys(found) if one not in gaps]


def _tell(name: str, *, is_object: bool = False) -> None:
    told = _told.get()
    if told is not None:
        file, line = _template_place(sys._getframe(1))
        told.append(Gap(name=name, file=file, line=line, is_object=is_object))


def _template_place(frame: FrameType | None) -> tuple[str, int | None]:
    """The innermost template that is being filled in: Jinja's code carries the lines it was made from."""
    while frame is not None:
        lines = frame.f_globals.get("debug_info")
        if isinstance(lines, str) and "blocks" in frame.f_globals:
            return frame.f_code.co_filename, _source_line(lines, frame.f_lineno)
        frame = frame.f_back
    return "", None


def _source_line(debug_info: str, number: int) -> int | None:
    found = None
    for pair in filter(None, debug_info.split("&")):
        source, _equals, compiled = pair.partition("=")
        if int(compiled) <= number:
            found = int(source)
    return found
