"""Which of many texts stand in a long one, in a time that grows with their lengths, not with the product of them."""

from __future__ import annotations

from collections.abc import Iterable

# So often the long text may be looked through for one text alone; for all that are left after that, once.
MOST_SCANS = 20


def those_within(wanted: Iterable[str], text: str) -> set[str]:
    """Those of `wanted` that stand in `text`, anywhere. Quick where they stand in the order of `wanted`."""
    found: set[str] = set()
    left: list[str] = []
    budget, position = MOST_SCANS * len(text), 0
    for one in dict.fromkeys(wanted):
        if budget < 0 and one:
            left.append(one)
            continue
        place = text.find(one, position)
        if place < 0:
            budget -= len(text)
            place = text.find(one, 0, position + len(one) - 1)
        if place >= 0:
            budget -= abs(place - position)
            position = place
            found.add(one)
    return found | _sift(left, text) if left else found


def _sift(wanted: Iterable[str], text: str) -> set[str]:
    """The same in one pass over the text: Aho and Corasick, Efficient String Matching, 1975.

    A node is what of the wanted texts has been read so far; `fall_back` is the longest end of it that is a node, too.
    """
    nexts: list[dict[str, int]] = [{}]
    ends: dict[int, str] = {}
    for one in wanted:
        node = 0
        for sign in one:
            following = nexts[node].setdefault(sign, len(nexts))
            if following == len(nexts):
                nexts.append({})
            node = following
        ends[node] = one
    fall_back, shorter = [0] * len(nexts), [0] * len(nexts)
    waiting = list(nexts[0].values())
    for node in waiting:  # grows meanwhile: level by level
        for sign, following in nexts[node].items():
            fall_back[following] = back = _step(nexts, fall_back, fall_back[node], sign)
            # The nearest that ends within: it stands in the text wherever this one does.
            shorter[following] = back if back in ends else shorter[back]
            waiting.append(following)
    found: set[str] = set()
    node = 0
    for sign in text:
        node = _step(nexts, fall_back, node, sign)
        end = node if node in ends else shorter[node]
        while end and ends[end] not in found:
            found.add(ends[end])
            end = shorter[end]
    return found


def _step(nexts: list[dict[str, int]], fall_back: list[int], node: int, sign: str) -> int:
    while node and sign not in nexts[node]:
        node = fall_back[node]
    return nexts[node].get(sign, 0)
