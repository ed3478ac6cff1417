"""What unknown words were meant to be, whatever time there is."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.check.language.pieces import pieces_of
from newsletter_cli.check.language.proposing import Proposals
from newsletter_cli.check.language.reader import Fault, FaultKind
from tests.check.language.texts import manuscript


class Backwards:
    """Means each word the other way round, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def proposals(self, word: str, limit: int = 3) -> tuple[str, ...]:
        self.asked.append(word)
        return (word[::-1],)


def faults(root: Path, *words: str) -> list[Fault]:
    (piece, *_others) = [one for one in pieces_of(manuscript(root, " ".join(words) + "\n")) if words[0] in one.text]
    return [
        Fault(
            piece=piece,
            start=piece.text.index(word),
            end=piece.text.index(word) + len(word),
            kind=FaultKind.SPELLING,
            message="",
        )
        for word in words
    ]


def test_where_there_is_no_time_slips_are_asked_about_and_names_are_not(tmp_path: Path) -> None:
    speller = Backwards()
    found = faults(tmp_path, "programe", "Teklia", "dunne", "programe")
    asked = Proposals({"fr": speller}, clock=iter(range(1000)).__next__)
    asked.ask_for(found, 0)
    assert sorted(speller.asked) == ["dunne", "programe"]
    assert [one.proposals for one in asked.added_to(found)] == [("emargorp",), (), ("ennud",), ("emargorp",)]


def test_there_is_an_end_to_it(tmp_path: Path) -> None:
    speller = Backwards()
    asked = Proposals({"fr": speller}, clock=iter(range(1000)).__next__)
    found = faults(tmp_path, "sable", "vague", "marée")
    asked.ask_for(found, 0, at_least=2)
    assert len(speller.asked) == 2
    asked.ask_for(found, 1000)
    assert sorted(speller.asked) == ["marée", "sable", "vague"]
