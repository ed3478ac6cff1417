"""Words as messages show them: on one line, none cut in an address, no sign that stands for mark-up."""

from __future__ import annotations

import pytest

from newsletter_cli.check.texts.wording import around, shorten


def test_signs_that_stand_for_mark_up_are_not_shown() -> None:
    assert shorten("**The gauge**\ufffc\ufffc\ufffc is\n back") == "**The gauge** is back"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Take `pip and [the gauge](https://example.org/gauge)", "Take `pip and [the"),
        ("It is l` hour", "It is l` hour"),
        ("Read https://example.org/a ` then", "` then"),
        ("one\ntwo ` three\nfour", "two ` three"),
        ("`", "`"),
    ],
)
def test_the_words_beside_a_sign_are_whole(text: str, shown: str) -> None:
    at = text.index("`")
    assert around(text, at, at + 1) == shown
