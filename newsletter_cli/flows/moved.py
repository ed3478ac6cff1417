"""Findings of a text that has changed since: those whose place is known without reading it anew. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from newsletter_cli.base.values import replace
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.source import split_lines
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
        if finding.line is None or any(edit.file != finding.file for edit in _edits_of(finding)):
            return None
        spans = list(self._spans(finding))
        if not spans:
            return None
        start, end = min(start for start, _end in spans), max(end for _start, end in spans)
        # A letter typed at the very end of a word makes it another word.
        if end < self._head:
            return finding
        if start <= len(self._before) - self._tail:
            return None
        line, column = self._place(finding.line, finding.column or 1)
        return replace(
            finding,
            line=line,
            column=None if finding.column is None else column,
            edits=self._edits(finding.edits),
            proposals=self._edits(finding.proposals),
        )

    def _spans(self, finding: Finding) -> Iterator[tuple[int, int]]:
        assert finding.line is not None
        if finding.line > len(self._starts):
            return
        start = self._offset(finding.line, finding.column or 1)
        yield start, start + (finding.length or 1)
        for edit in _edits_of(finding):
            first = self._offset(edit.line, edit.column)
            yield first, first + len(edit.old)

    def _edits(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        places = [self._place(edit.line, edit.column) for edit in edits]
        return tuple(
            replace(edit, line=line, column=column) for edit, (line, column) in zip(edits, places, strict=True)
        )

    def _place(self, line: int, column: int) -> tuple[int, int]:
        offset = self._offset(line, column) + len(self._after) - len(self._before)
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


def _edits_of(finding: Finding) -> tuple[Edit, ...]:
    return (*finding.edits, *finding.proposals)
