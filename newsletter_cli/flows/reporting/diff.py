"""What fixing changes, as a unified diff that people can read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.flows.reporting.excerpt import shown
from newsletter_cli.flows.reporting.interface import Line
from newsletter_cli.markdown.lines import split_lines

# In words and signs: letter by letter, a long paragraph takes seconds.
TOKEN = re.compile(r"\w+|\s|[^\w\s]")
SIGNS = {"-": "removed", "+": "added", "@": "dim"}
CONTEXT_LINES = 1


def diff_lines(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Line]:
    """The diff of each file of `after`; what differs within a line is marked, and named where it would not show."""
    for file, text in after.items():
        old, new = split_lines(before[file]), split_lines(text)
        compared = difflib.unified_diff(old, new, f"a/{file}", f"b/{file}", n=CONTEXT_LINES)
        lines = [line.rstrip("\r\n") for line in compared]
        for name in lines[:2]:
            yield ((name, "title"),)
        for is_change, group in groupby(lines[2:], key=lambda line: line[:1] in "-+"):
            part = list(group)
            yield from _changes(part) if is_change else map(_as_it_is, part)


def fixed_lines(rules: Mapping[str, int], *, is_dry_run: bool) -> Iterator[Line]:
    """How much was fixed, by rule."""
    total = sum(rules.values())
    if not total:
        yield ((_("There is nothing that could be fixed by itself."), ""),)
        return
    if is_dry_run:
        text = ngettext("{count} fault would be fixed:", "{count} faults would be fixed:", total)
    else:
        text = ngettext("{count} fault fixed:", "{count} faults fixed:", total)
    yield ((text.format(count=total), "strong"),)
    for rule, count in rules.items():
        yield (("  ", ""), (f"{count:>4} × ", ""), (rule, "dim"))


def _changes(lines: list[str]) -> Iterator[Line]:
    """Lines taken out and the lines put in; where there are as many of each, each pair with its difference marked."""
    removed = [line for line in lines if line.startswith("-")]
    added = [line for line in lines if line.startswith("+")]
    if len(removed) != len(added):
        yield from map(_as_it_is, lines)
        return
    # Each beside what it becomes: people compare line with line.
    for old, new in zip(removed, added, strict=True):
        before, after = _marked(old[1:], new[1:])
        yield (("-", "removed"), *before)
        yield (("+", "added"), *after)


def _as_it_is(line: str) -> Line:
    return ((shown(line), SIGNS.get(line[:1], "")),)


def _marked(old: str, new: str) -> tuple[Line, Line]:
    olds, news = TOKEN.findall(old), TOKEN.findall(new)
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for kind, start, end, begin, stop in difflib.SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        mark = "" if kind == "equal" else "-mark"
        left.append((shown("".join(olds[start:end]), names_blanks=bool(mark)), f"removed{mark}"))
        right.append((shown("".join(news[begin:stop]), names_blanks=bool(mark)), f"added{mark}"))
    return tuple(left), tuple(right)
