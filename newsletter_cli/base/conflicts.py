"""The marks that Git, and `nl pull`, leave in a text of which two people changed the same lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern

MARK = Pattern(r"(?P<sign><{7}|>{7}|\|{7})(?: (?P<name>\S.*))?[\r\n]*")
MIDDLE = Pattern(r"={7}[\r\n]*")
# `>>>>>>> feda13a` without its other half is Git's; without a name it may be a quotation in a quotation.
# A block of code in a list is indented, and may begin right behind the item's mark.
FENCE = Pattern(
    r"[ \t]*(?P<item>(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:(?P<fence>`{3,})(?P<rest>[^`]*)|(?P<tildes>~{3,})(?P<any>.*))",
    re.DOTALL,
)


# How `nl pull` signs its marks, whatever the language: such a mark is an example nowhere.
SIGNATURE = "(nl pull)"


class Conflict(Struct, frozen=True, kw_only=True):
    """Where a conflict begins, where its second version begins and where it ends: lines from 1, `None` for a mark that
    is gone. `is_in_code`: all there is of it stands in one block of code, as an example would. `is_pulled`: `nl pull`
    left it.
    """

    line: int
    middle: int | None = None
    end: int | None = None
    is_in_code: bool = False
    is_pulled: bool = False


class _Code:
    """The block of code that the lines have come to: `block` is the line it began on, 0 outside."""

    def __init__(self) -> None:
        self.block = 0
        self._fence = ""

    def pass_over(self, number: int, line: str) -> None:
        """Go on by one line."""
        found = FENCE.fullmatch(line)
        if found is None:
            return
        fence = found["fence"] or found["tildes"]
        rest = found["rest"] or found["any"] or ""
        if not self.block:
            self._fence, self.block = fence, number
        elif fence.startswith(self._fence) and not rest.strip() and not found["item"]:
            self.block = 0


def code_from(lines: Sequence[str], first: int) -> range:
    """The lines (from 1) of the block of code that begins on the line `first`; none where none does."""
    code = _Code()
    for number in range(first, len(lines) + 1):
        code.pass_over(number, lines[number - 1])
        if not code.block:
            return range(first, number + 1 if number > first else first)
    return range(first, len(lines) + 1)


def find_conflicts(lines: Iterable[str], *, is_markdown: bool = False) -> Iterator[Conflict]:
    """The conflicts in the lines of a text."""
    opened = middle = None
    opened_in = middle_in = 0
    is_pulled = False
    code = _Code()
    for number, line in enumerate(lines, 1):
        if is_markdown:
            code.pass_over(number, line)
        if line[:1] not in ("<", ">", "|", "="):
            continue
        if MIDDLE.fullmatch(line):
            middle, middle_in = number, code.block
            continue
        mark = MARK.fullmatch(line)
        if mark is None or (mark["name"] is None and opened is None):
            continue
        is_signed = (mark["name"] or "").rstrip().endswith(SIGNATURE)
        if mark["sign"][0] == "<":
            if opened is not None:
                yield Conflict(line=opened, is_in_code=opened_in > 0 and not is_pulled, is_pulled=is_pulled)
            opened, middle, opened_in, is_pulled = number, None, code.block, is_signed
        elif mark["sign"][0] == ">":
            first, first_in = (number, middle_in) if opened is None else (opened, opened_in)
            is_pulled = is_pulled or is_signed
            is_in_code = code.block > 0 and first_in == code.block and not is_pulled
            # Alone, a signed one is what is left of a conflict.
            if opened is not None or middle is not None or is_signed:
                yield Conflict(line=first, middle=middle, end=number, is_in_code=is_in_code, is_pulled=is_pulled)
            opened, middle, is_pulled = None, None, False
    if opened is not None:
        yield Conflict(line=opened, is_in_code=opened_in > 0 and not is_pulled, is_pulled=is_pulled)


def first_conflict(file: BinaryIO) -> Conflict | None:
    """The first conflict in a file of bytes, which is read once, line by line."""
    lines = (line.decode("ascii", "replace") if line[:1] in (b"<", b">", b"|", b"=") else "" for line in file)
    return next(find_conflicts(lines), None)
