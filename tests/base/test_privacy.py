"""Texts without anybody's address."""

from __future__ import annotations

import pytest

from newsletter_cli.base.privacy import without_addresses


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("550 5.1.1 <ann@example.org>: unknown", "550 5.1.1 <…>: unknown"),
        ("user ann.o'neil@example.org is unknown", "user … is unknown"),
        ("to=ann@example.org, relay", "…, relay"),
        ('"ann lee"@example.org was refused', "… was refused"),
        ("ann@[192.0.2.1] was refused", "… was refused"),
        ("x=y@example.org", "…"),
        ("rené@bücher.example.org", "…"),
        ("(ann@example.org)(ben@example.org)", "(…)(…)"),
        ("5.7.1 see https://example.org/a?b", "5.7.1 see https://example.org/a?b"),
        ("at 10:00 @ home", "at 10:00 @ home"),
    ],
)
def test_addresses_go_and_words_stay(text: str, kept: str) -> None:
    assert without_addresses(text) == kept
