from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter_cli.markdown.typography import (
    TypographyRules,
    apply_corrections,
    correct,
    correct_capitals,
    correct_text,
    is_other_language,
)
from newsletter_cli.markdown.typography.tree import correct_tree
from tests.examples import examples
from tests.rendering import fragment

# Shown in the tests: ~ is U+00A0, ^ is U+202F, | is U+FFFC.
SIGNS = {"~": "\u00a0", "^": "\u202f", "|": "\ufffc"}


def signed(text: str) -> str:
    for shown, sign in SIGNS.items():
        text = text.replace(shown, sign)
    return text


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Vraiment ? Oui ! Non ; si.", "Vraiment^? Oui^! Non^; si."),
        ("Vraiment? Oui! Non; si.", "Vraiment^? Oui^! Non^; si."),
        ("Ah ??? (ah !) ?!", "Ah^??? (ah^!)^?!"),
        ("Objet : le sable. Objet: le vent", "Objet~: le sable. Objet~: le vent"),
        ("«ici» et « là »", "«~ici~» et «~là~»"),
        ('dit "oui", “non” et l\'“eau”', "dit «~oui~», «~non~» et l’«~eau~»"),
        ("l'eau, qu'1 mot, aujourd'hui, l'|x|", "l’eau, qu’1 mot, aujourd’hui, l’|x|"),
        ("et puis... (...) fin", "et puis… (…) fin"),
        ("10% à 3€, 12 %, 2 kg, 14 h 30, 20 °C", "10~% à 3~€, 12~%, 2~kg, 14~h~30, 20~°C"),
        ("n° 2, n°2, N° 3", "n°~2, n°~2, N°~3"),
        ("un  mot  ; deux", "un mot^; deux"),
        ("||gras|| ? et ||gras ?||", "||gras||^? et ||gras^?||"),
        ('||"mot"|| et "||mot||"', "||«~mot~»|| et «~||mot||~»"),
        ('Lire "What is AI?" ou “bottom up”.', "Lire «~What is AI?~» ou «~bottom up~»."),
    ],
)
def test_french_is_set(typed: str, wanted: str) -> None:
    assert correct_text(signed(typed), "fr") == signed(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "Déjà juste^! «~ici~»~: 10~%, l’eau… n°~2",
        "Une autre insécable~? C’est bien~! Et «^ça^» aussi.",
        "12:30, 14h00, 3:2, 1:2:3, http://a.example/x;y, C:\\Temp, a::b, :smile: et :+1: fin",
        ":-) ;-) :) ;) :D",
        "#10% x=10% %20 100%25",
        '{{ page ? "a" : \'b\' }} {% if x != "y" %}',
        'un écran de 15" et un de 17"',
        'une phrase "jamais fermée',
        "Yahoo! est là",
        "rock 'n' roll, 5'30",
        "../... et ....",
        "« jamais fermé ; mais oui".replace(" ;", "^;"),
        "Accueil » Rubrique » Page",
        "Re: votre mail",
        "Deep learning: an introduction",
        "1er, 2e, XIXe",
        "e@mail.example:x et www.dunes.example/a?b=c;d!",
        "Le titre {#l'ancre .classe}",
        "«»",
    ],
)
def test_french_is_left_alone(text: str) -> None:
    assert correct_text(signed(text), "fr") == signed(text)


def test_another_language_is_left_alone() -> None:
    english = 'It\'s what the wind said to the sand: "why not?" And that was that!'
    assert correct('Und das war\'s für die "Wanderer", nicht wahr?', "fr") == []
    assert correct(english, "fr") == []
    assert correct_text(english, "en") == "It’s what the wind said to the sand: “why not?” And that was that!"
    assert correct('L\'eau, "le vent" et les dunes sont dans la brume...', "en") == []
    assert correct(english, "de") == []
    assert not is_other_language("Data for Good", "fr")
    assert not is_other_language("Le challenge Green Data for Health est ouvert", "fr")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ('It\'s "fine"... ("so")', "It’s “fine”… (“so”)"),
        ("10%: yes; no!", "10%: yes; no!"),
        ("a -- b, users' 5'", "a -- b, users' 5'"),
    ],
)
def test_english_is_set(typed: str, wanted: str) -> None:
    assert correct_text(typed, "en") == wanted


def test_what_a_newsletter_may_choose() -> None:
    assert correct_text("“Oui” ?", "fr", TypographyRules(narrow=False)) == "«\u00a0Oui\u00a0»\u00a0?"
    assert correct_text('"Oui" ?', "fr", TypographyRules(quotes=False)) == '"Oui"\u202f?'
    assert correct_text("Oui ! Voici : “a”", "fr-CA") == "Oui ! Voici\u00a0: «\u00a0a\u00a0»"
    assert correct_text("Oui !", "FR-fr") == "Oui\u202f!"


