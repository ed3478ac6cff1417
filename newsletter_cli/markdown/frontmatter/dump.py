"""Values → the YAML text of a header."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

# Line breaks to YAML, and the tab: a block of literal lines would not bring them back.
NOT_FOR_BLOCKS = "\r\x85\u2028\u2029\ufeff\t"

# Spaces and signs that are not seen, by their Unicode category.
BLANK = ("Zs", "Cf")
# YAML readers look no further than 1024 characters for the colon.
MAX_KEY = 200


def dump_header(mapping: Mapping[str, Any]) -> str:
    """The mapping as YAML, keys in their order, without fences; what `parse_header` reads back.

    Times are written `2023-03-28T13:00:00+01:00`, `None` as an empty value, several lines of text as a
    literal block, double quotes where quotes are needed: as an editor would.
    """
    import yaml

    if not mapping:
        return ""
    # A line that is folded is harder to edit: no width.
    text: str = yaml.dump(
        _plain(mapping),
        Dumper=_dumper(),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=sys.maxsize,
    )
    return text


def _plain(value: Any) -> Any:
    """Plain lists and dictionaries of plain values, however frozen they came."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    return value.isoformat() if isinstance(value, time) else value


@cache
def _dumper() -> type[Any]:
    import yaml

    class HeaderDumper(yaml.SafeDumper):
        """PyYAML's dumper with an editor's habits."""

        def ignore_aliases(self, data: Any) -> bool:
            """No `&id001`: a value used twice is written twice."""
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            """Lists are indented under their key."""
            super().increase_indent(flow, False)

        def check_simple_key(self) -> bool:
            """`key: value` for any key, never YAML's `? key`."""
            is_simple = super().check_simple_key()
            return is_simple or len(getattr(self.event, "value", "x" * MAX_KEY)) < MAX_KEY

        def choose_scalar_style(self) -> Any:
            """Double quotes rather than single ones, unless they would need escapes."""
            style = super().choose_scalar_style()
            value: str = getattr(self.event, "value", "")
            return '"' if style == "'" and not set('"\\') & set(value) else style

    def represent_str(dumper: Any, data: str) -> Any:
        style = None
        # A blank that is none to YAML, at the beginning of a line, would be read as a slip of the keyboard.
        if any(character in data for character in NOT_FOR_BLOCKS) or unicodedata.category(data[:1] or "x") in BLANK:
            style = '"'
        elif "\n" in data:
            # Blanks at either end are safer in quotes; after a block that keeps its last empty lines
            # (`|+`) PyYAML writes `...`, which would end the header.
            style = "|" if data.strip() and data.strip() == data.removesuffix("\n") else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def represent_moment(dumper: Any, data: date) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:timestamp", data.isoformat())

    def represent_none(dumper: Any, data: None) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:null", "")

    HeaderDumper.add_representer(str, represent_str)
    HeaderDumper.add_representer(datetime, represent_moment)
    HeaderDumper.add_representer(date, represent_moment)
    HeaderDumper.add_representer(type(None), represent_none)
    return HeaderDumper
