"""Lists that are no proper tables: Sympa's dumps, a line copied from a mail, a title above, lines quoted whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.row import Candidate, Tally
from newsletter_cli.base.errors import ListError
from newsletter_cli.config.list_settings import ListColumnSettings


def read(path: Path, content: str, *, address: str | None = None) -> tuple[list[Candidate], Tally]:
    path.write_text(content, "utf-8")
    tally = Tally()
    found = list(CsvSource(path=path, name="list.csv", columns=ListColumnSettings(address=address)).read(tally))
    assert len(found) == tally.candidates
    return found, tally


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # Sympa: an address, a blank, a name; some without a name.
        ("ada@x.fr Ada Lovelace\nben@x.fr\ncleo@x.fr Cléo de Mérode, dite C.\n",
         [("ada@x.fr", "Ada Lovelace"), ("ben@x.fr", ""), ("cleo@x.fr", "Cléo de Mérode, dite C.")]),
        # What is copied from the line of a mail.
        ('Ada L <ada@x.fr>; ben@x.fr; "Hopper, Grace" <grace@x.fr>',
         [("ada@x.fr", "Ada L"), ("ben@x.fr", ""), ("grace@x.fr", "Hopper, Grace")]),
        ('Cci : "Hopper, Grace" <grace@x.fr>, ben@x.fr\n', [("grace@x.fr", "Hopper, Grace"), ("ben@x.fr", "")]),
        ("Hopper, Grace <grace@x.fr>; Ben <ben@x.fr>;\n", [("grace@x.fr", "Hopper, Grace"), ("ben@x.fr", "Ben")]),
        ("a@x.fr, b@x.fr\nc@x.fr, d@x.fr, e@x.fr\n",
         [("a@x.fr", ""), ("b@x.fr", ""), ("c@x.fr", ""), ("d@x.fr", ""), ("e@x.fr", "")]),
        # Titles, dates and blank lines above the header; a title and no header.
        ("Membres du club;;\nau 3 avril 2026;;\n;;\nNom;Courriel;Ville\nAda;ada@x.fr;Lyon\n", [("ada@x.fr", "Ada")]),
        ("Extraction\n\nemail,name\nada@x.fr,Ada\nben@x.fr,Ben\n", [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben")]),
        ("Les abonnés;\nada@x.fr;Lyon\nben@x.fr;Nice\n", [("ada@x.fr", ""), ("ben@x.fr", "")]),
        # A name with a tab before it on some lines; addresses with blanks between; rare delimiters.
        ("ada@x.fr\tAda L\nben@x.fr\n", [("ada@x.fr", ""), ("ben@x.fr", "")]),
        ("ada@x.fr ben@x.fr cleo@x.fr\n", [("ada@x.fr", ""), ("ben@x.fr", ""), ("cleo@x.fr", "")]),
        ("email^name\nada@x.fr^Ada\nben@x.fr^Ben\n", [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben")]),
        ("name:email\nAda:ada@x.fr\n", [("ada@x.fr", "Ada")]),
        ('"email;name";;\n"ada@x.fr;Ada";;\n"ben@x.fr;Ben";;\n', [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben")]),
        # What Outlook, pads, Exchange and Excel write around an address.
        ("email;name\nada@x.fr<mailto:ada@x.fr>;Ada\n[ben@x.fr](mailto:ben@x.fr);Ben\nSMTP:gus@x.fr;G\n",
         [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben"), ("gus@x.fr", "G")]),
        ('email;name\nmailto:ada@x.fr?subject=Hello;Ada\n="ben@x.fr";="Ben"\n',
         [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben")]),
        # The first of two columns says that there is none.
        ("E-mail;E-mail 2;name\n-;ada@x.fr;Ada\naucune;ben@x.fr;Ben\n",
         [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben")]),
        # Every line in quotes, or only those that hold a mark; as a French Excel pads them.
        ('"email,name"\n"ada@x.fr,Ada"\n"grace@x.fr,""Hopper, Grace"""\n',
         [("ada@x.fr", "Ada"), ("grace@x.fr", "Hopper, Grace")]),
        ('email,name\nada@x.fr,Ada\n"grace@x.fr,""Hopper, Grace"""\n',
         [("ada@x.fr", "Ada"), ("grace@x.fr", "Hopper, Grace")]),
        ('"name;email"\n"Ada;ada@x.fr"\n', [("ada@x.fr", "Ada")]),
        # Two columns of addresses: the one that is filled.
        ("E-mail 1 - Value,Name,E-mail 2 - Value\n,Ada,ada@x.fr\nben@x.fr,Ben,\n",
         [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben")]),
        ("nom;mail pro;mail;mail\nAda;;;ada@x.fr\nBen;ben@x.fr;;\n", [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben")]),
        ("email;adresse\nada@x.fr;3 rue X\n", [("ada@x.fr", "")]),
        # Marks of the direction of writing; Google's separator.
        ("email;name\n\u202aada@x.fr\u202c;Ada\n\u2068ben@x.fr\u2069;Ben\n\u200egus@x.fr;G\n",
         [("ada@x.fr", "Ada"), ("ben@x.fr", "Ben"), ("gus@x.fr", "G")]),
        ("E-mail 1 - Value,Name\nada@x.fr ::: a2@x.fr,Ada\nben@x.fr,Ben\n",
         [("ada@x.fr", ""), ("a2@x.fr", ""), ("ben@x.fr", "Ben")]),
    ],
)  # fmt: skip
def test_read_as_they_come(path: Path, content: str, expected: list[tuple[str, str]]) -> None:
    found, tally = read(path, content)
    last_names = [(one.address, one.name) for one in found]
    assert last_names == expected
    assert tally.faults == []


def test_a_dump_of_sympa_keeps_who_wants_no_mail(path: Path) -> None:
    content = (
        "email ada@x.fr\ngecos Ada Lovelace\nreception mail\nvisibility noconceal\ndate 1700000000\n\n"
        "email ben@x.fr\nreception nomail\nsubscribed 1\n\nemail not one\nreception mail\n"
    )
    found, tally = read(path, content)
    assert [(one.address, one.name, str(one.status)) for one in found[:2]] == [
        ("ada@x.fr", "Ada Lovelace", "confirmed"),
        ("ben@x.fr", "", "unsubscribed"),
    ]
    assert found[2].fault
    assert any("Sympa" in note for note in tally.notes)


def test_what_was_done_is_said(path: Path) -> None:
    _found, tally = read(path, "Titre;\nemail;Email\n;ada@x.fr\nben@x.fr;other@x.fr\n\u202acleo@x.fr\u202c;\n")
    said = " | ".join([*tally.notes, *tally.assumed])
    assert "1 line above the header left out" in said
    assert "“email”, “Email” hold addresses" in said
    assert "a second address, in another column, is not used" in said
    assert "invisible characters removed" in said


def test_rows_under_a_title_are_numbered_as_a_spreadsheet_does(path: Path) -> None:
    found, _tally = read(path, "Liste;;\n;;\nemail;nom;ville\nada@x.fr;A;B\n")
    assert [one.row for one in found] == [4]


def test_a_header_that_only_the_configuration_knows_is_found_under_a_title(path: Path) -> None:
    found, _tally = read(path, "Liste;du;club\nContact;Ville;Rue\nada@x.fr;Lyon;R\n", address="Contact")
    assert [(one.row, one.address) for one in found] == [(3, "ada@x.fr")]


@pytest.mark.parametrize("size", [1, 3000])
def test_a_long_line_of_addresses_is_read_whole(path: Path, size: int) -> None:
    found, _tally = read(path, "; ".join(f"User {n} <user{n}@example.org>" for n in range(size * 2)))
    assert len(found) == size * 2
    assert not any(one.fault for one in found)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Total;2", "a total or a remark"),
        (";2", "a total or a remark"),
        ("(2 rows);", "a total or a remark"),
        (";2 abonnés au 12 mars 2026", "a total or a remark"),
        ("Exporté le 12/03/2026;", "a total or a remark"),
        ("email;nom", "the header once more"),
        ("---;---", "a rule between rows"),
        ("Hopper;grace@x.fr", "one in the column “nom”"),
        ("grace(at)x.fr;G", "spelt out"),
        ("grace@x,fr;G", "a comma stands in the domain"),
        ("gra ce@x.fr;G", "a blank, or something else"),
        ("grace@x.fr (désinscrite);G", "beside the address"),
        ("Grace grace@x.fr;G", "beside the address"),
        ("grace@x.fr ou g@x.fr;G", "give each a row of its own"),
        ("#grace@x.fr;G", "struck out"),
        ("gra\x07ce@x.fr;G", "U+0007"),
        ("grace@x.fr>;G", "“>” stands behind it"),
        ("g" * 65 + "@x.fr;G", "longer than 64"),
    ],
)
def test_a_row_that_is_not_understood_says_why_and_what_to_do(path: Path, row: str, why: str) -> None:
    found, tally = read(path, f"email;nom\nada@x.fr;Ada\n{row}\n")
    assert [one.address for one in found] == ["ada@x.fr", ""]
    assert why in found[1].fault
    assert tally.faults == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('[{"email": "ada@x.fr", "name": "Ada"}]', "JSON"),
        ('{"email": "ada@x.fr"}\n{"email": "ben@x.fr"}\n', "JSON"),
        ("BEGIN:VCARD\nFN:Ada\nEMAIL:ada@x.fr\nEND:VCARD\n", "vCard"),
        ("dn: cn=Ada\nmail: ada@x.fr\n", "LDIF"),
        ("<table><tr><td>ada@x.fr</td></tr></table>", "HTML"),
        ('<?xml version="1.0"?><p>ada@x.fr</p>', "XML"),
        ("- email: ada@x.fr\n  name: Ada\n", "YAML"),
    ],
)
def test_a_file_that_is_no_table_is_called_by_its_name(path: Path, content: str, kind: str) -> None:
    with pytest.raises(ListError, match=kind) as raised:
        read(path, content)
    assert "Ada" not in f"{raised.value} {raised.value.hint}"


def test_a_header_that_holds_an_address_is_a_fault(path: Path) -> None:
    _found, tally = read(path, "Ada (ada@x.fr);Lyon\nben@x.fr;Nice\ncleo@x.fr;Brest\n")
    assert [(one.rule, one.row) for one in tally.faults] == [("list-rows-lost", 1)]
