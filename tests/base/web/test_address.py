"""Addresses as a browser reads them: one form for each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.web.address import is_within, parse_address


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://www.site.fr", "https://www.site.fr/"),
        ("HTTPS://WWW.Site.FR/A", "https://www.site.fr/A"),
        ("https://www.site.fr:443/", "https://www.site.fr/"),
        ("http://www.site.fr:443/", "http://www.site.fr:443/"),
        ("https://www.site.fr./", "https://www.site.fr/"),
        ("https://café.site.fr/", "https://xn--caf-dma.site.fr/"),
        ("https://Straße.de/", "https://xn--strae-oqa.de/"),
        ("https://www.site.fr/été?q=à#où", "https://www.site.fr/%C3%A9t%C3%A9?q=%C3%A0#o%C3%B9"),
        ("https://www.site.fr/%C3%A9t%c3%a9", "https://www.site.fr/%C3%A9t%c3%a9"),
        ("https://www.site.fr/a b", "https://www.site.fr/a%20b"),
        ("https://www.site.fr/a_(b),c;d=e?x={y}&z=[1]", "https://www.site.fr/a_(b),c;d=e?x=%7By%7D&z=[1]"),
        ("https://www.site.fr\\@other.fr/", "https://www.site.fr/@other.fr/"),
        ("https:\\\\www.site.fr\\x", "https://www.site.fr/x"),
        ("https:/www.site.fr/x", "https://www.site.fr/x"),
        ("ht\ntps://www.si\tte.fr/x", "https://www.site.fr/x"),
        ("https://www.site.fr?x", "https://www.site.fr/?x"),
        ("https://[2001:DB8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
        ("https://you:secret@www.site.fr/x", "https://you:secret@www.site.fr/x"),
    ],
)
def test_one_form(typed: str, url: str) -> None:
    assert parse_address(typed).url == url


@pytest.mark.parametrize(
    "typed",
    ["https://", "https:", "http://#x", "http://a:b/", "http://a:0/", "http://a b/", "http://[x/", "http://a%00b/"],
)
def test_no_browser_opens_these(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_address(typed)


@given(st.text(max_size=40))
def test_any_text_gives_an_address_in_ascii_or_none(text: str) -> None:
    try:
        address = parse_address(f"https://{text}")
    except ValueError:
        return
    assert address.url.isascii()
    assert not any(sign in address.url for sign in ' "<>\n')
    assert parse_address(address.url) == address


def test_page_is_the_address_without_its_fragment() -> None:
    assert parse_address("https://a.fr/b?c#d").page == "https://a.fr/b?c"


def test_within() -> None:
    domains = frozenset(("x.com",))
    assert is_within("x.com", domains)
    assert is_within("www.x.com", domains)
    assert not is_within("netflix.com", domains)
    assert not is_within("com", domains)
