"""Patterns with fields, and what fills them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.deliver.message.fields import (
    LONGEST_VALUE,
    PersonalLineFault,
    PersonalText,
    Unfillable,
    parse_pattern,
    values_for,
)

ALLOWED = ("first_name", "name", "Service", "subject")


def filled(text: str, **values: str) -> str:
    return parse_pattern(text, allowed=ALLOWED).fill(values, {"first_name": "everybody", "Service": ""})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bonjour {first_name},", "Bonjour Ada,"),
        ("{ first_name }", "Ada"),
        ("{First name}{first_name}", "AdaAda"),
        ("{{first_name}} {{{first_name}}} }}", "{first_name} {Ada} }"),
        ("100 %", "100 %"),
        ("", ""),
    ],
)
def test_a_pattern_is_filled(text: str, said: str) -> None:
    assert filled(text, first_name=" Ada ") == said


@given(text=st.text(max_size=80))
def test_text_without_braces_is_itself_and_doubled_braces_are_braces(text: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert parse_pattern(doubled, allowed=()) == PersonalText(texts=(text,), names=())
    assert parse_pattern(doubled, allowed=()).fill({}, {}) == text


@given(text=st.text("ab{} _", max_size=20))
def test_any_text_is_a_pattern_or_a_fault(text: str) -> None:
    try:
        pattern = parse_pattern(text, allowed=["a", "b"])
    except PersonalLineFault:
        return
    assert len(pattern.texts) == len(pattern.names) + 1
    assert set(pattern.names) <= {"a", "b"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {firstname}", "“firstname” does not exist; did you mean “first_name”"),
        ("Hello {0.__class__}", "the fields are: first_name, name"),
        ("Hello {}", "“” does not exist"),
        ("Hello {name", "at character 7 has no other half"),
        ("Hello name}", "at character 11 has no other half"),
        ("Hello {na{me}", "at character 7 "),
    ],
)
def test_a_fault_names_what_is_wrong_and_the_nearest_field(text: str, said: str) -> None:
    with pytest.raises(PersonalLineFault, match=re.escape(said)):
        parse_pattern(text, allowed=ALLOWED)


def test_an_empty_value_takes_its_fallback() -> None:
    assert filled("Hello {first_name}") == "Hello everybody"
    assert filled("Hello {first_name}", first_name=" \u00a0") == "Hello everybody"
    # What a spreadsheet leaves behind: zero-width characters, a soft hyphen, a Hangul filler.
    for nothing in ("\u200b", "\u2060 \u200e", "\u00ad", "\u3164"):
        assert filled("Hello {first_name}", first_name=nothing) == "Hello everybody"
    # No words are words, too, where somebody chose them.
    assert filled("Hello{Service}") == "Hello"


@pytest.mark.parametrize("value", ["", "Ada\r\nBcc: x@example.org", "a\0", "a\u2028b", "\ud800", "a\x85", "x" * 201])
def test_what_cannot_be_filled_names_the_field_and_nothing_of_the_person(value: str) -> None:
    pattern = parse_pattern("Hello {name}", allowed=ALLOWED)
    with pytest.raises(Unfillable, match="“name”") as caught:
        pattern.fill({"name": value, "first_name": "Ada"}, {"name": None})
    assert "Ada" not in str(caught.value)
    assert not value or value not in str(caught.value)


def test_a_fallback_is_looked_at_like_a_value() -> None:
    pattern = parse_pattern("Hello {name}", allowed=ALLOWED)
    for fallback in ("a\nb", "x" * (LONGEST_VALUE + 1)):
        with pytest.raises(Unfillable):
            pattern.fill({}, {"name": fallback})


def test_a_text_is_bound_once_for_everybody() -> None:
    pattern = parse_pattern("{first_name}: {subject} / {subject}", allowed=ALLOWED).bind("subject", "Tides {name}")
    assert pattern == PersonalText(texts=("", ": Tides {name} / Tides {name}"), names=("first_name",))
    assert pattern.bind("first_name", "Ada") == PersonalText(texts=("Ada: Tides {name} / Tides {name}",), names=())


@pytest.mark.parametrize(
    ("field", "attributes", "value"),
    [
        ("first_name", {"Prénom": "Ada"}, "Ada"),
        ("prenom", {"First name": "Ada"}, "Ada"),
        ("Prénom", {"first_name": "Ada"}, "Ada"),
        ("first_name", {"Given name": "Ada", "Nom": "Byron"}, "Ada"),
        ("first_name", {"Prénom": " ", "Given name": "Ada"}, "Ada"),
        ("first_name", {"Prénom": "Ada", "first_name": "Augusta"}, "Augusta"),
        ("last_name", {"NOM": "Byron"}, "Byron"),
        ("nom de famille", {"Surname": "Byron"}, "Byron"),
        ("service", {"Sérvice": "Engines"}, "Engines"),
        ("name", {"Prénom": "Ada"}, "Ada Lovelace"),
        ("Name", {}, "Ada Lovelace"),
        # Never guessed from the whole name.
        ("first_name", {}, None),
        ("last_name", {"Service": "Engines"}, None),
        ("service", {"Service": ""}, None),
    ],
)
def test_values_are_found_in_the_columns_of_a_list(field: str, attributes: dict[str, str], value: str | None) -> None:
    found = values_for([field], "Ada Lovelace", attributes)
    assert found == ({} if value is None else {field: value})


def test_only_what_is_needed_is_taken() -> None:
    assert values_for(["Service"], "Ada", {"Service": "Engines", "Telephone": "1"}) == {"Service": "Engines"}
    assert values_for([], "Ada", {"Service": "Engines"}) == {}
