"""Every word that was typed is in the e-mail and in its text, or the first that is not is named."""

from __future__ import annotations

import pytest

from newsletter_cli.model import Level
from tests.check.renditions import RIGHT, found, mutated, places, renditions_of, retold
from tests.rendering import make_section


def test_a_word_that_the_email_has_lost() -> None:
    [finding] = found(mutated("Une citation", "Une"), "words-lost")
    assert finding.level is Level.ERROR
    assert finding.subject == "citation."
    assert finding.place == "sections/007/sable.md:23"


def test_a_word_that_the_text_has_lost() -> None:
    [finding] = found(retold(lambda text: text.replace("quelle", "").replace("record", "")), "words-lost")
    assert finding.subject == "record"


def test_all_that_follows() -> None:
    [finding] = found(retold(lambda text: text[: text.index("Une citation")]), "words-lost")
    assert finding.place == "sections/007/sable.md:23"


@pytest.mark.parametrize(
    "body",
    [
        RIGHT,
        "Voir www.dunes.example/été, <https://bücher.example/é> et [https://é.example/](https://é.example/).",
        "Le <title>, `Map<Style>` et Vec<String>.\n\nLa suite.",
        "| Mois | Ce que le sable a fait, en quelques mots qui ne tiennent pas dans une colonne |\n|---|---|\n"
        "| mai | il a avancé d’un mètre vers la digue, puis il est revenu après la marée du onze |",
        "### Un titre {#ancre .classe}\n\nMot<sup>1</sup> et note.[^a]\n\n[^a]: Le *texte* de la note.",
        "<script>\nlet a = 1\n</script>\n\n<svg>\n\n<text>rien</text>\n\n</svg>\n\nLa suite <iframe>cadre</iframe>.",
        "<details>\n<summary>Plus</summary>\n\nMots &amp; mots.\n\n</details>\n\n<p>Un<br>deux &eacute;t&eacute;</p>",
        "1. un\n   - deux\n\n~~barré~~ un[lien](https://a.example/)s, ![image](https://a.example/a.png) et après",
        "- [ ] à faire\n- [x] fait\n\n:Terme\n: définition\n\nTerme\n: sa définition",
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_said_of_what_is_there(body: str, language: str) -> None:
    assert places(renditions_of(make_section(body, slug="sable"), language=language), "words-lost") == []
