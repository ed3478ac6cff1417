from __future__ import annotations

import re

import pytest

from newsletter_cli.render.renditions import render_renditions
from tests.render.hostile import LINKS, LONG, RAW, TEMPLATES, TRAP, hostile_issue
from tests.rendering import THEMES, Page, compose, make_issue, make_section, parts_of


@pytest.fixture(scope="module", params=THEMES)
def renditions(request: pytest.FixtureRequest) -> dict[str, str]:
    made = render_renditions(compose(hostile_issue()), parts_of(request.param))
    return {name: content if isinstance(content, str) else content.decode() for name, content in made.items()}


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES)
def test_a_megabyte_is_rendered(theme: str) -> None:
    issue = make_issue(make_section(LONG * 8, slug="long", title="Long"))
    made = render_renditions(compose(issue), parts_of(theme))
    for name in ("post.md", "email.html", "email.txt"):
        content = made[name]
        text = content if isinstance(content, str) else content.decode()
        assert text.count("Un paragraphe de sable") == 12_000, name


@pytest.fixture(scope="module")
def page(renditions: dict[str, str]) -> Page:
    return Page(renditions["email.html"])


def test_bodies_are_verbatim_in_the_post(renditions: dict[str, str]) -> None:
    for section in hostile_issue().sections:
        assert section.body.text in renditions["post.md"]


@pytest.mark.parametrize("name", ["email.html", "email.txt"])
def test_every_link_arrives(renditions: dict[str, str], page: Page, name: str) -> None:
    wanted = {f"https://liens.example/{number}?a=1&b={number}" for number in range(2_000)}
    wanted |= {
        "https://video.example/1",
        "https://video.example/2.mp4",
        "https://carte.example/",
        "https://long.example/",
    }
    wanted |= {"https://job.example/<1>"}
    if name == "email.html":
        found = {address for _text, address in page.links()}
    else:
        found = set(re.findall(r"https://\S+", renditions[name]))
    assert wanted - found == set()


def test_every_word_arrives(renditions: dict[str, str], page: Page) -> None:
    for word in (
        *(
            "Sans la vidéo",
            "Déplier",
            "Le détail",
            "Votre nom",
            "Envoyer",
            "Un piège",
            "Cliquez",
            "Non fermé",
            "italique",
        ),
        *("Cellule orpheline", "Point orphelin", "Tête", "Corps", "Une carte", "Son texte", "étrange", "centré"),
        *("مرحبا بكم", "fond", "abysse", "ouvert", "Bonjour", "Fin", "lien 1999", "Presque vide"),
    ):
        assert word in page.text, word
        assert word in renditions["email.txt"], word
    assert page.text.count("Un paragraphe de sable fin") == LONG.count("Un paragraphe")


def test_traps_arrive_whole_in_title_heading_alt_and_label(page: Page) -> None:
    assert page.root.findtext(".//title") == TRAP
    assert page.headings()[0] == (1, TRAP)
    image = next(image for image in page.body.iter("img") if image.get("src") == "https://image.example/b.png")
    assert image.get("alt") == TRAP
    assert TRAP in [caption.text_content() for caption in page.body.xpath("//p[@class='caption']")]
    labels = [link.get("aria-label") for link in page.body.iter("a") if link.get("aria-label")]
    assert labels == [f"Voir le détail – {TRAP}", f"Voir l’offre – {TRAP}"]


def test_templates_in_prose_are_prose(renditions: dict[str, str], page: Page) -> None:
    assert page.text.count(TEMPLATES) == 3  # contents, heading, body
    assert TEMPLATES in renditions["email.txt"]
    assert renditions["post.md"].count(TEMPLATES.replace("_", "\\_")) == 2


def test_nothing_that_runs_is_left(page: Page) -> None:
    visible = re.sub(r"<!--.*?-->", "", page.source, flags=re.DOTALL)
    assert not re.search(r"<(?:script|iframe|form|input|button|svg|object|embed)\b", visible)
    for element in page.root.iter():
        for name, value in element.attrib.items():
            assert not str(name).startswith("on")
            assert not re.match(r"\s*(?:javascript|data|vbscript):", value, re.IGNORECASE)
    assert "motcache" not in page.source
    assert "une remarque publique" not in page.source
    assert "position" not in page.source


def test_headings_do_not_jump_and_images_have_alts(page: Page) -> None:
    before = 0
    for level, _text in page.headings():
        assert level <= before + 1
        before = level
    assert [level for level, _text in page.headings()].count(1) == 1
    assert all(image.get("alt") is not None for image in page.body.iter("img"))


def test_the_post_keeps_what_the_email_cleans(renditions: dict[str, str]) -> None:
    assert RAW in renditions["post.md"]
    assert LINKS in renditions["post.md"]
