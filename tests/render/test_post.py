from __future__ import annotations

import re
from datetime import date, datetime
from types import MappingProxyType

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from newsletter_cli.base.values import replace
from newsletter_cli.model import Event, Job
from tests.examples import examples
from tests.rendering import PARIS, make_issue, make_section, post_of

# As Hugo reads a post: CommonMark with GitHub's extensions. Addresses are not linked on their own here.
HUGO = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def body_of(post: str) -> str:
    return post.split("---\n", 2)[2]


def read(post: str) -> html.HtmlElement:
    return html.document_fromstring(f"<html><body><div>{HUGO.render(body_of(post))}</div></body></html>")[-1][0]


def test_whole_post() -> None:
    event = Event(
        title="Marche de nuit",
        start=datetime(2024, 6, 1, 22, tzinfo=PARIS),
        end=datetime(2024, 6, 1, 23, 30, tzinfo=PARIS),
        place="La jetée",
        url="https://dune.example/nuit",
        description="Avec **lampe**.\n\n- eau\n- pull",
    )
    job = Job(
        title="Gardien (h/f)",
        employer="Le phare",
        url="https://phare.example/1",
        reference="P_7",
        deadline=date(2024, 7, 1),
    )
    issue = make_issue(
        make_section("Et aussi.\n", title="Sorties", events=[event]),
        make_section("", title="Emplois", jobs=[job, Job(title="Aide")]),
        editorial="Bonjour.\n",
    )
    issue = replace(
        issue, summary="Du sable : partout", images=("/img/a.png",), extra=MappingProxyType({"tags": ["x"]})
    )
    assert post_of(issue).replace("\u00a0", "~") == (
        "---\n"
        "title: La gazette n° 7\n"
        "slug: gazette7\n"
        "date: 2024-05-06T09:00:00+02:00\n"
        'summary: "Du sable : partout"\n'
        "images:\n  - /img/a.png\n"
        "tags:\n  - x\n"
        "---\n"
        "Bonjour.\n"
        "\n"
        "## 1. Sorties\n"
        "\n"
        "- **Samedi 1er juin 2024, de 22~h à 23~h~30** – [Marche de nuit](https://dune.example/nuit)  \n"
        "  Lieu~: La jetée\n"
        "\n"
        "  Avec **lampe**.\n"
        "\n"
        "  - eau\n"
        "  - pull\n"
        "\n"
        "Et aussi.\n"
        "\n"
        "## 2. Emplois\n"
        "\n"
        "- **[Gardien (h/f)](https://phare.example/1)**, Le phare  \n"
        "  Référence~: P\\_7  \n"
        "  Date limite~: lundi 1er juillet 2024\n"
        "- **Aide**\n"
    )  # fmt: skip


def test_front_matter_reads_back() -> None:
    issue = replace(
        make_issue("x", title='Été : "deux" # trois'),
        summary="oui\nnon",
        images=("a b.png", "{{ c }}"),
        extra=MappingProxyType({"draft": False, "title": "jamais", "nested": {"a": [1, None]}}),
    )
    header = yaml.safe_load(post_of(issue).split("---\n")[1])
    assert header == {
        "title": 'Été : "deux" # trois',
        "slug": "gazette7",
        "date": datetime(2024, 5, 6, 9, tzinfo=PARIS),
        "summary": "oui\nnon",
        "images": ["a b.png", "{{ c }}"],
        "draft": False,
        "nested": {"a": [1, None]},
    }


def test_what_is_not_set_is_left_out() -> None:
    header = yaml.safe_load(post_of(replace(make_issue("x"), date=None)).split("---\n")[1])
    assert list(header) == ["title", "slug"]


BODIES = st.lists(
    st.sampled_from(
        ["a", "é\u00a0", "  ", "\t", "\n", "\r\n", "\r", "{{ v }}", "{% x %}", "<b", "- ", "\u2028", "\x0c"]
    ),
    max_size=12,
).map("".join)


@examples(25)
@given(st.lists(BODIES, min_size=1, max_size=4), BODIES)
def test_bodies_are_there_byte_for_byte_and_in_order(bodies: list[str], editorial: str) -> None:
    post = post_of(make_issue(*bodies, editorial=editorial))
    position = post.index("---", 3) + 3
    for body in [editorial, *bodies]:
        position = post.find(body, position)
        assert position >= 0, body
        position += len(body)
    for number in range(1, len(bodies) + 1):
        assert re.search(rf"(?:^|[\r\n])## {number}\. Une rubrique[\r\n]", post)


def test_the_posts_own_lines_end_as_the_editors_do() -> None:
    post = post_of(make_issue("a\r\nb\r\n", "c\r\n", editorial="d\r\n"))
    assert post.count("\n") == post.count("\r\n")
    assert "d\r\n\r\n## 1." in post
    assert "\r" not in post_of(make_issue("a\nb\n"))


