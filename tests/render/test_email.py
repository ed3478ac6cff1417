from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise
from typing import Unpack

import pytest
from lxml import html

from newsletter_cli.base.values import replace
from newsletter_cli.flows.read import read_sources
from newsletter_cli.model import Event, Issue, Job
from newsletter_cli.render.blocks import ImageBlock
from newsletter_cli.render.email import EmailParts, render_email
from newsletter_cli.render.frame import Contents
from newsletter_cli.workspace.folder import open_workspace
from tests.conftest import Golden
from tests.rendering import (
    PARIS,
    ROOT,
    THEMES,
    FrameChanges,
    Page,
    compose,
    email_of,
    make_issue,
    make_section,
    render_all,
    theme_of,
    words_of,
)

DEBRIS = re.compile(r"\\u\{|\{\{|\{%|__[A-Z]+__|nl-slot|data-line|data-premailer")
EVENTS = (
    Event(
        title="Marche <de> nuit & “lune”",
        start=datetime(2024, 6, 1, 22, tzinfo=PARIS),
        end=datetime(2024, 6, 1, 23, 30, tzinfo=PARIS),
        place="La jetée\u00a0; au bout",
        url='https://dune.example/nuit?a=1&b="2"',
        description="Avec **lampe**.\n\n## Matériel\n\n- eau\n- [pull](https://laine.example/)",
    ),
    Event(title="Fête", start=date(2024, 6, 8), end=date(2024, 6, 9)),
)
JOBS = (
    Job(
        title="Gardien", employer="Le phare", url="https://phare.example/1", reference="P_7", deadline=date(2024, 7, 1)
    ),
    Job(title="Aide"),
)


def full_issue() -> Issue:
    body = """\
Du **gras**, du `code`, ~~rien~~ et une note[^1] : https://sable.example/a?b=1&c=2.

> Une citation

1. un
   - deux

| Grain | Taille |
|:------|-------:|
| fin   | 0,1    |

![Une dune](/img/dune.png "Le soir")

```python
print("sable")
```

### Sous-titre

<iframe src="https://v.example/film"></iframe>

[^1]: La note.
"""
    issue = make_issue(
        make_section(body, slug="sable", title="Le [sable](https://sable.example/) *fin*"),
        make_section("Et aussi.", slug="sorties", title="Sorties", events=EVENTS),
        make_section("", slug="emplois", title="Emplois", jobs=JOBS),
        editorial="Bonjour.\n\n# Un mot\n\nVoilà.\n",
    )
    return replace(issue, preheader="Du vent, du sable et une marche de nuit pour finir.")


def rtl_issue() -> Issue:
    issue = make_issue(
        make_section("مرحبا بكم في **النشرة**.\n\n- واحد\n- اثنان\n\n> اقتباس", title="أخبار", events=EVENTS[1:]),
        title="النشرة السابعة",
    )
    return replace(issue, preheader="نص قصير")


CASES: dict[str, tuple[Issue, FrameChanges]] = {
    "full": (full_issue(), {}),
    "rtl": (rtl_issue(), {"language": "ar", "direction": "rtl", "words": words_of("en")}),
    "bare": (
        replace(make_issue(title="Rien"), date=None),
        {"tagline": None, "online_url": None, "reply_to": None, "unsubscribe_url": None, "legal": ()},
    ),
    "unnumbered": (make_issue("a", "b"), {"is_numbered": False, "contents": "anchors"}),
}


def unwrapped(page: str) -> str:
    """One element a line, so that a change shows where it is; nothing else is touched."""
    return re.sub(r"(?<=>)(?=<(?!/))", "\n", page)


@pytest.mark.parametrize("name", CASES)
def test_email_as_it_was_looked_at(name: str, golden: Golden) -> None:
    issue, frame = CASES[name]
    golden.check(f"email/{name}.html", unwrapped(email_of(issue, **frame)))


def test_sample_issue_as_it_was_looked_at(golden: Golden) -> None:
    renditions = render_all(read_sources(open_workspace(ROOT), 1))
    for name in ("post.md", "email.txt", "announce.txt", "agenda.ics"):
        content = renditions[name]
        golden.check(f"001/{name}", content if isinstance(content, str) else content.decode())
    email = renditions["email.html"]
    assert isinstance(email, str)
    golden.check("001/email.html", unwrapped(email))


@pytest.fixture(scope="module", params=[(name, theme) for name in CASES for theme in THEMES], ids="-".join)
def page(request: pytest.FixtureRequest) -> Page:
    name, theme = request.param
    issue, frame = CASES[name]
    return Page(email_of(issue, theme=theme, **frame))


def test_nothing_of_the_machinery_is_left(page: Page) -> None:
    assert not DEBRIS.search(page.source)
    assert page.source.lower().startswith("<!doctype html>")
    assert "http://fonts" not in page.source
    assert "<link" not in page.source
    assert "<script" not in page.source


