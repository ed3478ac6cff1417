"""Conditional comments: what Word takes of a page."""

from __future__ import annotations

import pytest

from newsletter_cli.check.clients.conditional import holds, taken_by_word


@pytest.mark.parametrize(
    ("condition", "is_true"),
    [
        ("mso", True),
        ("!mso", False),
        ("mso | IE", True),
        ("IE", False),
        ("gte mso 9", True),
        ("lte mso 11", False),
        ("(gte mso 9)|(IE)", True),
        ("(gte mso 9)&(!vml)", False),
        ("!IE", True),
        ("mso 16", True),
        ("something else", False),
    ],
)
def test_conditions(condition: str, is_true: bool) -> None:
    assert holds(condition) is is_true


def test_what_is_for_word_comes_in_and_what_is_hidden_from_it_goes() -> None:
    page = (
        "<!--[if mso | IE]><table><tr><td><![endif]--><p>all</p><!--[if mso | IE]></td></tr></table><![endif]-->"
        "<!--[if !mso]><!--><b>others</b><!--<![endif]--><!--[if lte mso 11]><i>old</i><![endif]-->"
        "<![if !mso]><u>others</u><![endif]><!-- a comment -->"
    )
    assert taken_by_word(page) == "<table><tr><td><p>all</p></td></tr></table><!-- a comment -->"
