"""From a manuscript to what the programs that read for language are given, each passage in its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from newsletter_cli.check.language.line import STAND_IN, Line, Opaque, line_of, stand_ins
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.passages import Passage, sentences
from newsletter_cli.check.texts.typed_value import TypedValue
from newsletter_cli.markdown.survey import Image
from newsletter_cli.markdown.typography import has_other_words, has_small_words, is_known_language, language_of

WORD = re.compile(r"[^\W\d_]{2,}")
# A quotation may be in another language than what is around it, and so may what stands between brackets.
QUOTATION = re.compile(r"«[^«»]{6,}»|“[^“”]{6,}”|\"[^\"]{6,}\"|\([^()]{12,}\)")
# What French shares with its neighbours, and English does not have.
FRENCH = re.compile(r"\b(?:la|de|que|il)\b|[éèêàçùœ]", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"»”)]*\s+(?=[\"«“(]?\s?[A-ZÀ-ÖØ-Þ])")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Foreign:
    """A stretch of a line in another language; `language` is empty where that is not known."""

    start: int
    end: int
    language: str


def pieces_of(manuscript: Manuscript) -> tuple[Piece, ...]:
    """Every passage and every description of an image, cut where the language changes."""
    own = manuscript.language.lower().partition("-")[0]
    opaque = {id(text): Opaque(text.survey) for text in manuscript.all_texts}
    passages = [*sentences(manuscript), *_alts(manuscript)]
    return tuple(
        piece for passage in passages for piece in _cut(passage, line_of(passage, opaque.get(id(passage.text))), own)
    )


def _cut(passage: Passage, line: Line, own: str) -> Iterator[Piece]:
    if not WORD.search(line.text.replace(STAND_IN, "")):
        return
    language = language_of(line.text, own)
    foreign = list(_foreign(line, own))
    if language != own and not _is_own_around(line, foreign, own):
        if language:
            yield _piece(passage, line, language)
        return
    yield _piece(passage, stand_ins(line, [(one.start, one.end) for one in foreign]) if foreign else line, own)
    for one in foreign:
        if one.language:
            part = Line(text=line.text[one.start : one.end], offsets=line.offsets[one.start : one.end])
            yield _piece(passage, part, one.language)


def _is_own_around(line: Line, foreign: list[_Foreign], own: str) -> bool:
    """Whether what stands around the stretches is in the newsletter's language: a long quotation and who said it."""
    rest = stand_ins(line, [(one.start, one.end) for one in foreign]).text.replace(STAND_IN, " ")
    is_own = has_small_words(rest, own) or (own == "fr" and FRENCH.search(rest) is not None)
    return bool(foreign) and is_own and language_of(rest, own) == own


def _piece(passage: Passage, line: Line, language: str) -> Piece:
    return Piece(text=line.text, offsets=tuple(line.offsets), passage=passage, language=language)


def _foreign(line: Line, own: str) -> Iterator[_Foreign]:
    """Stretches in another language, none within another: quotations, link texts, emphasised words, sentences."""
    position = 0
    for start, end, is_sentence in sorted(_candidates(line), key=lambda one: (one[0], -one[1])):
        if start < position:
            continue
        words = line.text[start:end]
        language = language_of(words, own)
        if language != own:
            yield _Foreign(start=start, end=end, language=language)
            position = end
        elif not is_sentence and _may_be_foreign(words, own):
            # Too few words to tell which language it is.
            yield _Foreign(start=start, end=end, language="")
            position = end


def _may_be_foreign(words: str, own: str) -> bool:
    return len(WORD.findall(words)) >= 2 and is_known_language(own) and has_other_words(words, own)


def _candidates(line: Line) -> Iterator[tuple[int, int, bool]]:
    text = line.text
    for found in QUOTATION.finditer(text):
        yield found.start() + 1, found.end() - 1, False
    for start, end in pairwise(line.marks):
        if (
            end - start >= 6
            and _is_edge(text[start - 1 : start], text[start])
            and _is_edge(text[end : end + 1], text[end - 1])
        ):
            yield start, end, False
    edges = [0, *(found.end() for found in SENTENCE_END.finditer(text)), len(text)]
    if len(edges) > 2:
        yield from ((start, end, True) for start, end in pairwise(edges))


def _is_edge(outside: str, inside: str) -> bool:
    """Whether marks between these signs begin or end something."""
    return not outside.isalnum() and not inside.isspace()


def _alts(manuscript: Manuscript) -> Iterator[Passage]:
    """The descriptions of images, each a passage of its own."""
    for text in manuscript.texts:
        for image in text.survey.images:
            if (passage := _alt(text, image)) is not None:
                yield passage


def _alt(text: Text, image: Image) -> Passage | None:
    source, span = text.survey.source, image.alt_span
    if not image.alt or span is None:
        return None
    offsets = tuple(range(span.start, span.end))
    typed = TypedValue(file=source.file, text=source.text, offsets=offsets, first_line=source.first_line)
    return Passage(source.text[span.start : span.end], None, None, 0, None, typed=typed)
