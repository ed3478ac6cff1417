"""TOML texts of the editor's: read, and what is wrong named with the line it stands on.

tomllib keeps no positions, so keys are looked for in the text again.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.reasons import library_reason
from newsletter_cli.base.strict import Path, Problem

HEADER = Pattern(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = Pattern(r"^\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*(?:=|\.)")
# tomllib takes the square of their number in time. Nobody writes as many by hand.
MAX_KEY_PARTS = 100
DOTTED_KEY = re.compile(
    rf"""(?:^|[{{\[,])[ \t]*(?:(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{MAX_KEY_PARTS}}}""", re.MULTILINE
)
# Nobody nests deeper by hand either; far deeper, Python itself gives up, here or where the values are used.
MAX_DEPTH = MAX_KEY_PARTS
# As TOML promises them. Much larger ones Python does not even show.
NUMBERS = range(-(2**63), 2**63)
LONG_NUMBER = Pattern(r"(?<![0-9A-Za-z_])[+-]?(?:0[xob])?[0-9A-Fa-f_]{16,}", re.ASCII)


class BrokenToml(Exception):
    """A text that is not TOML; `line` counts from 1, `None` where tomllib does not know it."""

    def __init__(self, message: str, line: int | None, hint: str):
        super().__init__(message)
        self.message = message
        self.line = line
        self.hint = hint


def load_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text, with or without a byte order mark. Raises `BrokenToml`."""
    if endless := DOTTED_KEY.search(text):
        raise BrokenToml(
            _("a key has more than {count} parts joined by dots").format(count=MAX_KEY_PARTS),
            text.count("\n", 0, endless.start()) + 1,
            _("write a key, or a table and a key in it: a.b = 1"),
        )
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"))
        _refuse_monsters(tables, text, MAX_DEPTH)
    except RecursionError:
        raise _nested_too_deeply(text) from None
    except ValueError as error:
        if not isinstance(error, tomllib.TOMLDecodeError):
            # A number of more digits than Python reads.
            raise _number_too_large(text) from None
        reason, _separator, where = str(error).partition(" (at ")
        found = re.search(r"line (\d+)", where)
        # tomllib names no line for what is missing at the end.
        line = int(found.group(1)) if found else text.count("\n") + 1 if where else None
        raise BrokenToml(
            _("this is not valid TOML: {reason}").format(reason=library_reason(reason)),
            line,
            _("texts stand in double quotes, lists in [square brackets], one `key = value` a line"),
        ) from None
    return tables


def _refuse_monsters(value: object, text: str, depth: int) -> None:
    if isinstance(value, int) and value not in NUMBERS:
        raise _number_too_large(text)
    if not isinstance(value, (dict, list)):
        return
    if depth == 0:
        raise _nested_too_deeply(text)
    for one in value.values() if isinstance(value, dict) else value:
        _refuse_monsters(one, text, depth - 1)


def _nested_too_deeply(text: str) -> BrokenToml:
    # Where, tomllib does not say: most likely where most is opened.
    lines = text.split("\n")
    line = max(range(len(lines)), key=lambda index: lines[index].count("[") + lines[index].count("{"))
    return BrokenToml(
        _("values are nested more than {count} deep").format(count=MAX_DEPTH),
        line + 1,
        _("a list in square brackets or a table in braces holds plain values, hardly ever others of its kind"),
    )


def _number_too_large(text: str) -> BrokenToml:
    found = max(LONG_NUMBER.finditer(text), key=lambda number: len(number[0]), default=None)
    return BrokenToml(
        _("a number is larger than any that TOML knows"),
        text.count("\n", 0, found.start()) + 1 if found else None,
        _("write a smaller one, or put it between quotes where it is a text"),
    )


def parse_toml(text: str, *, file: str) -> dict[str, Any]:
    """The tables of the file's text. Raises `ConfigError` with the line."""
    try:
        return load_toml(text)
    except BrokenToml as error:
        raise ConfigError(error.message, file=file, line=error.line, hint=error.hint) from None


def config_error(problems: Sequence[Problem], text: str, *, file: str) -> ConfigError:
    """The first problem as an error, the others in its `also`, each with the line its key stands on in `text`."""
    errors = [
        ConfigError(problem.message, file=file, line=line_of_path(text, problem.path), hint=problem.hint)
        for problem in problems
    ]
    errors[0].also = tuple(errors[1:])
    return errors[0]


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
                if path == table and not counts[name]:
                    return number  # the tables of that name as a whole: the first one
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


def quoted(text: str) -> str:
    """A basic string of TOML: JSON's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
