"""Where a key stands in a TOML text, for error messages: tomllib keeps no positions."""

from __future__ import annotations

import re
from collections import Counter

from newsletter_cli.config.strict import Path

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"^\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*(?:=|\.)")


def line_of_path(text: str, path: Path) -> int | None:
    """The line (from 1) of the key that `path` leads to, or of its nearest table that exists.

    A reading for people, not a parser: a key inside a multi-line string may mislead it by a few lines.
    """
    best: tuple[int, int] | None = None
    table: Path = ()
    counts: Counter[str] = Counter()
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        header = HEADER.match(line)
        key = None if header else KEY.match(line)
        if header:
            name = header.group(2)
            table = tuple(part.strip(" \t\"'") for part in name.split("."))
            if header.group(1) == "[[":
                table = (*table, counts[name])
                counts[name] += 1
            here: Path = table
        elif key:
            here = (*table, key.group(1).strip("\"'"))
        else:
            continue
        if path[: len(here)] == here and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None
