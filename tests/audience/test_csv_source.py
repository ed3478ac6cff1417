"""Every CSV met in the wild, and every one meant to hurt."""

from __future__ import annotations

import contextlib
import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.row import Candidate, Tally
from newsletter_cli.base.errors import ListError
from newsletter_cli.config.list_settings import ListColumnSettings
from tests.examples import examples


def read(path: Path, content: str | bytes, encoding: str = "utf-8", **options: object) -> tuple[list[Candidate], Tally]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    tally = Tally()
    source = CsvSource(path=path, name=path.name, **options)  # type: ignore[arg-type]
    candidates = list(source.read(tally))
    assert len(candidates) == tally.candidates
    return candidates, tally


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


PEOPLE = "Prénom;Nom;Adresse mél\r\nLéa;Dupont;lea@example.org\r\nJosé;Œuvré;jose@example.org\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"], ids=str
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_encoding_delimiter_and_line_end(path: Path, encoding: str, delimiter: str, line_end: str) -> None:
    candidates, _tally = read(path, PEOPLE.replace(";", delimiter).replace("\r\n", line_end), encoding)
    assert [(one.row, one.address, one.name) for one in candidates] == [
        (2, "lea@example.org", "Léa Dupont"),
        (3, "jose@example.org", "José Œuvré"),
    ]


def test_a_stray_byte_in_utf_8_spoils_one_letter_only(path: Path) -> None:
    content = "email;nom\na@x.fr;Étienne\nb@x.fr;Zoé\nc@x.fr;Anaïs\n".encode() + "d@x.fr;Chloé\n".encode("cp1252")
    candidates, tally = read(path, content)
    assert [one.name for one in candidates] == ["Étienne", "Zoé", "Anaïs", "Chloé"]
    assert any("stray" in note for note in tally.notes)


def test_the_accent_that_decides_may_stand_last(path: Path) -> None:
    content = "email;nom\n" + "".join(f"u{n}@x.fr;Plain\n" for n in range(100_000)) + "z@x.fr;Zoé\n"
    candidates, _tally = read(path, content, "cp1252")
    assert candidates[-1].name == "Zoé"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("lea@x.fr\njean@x.fr\n", ["lea@x.fr", "jean@x.fr"]),
        ("Léa;lea@x.fr\nJean;jean@x.fr\n", ["lea@x.fr", "jean@x.fr"]),
        ("sep=;\nemail;name\nlea@x.fr;Léa\n", ["lea@x.fr"]),
        ("\n;;\nemail;name\n\nlea@x.fr;Léa\n;;\n\n", ["lea@x.fr"]),
        ("Contact;Ville\nlea@x.fr;Paris\njean@x.fr;Lyon\n", ["lea@x.fr", "jean@x.fr"]),
        ('"email","name"\n"lea@x.fr","Dupont, Léa"\n', ["lea@x.fr"]),
        ("email\nDupont, Jean <j@x.fr>\nDurand, Léa <l@x.fr>\n", ["j@x.fr", "l@x.fr"]),
        ('email;note\nlea@x.fr;"two\nlines, with a comma"\njean@x.fr;"say ""hi"""\n', ["lea@x.fr", "jean@x.fr"]),
        ('name;email\nLéa;"a@x.fr, b@y.fr"\n', ["a@x.fr", "b@y.fr"]),
        ("email;name\nlea@x.fr\n", ["lea@x.fr"]),
        ("email;name\nlea@x.fr;Léa;;;\n", ["lea@x.fr"]),
    ],
)
def test_shapes_found_in_the_wild(path: Path, content: str, expected: list[str]) -> None:
    candidates, _tally = read(path, content)
    assert [one.address for one in candidates if not one.fault] == expected


def test_what_was_assumed_is_said(path: Path) -> None:
    _candidates, tally = read(path, PEOPLE, "cp1252")
    said = "\n".join(tally.notes)
    assert "Windows-1252" in said
    assert "“;”" in said
    assert "Adresse mél" in said


def test_rows_are_numbered_as_a_spreadsheet_does(path: Path) -> None:
    candidates, tally = read(path, 'email;note\na@x.fr;"x\ny\nz"\n;\nb@x.fr;\nbad;\n')
    assert [(one.row, bool(one.fault)) for one in candidates] == [(2, False), (4, False), (5, True)]
    assert (tally.rows, tally.blank_rows) == (3, 1)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("x@x.fr;" + "n" * 10_000_000, "far too long"),
        ('x@x.fr;"' + "line\n" * 400_000 + '"', "far too long"),
        ('x@x.fr;"' + "victim@x.fr;name\n" * 100_000 + '"', "far too long"),
        ("x@x.fr;Jean\0", "control"),
        ('x@x.fr;"Jean\r\nBcc: victim@x.fr"', "line break"),
        ("x@x.fr\0;Jean", "control"),
        ('"x@x.fr\r\nBcc: victim@x.fr";Jean', "beside the address"),
        ("x@x.fr;" + "n" * 400, "400 characters"),
        ("=cmd|'/c calc'!A1;Jean", "no @"),
        ("x@x.fr;Dupont;Jean", "3 cells"),
        ("x@x..fr;Jean", "two dots"),
        (";Jean", "no address"),
    ],
    ids=lambda value: value[:20].strip() if len(value) < 60 else "",
)
def test_a_hostile_row_is_refused_alone(path: Path, row: str, why: str) -> None:
    candidates, _tally = read(path, f"email;name\na@x.fr;A\n{row}\nb@x.fr;B\n")
    assert [one.address for one in candidates if not one.fault] == ["a@x.fr", "b@x.fr"]
    (refused,) = (one for one in candidates if one.fault)
    assert refused.row == 3
    assert why in refused.fault
    assert "victim" not in refused.fault


