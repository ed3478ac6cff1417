"""Bars that lie: one row each, its words, its parts end to end, its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from newsletter_cli.render.plots.axis import Label, shares
from newsletter_cli.render.plots.words import SIZE, fitted, width_of

THICK = 20.0
ROW = 32.0
# On a narrow drawing the words stand above their bar.
NARROW = 480.0
ROW_OF_TWO = 54.0
GAP = 8.0
# The most that words take of the width.
MOST_WORDS = 0.36


class Part(Struct, frozen=True, kw_only=True):
    """A part of a bar or a column: which kind of thing (it decides colour and pattern), and how many."""

    kind: str
    count: int


class Row(Struct, frozen=True, kw_only=True):
    """What one bar shows."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(part.count for part in self.parts)


class Piece(Struct, frozen=True, kw_only=True):
    """A rectangle of a kind."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class Bar(Struct, frozen=True, kw_only=True):
    """One bar, laid out. `label` may be a shorter one than was given."""

    label: Label
    pieces: tuple[Piece, ...]
    number: Label


class BarPlot(Struct, frozen=True, kw_only=True):
    """A drawing of bars."""

    width: float
    height: float
    bars: tuple[Bar, ...]


def lay_bars(
    rows: Sequence[Row], *, width: float, shown: Callable[[int], str] = str, is_wordy: bool = False
) -> BarPlot:
    """The rows from the top; the longest takes all the room that words and numbers leave. `is_wordy`: the words are
    sentences, and stand above their bars on a wide drawing, too.
    """
    is_narrow = is_wordy or width < NARROW
    step = ROW_OF_TWO if is_narrow else ROW
    room_words = 0.0
    if not is_narrow:
        room_words = min(max((width_of(row.label) for row in rows), default=0.0), width * MOST_WORDS)
    begin = room_words + GAP if room_words else 0.0
    room = width - begin - GAP - max((width_of(shown(row.total)) for row in rows), default=0.0)
    most = max((row.total for row in rows), default=0)
    bars = []
    for number, row in enumerate(rows):
        top = number * step
        y = top + step - THICK - 2 if is_narrow else top + (step - THICK) / 2
        base = y + THICK / 2 + SIZE * 0.36
        words = fitted(row.label, width if is_narrow else room_words)
        x, pieces = begin, []
        for part, length in zip(row.parts, shares([part.count for part in row.parts], room, most), strict=True):
            if length:
                pieces.append(Piece(kind=part.kind, x=round(x, 2), y=y, width=length, height=THICK))
                x += length
        bars.append(
            Bar(
                label=Label(text=words, x=0.0, y=round(top + SIZE + 4 if is_narrow else base, 2)),
                pieces=tuple(pieces),
                number=Label(text=shown(row.total), x=round(x + GAP, 2), y=round(base, 2)),
            )
        )
    return BarPlot(width=width, height=step * len(rows), bars=tuple(bars))