@pytest.mark.parametrize("body", ["a", "a\n", "a\n\n", "a\n \n", ""])
def test_a_heading_stands_apart_from_the_body_above(body: str) -> None:
    post = post_of(make_issue(body, "suite"))
    assert re.search(r"\n[ \t]*\n## 2\. Une rubrique\n", post)
    assert "\n\n\n" not in post
    assert post.endswith("suite\n")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("C #", "C #"),
        ("C ###", "C ###"),
        ("#", "#"),
        ("C#", "C#"),
        ("Le `code` et *l’été*", "Le code et l’été"),
        ("Deux\nlignes", "Deux lignes"),
        ("{{ v }} {% x %}", "{{ v }} {% x %}"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("is_numbered", [True, False])
def test_titles_are_headings_whole(title: str, shown: str, is_numbered: bool) -> None:
    page = read(post_of(make_issue(make_section("corps", title=title)), is_numbered=is_numbered))
    (heading,) = page.iter("h2")
    assert heading.text_content() == (f"1. {shown}".rstrip() if is_numbered else shown)


def test_the_level_of_headings_is_the_newsletters() -> None:
    assert "\n### 1. Une rubrique\n" in post_of(make_issue("a"), heading_level=3)


PIECES = [
    *(
        "a",
        "é",
        "日",
        " ",
        "\u00a0",
        "\u202f",
        "\u200b",
        "\n",
        "\\",
        "`",
        "``",
        "*",
        "**",
        "_",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
    ),
    *(
        "&",
        "&amp;",
        "&#35;",
        "~~",
        "~",
        "#",
        "- ",
        "1. ",
        "+",
        "!",
        "![",
        "{{< x >}}",
        "{{% y %}}",
        "{{ z }}",
        "|",
        '"',
        "'",
    ),
    *(
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "[x](y)",
        "[^1]",
        "https://a.example/",
        "^",
        "$",
        "=",
        "---",
        ":",
        "«",
        "»",
        "\\\n",
    ),
]
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join).filter(lambda text: bool(text.strip()))
URLS = st.lists(
    st.sampled_from([*"abz09-_.~/?#=&%()[]'\"!*+,;:@|\\<> ", "&amp;", "&copy=1", "é", "{{"]), max_size=10
).map(lambda pieces: "https://a.example/" + "".join(pieces))


def plain(text: str | None) -> str:
    return "".join((text or "").split()).replace("\u200b", "")


@examples(40)
@given(TEXT, TEXT, st.one_of(st.none(), URLS))
@example("a", "b", "https://a.example/(")
@example("a &amp; ~~b~~ {{< c >}}", "\\", "https://a.example/?x=\\_&amp;y")
def test_events_and_jobs_read_back_as_they_were(title: str, place: str, url: str | None) -> None:
    event = Event(title=title, start=date(2024, 6, 1), place=place, url=url)
    job = Job(title=title, employer=place, url=url, reference=place, deadline=date(2024, 7, 1))
    post = post_of(make_issue(make_section("corps", events=[event]), make_section("corps", jobs=[job])))
    page = read(post)
    assert [plain(item.text_content()) for item in page.iter("li")] == [
        plain(f"Samedi 1er juin 2024 – {title}Lieu : {place}"),
        plain(f"{title}, {place}Référence : {place}Date limite : lundi 1er juillet 2024"),
    ]
    links = [(plain(link.text_content()), link.get("href")) for link in page.iter("a")]
    assert links == ([(plain(title), HUGO.normalizeLink(encoded(url)))] * 2 if url else [])
    assert [plain(strong.text_content()) for strong in page.iter("strong")] == ["Samedi1erjuin2024", plain(title)]
    assert not re.search(r"\{\{[<%]", body_of(post))


def encoded(url: str) -> str:
    return url.strip().replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace("{", "%7B")


def test_a_description_stays_within_its_event() -> None:
    text = "# Titre\n\nun\u2028deux\x0bb\r\n\r\n```\n  code\n```\n\n1. a\n2. b\n"
    event = Event(title="Sortie", start=date(2024, 6, 1), description=text)
    page = read(post_of(make_issue(make_section("Après.", events=[event, replace(event, title="Autre")]))))
    assert [element.tag for element in page] == ["h2", "ul", "p"]
    assert [len(list(item.iter("h1", "pre", "ol"))) for item in page.iterfind("ul/li")] == [3, 3]
    assert page.findtext(".//pre/code") == "  code\n"
    assert [paragraph.text_content() for paragraph in page.iter("p")].count("un\u2028deux\x0bb") == 2


def test_comments_for_editors_do_not_reach_the_site() -> None:
    post = post_of(make_issue("<!-- nl: aide -->\n\na <!-- public -->\n", editorial="<!-- nl: x -->\n"))
    assert "nl:" not in post
    assert "<!-- public -->" in post
