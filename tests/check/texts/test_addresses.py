"""Addresses as the rules compare them: what only tracks goes, what leads to one page is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.check.texts.addresses import address_key
from newsletter_cli.check.texts.tracking import strip_tracking
from tests.examples import examples


class TestTracking:
    @examples(30)
    @given(st.lists(st.sampled_from(["a=1", "utm_source=x", "b=%C3%A9", "fbclid=1", "c", "", "gclid"]), max_size=5))
    def test_the_rest_of_the_address_keeps_its_bytes(self, pairs: list[str]) -> None:
        address = "https://example.org/p?" + "&".join(pairs) + "#part"
        stripped = strip_tracking(address)
        kept = [pair for pair in pairs if pair.partition("=")[0] not in ("utm_source", "fbclid", "gclid")]
        if len(kept) == len(pairs):
            assert stripped.address == address
            assert stripped.names == ()
        else:
            query = "&".join(kept)
            assert stripped.address == "https://example.org/p" + (f"?{query}" if query else "") + "#part"

    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("https://example.org/?UTM_Source=a", "https://example.org/"),
            ("https://example.org/a#xtor=RSS-1", "https://example.org/a"),
            ("https://example.org/a?x=1#utm_source=b", "https://example.org/a?x=1"),
            ("https://youtu.be/abc?si=xyz&t=30", "https://youtu.be/abc?t=30"),
            ("https://example.org/?si=xyz", "https://example.org/?si=xyz"),
            ("https://example.org/?tracking=parcel", "https://example.org/?tracking=parcel"),
            ("https://example.org/?idOrigine=5&tracking=1&a=b", "https://example.org/?a=b"),
            ("https://example.org/?", "https://example.org/?"),
            ("https://notyoutu.be/abc?si=xyz", "https://notyoutu.be/abc?si=xyz"),
        ],
    )
    def test_parameters(self, address: str, expected: str) -> None:
        assert strip_tracking(address).address == expected


class TestAddressKey:
    @pytest.mark.parametrize(
        "other",
        [
            "http://example.org/a",
            "https://www.example.org/a/",
            "https://EXAMPLE.org/a?utm_source=x",
            "https://example.org/%61",
            "https://example.org/a#",
        ],
    )
    def test_one_page(self, other: str) -> None:
        assert address_key(other) == address_key("https://example.org/a")

    @pytest.mark.parametrize("other", ["https://example.org/A", "https://example.org/a?b=1", "https://example.org/a#b"])
    def test_another_page(self, other: str) -> None:
        assert address_key(other) != address_key("https://example.org/a")

    def test_a_host_beyond_ascii_and_an_address_that_is_none(self) -> None:
        assert address_key("https://xn--mare-dpa.example/a") == address_key("https://marée.example/a")
        assert address_key("http://[") == "http://["
