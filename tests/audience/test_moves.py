"""A change of address: consent and groups stay, and whichever address a file or a mail has, it is the same person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter_cli.audience.address import parse_address
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.membership import add_subscriber, change_address, parse_one_address, unsubscribe
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.rights import export_person, forget_person
from newsletter_cli.audience.store import KEY_FILE, Store, open_store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import AddressNotMoved, ListError
from tests.audience.test_importing import people, take_in
from tests.audience.test_keeping_its_word import add, reason_of

NOW = datetime(2027, 1, 1, 10, tzinfo=UTC)
OLD, NEW = "lea@old.example.org", "Léa.S@example.org"
KEY = parse_address(NEW).key


@pytest.fixture
def moved(store: Store) -> Store:
    """Léa, who moved from OLD to NEW, and Ben."""
    add_subscriber(
        store, parse_one_address(OLD)[0], name="Léa", groups=("proof",), attributes={"ville": "Paris"},
        consent_how="form", consent_at="2026-01-01", is_confirmed=True, now=NOW,
    )  # fmt: skip
    add(store, "ben@example.org")
    change_address(store, OLD, parse_address(NEW), now=NOW)
    return store


def test_all_that_is_known_stays(moved: Store) -> None:
    known = ManagedList(moved).find(KEY)
    assert known is not None
    assert (known.address, known.name, known.groups, known.consent.how) == (NEW, "Léa", ("proof",), "form")
    assert known.attributes == {"ville": "Paris"}
    assert ManagedList(moved).find(OLD) is None
    assert export_person(moved, KEY)["address_changes"] == ["2027-01-01T10:00:00Z"]


@pytest.mark.parametrize("old", [OLD, "LEA@Old.Example.org", '"Léa S" <lea@old.example.org>'])
def test_a_file_with_the_old_address_adds_nobody(moved: Store, tmp_path: Path, old: str) -> None:
    done = take_in(moved, tmp_path / "l.csv", f"email;tel\n{old};0123\nben@example.org;\n")
    assert sorted(people(moved)) == sorted([NEW, "ben@example.org"])
    known = ManagedList(moved).find(KEY)
    assert known is not None
    assert known.attributes["tel"] == "0123"
    assert any("has another address since" in note for note in done.assumed)


def test_a_file_that_says_they_left_says_so_of_the_new_address(moved: Store, tmp_path: Path) -> None:
    take_in(moved, tmp_path / "l.csv", f"email;status\n{OLD};unsubscribed\n")
    assert people(moved)[NEW] == "unsubscribed"


@pytest.mark.parametrize("leaving", [OLD, KEY])
def test_whoever_leaves_leaves_with_both_addresses_and_comes_back_with_both(moved: Store, leaving: str) -> None:
    assert unsubscribe(moved, [leaving], now=NOW) == 1
    assert people(moved)[NEW] == "unsubscribed"
    assert (reason_of(moved, OLD), reason_of(moved, KEY)) == ("unsubscribed", "unsubscribed")
    add(moved, NEW, consent="mail")
    assert (reason_of(moved, OLD), reason_of(moved, KEY)) == (None, None)
    assert len(Suppression(moved).readmissions(KEY)) == 1


def test_an_exported_suppression_of_the_old_address_holds_for_the_new_one(moved: Store) -> None:
    lines = [Suppression(moved).hash_of(OLD).hex() + ",complained,2027-02-01"]
    with moved.transaction():
        assert Suppression(moved).import_lines(lines, name="s.csv", now="") == (1, 0)
    assert reason_of(moved, KEY) == "complained"


def test_whoever_is_erased_is_so_at_both_addresses(moved: Store, tmp_path: Path) -> None:
    forget_person(moved, KEY, now=NOW)
    assert (reason_of(moved, OLD), reason_of(moved, KEY)) == ("erased", "erased")
    assert not Moves(moved).has_any()
    take_in(moved, tmp_path / "l.csv", f"email\n{OLD}\n{NEW}\n")
    assert list(people(moved)) == ["ben@example.org"]


def test_on_and_back(moved: Store) -> None:
    change_address(moved, KEY, parse_address("lea@third.example.org"), now=NOW)
    assert {Moves(moved).current(key) for key in (OLD, KEY)} == {"lea@third.example.org"}
    change_address(moved, "lea@third.example.org", parse_address(OLD), now=NOW)
    assert {Moves(moved).current(key) for key in (OLD, KEY, "lea@third.example.org")} == {OLD}
    unsubscribe(moved, [KEY], now=NOW)
    assert people(moved)[OLD] == "unsubscribed"


def test_only_another_spelling(moved: Store) -> None:
    change_address(moved, "ben@example.org", parse_address("Ben@example.org"), now=NOW)
    assert "Ben@example.org" in people(moved)
    assert Moves(moved).current("ben@example.org") == "ben@example.org"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("nobody@example.org", "x@example.org", "nobody on the list has the first"),
        (OLD, "x@example.org", "nobody on the list has the first"),
        ("ben@example.org", NEW, "on the list already"),
        ("ben@example.org", OLD, "was somebody else"),
        ("ben@example.org", "ben@example.org", "have already"),
        ("ben@example.org", "gone@example.org", "must not be written to"),
        ("left@example.org", "x@example.org", "they have left"),
    ],
)
def test_what_cannot_be(moved: Store, old: str, new: str, why: str) -> None:
    add(moved, "left@example.org")
    unsubscribe(moved, ["gone@example.org", "left@example.org"], now=NOW)
    before = people(moved)
    with pytest.raises(AddressNotMoved, match=why) as caught:
        change_address(moved, old, parse_address(new), now=NOW)
    assert caught.value.exit_status == 1
    assert "@" not in caught.value.message
    assert people(moved) == before


def test_the_old_address_is_not_added_anew(moved: Store) -> None:
    with pytest.raises(ListError, match="has another one by now"):
        add(moved, OLD, consent="form")


def test_without_the_key_nobody_would_be_known_again(moved: Store) -> None:
    folder = moved.folder
    moved.connection.close()
    (folder / KEY_FILE).unlink()
    with open_store(folder) as opened, pytest.raises(ListError, match="the key is gone"):
        Moves(opened).current(OLD)
