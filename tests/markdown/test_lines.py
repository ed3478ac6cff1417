from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.markdown.lines import dominant_newline, split_lines
from newsletter_cli.markdown.parser import parse_blocks
from tests.examples import examples
from tests.markdown.test_source import hostile_text


@examples(30)
@given(st.one_of(st.text(), hostile_text))
def test_lines_join_to_the_text_and_end_only_where_markdown_ends_them(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert len(lines) == len(re.sub(r"\r\n?", "\n", text).removesuffix("\n").split("\n")) - (text == "")
    assert all(line.rstrip("\r\n") == re.split(r"[\r\n]", line)[0] for line in lines)


def test_token_maps_are_indexes_into_the_lines() -> None:
    text = "a\x0bb\u2028c\r\rd\x85\r\n\n# Title\r# Other\n"
    lines = split_lines(text)
    headings = [token.map for token in parse_blocks(text, {}) if token.type == "heading_open" and token.map]
    assert [lines[begin] for begin, _end in headings] == ["# Title\r", "# Other\n"]


@pytest.mark.parametrize(
    ("text", "newline"),
    [("", "\n"), ("a", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb\rc\n", "\r"), ("a\r\nb\n", "\n"), ("a\n\r\n\r", "\n")],
)
def test_dominant_newline(text: str, newline: str) -> None:
    assert dominant_newline(text) == newline