def test_a_quotation_mark_never_closed_is_named_and_swallows_nobody_silently(path: Path) -> None:
    content = 'name;email\n"A;a@x.fr\nB;b@x.fr\nC;c@x.fr\n"D";d@x.fr\nE;e@x.fr\n'
    candidates, _tally = read(path, content)
    (refused,) = (one for one in candidates if one.fault)
    assert refused.row == 2
    assert "swallows 3 rows" in refused.fault or "swallows 2 rows" in refused.fault
    assert candidates[-1].address == "e@x.fr"


def test_a_quotation_mark_open_to_the_end_of_a_long_file(path: Path) -> None:
    content = 'name;email\nA;a@x.fr\n"B;b@x.fr\n' + "".join(f"N{n};n{n}@x.fr\n" for n in range(30_000))
    candidates, _tally = read(path, content)
    assert [one.address for one in candidates if not one.fault] == ["a@x.fr"]
    assert "30001 lines" in next(one.fault for one in candidates if one.fault)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04rest", "xlsx"),
        (b"name;town\nLea;Paris\n", "no column"),
        (b"mail1;mail2\na@x.fr;b@x.fr\nc@x.fr;d@x.fr\n", "no column"),
    ],
)
def test_a_file_that_is_no_list_is_an_error(path: Path, content: bytes, why: str) -> None:
    with pytest.raises(ListError, match=why) as caught:
        read(path, content)
    assert caught.value.hint
    assert "@" not in caught.value.message


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="no such file"):
        list(CsvSource(path=tmp_path / "absent.csv", name="absent.csv").read(Tally()))


def test_columns_named_by_the_configuration(path: Path) -> None:
    content = "id;contact pro;contact perso;Supprimez_mon_compte\n1;a@x.fr;b@y.fr;false\n2;c@x.fr;d@y.fr;true\n"
    names = ListColumnSettings(address="Contact perso")
    candidates, _tally = read(path, content, columns=names)
    assert [(one.address, str(one.status)) for one in candidates] == [
        ("b@y.fr", "confirmed"),
        ("d@y.fr", "unsubscribed"),
    ]
    with pytest.raises(ListError, match="no column “mail”"):
        read(path, content, columns=ListColumnSettings(address="mail"))


def test_status_words_that_mean_nothing_exclude(path: Path) -> None:
    candidates, _tally = read(
        path, "email;statut;desinscrit\na@x.fr;??;\nb@x.fr;inscrit;peut-être\nc@x.fr;inscrite;non\n"
    )
    assert [bool(one.fault) for one in candidates] == [True, True, False]


def test_other_columns_are_attributes(path: Path) -> None:
    candidates, _tally = read(
        path, "email;ville;groupes;date d'inscription\na@x.fr;Paris;proof, direction;2024-01-02\n"
    )
    assert candidates[0].attributes == {"ville": "Paris"}
    assert candidates[0].groups == ("proof", "direction")
    assert candidates[0].consent is not None
    assert candidates[0].consent.at == "2024-01-02"


CELLS = st.text(alphabet="abé \"';,\n\t@.<>=0", max_size=12)


@examples(25)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8), seed=st.integers(0, 3))
# What would be a row, were it not in a note of a file whose cells are all quoted.
@example(rows=[("", "\n0@0,")], seed=1)
@example(rows=[("", "see\nben@example.org;Ben"), ("", "\n=0")], seed=0)
def test_any_table_well_written_gives_back_its_addresses(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], seed: int
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";,\t|"[seed], lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["email", "remarks"])
    good = [f"person{number}@example.org" for number in range(len(rows) + 1)]
    random.Random(seed).shuffle(good)
    for address, (_first, second) in zip(good, [("", ""), *rows], strict=True):
        writer.writerow([address, second])
    candidates, tally = read(tmp_path_factory.mktemp("csv") / "l.csv", text.getvalue())
    assert [one.address for one in candidates if not one.fault] == good
    assert tally.rows == len(good)


@examples(25)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    # A row may swallow others, visibly; nothing but a ListError may come out.
    with contextlib.suppress(ListError):
        read(tmp_path_factory.mktemp("csv") / "l.csv", b"email;name\na@x.fr;A\n" + content)
