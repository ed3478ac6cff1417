"""Axes: which numbers stand beside a plot, and which of many labels can be set without touching."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from newsletter_cli.render.plots.words import SIZE, width_of

# Between two labels of one axis.
GAP = 10.0
STRIDES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 25, 30, 40, 50, 60, 100)


class Label(Struct, frozen=True, kw_only=True):
    """Words in a drawing: `x` is where they begin, end or have their middle, as `anchor` says in SVG's own words; `y`
    is their base line.
    """

    text: str
    x: float
    y: float
    anchor: str = "start"

    def span(self, size: float = SIZE) -> tuple[float, float]:
        """From where to where they reach."""
        width = width_of(self.text, size)
        begin = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return begin, begin + width


def count_ticks(most: int, wanted: int = 4) -> tuple[int, ...]:
    """Round numbers from 0 to the first that is `most` or more, about as many as `wanted`: whole ones, for counts."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * wanted >= most:
                step *= factor
                last = max(1, -(-most // step))
                return tuple(step * number for number in range(last + 1))
        step *= 10


def labels_below(
    texts: Sequence[tuple[float, str]], *, y: float, width: float, size: float = SIZE
) -> tuple[Label, ...]:
    """Of the labels, each in the middle of its `x`, as many at equal steps as can be set inside `width` untouched."""
    for stride in (*STRIDES, *range(200, len(texts) + 200, 100)):
        chosen = tuple(_inside(text, x, y, width, size) for x, text in texts[::stride])
        spans = [one.span(size) for one in chosen]
        if all(before[1] + GAP <= after[0] for before, after in pairwise(spans)):
            return tuple(one for one, span in zip(chosen, spans, strict=True) if span[0] >= 0 and span[1] <= width)
    return ()


def _inside(text: str, x: float, y: float, width: float, size: float) -> Label:
    """The label in the middle of `x`, or as near as it is whole."""
    half = width_of(text, size) / 2
    return Label(text=text, x=round(min(max(x, half), width - half), 2), y=y, anchor="middle")


def shares(counts: Sequence[int], room: float, most: int, *, least: float = 2.0) -> tuple[float, ...]:
    """How long each count is where `most` takes all the `room`: one that is more than nothing can always be seen."""
    scale = room / most if most else 0.0
    lengths = [max(count * scale, least) if count else 0.0 for count in counts]
    # What the small ones were given is taken from the largest.
    excess = sum(lengths) - max(sum(counts) * scale, least * sum(map(bool, counts)))
    if excess > 0:
        largest = max(range(len(lengths)), key=lengths.__getitem__)
        lengths[largest] -= excess
    return tuple(round(length, 2) for length in lengths)
