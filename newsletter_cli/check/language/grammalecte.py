"""Grammalecte, which reads French: called as a program of its own, once for all pieces."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from newsletter_cli.base.programs import find_program
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.program import run_program
from newsletter_cli.check.language.reader import Fault, FaultKind, understanding
from newsletter_cli.model.finding import MOST_PROPOSALS

NAME = "Grammalecte"
PROGRAM = "grammalecte-cli"
# As its makers publish it, where no package of the system has made a program of it.
SCRIPT = "grammalecte-cli.py"
VERSION = re.compile(rb"Grammalecte v(\d[\w.]*)")
# The kinds of its findings that are faults: conjugation, agreement, hyphens, words taken for others. What it says of
# blanks, apostrophes, capitals, commas, dates, style is typography, taste, or found by rules of our own.
KINDS = frozenset(("conf", "conj", "eleu", "gn", "imp", "infi", "inte", "loc", "ppas", "tu", "vmode"))
OPTIONS_OFF = ("apos", "bs", "date", "eepi", "esp", "maj", "minis", "nbsp", "num", "pleo", "typo", "unit", "virg")
# Starting takes half a second, a thousand words a tenth of one; a slow machine may take fifty times that.
START_SECONDS = 30
PIECES_PER_SECOND = 20


def find_grammalecte() -> Grammalecte | None:
    """Grammalecte as a program on PATH; `None` where there is none."""
    program = find_program(PROGRAM)
    if program is not None:
        return Grammalecte(program)
    script = next((path for path in _paths(SCRIPT) if path.is_file()), None)
    # Windows would not start it by itself.
    return Grammalecte(sys.executable, str(script)) if script is not None else None


def _paths(name: str) -> Iterator[Path]:
    return (Path(folder, name) for folder in os.get_exec_path() if Path(folder).is_absolute())


class Grammalecte:
    """The program that is started by these words, as a reader."""

    name = NAME
    languages = frozenset(("fr",))
    has_dictionary = True

    def __init__(self, *command: str) -> None:
        self._command = command

    def version(self) -> str:
        """Its version, asked of the program; empty where it tells none. Raises `ReaderFailed`."""
        with tempfile.TemporaryDirectory(prefix="nl-language-") as name:
            said = self._run(Path(name), "-lo", limit_seconds=START_SECONDS, is_stopped=lambda: False)
        found = VERSION.search(said)
        return found[1].decode() if found else ""

    def _run(self, folder: Path, *arguments: str, limit_seconds: float, is_stopped: Callable[[], bool]) -> bytes:
        return run_program(
            [*self._command, *arguments],
            folder,
            limit_seconds=limit_seconds,
            is_stopped=is_stopped,
            variables={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
        )

    def read(self, pieces: Sequence[Piece], is_stopped: Callable[[], bool]) -> list[Fault]:
        """What is wrong in these French pieces. Raises `ReaderFailed`, and `ReaderStopped` when nobody waits."""
        with tempfile.TemporaryDirectory(prefix="nl-language-") as name:
            folder = Path(name)
            (folder / "texts.txt").write_text(
                "".join(f"{piece.text}\n" for piece in pieces), encoding="utf-8", newline="\n"
            )
            arguments = ("-f", "texts.txt", "-j", "-owe", "-off", *OPTIONS_OFF)
            limit_seconds = START_SECONDS + len(pieces) / PIECES_PER_SECOND
            said = self._run(folder, *arguments, limit_seconds=limit_seconds, is_stopped=is_stopped)
            # On Windows, it writes its answer beside the text.
            beside = folder / "texts.res.txt"
            if beside.is_file():
                said = beside.read_bytes()
        with understanding():
            return list(_faults(json.loads(said.decode("utf-8-sig")), pieces))


def _faults(answer: Any, pieces: Sequence[Piece]) -> Iterator[Fault]:
    for paragraph in answer["data"]:
        index = paragraph["iParagraph"]
        if not 1 <= index <= len(pieces):
            raise ValueError(index)
        piece = pieces[index - 1]
        yield from filter(None, (_spelling(one, piece) for one in paragraph["lSpellingErrors"]))
        yield from filter(None, (_grammar(one, piece) for one in paragraph["lGrammarErrors"]))


def _spelling(one: Mapping[str, Any], piece: Piece) -> Fault | None:
    start, end = _stretch(one, piece)
    return Fault(piece=piece, start=start, end=end, kind=FaultKind.SPELLING, message="", source_rule="grammalecte")


def _grammar(one: Mapping[str, Any], piece: Piece) -> Fault | None:
    start, end = _stretch(one, piece)
    proposals = tuple(filter(None, map(str, one["aSuggestions"])))[:MOST_PROPOSALS]
    if one["sType"] not in KINDS or not proposals:
        return None
    return Fault(
        piece=piece,
        start=start,
        end=end,
        kind=FaultKind.GRAMMAR,
        message=str(one["sMessage"]),
        proposals=proposals,
        source_rule=str(one["sRuleId"]),
    )


def _stretch(one: Mapping[str, Any], piece: Piece) -> tuple[int, int]:
    start, end = one["nStart"], one["nEnd"]
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(piece.text)):
        raise ValueError(start, end)
    return start, end
