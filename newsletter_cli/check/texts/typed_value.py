"""Where the value of a header stands in its file, character by character: YAML folds lines and takes quotes away."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import LINE
from newsletter_cli.model import Edit, Place

# A value that stands further from its key is not looked for.
EXTRA = 400
# In a header, other signs could end the value or begin something else.
SAFE = Pattern(r"[^\W_](?:[\w’ -]*[^\W_])?")


class TypedValue(Struct, frozen=True, kw_only=True):
    """A value as it stands in a file; `offsets` has for each of its characters the offset in `text`.

    That is the whole file, or what begins on its `first_line`.
    """

    file: str
    text: str
    offsets: tuple[int, ...]
    first_line: int = 1

    def place(self, start: int, end: int) -> Place:
        """Where a stretch of the value stands."""
        first = self.offsets[start]
        line, column = self._line_and_column(first)
        rest = re.compile(r"[^\r\n]*").match(self.text, first, self.offsets[end - 1] + 1)
        return Place(file=self.file, line=line, column=column, length=len(rest[0]) if rest else None)

    def edits(self, start: int, end: int, new: str) -> tuple[Edit, ...]:
        """The edit that puts `new` there; none over line ends, and for what could mean something in a header."""
        first, last = self.offsets[start], self.offsets[end - 1]
        if last - first != end - 1 - start or not SAFE.fullmatch(new):
            return ()
        line, column = self._line_and_column(first)
        return (Edit(file=self.file, line=line, column=column, old=self.text[first : last + 1], new=new),)

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        starts = [found.start() for found in LINE.finditer(self.text)] or [0]
        line = bisect_right(starts, offset)
        return self.first_line + line - 1, offset - starts[line - 1] + 1


def find_typed(files: Mapping[str, str], file: str, line: int | None, value: str) -> TypedValue | None:
    """The value at or after that line of the file; `None` where it is written in another way than it reads."""
    text = files.get(file, "").removeprefix(BOM)
    lines = [found.start() for found in LINE.finditer(text)]
    if line is None or not value.strip() or line > len(lines):
        return None
    start = lines[line - 1]
    words = r"\s+".join(re.escape(word) for word in value.split())
    found = re.compile(words).search(text, start, start + 2 * len(value) + EXTRA)
    if found is None:
        return None
    offsets, position = [], found.start()
    for sign in value:
        if sign.isspace():
            offsets.append(position)
            continue
        while text[position].isspace():
            position += 1
        offsets.append(position)
        position += 1
    return TypedValue(file=file, text=text, offsets=tuple(offsets))
