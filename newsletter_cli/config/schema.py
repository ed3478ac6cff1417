"""The JSON Schema of `newsletter.toml`, derived from the settings, so that editors complete it."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal

from newsletter_cli.base.strict import field_types
from newsletter_cli.config.settings import Config

SCALARS = {str: "string", int: "integer", bool: "boolean"}


def build_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of a whole `newsletter.toml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "newsletter.toml",
        **_object(Config),
    }


def _object(cls: type[Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": (cls.__doc__ or "").partition("\n")[0],
        "additionalProperties": False,
        "properties": {item.name: _property(field_types(cls)[item.name], item) for item in fields(cls)},
        "required": [item.name for item in fields(cls) if item.default is MISSING],
    }


def _property(kind: Any, item: Field[Any]) -> dict[str, Any]:
    schema = {**_type(kind, item), "description": item.metadata["doc"]}
    if item.default not in (MISSING, None, ()) and not is_dataclass(item.default):
        schema["default"] = list(item.default) if isinstance(item.default, tuple) else item.default
    return schema


def _type(kind: Any, item: Field[Any]) -> dict[str, Any]:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _type(next(part for part in typing.get_args(kind) if part is not type(None)), item)
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(kind)
    if origin is tuple:
        return {"type": "array", "items": _type(typing.get_args(kind)[0], item)}
    if origin is Literal:
        return {"enum": list(typing.get_args(kind))}
    schema: dict[str, Any] = {"type": SCALARS[kind]}
    rules = item.metadata
    if rules["pattern"]:
        schema["pattern"] = f"^(?:{rules['pattern']})$"
    if rules["filled"]:
        schema["pattern"] = r"\S"
    for key in ("minimum", "maximum"):
        if rules[key] is not None:
            schema[key] = rules[key]
    return schema
