"""Nobody is greeted as “nan”, and nobody who has a name is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.audience.check import check_list
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.row import Tally
from newsletter_cli.audience.words import is_no_name


@pytest.mark.parametrize(
    "text",
    ["nan", "NaN", "None", "NULL", "null", "N/A", "#N/A", "#REF!", "-", "—", "?", "...", "123", "[object Object]",
     "a@x.fr", "https://x.example/win", "www.example.org", "LÃ©a", "FranÃ§ois", "JosÃ© GarcÃ\xada", "L�a",
     "{{first_name}}", "*|FNAME|*", "%%name%%", "undefined", "(vide)", "prénom", "TRUE",
     "test", "Test", "Test test", "nan nan", "Léa nan", "Nom Prénom", "n.c.", "NC", "sans nom", "-None-",
     "[first name]", "<name>", "%FIRSTNAME%", "#NOM?", "Err:502", "VRAI", "ada.lovelace", "ada_l",
     "example.org", "L&eacute;a", "=?UTF-8?Q?L=C3=A9a?=", "L%C3%A9a", "L\\u00e9a", "L?a", "<b>Ada</b>",
     '{"first": "Ada"}', "2026-01-02T10:00:00", "1,2E+10", "M.", "Mme"],
)  # fmt: skip
def test_no_names(text: str) -> None:
    assert is_no_name(text)


@pytest.mark.parametrize(
    "text",
    ["Léa", "Nan", "Null", "Na", "O", "Ng", "José García", "Jean-François d’Arc", "Þórr", "Ünal Şahin", "李", "Зоя",
     "Anne (Lyon)", "J.-P. Dupont", "A. B.", "O’Neil", "d'Arc", "Marie-Ange", "Testa", "Nancy", "Noël", "Nonna",
     "Dr Who", "Madame Roy", "No Name", "St. John", "R.E.M.", "Équipe data & IA",
     "M. Dupont", "Noné", "X Æ", "Åse", "Smith, Jo", "Equipe 42", "Ãngela", "Mª José"],
)  # fmt: skip
def test_names(text: str) -> None:
    assert not is_no_name(text)


@given(st.text(alphabet="éèçàùôîëÉÀœŒabcXYZ '-", min_size=1).filter(lambda text: any(map(str.isalpha, text))))
def test_a_name_is_known_for_garbled_when_it_was(text: str) -> None:
    try:
        garbled = text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    assert text.isascii() or is_no_name(garbled)


def test_quotes_and_formulas_around_a_name_are_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('email;prenom\na@x.fr;“Ada”\nb@x.fr;\'Ben\'\nc@x.fr;="Cléo"\nd@x.fr;"\'=Dan"\n', "utf-8")
    people = list(CsvSource(path=path, name="list.csv").read(Tally()))
    assert [one.attributes.get("first_name") for one in people[:3]] == ["Ada", "Ben", "Cléo"]
    assert [one.name for one in people] == ["Ada", "Ben", "Cléo", "=Dan"]


def test_the_greeting_falls_back_and_the_row_is_found(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    content = "email;prenom;nom\na@x.fr;nan;Dupont\nb@x.fr;Léa;NULL\nc@x.fr;-;\nd@x.fr;Zoé;Roy\nx <e@x.fr>;;\n"
    path.write_text(content + "d@x.fr <f@x.fr>;;\n".replace("d@x.fr <", "nan <"), "utf-8")
    source = CsvSource(path=path, name="list.csv")
    people = list(source.read(Tally()))
    assert [one.name for one in people] == ["Dupont", "Léa", "", "Zoé Roy", "x", ""]
    assert [dict(one.attributes) for one in people[:4]] == [
        {"last_name": "Dupont"},
        {"first_name": "Léa"},
        {},
        {"first_name": "Zoé", "last_name": "Roy"},
    ]
    findings = [one for one in check_list(source, Tally()) if one.rule == "list-name-none"]
    assert [(one.line, str(one.level)) for one in findings] == [
        (2, "warning"),
        (3, "warning"),
        (4, "warning"),
        (7, "warning"),
    ]
