"""The language that a fence names."""

from __future__ import annotations

from newsletter_cli.markdown.fences import COMMON, known_languages


def test_what_is_taken_for_known_is_known_to_pygments() -> None:
    assert known_languages() >= COMMON
