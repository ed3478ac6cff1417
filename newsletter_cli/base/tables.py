"""Tables of a TOML file as value classes; each field is an option, with what is demanded and told of it."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, dataclass_transform

from msgspec import Struct, StructMeta, field

# What an option has for a default when it must be given.
REQUIRED: Any = type("Required", (), {})()


class Option(Struct, frozen=True, kw_only=True):
    """What is known of one field: see `option`."""

    default: Any
    doc: str
    pattern: str | None
    filled: bool
    minimum: int | None
    maximum: int | None
    meant: Callable[[str], str] | None
    is_shown: bool


def option(
    default: Any = REQUIRED,
    *,
    doc: str,
    pattern: str | None = None,
    filled: bool = False,
    minimum: int | None = None,
    maximum: int | None = None,
    meant: Callable[[str], str] | None = None,
    is_shown: bool = True,
) -> Any:
    """A field of a table that is read strictly.

    `pattern` must match the whole of a string, `filled` refuses an empty one, `minimum` and `maximum`
    bound an integer, inclusive. `meant` makes of a wrong text the one that was meant; it is proposed where it is right.
    `is_shown`: a wrong value may be said again; a password can have slipped in where a name belongs.
    """
    return Option(
        default=default,
        doc=doc,
        pattern=pattern,
        filled=filled,
        minimum=minimum,
        maximum=maximum,
        meant=meant,
        is_shown=is_shown,
    )


@dataclass_transform()
class _TableMeta(StructMeta):
    """Keeps the options of a class, and gives msgspec their defaults."""

    _options: dict[str, Option]

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **rules: Any) -> _TableMeta:
        options = {key: value for key, value in namespace.items() if isinstance(value, Option)}
        defaults = {
            key: field() if one.default is REQUIRED else field(default=one.default) for key, one in options.items()
        }
        made = super().__new__(cls, name, bases, namespace | defaults, **rules)
        made._options = options
        return made


class Table(Struct, frozen=True, metaclass=_TableMeta):
    """A table; each of its fields is an `option`."""


def is_table(kind: object) -> typing.TypeGuard[type[Table]]:
    """Whether a type is that of a table."""
    return isinstance(kind, _TableMeta)


def options_of(table: type[Table] | Table) -> Mapping[str, Option]:
    """The options of a table by name, in order."""
    return (table if isinstance(table, type) else type(table))._options


@cache
def field_types(table: type[Table]) -> Mapping[str, Any]:
    """The resolved type of each field."""
    return typing.get_type_hints(table)
