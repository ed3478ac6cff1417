from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.markdown.bare import LONGEST, short_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("someone@a-very-long-name-of-a-host.of-a-department.example.org", None),
        ("https://docs.example.org/handbook/chapter-one/", "docs.example.org/handbook/chapter-one"),
        ("https://example.org/x?query=abcdefghijklmnopqrstuvwxyz0123456789", "example.org/x?…"),
        ("https://example.org/letters/2031/#a-heading-with-a-long-name-of-its-own", "example.org/letters/2031#…"),
        (
            "https://example.org/really/long/path/that/has/no/end/to/break",
            "example.org/…/that/has/no/end/to/break",
        ),
        (
            "https://example.org/2031/06/the-tide-tables-of-the-year-and-of-the-next.html",
            "example.org/…/the-tide-tables-of-the…",
        ),
        ("www.example.org/2031/06/the-tide-tables-of-the-year.html", "www.example.org/…/the-tide-tables-of…"),
        (
            "https://example.org/files/3f9c2b7a9d814c0e8a1b5d6e7f8091a2b3c4d5e6f708",
            "example.org/…/3f9c2b7a9d814c0e8a1b5d6e7…",
        ),
        ("https://a-name-of-a-host-that-is-longer-than-a-line.example.org/and/more", None),
        ("https://user:word@example.org/path/that/goes/on/and/on/to/its/very/end", None),
        (
            "https://fr.example.org/wiki/Biblioth%C3%A8que_de_la_mer_et_des_sables",
            "fr.example.org/…/Bibliothèque_de_la_mer…",
        ),
        ("https://example.org/%E6%BD%AE%E6%B1%90%E6%BD%AE%E6%B1%90%20%20%20%20%20%20%20%20%20", None),
    ],
)
def test_a_long_address_is_host_and_end(address: str, shown: str | None) -> None:
    found = short_address(address)
    if shown is not None:
        assert found == shown
    assert short_address(found) == found
    assert "word@" not in found


HOSTS = st.sampled_from(["example.org", "www.example.org", "bücher.example", "例え.テスト", "a" * 50 + ".example"])
NAMES = st.text(alphabet="ab-_.é\u0301漢%20", min_size=1, max_size=50).filter(lambda name: "%" not in name)
ESCAPED = st.text(alphabet="aé漢 😀", min_size=1, max_size=30).map(
    lambda text: "".join(one if one == "a" else "".join(f"%{byte:02X}" for byte in one.encode()) for one in text)
)


@given(HOSTS, st.lists(NAMES | ESCAPED, max_size=6), st.booleans())
def test_no_letter_is_parted_and_the_host_is_whole(host: str, folders: list[str], is_asked: bool) -> None:
    address = f"https://{host}/{'/'.join(folders)}{'?a=%C3%A9' * 9 if is_asked else ''}"
    shown = short_address(address)
    assert host in shown
    assert len(shown) <= max(LONGEST, len(host) + 20)
    # Each escape is whole, and all of a letter's escapes are there.
    assert re.search(r"%(?![0-9A-F]{2})", shown) is None
    assert "\ufffd" not in unquote(shown)
    folder, cut, _after = shown.partition("?")[0].rpartition("…")
    end = folder.rpartition("/")[2]
    assert not (cut and end) or any(unquote(one).startswith(unquote(end)) for one in folders)
