"""Lists that count: where one goes on behind other text, or begins beyond 1, which mammoth does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter_cli.workspace.importing.word.losses import Loss, Lost
from newsletter_cli.workspace.importing.word.parts import attribute, child, each, name_of, own_text

NOT_COUNTING = ("bullet", "none", "")


def read_starts(numbering: Any | None) -> dict[str, int]:
    """The number that each list begins at, by its id; those that do not count are left out."""
    if numbering is None:
        return {}
    starts = {}
    for abstract in each(numbering, "w:abstractNum"):
        level = next((one for one in each(abstract, "w:lvl") if attribute(one, "ilvl") == "0"), None)
        if level is not None and _value(level, "w:numFmt") not in NOT_COUNTING:
            starts[attribute(abstract, "abstractNumId")] = _number(_value(level, "w:start"))
    found = {}
    for one in each(numbering, "w:num"):
        start = starts.get(_value(one, "w:abstractNumId"))
        if start is not None:
            other = next((_number(attribute(over, "val")) for over in each(one, "w:startOverride")), start)
            found[attribute(one, "numId")] = other
    return found


def find_lost_numbers(root: Any, starts: dict[str, int]) -> Iterator[Loss]:
    """Where a reader of the Markdown would see another number than a reader of the document."""
    counts: dict[str, int] = {}
    before = ""
    for paragraph in each(root, "w:p"):
        if not own_text(paragraph).strip():
            continue
        properties = child(paragraph, "w:pPr")
        numbering = child(properties, "w:numPr") if properties is not None else None
        list_id = "" if numbering is None else _value(numbering, "w:numId")
        level = "0" if numbering is None else _value(numbering, "w:ilvl") or "0"
        if list_id in starts and level == "0":
            number = counts.get(list_id, starts[list_id] - 1) + 1
            counts[list_id] = number
            if before != list_id and number != 1:
                yield Loss(kind=Lost.NUMBERS, place=own_text(paragraph).strip())
        # What stands deeper belongs to the item above it.
        before = list_id if numbering is not None and (level == "0" or before) else ""


def _value(element: Any, name: str) -> str:
    found = next((one for one in element if name_of(one) == name), None)
    return "" if found is None else attribute(found, "val")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 1
