from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.audience.address import AddressFault, parse_cell
from newsletter_cli.audience.row import guarded, unguarded
from newsletter_cli.audience.words import is_header_safe, parse_boolean, parse_groups, parse_status
from newsletter_cli.model.subscriber import SubscriberStatus


@pytest.mark.parametrize(
    ("cell", "addresses", "names"),
    [
        ("lea@example.org", ["lea@example.org"], [""]),
        ("Léa Dupont <lea@example.org>", ["lea@example.org"], ["Léa Dupont"]),
        ('"Dupont, Léa" <lea@example.org>', ["lea@example.org"], ["Dupont, Léa"]),
        ("a@x.fr; b@y.fr", ["a@x.fr", "b@y.fr"], ["", ""]),
        ("a@x.fr,b@y.fr,", ["a@x.fr", "b@y.fr"], ["", ""]),
        ("a@x.fr b@y.fr", ["a@x.fr", "b@y.fr"], ["", ""]),
        ("a@x.fr\nb@y.fr", ["a@x.fr", "b@y.fr"], ["", ""]),
        ("a@x.fr / b@y.fr", ["a@x.fr", "b@y.fr"], ["", ""]),
        ("Dupont, Jean <j@x.fr>; Durand, Léa <l@y.fr>", ["j@x.fr", "l@y.fr"], ["Dupont, Jean", "Durand, Léa"]),
        ("lea@x.fr <lea@x.fr>", ["lea@x.fr"], [""]),
    ],
)
def test_cells_found_in_the_wild(cell: str, addresses: list[str], names: list[str]) -> None:
    written = parse_cell(cell)
    assert [one.address.text for one in written] == addresses
    assert [one.name for one in written] == names


@pytest.mark.parametrize(
    "cell",
    [
        "", "  ", "Léa", "lea@", "@x.fr", "lea@x", "write to lea@x.fr", "lea(at)x.fr", "a@x.fr or b@y.fr", "a@@x.fr",
        "a@x.fr\r\nBcc: b@y.fr", "Jean\nBcc: x <a@x.fr>", "a@x.fr\0", "x" * 10_000_000, "a@" * 20_000, "<a@x.fr",
        '"a b"@x.fr', "a@[127.0.0.1]", "lea@x.fr <jean@y.fr>",
    ],
)  # fmt: skip
def test_anything_else_is_refused_whole(cell: str) -> None:
    with pytest.raises(AddressFault):
        parse_cell(cell)


@given(st.text(alphabet="ab@.<>;, \n\"'éß/:\0", max_size=40))
def test_never_more_than_the_cell_says(cell: str) -> None:
    try:
        written = parse_cell(cell)
    except AddressFault:
        return
    for one in written:
        assert is_header_safe(one.name)
        assert one.address.text.rpartition("@")[0] in cell


@given(st.text(max_size=20))
def test_a_guarded_cell_comes_back_and_never_starts_a_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text or text.startswith("'")
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(guarded(text))) == guarded(text)


def test_words_for_status_yes_no_and_groups() -> None:
    assert parse_status("Désinscrit") is SubscriberStatus.UNSUBSCRIBED
    assert parse_status("Opt-out") is SubscriberStatus.UNSUBSCRIBED
    assert parse_status("what?") is None
    assert [parse_boolean(text) for text in ("Oui", "1.0", "TRUE", "✓", "non", "", "0", "maybe")] == [
        True, True, True, True, False, False, False, None,
    ]  # fmt: skip
    assert parse_groups(" proof;direction , proof;") == ("proof", "direction")
