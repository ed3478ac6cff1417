"""Whether a word is right, and what it may have been meant to be, as the dictionaries of Hunspell have it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.check.language.guesses import is_one_slip
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.speller import Speller, find_speller
from newsletter_cli.check.language.word_forms import WORD
from tests.examples import examples

OWN = KnownWords(words=frozenset({"datascientist", "onboarding", "Kervadec", "Cartothèque", "data steward"}))


@cache
def speller(language: str) -> Speller:
    found = find_speller(language)
    if found is None:
        pytest.skip(f"needs a dictionary of Hunspell for {language}")
    return found


@pytest.mark.parametrize(
    "words",
    [
        # apostrophes, of either kind
        "l'eau l’eau d'accord qu'elle jusqu’ici lorsqu'il aujourd'hui aujourd’hui entr'aide quelqu’un presqu'ile",
        # hyphens
        "porte-parole donne-t-il a-t-on adonnez-vous moi-même c'est-à-dire vingt-et-un co-construire ex-ministre",
        # inclusive writing
        "agent·e·s développeur·se·s lecteur·rice tous·tes ceux·elles agent.e.s agent(e)s un(e) (re)lire chef·fe·s",
        # the spelling of 1990
        "connaitre paraitre évènement règlementaire interpelé ognon weekend weekends abime ile diner maitrise "
        "maitresse aout gout cout "
        "brulé traine ambigüité aigüe renouvèlement ruissèle cèleri allègement combattif nénufars",
        # professions of women
        "ingénieure autrice auteure cheffe professeure chercheure développeuse députées",
        # capitals, with their accents and without: another rule tells those
        "État Etat Ecologique EVENEMENTS ÉVÈNEMENTS Interpelé PARIS Ile-de-France",
        # acronyms, coined names, formats, units
        "INSEE DINUM ODDs LexImpact OpenFisca iPhone pdf csv API kWh Mo",
        # figures, Roman ones, ordinals
        "XXe XIVe IIème 10e 3D 2e 25km 14h30 covid19",
        # prefixes
        "géodonnées microservices cybersécurité interministériel",
        # the ligature is told by a rule of its own
        "œuvre oeuvre Œuvre coeur soeurs",
        # of another script, and no words at all
        "привет 日本 α · - ’ …",
    ],
)
def test_words_that_are_right_in_french(words: str) -> None:
    assert [word for word in words.split() if not speller("fr").is_right(word)] == []


@pytest.mark.parametrize(
    ("word", "proposal"),
    [
        ("développpé", "développé"),
        ("pérénisé", "pérennisé"),
        ("hakathon", "hackathon"),
        ("imporant", "important"),
        ("communuté", "communauté"),
        ("Commissériat", "Commissariat"),
        ("aménés", "amenés"),
        ("developpement", "développement"),
        ("developement", "développement"),
        ("l’hakathon", "l’hackathon"),
        ("moi-meme", "moi-même"),
        ("jai", "j'ai"),
        ("quelquun", "quelqu'un"),
        ("apres", "après"),
        ("acceuil", "accueil"),
        ("parmis", "parmi"),
        ("ortographe", "orthographe"),
        ("interressant", "intéressant"),
        ("développpeur·se·s", "développeur·se·s"),
        ("DÉVELOPPPÉ", "DÉVELOPPÉ"),
        ("rendez-vousss", None),
        ("agennt(e)s", None),
    ],
)
def test_a_word_that_is_wrong_in_french_and_what_it_was_meant_to_be(word: str, proposal: str | None) -> None:
    assert not speller("fr").is_right(word)
    if proposal is not None:
        assert speller("fr").proposals(word)[0] == proposal


def test_the_newsletters_own_words_are_right_and_are_proposed() -> None:
    own = "onboarding l’onboarding Onboarding datascientists Kervadec KERVADEC d’Kervadec Cartothèque"
    assert [word for word in own.split() if not speller("fr").is_right(word, OWN)] == []
    assert not speller("fr").is_right("kervadec", OWN)
    assert speller("fr").proposals("datascienstist", known=OWN) == ("datascientist",)
    assert speller("fr").proposals("l'Kervaddec", known=OWN) == ("l'Kervadec",)


def test_only_the_part_that_is_wrong_is_marked() -> None:
    assert speller("fr").wrong_stretches("l’hakathon") == [(2, 10)]
    assert speller("fr").wrong_stretches("chef-lieuu") == [(5, 10)]
    assert speller("fr").wrong_stretches("développpé") == [(0, 10)]
    assert speller("fr").wrong_stretches("développé") == []


def test_at_most_as_many_proposals_as_asked_for_always_the_same() -> None:
    first = speller("fr").proposals("imporant")
    assert 1 <= len(first) <= 3
    assert speller("fr").proposals("imporant") == first
    assert speller("fr").proposals("imporant", limit=1) == first[:1]


def test_with_patience_hunspell_is_asked_too_and_not_believed_when_it_goes_far() -> None:
    assert speller("fr").proposals("apparament") == ()
    assert "apparemment" in speller("fr").proposals("apparament", is_patient=True)
    assert speller("fr").proposals("wxkq", is_patient=True) == ()


def test_the_english_of_a_country_and_that_of_any() -> None:
    assert speller("en-GB").is_right("colour")
    assert not speller("en-GB").is_right("color")
    assert speller("en-US").is_right("color")
    assert not speller("en-US").is_right("colour")
    words = "colour color don't don’t team's teams’ re-use"
    assert [word for word in words.split() if not speller("en").is_right(word)] == []
    assert speller("en").proposals("recieve") == ("receive",)
    assert speller("en").proposals("seperate")[0] == "separate"


@given(st.text())
@examples(200)
def test_no_word_is_too_odd_to_be_asked_about(word: str) -> None:
    for language in ("fr", "en-US"):
        assert speller(language).is_right(word) in (True, False)
        for start, end in speller(language).wrong_stretches(word):
            assert 0 <= start < end <= len(word)


@given(st.text(alphabet="aeéilnrst'’-·.()EA1œ\u00ad\u0301\ud800", max_size=8))
@examples(30)
def test_nor_to_be_guessed_at(word: str) -> None:
    assert len(speller("fr").proposals(word)) <= 3


def test_what_in_a_text_is_a_word() -> None:
    text = "L’agent·e.s, l’an 2024 : voir data.gouv.fr ou a@b.fr (ou/et) #tag x_y le week-end. Fin.Début agent(e)s 3e"
    expected = "L’agent·e.s l’an voir ou ou et le week-end Fin Début agent(e)s"
    assert " ".join(found[0] for found in WORD.finditer(text)) == expected


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("acceuil", "accueil", True),
        ("hakathon", "hackathon", True),
        ("hackathon", "hakathon", True),
        ("chat", "chas", True),
        ("chat", "chat", False),
        ("chat", "chiens", False),
        ("ab", "ba", True),
        ("abc", "cba", False),
    ],
)
def test_one_slip_between_two_words(one: str, other: str, is_slip: bool) -> None:
    assert is_one_slip(one, other) is is_slip


def write_dictionary(folder: Path, name: str, words: list[str], *, aff: str = "SET UTF-8\n") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.aff").write_text(aff, encoding="utf-8")
    (folder / f"{name}.dic").write_text("\n".join([str(len(words)), *words, ""]), encoding="utf-8")


def test_a_folder_that_is_named_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("hunspell")
    write_dictionary(tmp_path / "é là" / "fr", "fr", ["bonjour", "bidulette"])
    monkeypatch.setenv("NL_DICTIONARIES", str(tmp_path / "é là"))
    for named in (find_speller("fr"), find_speller("fr", tmp_path / "é là")):
        assert named is not None
        assert named.is_right("bidulette")
        assert not named.is_right("maison")
    assert find_speller("de") is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00garbage", b"0\n", b"3\nun\ndeux\ntrois\n"])
def test_a_dictionary_that_is_broken_finds_nothing_rather_than_everything(tmp_path: Path, content: bytes) -> None:
    pytest.importorskip("hunspell")
    write_dictionary(tmp_path, "fr_FR", ["bonjour"])
    (tmp_path / "fr_FR.dic").write_bytes(content)
    broken = find_speller("fr", tmp_path)
    assert broken is not None
    assert not broken.is_working
    assert broken.is_right("nimportequoi")


def test_nothing_is_loaded_before_the_first_word(tmp_path: Path) -> None:
    pytest.importorskip("hunspell")
    write_dictionary(tmp_path, "fr_FR", [])
    found = find_speller("fr", tmp_path)
    assert found is not None
    write_dictionary(tmp_path, "fr_FR", ["bonjour", "voilà"])
    assert found.is_right("voilà")
