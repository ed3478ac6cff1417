"""Reading plain data into tables (`tables.py`), strictly: every wrong key and value is named.

A hand-written reader because of start-up time: pydantic costs 60 ms of a command that should feel
instant, msgspec stops at the first fault.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.tables import REQUIRED, Option, Table, field_types, is_table, options_of

Path = tuple[str | int, ...]


class Problem(Struct, frozen=True, kw_only=True):
    """One fault in the data. `path` leads to the key that is at fault."""

    path: Path
    message: str
    hint: str | None = None


def name_of_path(path: Path) -> str:
    """`sections[2].slug`, counting from 1 as people do."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_strictly(cls: type[Table], data: object, path: Path = ()) -> tuple[Any, list[Problem]]:
    """`data` as a `cls`, and every problem on the way; the value is `None` where there is one."""
    if not isinstance(data, Mapping):
        return None, [Problem(path=path, message=_("{key} must be a table").format(key=name_of_path(path)))]
    known = options_of(cls)
    problems = [unknown_key((*path, key), list(known)) for key in data if key not in known]
    kinds = field_types(cls)
    values = {}
    for name, item in known.items():
        if name in data:
            value, found = _read_value(kinds[name], data[name], (*path, name), item)
            problems += found
            values[name] = value
        elif item.default is REQUIRED:
            message = _("{key} is missing").format(key=name_of_path((*path, name)))
            problems.append(Problem(path=(*path, name), message=message, hint=_(item.doc)))
    return (None if problems else cls(**values)), problems


def nearest(word: str, candidates: Sequence[str], *, cutoff: float = 0.6) -> str | None:
    """The candidate most like `word`, if any is like it at all; `cutoff` 1 is the word itself."""
    found = difflib.get_close_matches(word, candidates, n=1, cutoff=cutoff)
    return found[0] if found else None


def unknown_key(path: Path, known: Sequence[str]) -> Problem:
    """What is said of a key that is not among those `known` where it stands."""
    message = _("the key “{key}” does not exist here").format(key=name_of_path(path))
    close = nearest(str(path[-1]), known)
    if close:
        return Problem(path=path, message=message, hint=_("did you mean “{key}”?").format(key=close))
    return Problem(path=path, message=message, hint=_("the keys here are: {keys}").format(keys=", ".join(known)))


def _read_value(kind: Any, value: object, path: Path, item: Option) -> tuple[Any, list[Problem]]:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
        origin = typing.get_origin(kind)
    if is_table(kind):
        return read_strictly(kind, value, path)
    if origin is tuple:
        return _read_list(typing.get_args(kind)[0], value, path, item)
    if origin is Literal:
        choices = [str(choice) for choice in typing.get_args(kind)]
        return (value, []) if value in choices else (None, [_wrong_choice(path, value, choices)])
    return _read_scalar(kind, value, path, item)


def _read_list(kind: Any, value: object, path: Path, item: Option) -> tuple[Any, list[Problem]]:
    if not isinstance(value, list):
        message = _("{key} must be a list").format(key=name_of_path(path))
        hint = None if is_table(kind) or isinstance(value, dict) else _did_you_mean(path, _as_list(value, path))
        return None, [Problem(path=path, message=message, hint=hint)]
    values, problems = [], []
    for index, part in enumerate(value):
        read, found = _read_value(kind, part, (*path, index), item)
        values.append(read)
        problems += found
    return tuple(values), problems


def _wrong_choice(path: Path, value: object, choices: list[str]) -> Problem:
    message = _("{key} cannot be “{value}”").format(key=name_of_path(path), value=value)
    close = nearest(str(value), choices)
    if close:
        return Problem(path=path, message=message, hint=_("did you mean “{key}”?").format(key=close))
    return Problem(path=path, message=message, hint=_("choose one of: {choices}").format(choices=", ".join(choices)))


def _as_list(value: object, path: Path) -> list[object]:
    """The list that was probably meant by something that is none; a command is a list of its words."""
    is_command = isinstance(value, str) and str(path[-1]).endswith("_command")
    return [*str(value).split()] if is_command else [value]


def _did_you_mean(path: Path, value: object) -> str:
    return _("did you mean {line}?").format(line=f"{path[-1]} = {as_toml(value)}")


