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
     "{{first_name}}", "*|FNAME|*", "%%name%%", "undefined", "(vide)", "prénom", "TRUE"],
)  # fmt: skip
def test_no_names(text: str) -> None:
    assert is_no_name(text)


@pytest.mark.parametrize(
    "text",
    ["Léa", "Nan", "Null", "Na", "O", "Ng", "José García", "Jean-François d’Arc", "Þórr", "Ünal Şahin", "李", "Зоя",
     "Anne (Lyon)", "M. Dupont", "Noné", "X Æ", "Åse", "Smith, Jo", "Equipe 42", "Ãngela", "Mª José"],
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
