"""A long list as JSON, one item at a time: memory does not grow with it."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter_cli.console.escaping import escaped_json
from newsletter_cli.console.streams import write


def show_json_list(before: Mapping[str, Any], name: str, items: Iterable[Mapping[str, Any]]) -> None:
    """An object for scripts, as `show_json` prints one: what stands `before`, and the list under `name`."""
    is_utf8 = sys.stdout is not None and codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"

    def text(value: Any, indent: str) -> str:
        lines = json.dumps(value, ensure_ascii=not is_utf8, indent=2)
        return escaped_json(lines).replace("\n", f"\n{indent}")

    members = [f"  {text(key, '  ')}: {text(value, '  ')},\n" for key, value in before.items()]
    write(sys.stdout, "{\n" + "".join(members) + f"  {text(name, '')}: [")
    separator = "\n"
    for item in items:
        write(sys.stdout, f"{separator}    {text(item, '    ')}")
        separator = ",\n"
    write(sys.stdout, "]\n}\n" if separator == "\n" else "\n  ]\n}\n")