def as_toml(value: object) -> str:
    """A value as it is written in TOML, the way an editor knows it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {as_toml(one)}' for key, one in value.items())} }}" if value else "{}"
    return str(value)


TYPE_NAMES = {str: "a text in quotes", int: "a whole number", bool: "true or false"}
# What somebody may have typed, in English or French, between quotes or as a number.
TRUTHS = {"true": True, "yes": True, "on": True, "1": True, "oui": True, "vrai": True,
          "false": False, "no": False, "off": False, "0": False, "non": False, "faux": False}  # fmt: skip


# How lengths of time are typed, and what the end of a key says they are counted in.
LENGTH_OF_TIME = Pattern(r"([0-9]{1,6})\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|j|jours?)")
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "j": 86400}


def _length_of_time(key: str, text: str) -> int | None:
    """`20s` for a key that counts seconds → 20, `2h` for one that counts minutes → 120."""
    unit = key.rpartition("_")[2][:1]
    found = LENGTH_OF_TIME.fullmatch(text)
    if not found or not key.endswith(("_seconds", "_minutes", "_hours", "_days")):
        return None
    count, rest = divmod(int(found[1]) * UNIT_SECONDS[found[2][0]], UNIT_SECONDS[unit])
    return None if rest else count


def _meant(kind: type, value: object, key: str) -> object | None:
    """What a value of the wrong type was probably meant for; `None` where that cannot be told."""
    text = as_toml(value).strip('"').strip().lower()
    if kind is bool:
        return TRUTHS.get(text)
    if kind is int:
        digits = re.fullmatch(r"(-?[0-9]{1,9})(?:\.0*)?", text)
        if isinstance(value, bool):
            return None
        return int(digits[1]) if digits else _length_of_time(key, text)
    return as_toml(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _read_scalar(kind: type, value: object, path: Path, item: Option) -> tuple[Any, list[Problem]]:
    key = name_of_path(path)
    # In Python a bool is an int; in a configuration it is not.
    if type(value) is not kind:
        return None, [_wrong_type(kind, value, path, item)]
    wrong, hint = None, _(item.doc)
    if isinstance(value, str):
        if item.filled and not value.strip():
            wrong = _("{key} is empty").format(key=key)
        elif item.pattern and not re.fullmatch(item.pattern, value):
            wrong = _("{key} cannot be what stands there") if not item.is_shown else _("{key} cannot be “{value}”")
            wrong = wrong.format(key=key, value=value)
            meant = item.meant(value) if item.meant else None
            if meant and re.fullmatch(item.pattern, meant):
                hint = _("did you mean “{key}”?").format(key=meant)
    elif not _is_within(value, item):
        wrong = _out_of_range(key, item.minimum, item.maximum)
    return (value, []) if wrong is None else (None, [Problem(path=path, message=wrong, hint=hint)])


def _wrong_type(kind: type, value: object, path: Path, item: Option) -> Problem:
    key = name_of_path(path)
    if not item.is_shown:
        message = _("{key} must be {type}").format(key=key, type=_(TYPE_NAMES[kind]))
        return Problem(path=path, message=message, hint=_(item.doc))
    message = _("{key} must be {type}, not {value}").format(key=key, type=_(TYPE_NAMES[kind]), value=as_toml(value))
    meant = _meant(kind, value, str(path[-1]))
    # A part of a list has no key of its own to show.
    if meant is None or isinstance(path[-1], int) or not _is_within(meant, item):
        return Problem(path=path, message=message, hint=_(item.doc))
    return Problem(path=path, message=message, hint=_did_you_mean(path, meant))


def _is_within(value: object, item: Option) -> bool:
    if isinstance(value, str):
        return item.pattern is None or bool(re.fullmatch(item.pattern, value))
    if isinstance(value, bool) or not isinstance(value, int):
        return True
    return (item.minimum is None or value >= item.minimum) and (item.maximum is None or value <= item.maximum)


def _out_of_range(key: str, minimum: int | None, maximum: int | None) -> str:
    if maximum is None:
        return _("{key} must be {minimum} or more").format(key=key, minimum=minimum)
    if minimum is None:
        return _("{key} must be {maximum} or less").format(key=key, maximum=maximum)
    return _("{key} must lie between {minimum} and {maximum}").format(key=key, minimum=minimum, maximum=maximum)
