"""A passage as one line of words: what a person reads of it, with the way back to its prose."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field

from newsletter_cli.check.texts.passages import Passage
from newsletter_cli.markdown.spans import Span
from newsletter_cli.markdown.survey import NOT_PROSE, Survey

# In the place of what is no prose: a word that no reader knows, so that none draws conclusions from it, and whose
# faults are dropped. With nothing in its place, what stands around it would be read as one.
STAND_IN = "Xx"
MASKED = re.compile(rf"{NOT_PROSE}+|\\(?=\n)")
ESCAPES = re.compile(r"[*_~=+^\[\]]*((?:\\.|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);)+)[*_~=+^\[\]]*")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|\\.|&[^;]+;")
OPAQUE_MARKS = ("emoji", "formula")
LINE_BREAK_TAG = re.compile(r"<br\b", re.IGNORECASE)
# Signs that nobody sees: the soft hyphen, blanks without width, marks of direction, U+FEFF.
UNSEEN = frozenset(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\ufe0e\ufe0f\ufeff"
)
NO_BREAK_SPACES = "\u00a0\u202f"
TOP_DOMAINS = "fr|com|org|net|eu|io|dev|info|gouv|uk|de|be|ch|ca|lu|ai|app|cloud|edu|gov|example|test|tech|tv|me"
FILE_ENDINGS = (
    "pdf|csv|tsv|json|ya?ml|toml|md|txt|py|ipynb|js|ts|html?|css|scss|sql|xlsx?|docx?|pptx?|od[stp]|png|jpe?g|gif|svg"
    "|webp|mp[34]|zip|gz|tar|parquet|xml|ics|eml|sh|rs|cpp|java|log|conf|cfg|ini|exe|geojson"
)
NO_PROSE = re.compile(
    r"https?://\S+|www\.\S+|\w[\w.+-]*@[\w-]+(?:\.[\w-]+)+"
    rf"|(?<![\w.])(?:[\w-]+\.)+(?:{TOP_DOMAINS}|{FILE_ENDINGS})(?![\w-])(?:/\S*)?"
    r"|(?<![\w&])[#@][\w-]+(?:[.@][\w-]+)*"
    r"|(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w:])"
    r"|\$(?![\s$])[^$\n]*[\\^_={}][^$\n]*(?<!\s)\$"
    r"|\{\{.*?\}\}|\{%.*?%\}|\*?\|[A-Z][\w:. -]*\|\*?|%%\w+%%|\[\[.*?\]\]|\$?\{[\w.]+\}|<[^<>\s][^<>]*>"
    r"|(?<![\w/])(?:~|\.{1,2})?/[\w.-]+(?:/[\w.-]*)+|[A-Za-z]:\\\S+"
    r"|\w+_\w+|\w+\(\)|(?<!\w)--?[a-z][\w-]*(?==)"
    # Letters of mathematics that imitate bold or slanted ones: dictionaries have none of them.
    r"|[^\s]*[\U0001d400-\U0001d7ff]\S*"
)


@dataclass(kw_only=True)
class Line:
    """`offsets` has for each character of `text` the offset in the prose; `marks` is where mark-up stood."""

    text: str = ""
    offsets: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)


def line_of(passage: Passage, opaque: Opaque | None) -> Line:
    """The passage on one line, with a stand-in for what is no prose; `opaque` is that of its text, if it has one."""
    signs, offsets, marks = _signs(passage, opaque)
    return _without_no_prose(Line(text="".join(signs), offsets=offsets, marks=marks))


def stand_ins(line: Line, stretches: list[tuple[int, int]]) -> Line:
    """The line with a stand-in for each of these stretches, in order; several in a row are one."""
    made = Line()
    parts: list[str] = []
    length = position = 0
    marks = iter(line.marks)
    mark = next(marks, None)
    for start, end in [*stretches, (len(line.text), len(line.text))]:
        while mark is not None and mark < end:
            if mark <= start:
                made.marks.append(length + max(0, mark - position))
            mark = next(marks, None)
        parts.append(line.text[position:start])
        made.offsets += line.offsets[position:start]
        length += start - position
        if end > start:
            parts.append(STAND_IN)
            made.offsets += [line.offsets[start], line.offsets[end - 1]]
            length += len(STAND_IN)
        position = end
    if mark is not None:
        made.marks += [length, *([length] * sum(1 for _mark in marks))]
    made.text = "".join(parts)
    return made


def _without_no_prose(line: Line) -> Line:
    found = [one.span() for one in NO_PROSE.finditer(line.text)]
    return stand_ins(line, found) if found else line


def _signs(passage: Passage, opaque: Opaque | None) -> tuple[list[str], list[int], list[int]]:
    signs: list[str] = []
    offsets: list[int] = []
    marks: list[int] = []
    prose, position = passage.prose, 0

    def say(words: str, start: int, step: int = 1) -> None:
        for index, sign in enumerate(words):
            if sign in UNSEEN:
                continue
            if unicodedata.combining(sign) and signs:
                both = unicodedata.normalize("NFC", signs[-1] + sign)
                if len(both) == 1:
                    signs[-1] = both
                    continue
            signs.append(_plain(sign))
            offsets.append(start + index * step)

    for found in MASKED.finditer(prose):
        start, end = found.span()
        say(prose[position:start], position)
        position = end
        if found[0] == "\\":
            continue
        if opaque is None or opaque.is_within(passage, start, end):
            if "".join(signs[-len(STAND_IN) :]) != STAND_IN:
                signs += STAND_IN
                offsets += [start, end - 1]
            continue
        typed = passage.block.text[start:end] if passage.block is not None else ""
        if escapes := ESCAPES.fullmatch(typed):
            for one in ESCAPE.finditer(escapes[1]):
                say(one[1] or html.unescape(one[0]), start + escapes.start(1) + one.start(), 0)
            continue
        if LINE_BREAK_TAG.search(typed):
            signs.append(" ")
            offsets.append(start)
        marks.append(len(signs))
    say(prose[position:], position)
    return signs, offsets, marks


def _plain(sign: str) -> str:
    return " " if sign < " " or (sign.isspace() and sign not in NO_BREAK_SPACES) else sign


class Opaque:
    """What is masked in a text and has words of its own, unlike mark-up: code, addresses, images, formulas.

    `spans` are stretches of the source, in order, by block.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._spans: dict[int, list[tuple[int, int]]] = {}
        for mark in survey.code:
            self._add(mark.block, mark.span)
        for image in survey.images:
            self._add(image.block, image.span)
        for link in survey.links:
            if link.kind in ("auto", "bare"):
                self._add(link.block, link.span)
        for run in survey.runs:
            if run.is_foreign:
                self._add(run.block, Span(start=run.start, end=run.end))
        for spans in self._spans.values():
            spans.sort()
        self._formulas = sorted((one.span.start, one.span.end) for one in survey.marks if one.kind in OPAQUE_MARKS)

    def _add(self, block: int, span: Span) -> None:
        self._spans.setdefault(block, []).append((span.start, span.end))

    def is_within(self, passage: Passage, start: int, end: int) -> bool:
        """Whether something of that kind stands in this stretch of the prose."""
        assert passage.block is not None
        span = self._survey.span(passage.block, start, end)
        return any(_meets(spans, span) for spans in (self._spans.get(passage.index, []), self._formulas))


def _meets(spans: list[tuple[int, int]], span: Span) -> bool:
    """Whether one of these, which are in order, and stand apart, has something in common with the span."""
    index = bisect_left(spans, span.start + 1, key=lambda one: one[1])
    return index < len(spans) and spans[index][0] < span.end
