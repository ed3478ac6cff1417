"""Numbers as a row of small bars, for a line of a terminal."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
# Of no font's drawing but everybody's: for a terminal that has no blocks.
PLAIN = "_.-=+*#"
WIDEST = 40


def spark(counts: Sequence[int], *, is_fine: bool, width: int = WIDEST) -> str:
    """A sign for each number, or, where they are too many, for as many in a row as make the width; a blank for none.

    `is_fine`: in blocks. The highest takes the whole height.
    """
    signs = BLOCKS if is_fine else PLAIN
    each = -(-len(counts) // width) if counts else 1
    sums = [sum(counts[begin : begin + each]) for begin in range(0, len(counts), each)]
    most = max(sums, default=0)
    return "".join(signs[-(-count * len(signs) // most) - 1] if count > 0 else " " for count in sums)
