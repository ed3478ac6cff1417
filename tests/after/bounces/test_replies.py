"""A server's answer comes to the same in every report that it stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.after.bounces.judging import judge
from newsletter_cli.after.bounces.verdict import Addressee, Verdict
from tests.after.bounces.frames import ADA, FRAMES, TOKEN

NOW = "2026-12-01T08:00:00+00:00"
ROWS = [
    line.partition(" | ")
    for line in (Path(__file__).parent / "replies.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def find(token: str) -> Addressee | None:
    return Addressee(address=ADA, issue=3) if token == TOKEN else None


def told(verdict: Verdict) -> str:
    return f"{verdict.kind} {verdict.doubt or 'certain'}"


@pytest.mark.parametrize(("expected", "reply"), [(one, reply) for one, _bar, reply in ROWS])
def test_an_answer(expected: str, reply: str) -> None:
    said = reply.replace("{ada}", ADA)
    got = {name: judge(frame(said).encode(), find=find, now=NOW) for name, frame in FRAMES.items()}
    assert {name: told(verdict) for name, verdict in got.items()} == dict.fromkeys(FRAMES, expected)
    assert {verdict.address for verdict in got.values()} == {ADA}
    assert all("@" not in verdict.words for verdict in got.values())


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_whoever_is_not_our_reader_is_never_certain(frame: object) -> None:
    assert callable(frame)
    for _expected, _bar, reply in ROWS:
        said = reply.replace("{ada}", "paul@example.net")
        verdict = judge(frame(said, to="paul@example.net").encode(), find=find, now=NOW)
        assert not verdict.is_certain, said
        assert verdict.address in ("", ADA)
