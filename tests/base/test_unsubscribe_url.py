"""One person's own link to leave the list."""

from __future__ import annotations

import pytest

from newsletter_cli.base.tokens import personal_unsubscribe_url


@pytest.mark.parametrize(
    ("common", "own"),
    [
        ("https://example.org/bye", "https://example.org/bye?u=k3y"),
        ("https://example.org/bye?a=1&b#form", "https://example.org/bye?a=1&b&u=k3y#form"),
        ("mailto:bye@example.org", "mailto:bye@example.org?subject=unsubscribe%20k3y"),
        ("mailto:bye@example.org?subject=D%C3%A9part", "mailto:bye@example.org?subject=D%C3%A9part%20k3y"),
        ("Mailto:bye@example.org?body=x&Subject=Bye&cc=a", "Mailto:bye@example.org?body=x&Subject=Bye%20k3y&cc=a"),
        ("mailto:subject=1@example.org?body=x", "mailto:subject=1@example.org?body=x&subject=unsubscribe%20k3y"),
    ],
)
def test_the_token_is_added(common: str, own: str) -> None:
    assert personal_unsubscribe_url(common, "k3y") == own
