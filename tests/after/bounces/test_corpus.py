"""Whole messages in the shapes of many programs, each with its verdict."""

from __future__ import annotations

import pytest

from newsletter_cli.after.bounces.judging import judge
from tests.after.bounces.corpus import NOW, Case, cases, find, line_of

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
@pytest.mark.parametrize("ends", ["LF", "CRLF"])
def test_a_message(case: Case, ends: str) -> None:
    octets = case.octets.replace(b"\n", b"\r\n") if ends == "CRLF" else case.octets
    verdict = judge(octets, find=find, now=NOW, place="here")
    assert line_of(verdict) == case.expected
    assert "@" not in verdict.words
