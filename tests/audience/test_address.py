from __future__ import annotations

import contextlib
import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter_cli.audience.address import AddressFault, clean_address, compared_local, parse_address

LOCALS = st.text(alphabet="abcXYZ019._+-'é\u0301ßﬁ\"@ ,", max_size=70)
DOMAINS = st.text(alphabet="abcXYZ09.-éＥ_ ", max_size=40).map(lambda text: text + ".org")


@given(local=LOCALS, domain=DOMAINS)
@example(local="a" * 64, domain="x.org")
@example(local="a" * 65, domain="x.org")
@example(local="a", domain="b" * 63 + ".org")
@example(local="a", domain="b" * 64 + ".org")
@example(local="a" * 64, domain=".".join(["b" * 62] * 3) + ".org")
def test_accepts_what_email_validator_accepts_and_nothing_else(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    try:
        expected = validate_email(text, check_deliverability=False, test_environment=True)
        # What it lets pass without `strict`, and no mail server takes (RFC 5321 §4.5.3.1.1): octets are counted.
        if len(unicodedata.normalize("NFC", local).encode()) > 64:
            raise EmailNotValidError("too long")
    except EmailNotValidError:
        with pytest.raises(AddressFault):
            parse_address(text)
        return
    parsed = parse_address(text)
    assert parsed.domain == expected.ascii_domain.lower()
    assert parsed.text.rpartition("@")[0] == unicodedata.normalize("NFC", local)
    assert parsed.text.rpartition("@")[2].isascii()


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_fault(text: str) -> None:
    with contextlib.suppress(AddressFault):
        parsed = parse_address(text)
        assert parsed.text.count("@") >= 1
        assert "\n" not in parsed.text


@given(st.text(max_size=30))
def test_comparing_twice_is_comparing_once(local: str) -> None:
    assert compared_local(compared_local(local)) == compared_local(local)


@given(st.text(alphabet="abcéÉßİıſﬁÅ\u030a", min_size=1, max_size=12))
def test_case_and_unicode_form_make_no_difference(local: str) -> None:
    for form in ("NFC", "NFD", "NFKC"):
        assert compared_local(unicodedata.normalize(form, local)) == compared_local(local)
    assert compared_local(local.casefold()) == compared_local(local)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lea@Example.ORG", "lea@example.org"),
        ("lea@exämple.fr", "lea@XN--exmple-cua.fr"),
        ("\u00e9a@example.org", "e\u0301a@example.org"),
        ("lea@ｅxample.org", "lea@example.org"),
    ],
)
def test_one_person_written_in_two_ways(one: str, other: str) -> None:
    assert parse_address(one).key == parse_address(other).key


def test_a_lookalike_domain_shows_its_ascii_form() -> None:
    assert parse_address("a@аpple.com").text == "a@xn--pple-43d.com"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (" lea@example.org\u00a0", "lea@example.org"),
        ("mailto:lea@example.org", "lea@example.org"),
        ("<lea@example.org>", "lea@example.org"),
        ("'lea@example.org'", "lea@example.org"),
        ("lea@example.org.", "lea@example.org"),
        ("lea@example.org;", "lea@example.org"),
        ("\ufefflea@exam\u200bple.org", "lea@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
    ],
)
def test_only_wrapping_is_taken_away(text: str, bare: str) -> None:
    assert clean_address(text)[0] == bare


def test_a_fault_does_not_repeat_the_address() -> None:
    with pytest.raises(AddressFault) as caught:
        parse_address("secret.person@example..org")
    assert "secret" not in str(caught.value)