def test_language_and_direction_are_said(page: Page) -> None:
    assert page.root.get("lang") in ("fr", "ar")
    assert page.root.get("dir") == ("rtl" if page.root.get("lang") == "ar" else "ltr")
    wrapper = next(element for element in page.body.iter("div") if element.get("lang"))
    assert (wrapper.get("lang"), wrapper.get("dir")) == (page.root.get("lang"), page.root.get("dir"))


def test_one_first_heading_and_no_jump(page: Page) -> None:
    levels = [level for level, _text in page.headings()]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert all(text for _level, text in page.headings())


def test_layout_tables_say_so_and_data_tables_have_heads(page: Page) -> None:
    for table in page.body.iter("table"):
        if table.get("role") != "presentation":
            assert {cell.get("scope") for cell in table.iter("th")} == {"col"}
    hidden = re.findall(r"<!--\[if.*?<!\[endif\]-->", page.source, re.DOTALL)
    tables = re.findall(r"<table[^>]*>", "".join(hidden))
    assert tables
    assert all('role="presentation"' in table for table in tables)


def test_every_image_has_an_alt_and_a_whole_width(page: Page) -> None:
    for image in page.body.iter("img"):
        assert image.get("alt") is not None
        assert re.fullmatch(r"\d+", image.get("width") or "")


def test_every_link_has_a_name_and_an_address(page: Page) -> None:
    for text, address in page.links():
        assert text
        assert re.match(r"https://|mailto:|#", address), address


def test_full_issue() -> None:
    page = Page(email_of(full_issue(), sizes={"https://gazette.example/img/dune.png": (1200, 800)}))
    assert page.root.findtext(".//title") == "La gazette n° 7"
    assert page.headings() == [
        (1, "La gazette n° 7"),
        (2, "Un mot"),
        (2, "Au sommaire"),
        (2, "01 Le sable fin"),
        (3, "Sous-titre"),
        (2, "02 Sorties"),
        (3, "Marche <de> nuit & “lune”"),
        (4, "Matériel"),
        (3, "Fête"),
        (2, "03 Emplois"),
        (3, "Gardien"),
        (3, "Aide"),
        (2, "Notes"),
    ]
    links = page.links()
    online = "https://gazette.example/lettres/7/"
    for wanted in (
        ("Lire en ligne", online),
        ("Le sable fin", f"{online}#1-le-sable-fin"),
        ("sable", "https://sable.example/"),
        ("https://sable.example/a?b=1&c=2", "https://sable.example/a?b=1&c=2"),
        ("Contenu intégré", "https://v.example/film"),
        ("Voir le détail", 'https://dune.example/nuit?a=1&b="2"'),
        ("pull", "https://laine.example/"),
        ("Voir l’offre", "https://phare.example/1"),
        ("Nous écrire", "mailto:redaction@gazette.example"),
        ("Se désabonner", "https://gazette.example/adieu"),
    ):
        assert wanted in links
    image = next(page.body.iter("img"))
    assert (image.get("src"), image.get("alt")) == ("https://gazette.example/img/dune.png", "Une dune")
    assert [one.text for one in page.body.find_class("caption")] == ["Le soir"]
    for words in (
        "samedi 1er juin 2024, de 22\u00a0h à 23\u00a0h\u00a030",
        "La jetée\u00a0; au bout",
        "P_7",
        "La note.",
    ):
        assert words in page.text
    assert "lundi 1er juillet 2024" in page.text
    assert "Vous lisez ceci parce que vous l’avez demandé." in page.text


def test_buttons_tell_one_detail_from_the_next() -> None:
    page = Page(email_of(full_issue()))
    labels = [link.get("aria-label") for link in page.body.iter("a") if link.get("aria-label")]
    assert labels == ["Voir le détail – Marche <de> nuit & “lune”", "Voir l’offre – Gardien"]


def test_preheader_stands_first_and_only_where_there_is_one() -> None:
    page = Page(email_of(full_issue()))
    assert page.text.strip().startswith("Du vent, du sable et une marche de nuit pour finir.")
    assert "Du vent" not in email_of(replace(full_issue(), preheader=None))


def test_the_subject_is_the_documents_title() -> None:
    issue = replace(make_issue("a"), subject="Objet\u00a0: “sable” & <vent>")
    assert Page(email_of(issue)).root.findtext(".//title") == "Objet\u00a0: “sable” & <vent>"


@pytest.mark.parametrize(
    ("contents", "addresses"),
    [
        ("online", ["https://gazette.example/lettres/7/#1-une-rubrique"]),
        ("anchors", ["#1-une-rubrique"]),
        ("plain", []),
        ("none", []),
    ],
)
def test_table_of_contents(contents: Contents, addresses: list[str]) -> None:
    page = Page(email_of(make_issue("a"), contents=contents))
    assert [address for text, address in page.links() if text == "Une rubrique"] == addresses
    assert ("Au sommaire" in page.text) == (contents != "none")
    assert page.text.count("Une rubrique") == (1 if contents == "none" else 2)
    if contents == "anchors":
        (target,) = page.body.xpath("//*[@id='1-une-rubrique']")
        assert target.tag == "h2"


