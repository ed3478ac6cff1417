"""Several pads at once: each has its answer, and nobody waits for ever."""

from __future__ import annotations

import threading

import pytest
from msgspec import Struct

from newsletter_cli.pads.fetching import AT_ONCE, fetch_all
from newsletter_cli.pads.pad import PadRefusal, PadTakesNone, PadText


class One(Struct, frozen=True, kw_only=True):
    """A pad that waits for `gate`; without one, it answers at once, or raises."""

    address: str = "https://pad.example.org/a"
    host: str = "none"
    gate: threading.Event | None = None
    fault: Exception | None = None

    def fetch(self) -> PadText | PadRefusal:
        if self.gate is not None:
            self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return PadText(text="Come.\n")

    def write(self, text: str, *, over: str, is_rehearsal: bool = False) -> PadText | PadRefusal:
        return PadTakesNone(reason="it takes none")


def test_one_that_hangs_is_told_and_the_others_are_had() -> None:
    gate = threading.Event()
    told: list[tuple[int, int]] = []
    pads = {"slow": One(gate=gate), **{f"{number}": One() for number in range(3 * AT_ONCE)}}
    found = fetch_all(pads, on_progress=lambda done, total: told.append((done, total)), patience_seconds=1.0)
    gate.set()
    assert list(found) == list(pads)
    assert isinstance(found.pop("slow"), PadRefusal)
    assert {type(answer) for answer in found.values()} == {PadText}
    assert told == [(done, len(pads)) for done in range(1, len(pads))]


def test_a_fault_of_an_adapter_is_not_taken_for_an_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        fetch_all({"a": One(), "b": One(fault=ZeroDivisionError())})


def test_no_pad_at_all() -> None:
    assert fetch_all({}) == {}
