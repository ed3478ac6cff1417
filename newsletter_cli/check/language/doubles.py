"""What two look at: a rule of our own and a program that reads, at the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newsletter_cli.model import Finding

# They know what is right; a dictionary only knows that the word is not in it.
OWN_RULES = frozenset(("capital-accent", "language-slip", "name-spelt-twice"))


def without_doubles(read: Iterable[Finding], own: Iterable[Finding]) -> Iterator[Finding]:
    """What the programs found, but for words that a rule of our own has something to say about."""
    told: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for one in own:
        if one.rule in OWN_RULES:
            for file, line, start, length in _stretches(one):
                told.setdefault((file, line), []).append((start, start + length))
    for one in read:
        start, end = one.column or 0, (one.column or 0) + (one.length or 0)
        stretches = told.get((one.file, one.line or 0), ())
        if not any(first < end and start < last for first, last in stretches):
            yield one


def _stretches(finding: Finding) -> Iterator[tuple[str, int, int, int]]:
    """Where it stands, and where its edits do: one finding may be about several places."""
    if finding.line and finding.column:
        yield finding.file, finding.line, finding.column, finding.length or 1
    for edit in finding.edits:
        yield edit.file, edit.line, edit.column, len(edit.old)
