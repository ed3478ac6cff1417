"""The key of the endpoint as text: whole, cut, another's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.endpoint_key import (
    PREFIX,
    KeyFault,
    endpoint_address,
    format_key,
    key_id,
    make_key,
    parse_key,
    parse_keys,
)

SECRET = b"s" * 32
KEY = make_key([SECRET, b"t" * 32], newsletter=key_id(SECRET), name="L’été", language="fr", contact="a@example.org")


@given(st.text(), st.text(max_size=10), st.lists(st.binary(min_size=32, max_size=64), min_size=1, max_size=3))
def test_a_key_comes_back_from_its_text(name: str, language: str, secrets: list[bytes]) -> None:
    try:
        name.encode()
        language.encode()
    except UnicodeEncodeError:
        return
    key = make_key(secrets, newsletter=key_id(secrets[-1]), name=name, language=language)
    text = format_key(key)
    assert text.isascii()
    assert len(text.split()) == 1
    assert parse_key(f' "{text}"\n') == key


@given(st.integers(min_value=0, max_value=len(format_key(KEY)) - 1))
def test_a_cut_key_is_told_from_a_whole_one(length: int) -> None:
    with pytest.raises(KeyFault):
        parse_key(format_key(KEY)[:length])


def test_a_key_says_nothing_of_its_secret() -> None:
    import base64

    text = format_key(KEY)
    raw = base64.urlsafe_b64decode(text.removeprefix(PREFIX) + "==")
    for form in (SECRET, SECRET.hex().encode(), base64.b64encode(SECRET)):
        assert form not in raw


def test_what_is_wrong_with_a_key_is_told() -> None:
    with pytest.raises(KeyFault) as newer:
        parse_key("nl-key-2.abc")
    assert newer.value.is_newer
    with pytest.raises(KeyFault) as cut:
        parse_key(format_key(KEY)[:-1])
    assert cut.value.is_cut
    with pytest.raises(KeyFault) as other:
        parse_key("hunter2")
    assert not other.value.is_cut
    assert not other.value.is_newer


def test_several_keys_are_one_text() -> None:
    other = make_key([b"u" * 32], newsletter="0" * 16, name="Other", language="en")
    text = f"# two newsletters\n{format_key(KEY)},\n\n{format_key(other)}\n"
    assert parse_keys(text) == (KEY, other)
    for wrong in ("", "# nothing", f"{format_key(KEY)} {format_key(KEY)}"):
        with pytest.raises(KeyFault):
            parse_keys(wrong)


def test_a_hash_of_an_address_needs_the_key() -> None:
    part, other = KEY.parts
    assert part.person_hash("lea@example.org") != other.person_hash("lea@example.org")
    assert len(part.person_hash("lea@example.org")) == 64
    with pytest.raises(ValueError, match="32"):
        make_key([b"short"], newsletter="", name="", language="")


def test_addresses_of_the_endpoint_have_one_slash() -> None:
    for url in ("https://example.org/lettre", "https://example.org/lettre/"):
        assert endpoint_address(url, "/unsubscribe") == "https://example.org/lettre/unsubscribe"
