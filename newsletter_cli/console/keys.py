"""One key at a time from the terminal, on every system."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator

# More characters at once than fingers type.
QUICK_KEYS = 4


def read_keys() -> Iterator[str]:
    """Each key as it is pressed, without Enter and without an echo; it ends with the terminal's input.

    An arrow is one key of several characters. Where the terminal gives whole lines only, each letter of a short
    line is a key, and an empty line is Enter. Ctrl-C raises `KeyboardInterrupt`.
    """
    read = _read_key if _has_single_keys() else _read_line
    while typed := read():
        # Quick fingers: several keys at once. A paste is none of them.
        is_one = len(typed) > QUICK_KEYS or typed[0] in "\x1b\x00\xe0"
        for key in (typed,) if is_one else typed:
            if key == "\x03":
                raise KeyboardInterrupt
            if key == "\x04":
                return
            yield key


def _has_single_keys() -> bool:
    """Whether the terminal does more than lines: that of an editor, say, may not."""
    try:
        sys.stdin.fileno()
    except (io.UnsupportedOperation, OSError):
        return False
    return os.environ.get("TERM") != "dumb"


def _read_key() -> str:
    import typer

    try:
        return typer.getchar()
    except EOFError:
        return ""


def _read_line() -> str:
    line = sys.stdin.readline()
    return line.strip() or line[:1]
