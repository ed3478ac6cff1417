"""Findings of a text that has changed since: those whose place is known without reading it anew. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from newsletter_cli.base.values import replace
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Edit, Finding

Texts = Mapping[str, str]


def still_standing(findings: Iterable[Finding], before: Texts, after: Texts) -> tuple[Finding, ...]:
    """The findings of `before` that stand in `after` too, each at its place there.

    What stands in front of the first change stays, what stands behind the last one moves with its text. What was
    changed, or touches a change, is left out, as is all of a file that is gone.
    """
    moves = {file: Move(before[file], text) for file, text in after.items() if file in before}
    found = (moves[one.file].moved(one) if one.file in moves else None for one in findings)
    return tuple(one for one in found if one is not None)


class Move:
    """From a text to what has become of it, for the findings in it."""

    def __init__(self, before: str, after: str) -> None:
        self._before, self._after = before.removeprefix(BOM), after.removeprefix(BOM)
        self._is_same = self._before == self._after
        self._starts = _line_starts(self._before)
        self._new_starts = _line_starts(self._after)
        self._head = _shared(self._before, self._after)
        most = min(len(self._before), len(self._after)) - self._head
        self._tail = min(_shared(self._before[::-1], self._after[::-1]), most)

    def moved(self, finding: Finding) -> Finding | None:
        """The finding at its new place; `None` where that is not known."""
        if self._is_same:
            return finding
        if finding.line is None or any(edit.file != finding.file for edit in (*finding.edits, *finding.proposals)):
            return None
        place = self._place(finding.line, finding.column or 1, finding.length or 1)
        edits, proposals = self._edits(finding.edits), self._edits(finding.proposals)
        if place is None or edits is None or proposals is None:
            return None
        column = None if finding.column is None else place[1]
        return replace(finding, line=place[0], column=column, edits=edits, proposals=proposals)

    def _edits(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """The edits at their new places; `None` where one of them is not known."""
        moved = []
        for edit in edits:
            place = self._place(edit.line, edit.column, len(edit.old))
            if place is None:
                return None
            moved.append(replace(edit, line=place[0], column=place[1]))
        return tuple(moved)

    def _place(self, line: int, column: int, length: int) -> tuple[int, int] | None:
        """Where a stretch stands now; `None` where it was changed, or what is beside it."""
        if line > len(self._starts):
            return None
        start = self._offset(line, column)
        # A letter typed at the very end of a word makes it another word.
        if start + length < self._head:
            return line, column
        if start <= len(self._before) - self._tail:
            return None
        offset = start + len(self._after) - len(self._before)
        index = bisect_right(self._new_starts, offset) - 1
        return index + 1, offset - self._new_starts[index] + 1

    def _offset(self, line: int, column: int) -> int:
        return self._starts[min(line, len(self._starts)) - 1] + column - 1


def _shared(one: str, other: str) -> int:
    """With how many characters both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _line_starts(text: str) -> list[int]:
    return [0, *accumulate(map(len, split_lines(text)))]