def test_contents_count_on_where_sections_are_numbered() -> None:
    def lists(**frame: Unpack[FrameChanges]) -> list[list[str | None]]:
        page = Page(email_of(make_issue("a", "b"), **frame))
        return [[item.get("value") for item in found.iter("li")] for found in page.body.iter("ol", "ul")]

    assert lists() == [["1", "2"]]
    assert lists(is_numbered=False) == [[None, None]]


def test_cover() -> None:
    cover = ImageBlock(src="https://a.example/c.png", alt="")
    page = Page(render_email(compose(make_issue("a")), EmailParts(theme=theme_of(), sizes={}, cover=cover)))
    assert [image.get("src") for image in page.body.iter("img")] == ["https://a.example/c.png"]


def test_right_to_left() -> None:
    issue, frame = CASES["rtl"]
    page = Page(email_of(issue, **frame))
    styles = [
        element.get("style") or "" for element in [*page.body.iter("ul"), *page.body.xpath("//td[@class='quote']")]
    ]
    assert all("padding:0 24px 0 0" in style or "border-right" in style for style in styles)
    assert {cell.get("align") for cell in page.body.iter("td")} <= {None, "right", "center"}
    assert "النشرة" in page.text


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert email_of(full_issue()) == email_of(full_issue())


def test_colours_and_spaces_are_inlined_for_readers_without_style() -> None:
    page = Page(email_of(full_issue()))
    plain = re.sub(r"<style.*?</style>", "", page.source, flags=re.DOTALL)
    for tag in ("p", "h2", "h3", "a", "blockquote", "ul", "ol", "code", "pre"):
        for element in html.document_fromstring(plain).xpath(f"//*[@class='nl']//{tag}"):
            assert element.get("style"), tag


def test_dark_colours_stay_in_the_head() -> None:
    page = email_of(full_issue())
    assert "@media (prefers-color-scheme: dark)" in page
    assert "[data-ogsc]" in page
    assert '<meta name="color-scheme" content="light dark"' in page


def test_gmail_does_not_cut_it() -> None:
    assert len(email_of(full_issue()).encode()) < 60_000
    styles = re.findall(r"<style[^>]*>(.*?)</style>", email_of(full_issue()), re.DOTALL)
    assert all(len(style) < 8_192 for style in styles)


def test_prose_is_never_a_template() -> None:
    source = "{{ 7 * 7 }} {% if x %} {# note #} {{ issue.title }}"
    events = [Event(title=source, start=date(2024, 6, 1), place=source)]
    issue = make_issue(
        make_section(source, title=source, events=events, jobs=[Job(title=source, employer=source)]),
        title=source,
        editorial=source,
    )
    page = Page(email_of(replace(issue, preheader=source, subject=source)))
    assert page.text.count(source) == 10
    assert page.root.findtext(".//title") == source


def test_words_survive_whatever_the_theme_puts_around() -> None:
    marks = [
        "\u00a0",
        "\u202f",
        "\u00ad",
        "\u200b",
        "\u200d",
        "\ufe0f",
        "e\u0301",
        "\\u{a0}",
        "\\n",
        '"',
        "𝗮",
        "👩🏽‍💻",
    ]
    trap = "mot" + "mot".join(marks)
    event = Event(title=trap, start=date(2024, 6, 1), url="https://a.example/")
    escaped = trap.replace("\\", "\\\\")
    issue = make_issue(make_section(f"![{escaped}](i.png '{escaped}')", title=escaped, events=[event]), title=trap)
    page = Page(email_of(issue))
    image = next(page.body.iter("img"))
    assert image.get("alt") == page.body.find_class("caption")[0].text == trap
    assert page.root.findtext(".//title") == trap
    assert page.headings()[0] == (1, trap)
    label = next(link.get("aria-label") for link in page.body.iter("a") if link.get("aria-label"))
    assert label == f"Voir le détail – {trap}"


def test_links_stand_in_the_order_of_the_text() -> None:
    page = Page(email_of(make_issue("[un](https://un.example)", "[deux](https://deux.example)")))
    assert [text for text, _address in page.links()] == [
        *("Lire en ligne", "Une rubrique", "Une rubrique", "un", "deux"),
        *("Lire en ligne", "Nous écrire", "Se désabonner"),
    ]


def test_no_list_of_mails_goes_on_with_the_masthead() -> None:
    """What such a list shows is the text from the beginning on, a hundred and some letters of it."""
    page = Page(email_of(replace(full_issue(), preheader="Une accroche.")))
    first = page.body[0].text_content()
    assert first.startswith("Une accroche.")
    assert len(first) > 250
    assert not "".join(letter for letter in first.removeprefix("Une accroche.") if letter not in "\u2007\u034f")
    assert page.body[0].get("aria-hidden") == "true"
    long = Page(email_of(replace(full_issue(), preheader="Une accroche. " * 20))).body[0].text_content()
    assert len(long) < 290
