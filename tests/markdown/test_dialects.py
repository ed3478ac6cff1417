"""Marks of pads and of other programs, as e-mail and text show them."""

from __future__ import annotations

import pytest
from lxml import etree

from newsletter_cli.markdown.fragment import FragmentRules, build_fragment
from newsletter_cli.markdown.parse import MarkdownRules, Part, parse_document
from newsletter_cli.markdown.survey import survey_texts
from newsletter_cli.markdown.text import References, render_text
from newsletter_cli.model import SourceText


def shown(markdown: str, *, language: str = "fr", has_hard_breaks: bool = False) -> str:
    """The HTML of a text, without the marks of lines and on one line."""
    rules = MarkdownRules(language=language, has_hard_breaks=has_hard_breaks)
    tree = build_fragment(parse_document([Part(markdown)], rules=rules).parts[0], FragmentRules(), line_of=lambda _: 1)
    markup = etree.tostring(tree, encoding="unicode").replace(' data-line="1"', "")
    return " ".join(markup.removeprefix("<div>").removesuffix("</div>").split())


def read(markdown: str) -> str:
    """The same in the plain text."""
    document = parse_document([Part(markdown)], rules=MarkdownRules(language="fr"))
    return render_text(
        build_fragment(document.parts[0], FragmentRules(), line_of=lambda _: 1), references=References()
    ).strip()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("la marée ==monte *vite*==.", "<p>la marée <mark>monte <em>vite</em></mark>.</p>"),
        ("un ++ajout++ tardif", "<p>un <ins>ajout</ins> tardif</p>"),
        ("le 1^er^ juin, au XX^e^ siècle", "<p>le 1<sup>er</sup> juin, au XX<sup>e</sup> siècle</p>"),
        ("du CO~2~ et de l’H~2~O", "<p>du CO<sub>2</sub> et de l’H<sub>2</sub>O</p>"),
        ("fini :tada::ocean: !", "<p>fini 🎉🌊 !</p>"),
        ("[TOC]\n\nTexte", "<p>Texte</p>"),
        ("Texte\n[[_TOC_]]\nAprès", "<p>Texte Après</p>"),
        (":::tip Fini :tada:\nici\n:::", "<blockquote> <p><strong>Fini 🎉</strong></p> <p>ici</p> </blockquote>"),
        ("![Dune](d.png =300x200)", '<p><img src="d.png" alt="Dune" width="300" height="200"/></p>'),
        ("![Dune](d.png =50%x)", '<p><img src="d.png" alt="Dune" width="50%"/></p>'),
        (
            '![Dune](d.png "Titre" =300x)',
            '<p><img src="d.png" alt="Dune" width="300"/></p><p class="caption">Titre</p>',
        ),
        ("![Dune](d.png){width=50% .c}", '<p><img src="d.png" alt="Dune" width="50%"/></p>'),
        ("![Dune](d.png){: .c loading=lazy }", '<p><img src="d.png" alt="Dune"/></p>'),
        ("[ici](https://ex.net){.bouton} et **là**{.rouge}", None),
        ("la [marée]{.grand} monte", "<p>la <span>marée</span> monte</p>"),
        ("Texte.\n{: .lead}", "<p>Texte. </p>"),
        ("Le HWM.\n\n*[HWM]: haute mer", "<p>Le HWM.</p>"),
        (
            ":::spoiler Voir la *suite*\nTexte\n:::\nAprès",
            "<blockquote> <p><strong>Voir la <em>suite</em></strong></p> <p>Texte</p> </blockquote> <p>Après</p>",
        ),
        (":::info\nTexte\n:::", "<blockquote> <p>Texte</p> </blockquote>"),
        (
            '::: {.callout-tip title="À savoir"}\nTexte\n:::',
            "<blockquote> <p><strong>À savoir</strong></p> <p>Texte</p> </blockquote>",
        ),
        (
            "::: {.callout-warning}\nTexte\n:::",
            "<blockquote> <p><strong>Attention</strong></p> <p>Texte</p> </blockquote>",
        ),
        ("::: {.columns}\n::: {.column}\nà gauche\n:::\n:::", "<p>à gauche</p>"),
        (
            '!!! info "Contribution"\n    Merci.\n\n    Encore.\n\nAprès',
            "<blockquote> <p><strong>Contribution</strong></p> <p>Merci.</p> <p>Encore.</p> </blockquote> <p>Après</p>",
        ),
        ("??? tip\n    Merci.", "<blockquote> <p><strong>Astuce</strong></p> <p>Merci.</p> </blockquote>"),
        ('=== "Onglet"\n    Texte.', "<p><strong>Onglet</strong></p> <p>Texte.</p>"),
        ("> [!NOTE]\n> Texte", "<blockquote> <p><strong>Note</strong><br/> Texte</p> </blockquote>"),
        ("> [!faq]- Que *dire* ?\n> Rien", None),
        (
            "> Vaste mer. [name=Noor] [time=mai] [color=red]",
            "<blockquote> <p>Vaste mer. — Noor — mai</p> </blockquote>",
        ),
        ("$$a : b * c * d$$", "<p><code>$$a : b * c * d$$</code></p>"),
    ],
)
def test_marks_are_understood(typed: str, expected: str | None) -> None:
    if expected is not None:
        assert shown(typed) == expected
    for mark in ("{", "}", "[!", "]-"):
        assert mark not in read(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "si x==1 et y==2",
        "C++ et D++",
        "a^b",
        "~10 à ~20 min",
        "10:30:20 et std::map::x",
        "cela coûte $$ ou $$$",
        "!!! Hourra !!!",
        "::: est un signe",
        "{x} et {nom}",
        "voir [TOC] ici",
        "une taille =200x de plus",
        ":inconnu:",
        "*[HTML]: en italique*",
    ],
)
def test_prose_stays_prose(typed: str) -> None:
    assert read(typed) == typed.strip("*")


def test_a_callout_is_named_in_the_language_of_the_newsletter() -> None:
    assert "<strong>Wichtig</strong>" in shown("> [!IMPORTANT]\n> Text", language="de")
    assert "<strong>Faq machine</strong>" in shown("> [!faq-machine]\n> Text", language="pt")


def test_a_sized_picture_is_found_where_it_stands() -> None:
    (survey,) = survey_texts([SourceText(text="Voir ![Dune](images/d.png =300x).\n", file="a.md")])
    (image,) = survey.images
    assert (image.address, image.alt) == ("images/d.png", "Dune")
    assert image.address_span is not None
    assert survey.source.text[image.address_span.start : image.address_span.end] == "images/d.png"


def test_the_title_of_a_block_is_no_prose_with_its_marks() -> None:
    text = '!!! info "Marée : haute"\n    Texte.\n'
    (survey,) = survey_texts([SourceText(text=text, file="a.md")])
    assert [block.prose for block in survey.blocks] == ["Marée : haute", "Texte."]
    assert [(mark.kind, survey.place(mark.span).line) for mark in survey.marks] == [("admonitions", 1)]


def test_line_ends_are_line_breaks_where_it_is_so_configured() -> None:
    typed = "**Ton parcours ?**\nJ’ai navigué.\n"
    assert shown(typed) == "<p><strong>Ton parcours ?</strong> J’ai navigué.</p>"
    assert shown(typed, has_hard_breaks=True) == "<p><strong>Ton parcours ?</strong><br/> J’ai navigué.</p>"


def test_nothing_is_slow_for_many_openings() -> None:
    for mark in ("==a ", "++a ", "1^", "H~", "![", "{.a", ":a", "$$a ", ":::a\n"):
        read(mark * 1000)
