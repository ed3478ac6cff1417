"""The inline content of an element, flat: pieces of text, each with all that marks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

from msgspec import Struct

from newsletter_cli.base.values import replace

BLANKS = re.compile(r"[ \t\r\n\f]+")
MARKS = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "s": "s", "strike": "s", "del": "s", "code": "code",
    "tt": "code", "kbd": "code", "samp": "code", "sup": "sup", "sub": "sub",
}  # fmt: skip
SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript"})


class Kind(Enum):
    """What a run is."""

    TEXT = "text"
    BREAK = "break"
    IMAGE = "image"
    NOTE = "note"


class Run(Struct, frozen=True, kw_only=True):
    """A piece of a line. `text`: of a picture its description, of a note its label; `target`: the picture's address."""

    text: str
    kind: Kind = Kind.TEXT
    marks: frozenset[str] = frozenset()
    link: str | None = None
    target: str = ""


def runs_of(element: Any, *, notes: dict[str, str]) -> list[Run]:
    """The runs within an element, blanks joined as HTML does. `notes`: the label of each note by its anchor."""
    found = _joined(_single_blanks(_joined(_runs(element, frozenset(), None, notes))))
    return _trimmed(_joined(_links_without_blanks(list(_blanks_outside(found)))))


def _runs(element: Any, marks: frozenset[str], link: str | None, notes: dict[str, str]) -> Iterator[Run]:
    if element.text:
        yield Run(text=element.text, marks=marks, link=link)
    for child in element:
        yield from _child_runs(child, marks, link, notes)
        if child.tail:
            yield Run(text=child.tail, marks=marks, link=link)


def _child_runs(child: Any, marks: frozenset[str], link: str | None, notes: dict[str, str]) -> Iterator[Run]:
    tag = child.tag if isinstance(child.tag, str) else None
    if tag is None or tag in SKIPPED:
        return
    if tag == "br":
        yield Run(text="", kind=Kind.BREAK)
    elif tag == "img":
        if src := (child.get("src") or "").strip():
            alt = BLANKS.sub(" ", child.get("alt") or "").strip()
            yield Run(text=alt, kind=Kind.IMAGE, link=link, target=src)
    elif tag == "input":
        yield Run(text="☒" if child.get("checked") is not None else "☐", marks=marks, link=link)
    elif tag == "a":
        href = (child.get("href") or "").strip()
        if href in notes:
            yield Run(text=notes[href], kind=Kind.NOTE)
        else:
            yield from _runs(child, marks, href or link, notes)
    elif tag == "sup" and any((one.get("href") or "") in notes for one in child.iter("a")):
        yield from _runs(child, marks, link, notes)
    else:
        mark = MARKS.get(tag)
        yield from _runs(child, marks | {mark} if mark else marks, link, notes)


def _single_blanks(runs: Iterable[Run]) -> Iterator[Run]:
    has_blank = True
    for run in runs:
        if run.kind is not Kind.TEXT:
            has_blank = run.kind is Kind.BREAK
            yield run
            continue
        text = BLANKS.sub(" ", run.text)
        if has_blank and text.startswith(" "):
            text = text[1:]
        if text:
            has_blank = text.endswith(" ")
            yield replace(run, text=text)


def _blanks_outside(runs: Iterable[Run]) -> Iterator[Run]:
    """No mark or link begins or ends with a blank: Markdown would take the signs for signs."""
    for run in runs:
        if run.kind is not Kind.TEXT or not (run.marks or run.link):
            yield run
            continue
        inner = run.text.strip()
        before = run.text[: len(run.text) - len(run.text.lstrip())]
        after = run.text[len(run.text.rstrip()) :] if inner else ""
        for text, is_marked in ((before, False), (inner, True), (after, False)):
            if text:
                yield replace(run, text=text) if is_marked else Run(text=text, link=run.link)


def _links_without_blanks(runs: Sequence[Run]) -> Iterator[Run]:
    """A blank belongs to a link only between two of its pieces."""
    for before, run, after in zip((None, *runs), runs, (*runs[1:], None), strict=False):
        is_within = before is not None and after is not None and before.link == after.link == run.link
        yield replace(run, link=None) if run.text.isspace() and run.link and not is_within else run


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbours that are marked alike as one; a blank between two of them belongs to both."""
    found: list[Run] = []
    for run in runs:
        if run.kind is Kind.TEXT and not run.text:
            continue
        last = found[-1] if found else None
        if last and _are_alike(last, run):
            found[-1] = replace(last, text=last.text + run.text)
        elif (
            last
            and len(found) > 1
            and last.kind is Kind.TEXT
            and last.text.isspace()
            and not last.marks
            and last.link in (None, run.link)
            and (run.marks or run.link)
            and _are_alike(found[-2], run)
        ):
            found[-2:] = [replace(found[-2], text=found[-2].text + last.text + run.text)]
        else:
            found.append(run)
    return found


def _are_alike(one: Run, other: Run) -> bool:
    return one.kind is other.kind is Kind.TEXT and one.marks == other.marks and one.link == other.link


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without blanks and breaks at either end, or blanks around a break."""
    trimmed: list[Run] = []
    for index, run in enumerate(runs):
        if run.kind is Kind.TEXT:
            text = run.text
            if not trimmed or trimmed[-1].kind is Kind.BREAK:
                text = text.lstrip(" ")
            if index + 1 == len(runs) or runs[index + 1].kind is Kind.BREAK:
                text = text.rstrip(" ")
            if text:
                trimmed.append(replace(run, text=text))
        elif run.kind is not Kind.BREAK or trimmed:
            trimmed.append(run)
    while trimmed and trimmed[-1].kind is Kind.BREAK:
        trimmed.pop()
    return trimmed


def plain_text(runs: Iterable[Run]) -> str:
    """What the runs say, a break as a blank; pictures and notes say nothing."""
    return "".join(" " if run.kind is Kind.BREAK else run.text if run.kind is Kind.TEXT else "" for run in runs).strip()
