"""What the readers of languages are given of a text, and the way back from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.check.language.pieces import pieces_of
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.markdown.lines import split_lines
from tests.check.language.texts import FILE, manuscript

WORD = "hakathon"


def texts(root: Path, text: str, *, language: str = "fr", head: str = "") -> list[tuple[str, str]]:
    """Language and words of each piece of the section."""
    made = manuscript(root, text, language=language, head=head)
    return [(one.language, one.text) for one in pieces_of(made) if one.text not in ("Dunes", "Nouvelles")]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Un mot dévelo**pp**é ici.", "Un mot développé ici."),
        ("Deux lignes\nd’un *seul* tenant.", "Deux lignes d’un seul tenant."),
        ("Une ligne\\\nrompue, une  \nautre.", "Une ligne rompue, une autre."),
        ("Voir [la *belle* page](https://example.org/hakathon) du lieu.", "Voir la belle page du lieu."),
        ("Voir [la page][p] du lieu.\n\n[p]: https://example.org/x", "Voir la page du lieu."),
        ("Le module `hakathon` marche.", "Le module Xx marche."),
        ("Écrire à hakathon@example.org ou <https://example.org/x> !", "Écrire à Xx ou Xx !"),
        ("Sur www.hakathon.fr/a et hakathon.fr, ou hakathon.csv.", "Sur Xx et Xx, ou Xx."),
        ("Merci à @hakathon et #hakathon, numéro #12.", "Merci à Xx et Xx, numéro Xx."),
        ("Bonjour {{ contact.PRENOM }} et *|FNAME|* !", "Bonjour Xx et Xx !"),
        ("Le taux $\\alpha_x$ monte.", "Le taux Xx monte."),
        ("Un clin d’œil :smile: à tous.", "Un clin d’œil Xx à tous."),
        ("Dans /etc/hakathon/x ou C:\\hakathon\\x.", "Dans Xx ou Xx"),
        ("La note[^1] du jour.\n\n[^1]: Une précision.", "La note du jour."),
        ("Du <b>gras</b><br>et <span translate=no>hakathon</span>.", "Du gras et Xx."),
        ("Un cœ\u00adur et un e\u0301lan.", "Un cœur et un élan."),
        ("Deux \\* étoiles &amp; un &eacute;lan.", "Deux * étoiles & un élan."),
        ("Une barre `a` `b` puis rien.", "Une barre Xx Xx puis rien."),
    ],
)
def test_a_passage_is_read_as_a_person_reads_it(tmp_path: Path, typed: str, read: str) -> None:
    assert texts(tmp_path, typed + "\n")[0] == ("fr", read)


def test_what_is_no_prose_makes_no_piece(tmp_path: Path) -> None:
    assert texts(tmp_path, "```\nhakathon\n```\n\n`hakathon`\n\n<https://example.org/x>\n\n12 + 3\n") == []


def test_descriptions_of_images_and_cells_are_read(tmp_path: Path) -> None:
    read = [
        words
        for _language, words in texts(tmp_path, "![Un phare blanc](a.png)\n\n|Un|Deux|\n|-|-|\n|le jour|la nuit|\n")
    ]
    assert sorted(read) == sorted(["Un phare blanc", "Un", "Deux", "le jour", "la nuit"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (
            "Le maire a dit : « We are going to open this for all the people of our town » puis il est parti.",
            [("fr", "Le maire a dit : «Xx» puis il est parti."), ("en", "We are going to open this")],
        ),
        (
            "C’est le début de la fête. This is the best that we have seen in our town. Et voilà la suite.",
            [("fr", "C’est le début de la fête. XxEt voilà la suite."), ("en", "This is the best")],
        ),
        (
            "This is the best that we have seen in our town, and there is more to come for you.",
            [("en", "This is the best")],
        ),
        ("Il a lu [the state of the art](https://example.org/x) dans la nuit.", [("fr", "Il a lu Xx dans la nuit.")]),
        ("Il a lu *Weapons of Math Destruction* dans la nuit.", [("fr", "Il a lu Xx dans la nuit.")]),
        ("Das ist der Anfang, und wir sind auch mit dem Zug für den Tag da.", [("de", "Das ist")]),
    ],
)
def test_each_language_is_read_by_itself(tmp_path: Path, typed: str, read: list[tuple[str, str]]) -> None:
    found = texts(tmp_path, typed + "\n")
    assert len(found) >= len(read)
    for (language, words), (its, begin) in zip(found, read, strict=False):
        assert (language, words.strip()[: len(begin)]) == (its, begin)


def test_names_in_headers_are_not_read(tmp_path: Path) -> None:
    head = "---\ntitle: Le phare\nauthor: Zoé Kermorvant\n---\n"
    assert texts(tmp_path, "Bonjour à tous.\n", head=head) == [("fr", "Bonjour à tous."), ("fr", "Le phare")]


HOLDERS = (
    "Le {} du soir.",
    "{}",
    "# Le {} du soir\n\nSuite.",
    "- un\n- le {}\n    - et **le {}**\n",
    "1. Le {}\n2. La suite",
    "> Le {} du soir\n> et la suite\n>\n> - le {}",
    "|Le {}|Deux|\n|-|-|\n|le jour|la {} nuit|",
    "Le *{}* et __{}__ et ~~{}~~.",
    "Le ha**kath**on est là.",
    "Voir [le {} du jour](https://example.org/a) et [le {}][p].\n\n[p]: https://example.org/b",
    "La note[^n].\n\n[^n]: Le {} du soir.",
    "Un \U0001f600 le {} \U0001f469\u200d\U0001f52c et le {}",
    "![Le {} du soir](a.png)",
    "Du <b>{}</b> ici<br>le {}",
    "Le `code` puis le {} et `encore`",
    "Le <!-- nl: rien --> {} du <!-- nl: rien --> soir",
    "Une ligne,\nle {},\n  puis le {}\\\nle {}  \nfin",
    "Écrire à a@example.org le {}, voir www.example.org le {}",
    "« le {} » et l’{} et d'{}",
    "***Le {}***",
    "Terme {}\n\nUn &eacute;lan, un {} &amp; un {}",
    "- [ ] le {}\n- [x] le {}",
    "```\nhakathon_code\n```\n\nLe {} derrière",
)
HEADS = (
    "",
    "---\ntitle: Le hakathon\n---\n",
    "---\ntitle: 'Le hakathon'\n---\n",
    "---\ntitle: >\n  Le grand\n  hakathon\n---\n",
)


def places(made: Manuscript) -> set[tuple[int | None, int | None]]:
    found = set()
    for piece in pieces_of(made):
        start = piece.text.find(WORD)
        while start >= 0:
            place = piece.place(start, start + len(WORD))
            if place.file == FILE:
                found.add((place.line, place.column))
            start = piece.text.find(WORD, start + 1)
    return found


def expected(text: str) -> set[tuple[int, int]]:
    plain = text.replace("hakathon_code", "x" * 13)
    return {
        (number, column + 1)
        for number, line in enumerate(split_lines(plain), 1)
        for column in range(len(line))
        if line.startswith((WORD, "ha**kath**on"), column)
    }


@settings(max_examples=30)
@given(
    parts=st.lists(st.sampled_from(HOLDERS), min_size=3, max_size=8),
    head=st.sampled_from(HEADS),
    ending=st.sampled_from(("\n", "\r\n")),
)
def test_a_word_is_found_wherever_it_stands(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], head: str, ending: str
) -> None:
    body = "\n\n".join(parts).replace("{}", WORD) + "\n"
    head, body = head.replace("\n", ending), body.replace("\n", ending)
    made = manuscript(tmp_path_factory.mktemp("ws"), body, head=head)
    assert places(made) == expected(head + body)
