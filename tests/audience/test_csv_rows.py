"""A list that lost rows on the way says so: no person goes missing because of a quotation mark."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.fault import refuse_faults
from newsletter_cli.audience.row import Tally
from newsletter_cli.base.errors import ListFaulty


def read(path: Path, content: str | bytes) -> tuple[list[str], Tally]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    tally = Tally()
    found = [one.address for one in CsvSource(path=path, name="list.csv").read(tally) if not one.fault]
    return found, tally


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def people(first: int, last: int, delimiter: str = ";") -> str:
    return "".join(f"u{number}@x.fr{delimiter}User {number}\n" for number in range(first, last))


@pytest.mark.parametrize(
    ("content", "row", "why"),
    [
        # Never closed; closed by the next mark far below; a file whose cells are all quoted; few people.
        ("email;name\n" + people(0, 4) + 'u4@x.fr;"Léa\n' + people(5, 60), 6, "swallows 55 rows"),
        ("email;name\n" + 'a@x.fr;"Léa\n' + people(5, 8) + 'b@x.fr;"Jo"\n' + people(8, 9), 2, "swallows"),
        ('"email";"name"\n"a@x.fr";"Léa\n"b@x.fr";"Jo"\n"c@x.fr";"Al"\n', 2, "swallows 1 row"),
        ('"name","email"\n"Léa","a@x.fr\n"Jo","b@x.fr"\n"Al","c@x.fr"\n', 2, "swallows 1 row"),
        ('name,email,note\n"Doe, Al",a@x.fr,"see\nJo,b@x.fr,\nIda,c@x.fr,old"\n', 2, "swallows 2 rows"),
        ('name,email\n"Léa,a@x.fr\nJo,b@x.fr\n', 2, "swallows 1 row"),
        ('email;name;town\na@x.fr;"Léa;Lyon\nb@x.fr;Jo\nc@x.fr\n', 2, "swallows 2 rows"),
        ('email;note\na@x.fr;"' + "word " * 30_000 + '\nb@x.fr;B\n', 2, "never closed"),
        # What a crash, an old Mac or a copy leaves.
        (b"email;name\na@x.fr;A\n" + bytes(40) + b"\nb@x.fr;B\n", 3, "NUL"),
        (b"email;name\na@x.fr;A\nb@x.fr;B\0\n", 3, "NUL"),
        ("email;name;status\na@x.fr;Le\ra;unsubscribed\nb@x.fr;B;\n", 2, "carriage return"),
        ("email;name\r\na@x.fr;A\r\nb@x.fr;B\rc@x.fr;C\r\n", 3, "carriage return"),
        ("email;name\n" + people(0, 9) + people(9, 12, ","), 11, "separates the columns"),
        ("email\tname\n" + people(0, 9, "\t") + people(9, 12, ";"), 11, "separates the columns"),
        ("email;name;unsubscribed\na@x.fr;A;no\nb@x.fr;B;no\nc@x.f", 4, "in the middle of a row"),
        ('email;name\na@x.fr;A\nb@x.fr;"Be', 3, "inside a quotation mark"),
    ],
)  # fmt: skip
def test_lost_rows_are_a_fault_of_the_list(path: Path, content: str | bytes, row: int, why: str) -> None:
    _found, tally = read(path, content)
    fault = tally.faults[0]
    assert (fault.rule, fault.row) == ("list-rows-lost", row)
    assert why in fault.message
    assert fault.hint
    with pytest.raises(ListFaulty, match=why) as caught:
        refuse_faults(tally.faults, list_name="list.csv")
    assert caught.value.place == f"list.csv:{row}"
    assert caught.value.exit_status == 1


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('email;note\na@x.fr;"two\nlines; of text"\nb@x.fr;"a\r\nb"\n', 2),
        ('email;note;town\na@x.fr;"see also:\nc@x.fr\nd@x.fr";Lyon\nb@x.fr;;\n', 2),
        ('email\n"a@x.fr\nb@x.fr\nc@x.fr"\nd@x.fr\n', 4),
        ('email;name\n"a@x.fr\nb@x.fr";Team\n', 2),
        ('"email";"note"\n"a@x.fr";"see\nc@x.fr;Cleo"\n"b@x.fr";""\n', 2),
        ('"name","email","note"\n"Doe, ""Al""","a@x.fr","see\nCleo,c@x.fr,\nnow"\n', 1),
        ('email;size\na@x.fr;5"\nb@x.fr;6"\n', 2),
        ('email;size\na@x.fr;5"\nb@x.fr;6', 2),
        ("email;name\ra@x.fr;A\rb@x.fr;B\r", 2),
        ("email;name\r\r\na@x.fr;A\r\r\nb@x.fr;B\r\r\n", 2),
        ("email;name\na@x.fr;A\nb@x.fr", 2),
        ("email;name\na@x.fr;A\nb@x.fr;B", 2),
        ("email;name;town\na@x.fr\nb@x.fr;B\nc@x.fr;C;Lyon\n", 3),
        ("email;name\na@x.fr;Dupont, A\nb@x.fr\n", 2),
    ],
)
def test_what_only_looks_like_it_is_no_fault(path: Path, content: str, found: int) -> None:
    addresses, tally = read(path, content)
    assert len(addresses) == found
    assert tally.faults == []


def test_a_row_that_ends_before_the_status_is_told(path: Path) -> None:
    _found, tally = read(path, "email;name;unsubscribed\na@x.fr;A\nb@x.fr;B;no\n")
    assert list(tally.assumed) == ["the row ends before the column that says who left"]


def test_a_short_last_row_without_its_line_end_is_told(path: Path) -> None:
    _found, tally = read(path, "email;name\na@x.fr;A\nb@x.fr;B\nc@x.f")
    assert any("is the file whole?" in note for note in tally.notes)


def test_a_thousand_faults_are_counted_and_twenty_told(path: Path) -> None:
    row = 'a@x.fr;"x\nb@x.fr;B"\n'
    _found, tally = read(path, "email;name\n" + row * 1000)
    assert (len(tally.faults), tally.more_faults) == (20, 980)