PIECES = [
    *"?!:;.,…%€°«»“”\"'()[]-–/#=@{}<>\\_*\n\t",
    " ", "  ", "\u00a0", "\u202f", "\ufffc", "...", "n°", " h ", "l'", "d’", "A l'", "Etat", "10", "2", "30", "mot",
    "École", "the ", "of ", "le ", "et ", "kg", "http://a.example/b", "www.a.example ", "x@y.example", "{{", "}}", "🎉",
    "e\u0301", "𝗮", ":-)", "::",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@examples(150)
@given(TEXTS, st.sampled_from(["fr", "fr-CA", "en"]), st.booleans(), st.booleans())
def test_no_letter_changes_and_once_is_enough(text: str, language: str, narrow: bool, quotes: bool) -> None:
    rules = TypographyRules(narrow=narrow, quotes=quotes)
    corrections = correct(text, language, rules)
    position = 0
    for one in corrections:
        assert position <= one.start <= one.end <= len(text)
        position = one.end
    once = apply_corrections(text, corrections)
    assert re.findall(r"[\w\ufffc]", once) == re.findall(r"[\w\ufffc]", text)
    assert text.count("\n") == once.count("\n")
    assert correct_text(once, language, rules) == once


@examples(30)
@given(st.text(max_size=60))
def test_any_text_at_all(text: str) -> None:
    for language in ("fr", "en"):
        once = correct_text(text, language)
        assert correct_text(once, language) == once
        apply_corrections(text, correct_capitals(text, language))


def shown(markup: str, language: str = "fr") -> str:
    root = html.fragment_fromstring(markup, create_parent="div")
    correct_tree(root, language, TypographyRules())
    text = html.tostring(root, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
    for short, sign in SIGNS.items():
        text = text.replace(sign, short)
    return text


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("<p>Le <b>sable</b> ? Le <i>vent</i>!</p>", "<p>Le <b>sable</b>^? Le <i>vent</i>^!</p>"),
        ('<p>dit "<b>oui</b>" et l\'<i>eau</i></p>', "<p>dit «~<b>oui</b>~» et l’<i>eau</i></p>"),
        ("<p>a ? <code>b ?</code> ?</p>", "<p>a^? <code>b ?</code>^?</p>"),
        ("<pre>a ? b</pre><p>c ?</p>", "<pre>a ? b</pre><p>c^?</p>"),
        ('<p lang="en">Why ?</p><p>Non <span lang="en">why ?</span> ?</p>',
         '<p lang="en">Why ?</p><p>Non <span lang="en">why ?</span>^?</p>'),
        ('<p lang="fr-CH">Oui ?</p>', '<p lang="fr-CH">Oui^?</p>'),
        ('<p>Voir <a href="https://a.example/l\'eau">https://a.example/l\'eau</a> !</p>',
         '<p>Voir <a href="https://a.example/l\'eau">https://a.example/l\'eau</a>^!</p>'),
        ('<p>Voir <a href="https://a.example/l\'eau">l\'eau</a></p>',
         '<p>Voir <a href="https://a.example/l\'eau">l’eau</a></p>'),
        ('<p><img src="l\'eau.png" alt="L\'eau ?"> !</p>', '<p><img src="l\'eau.png" alt="L’eau^?">^!</p>'),
        ("<ul><li>Un \"mot<ul><li>Deux</li></ul></li><li>et\" trois</li></ul>",
         "<ul><li>Un \"mot<ul><li>Deux</li></ul></li><li>et\" trois</li></ul>"),
        ("<p>Un<br>: deux</p>", "<p>Un<br>: deux</p>"),
        ("<p>“<b> mot</b>” ?</p>", "<p>“<b> mot</b>”^?</p>"),
        ("titre : <em>oui</em>", "titre~: <em>oui</em>"),
    ],
)  # fmt: skip
def test_a_tree_is_set_across_its_elements(typed: str, wanted: str) -> None:
    assert shown(typed) == wanted


@examples(25)
@given(
    st.lists(st.one_of(TEXTS, st.sampled_from(["**a**", "`l'x ?`", "[l'eau](u'v)", "\n\n- ", "<b>", "</b>"]))).map(
        "".join
    )
)
def test_a_tree_keeps_its_shape_its_letters_its_code_and_its_addresses(markdown: str) -> None:
    tree, again = fragment(markdown), fragment(markdown)
    correct_tree(tree, "fr", TypographyRules())
    assert [one.tag for one in tree.iter()] == [one.tag for one in again.iter()]
    assert re.findall(r"\w", "".join(tree.itertext())) == re.findall(r"\w", "".join(again.itertext()))
    for one, other in zip(tree.iter(), again.iter(), strict=True):
        if one.tag in ("code", "pre"):
            assert one.text == other.text
        assert {name: value for name, value in one.attrib.items() if name != "alt"} == {
            name: value for name, value in other.attrib.items() if name != "alt"
        }
    once = html.tostring(tree)
    correct_tree(tree, "fr", TypographyRules())
    assert html.tostring(tree) == once


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("A l’agenda", "À l’agenda"),
        ("L'Etat, les Etats-Unis, l’Ecole", "L'État, les États-Unis, l’École"),
        ("Etre là. Etes-vous là ?", "Être là. Êtes-vous là ?"),
        ("Fin. A la prochaine", "Fin. À la prochaine"),
        (
            "Etienne, Est, Entre, vitamine A la, plan A l’été, A-t-il",
            "Etienne, Est, Entre, vitamine A la, plan A l’été, A-t-il",
        ),
        ("#Etat @Ecole Etat.csv /Etat", "#Etat @Ecole Etat.csv /Etat"),
    ],
)
def test_capitals_get_their_accents(typed: str, wanted: str) -> None:
    assert apply_corrections(typed, correct_capitals(typed, "fr")) == wanted
    assert correct_capitals(typed, "en") == []
