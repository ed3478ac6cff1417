"""A server of LanguageTool that the editors run themselves. Texts go there and nowhere else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import library_reason
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.reader import Fault, FaultKind, ReaderFailed, ReaderStopped, understanding
from newsletter_cli.model.finding import MOST_PROPOSALS

NAME = "LanguageTool"
LANGUAGES = frozenset(("fr", "en", "de", "es", "it"))
# A dictionary belongs to a variant: for the bare language, a server tells no unknown word.
VARIANTS = {"en": "en-US", "de": "de-DE"}
# What it says of blanks, quotation marks, capitals, style is typography or taste.
CATEGORIES_OFF = (
    "TYPOGRAPHY",
    "CASING",
    "STYLE",
    "REDUNDANCY",
    "PUNCTUATION",
    "REPETITIONS_STYLE",
    "GENDER_NEUTRALITY",
)
UNKNOWN_WORD = "misspelling"
# In one question; servers refuse long texts.
MOST_CHARACTERS = 10_000
BETWEEN = "\n\n"
CONNECT_SECONDS = 5
ANSWER_SECONDS = 30
MOST_BYTES = 20 * 1024 * 1024
CHUNK_BYTES = 64 * 1024


class LanguageTool:
    """The server at that address, as a reader; `language` is the newsletter's, with its country if it has one."""

    name = NAME
    languages = LANGUAGES
    has_dictionary = True

    def __init__(self, url: str, language: str = "") -> None:
        self._url = url.rstrip("/").removesuffix("/v2/check").removesuffix("/v2") + "/v2/check"
        self._language = language

    def read(self, pieces: Sequence[Piece], is_stopped: Callable[[], bool]) -> list[Fault]:
        """What is wrong in the pieces. Raises `ReaderFailed`, and `ReaderStopped` when nobody waits any more."""
        found: list[Fault] = []
        for language in sorted({piece.language for piece in pieces}):
            for batch in _batches([piece for piece in pieces if piece.language == language]):
                if is_stopped():
                    raise ReaderStopped
                text = BETWEEN.join(piece.text for piece in batch)
                found += _faults(self._ask(text, self._tag(language), is_stopped), batch)
        return found

    def _tag(self, language: str) -> str:
        own, _dash, country = self._language.partition("-")
        return self._language if country and own.lower() == language else VARIANTS.get(language, language)

    def _ask(self, text: str, language: str, is_stopped: Callable[[], bool]) -> Any:
        import requests

        data = {"text": text, "language": language, "disabledCategories": ",".join(CATEGORIES_OFF)}
        with requests.Session() as session:
            # No proxy of the environment sees the texts, and no password of `.netrc` goes with them.
            session.trust_env = False
            try:
                with session.post(
                    self._url,
                    data=data,
                    timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                    # Nobody has named the server that this one would send us on to.
                    allow_redirects=False,
                    stream=True,
                ) as answer:
                    if answer.is_redirect:
                        raise ReaderFailed(_("the server sends one on to another"))
                    if answer.status_code != requests.codes.ok:
                        message = _("the server answers with status {status}")
                        raise ReaderFailed(message.format(status=answer.status_code))
                    said = _whole(answer.iter_content(CHUNK_BYTES), is_stopped)
            except requests.Timeout as error:
                raise ReaderFailed(_("it gave no answer in time")) from error
            except requests.ConnectionError as error:
                raise ReaderFailed(_("no server answers at {url}").format(url=self._url)) from error
            except requests.RequestException as error:
                raise ReaderFailed(library_reason(error)) from error
        with understanding():
            return json.loads(said)


def _whole(chunks: Iterator[bytes], is_stopped: Callable[[], bool]) -> bytes:
    said = bytearray()
    end = time.monotonic() + ANSWER_SECONDS
    for chunk in chunks:
        said += chunk
        if is_stopped():
            raise ReaderStopped
        if len(said) > MOST_BYTES:
            raise ReaderFailed(_("its answer has no end"))
        if time.monotonic() > end:
            raise ReaderFailed(_("it gave no answer in time"))
    return bytes(said)


def _batches(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    length = 0
    for piece in pieces:
        if batch and length + len(piece.text) > MOST_CHARACTERS:
            yield batch
            batch, length = [], 0
        batch.append(piece)
        length += len(piece.text) + len(BETWEEN)
    if batch:
        yield batch


def _faults(answer: Any, pieces: Sequence[Piece]) -> list[Fault]:
    places = _places(pieces)
    with understanding():
        return [found for match in answer["matches"] if (found := _fault(match, places)) is not None]


def _places(pieces: Sequence[Piece]) -> list[tuple[Piece, int] | None]:
    """For each unit of UTF-16 of the text, in which the server counts, the piece and the offset in it."""
    places: list[tuple[Piece, int] | None] = []
    for piece in pieces:
        for index, sign in enumerate(piece.text):
            places += [(piece, index)] * (2 if sign > "\uffff" else 1)
        places += [None] * len(BETWEEN)
    return places


def _fault(match: Mapping[str, Any], places: Sequence[tuple[Piece, int] | None]) -> Fault | None:
    offset, length = match["offset"], match["length"]
    if not (isinstance(offset, int) and isinstance(length, int) and 0 <= offset < offset + length <= len(places)):
        raise ValueError(offset, length)
    first, last = places[offset], places[offset + length - 1]
    if first is None or last is None or first[0] is not last[0]:
        return None
    is_unknown = match["rule"].get("issueType") == UNKNOWN_WORD
    proposals = tuple(str(one["value"]) for one in match.get("replacements", ()) if one.get("value"))[:MOST_PROPOSALS]
    if match["rule"].get("category", {}).get("id") in CATEGORIES_OFF or not (is_unknown or proposals):
        return None
    return Fault(
        piece=first[0],
        start=first[1],
        end=last[1] + 1,
        kind=FaultKind.SPELLING if is_unknown else FaultKind.GRAMMAR,
        message=str(match["message"]),
        proposals=proposals,
        source_rule=str(match["rule"].get("id", "")),
    )
