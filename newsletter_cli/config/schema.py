"""The JSON Schema of `newsletter.toml`, derived from the settings, so that editors complete it."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal

from newsletter_cli.base.tables import REQUIRED, Option, Table, field_types, is_table, options_of
from newsletter_cli.config.settings import Config

SCALARS = {str: "string", int: "integer", bool: "boolean"}


def build_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of a whole `newsletter.toml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "newsletter.toml",
        **_object(Config),
    }


def _object(cls: type[Table]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": (cls.__doc__ or "").partition("\n")[0],
        "additionalProperties": False,
        "properties": {name: _property(field_types(cls)[name], item) for name, item in options_of(cls).items()},
        "required": [name for name, item in options_of(cls).items() if item.default is REQUIRED],
    }


def _property(kind: Any, item: Option) -> dict[str, Any]:
    schema = {**_type(kind, item), "description": item.doc}
    if item.default not in (REQUIRED, None, ()) and not isinstance(item.default, Table):
        schema["default"] = list(item.default) if isinstance(item.default, tuple) else item.default
    return schema


def _type(kind: Any, item: Option) -> dict[str, Any]:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _type(next(part for part in typing.get_args(kind) if part is not type(None)), item)
    if is_table(kind):
        return _object(kind)
    if origin is tuple:
        return {"type": "array", "items": _type(typing.get_args(kind)[0], item)}
    if origin is Literal:
        return {"enum": list(typing.get_args(kind))}
    schema: dict[str, Any] = {"type": SCALARS[kind]}
    if item.pattern:
        schema["pattern"] = f"^(?:{item.pattern})$"
    if item.filled:
        schema["pattern"] = r"\S"
    for key in ("minimum", "maximum"):
        if (bound := getattr(item, key)) is not None:
            schema[key] = bound
    return schema
