"""The messages of `corpus/`, and what is expected of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter_cli.after.bounces.verdict import Addressee, Verdict
from tests.after.bounces.frames import SENT, TOKEN

NOW = "2026-12-01T08:00:00+00:00"
PEOPLE = {
    TOKEN: "ada@example.net",
    "paulpaulpaulpaulpaulpaul": "paul@example.net",
    "zoezoezoezoezoezoezoezoe": "zoé@exemple.example",
}
PAUL, ZOE = list(PEOPLE)[1:]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A message, and its verdict as one line: kind, address, status, doubt."""

    title: str
    expected: str
    octets: bytes


def find(token: str) -> Addressee | None:
    return Addressee(address=PEOPLE[token.lower()], issue=3) if token.lower() in PEOPLE else None


def line_of(verdict: Verdict) -> str:
    return " ".join([verdict.kind, verdict.address or "-", verdict.status or "-", verdict.doubt or "certain"])


def cases() -> Iterator[Case]:
    for path in sorted((Path(__file__).parent / "corpus").glob("*.txt")):
        for part in path.read_text("utf-8").split("\n=== ")[1:]:
            title, expected, text = part.split("\n", 2)
            yield Case(title=f"{path.stem}: {title}", expected=expected, octets=_filled(text).encode())


def _filled(text: str) -> str:
    sent = SENT.format(token=TOKEN)
    for name, value in (
        ("{sent}", sent),
        ("{headers}", sent.partition("\n\n")[0] + "\n"),
        ("{ada}", TOKEN),
        ("{ADA}", TOKEN.upper()),
        ("{paul}", PAUL),
        ("{zoe}", ZOE),
    ):
        text = text.replace(name, value)
    return text
