"""The threat model names tests; they are there."""

from __future__ import annotations

import ast
import re

import pytest

from tests.tree import ROOT

PAGE = (ROOT / "docs" / "explanation" / "threat-model.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py(?:::\w+)?)`", PAGE)))


def test_it_names_tests() -> None:
    assert len(NAMED) > 20


@pytest.mark.parametrize("named", NAMED)
def test_each_test_it_names_exists(named: str) -> None:
    file, _colons, name = named.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    assert not name or name in {getattr(node, "name", "") for node in ast.walk(tree)}


def test_each_line_names_one_or_says_that_there_is_none() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| may try")]
    for row in rows:
        proof = row.rstrip("| ").rpartition("| ")[2]
        assert "test_" in proof or proof == "–", row


def test_where_it_is_linked() -> None:
    assert "(explanation/threat-model.md)" in (ROOT / "docs" / "index.md").read_text("utf-8")
    for name in ("docs/explanation/threat-model.md", "SECURITY.md"):
        assert f"({name})" in (ROOT / "README.md").read_text("utf-8")
