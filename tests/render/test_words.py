from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.render.words import parse_words

FOLDER = Path(__file__).parents[2] / "templates" / "words"
FRENCH = (FOLDER / "fr.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_shipped_words(language: str) -> None:
    words = parse_words((FOLDER / f"{language}.toml").read_text(encoding="utf-8"), file=f"{language}.toml")
    assert words.language == language
    assert words.dates is not None
    shown = words.as_dict()
    assert "dates" not in shown
    assert shown["contents"] == {"fr": "Au sommaire", "en": "In this issue"}[language]
    assert all(isinstance(value, str) and value for value in shown.values())


def test_every_shipped_file_has_the_same_keys() -> None:
    keys = [set(parse_words(path.read_text("utf-8"), file=path.name).as_dict()) for path in FOLDER.iterdir()]
    assert len(keys) >= 2
    assert all(found == keys[0] for found in keys)


def test_words_are_filled_in() -> None:
    words = parse_words(FRENCH, file="fr.toml")
    assert words.text("issue_number", number=2) == "Numéro 2"
    assert words.labelled(words.place, "{Paris}") == "Lieu\u00a0: {Paris}"
    assert words.text("see_job") == "Voir l’offre"
    with pytest.raises(KeyError):
        words.text("nothing")


def test_dates_may_be_left_out() -> None:
    assert parse_words(FRENCH.split("[dates]", 1)[0], file="fr.toml").dates is None


def changed(old: str, new: str) -> str:
    assert old in FRENCH
    return FRENCH.replace(old, new)


FAULTS = {
    "misspelt": (changed("unsubscribe =", "unsuscribe ="), "unsuscribe", "“unsubscribe”"),
    "unknown date": (changed("moment =", "momment ="), "dates.momment", "“moment”"),
    "missing": (changed('deadline = "Date limite"\n', ""), "deadline", "en.toml"),
    "missing date": (changed('zone = "{text} ({zone})"', ""), "dates.zone", "en.toml"),
    "empty": (changed('"Date limite"', '" "'), "deadline", None),
    "no text": (changed('"Date limite"', "3"), "deadline", None),
    "placeholder": (changed("Numéro {number}", "Numéro {numero}"), "{numero}", "{number}"),
    "attribute": (changed("Numéro {number}", "Numéro {number.real}"), "number.real", "{number}"),
    "conversion": (changed("Numéro {number}", "Numéro {number!r}"), "issue_number", "{number}"),
    "brace": (changed("Numéro {number}", "Numéro {number"), "issue_number", None),
    "dates no table": (FRENCH.split("[dates]", 1)[0] + 'dates = "x"', "dates", None),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_key(name: str) -> None:
    text, message, hint = FAULTS[name]
    with pytest.raises(ConfigError) as caught:
        parse_words(text, file="templates/words/fr.toml")
    assert caught.value.file == "templates/words/fr.toml"
    assert message in caught.value.message
    assert hint is None or hint in (caught.value.hint or "")


def test_faults_come_at_once_each_with_its_line() -> None:
    text = changed("unsubscribe =", "unsuscribe =").replace('moment = "', 'moment = "{nu} ')
    with pytest.raises(ConfigError) as caught:
        parse_words(text, file="fr.toml")
    lines = text.split("\n")
    assert "unsuscribe" in lines[(caught.value.line or 0) - 1]
    assert caught.value.hint == "did you mean “unsubscribe”?"
    assert [fault.message for fault in caught.value.also] == ["unsubscribe is missing"]
    with pytest.raises(ConfigError) as caught:
        parse_words(text.replace("unsuscribe", "unsubscribe"), file="fr.toml")
    assert caught.value.message == "dates.moment holds “{nu}”, which means nothing here"
    assert lines[(caught.value.line or 0) - 1].startswith("moment =")


def test_broken_toml_is_named_with_its_line() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_words('a = "1"\nb = \n', file="fr.toml")
    assert caught.value.place == "fr.toml:2"
    assert caught.value.message.startswith("this is not valid TOML: ")
    assert "(at line" not in caught.value.message


def test_a_byte_order_mark_is_no_fault() -> None:
    assert parse_words("\ufeff" + FRENCH, file="fr.toml").language == "fr"
