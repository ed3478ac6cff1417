"""Every post of the corpus, and posts made of hostile fragments: nothing of a body is lost or changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.config import SectionSettings
from newsletter_cli.markdown.frontmatter import split_header
from newsletter_cli.workspace.importing.posts import ImportedPost, parse_post
from newsletter_cli.workspace.learn import learn_sections
from tests.examples import examples

CORPUS = Path(__file__).parents[2] / "corpus" / "posts"
POSTS = sorted(path for path in CORPUS.glob("*.md") if not path.name.startswith("broken-"))

# File → level of the headings it is cut at, slugs of its sections.
EXPECTED: dict[str, tuple[int | None, list[str]]] = {
    "2021-11-02-titel-eins.md": (1, ["termine", "berichte", "stellen"]),
    "2023-06-21-semaine-du-cuivre.md": (
        2,
        [
            "nouvelles-de-la-communaute",
            "outil-de-la-semaine",
            "appel-a-participation",
            "evenements-a-venir",
            "citation-de-la-semaine",
        ],
    ),
    "2023-W12.md": (
        3,
        ["digest", "insights", "r-in-the-real-world", "new-packages", "r-internationally", "quotes-of-the-week"],
    ),
    "arabe.md": (2, ["lkhbr", "lf-lyt", "lwzyf"]),
    "blancs.md": (None, []),
    "bom-sans-entete.md": (2, ["agenda", "jobs"]),
    "bom.md": (2, ["agenda", "jobs"]),
    "caracteres.md": (2, ["a-l-agenda", "bon-a-savoir", "cafe-et-the", "nul-ici"]),
    "cle-indentee.md": (2, ["agenda"]),
    "clotures.md": (2, ["one", "two", "three"]),
    "commentaires.md": (2, ["ceci-n-est-pas-un-en-tete", "agenda", "jobs"]),
    "courriel.md": (2, ["agenda", "jobs"]),
    "cr-seul.md": (2, ["agenda", "jobs"]),
    "crlf.md": (2, ["agenda", "jobs"]),
    "doublons.md": (2, ["news", "news-2", "news-3", "news-2-2", "issue", "section-con", "section-con-2"]),
    "emoji.md": (2, ["agenda", "section-2", "jobs", "1-keycap"]),
    "entete-riche.md": (2, ["rubrique", "autre"]),
    "entete-seul-sans-fin.md": (None, []),
    "entete-seul.md": (None, []),
    "entete-vide.md": (2, ["a", "b"]),
    "filet-en-tete.md": (2, ["agenda", "jobs"]),
    "fins-melangees.md": (2, ["one", "two", "three"]),
    "gabarits.md": (2, ["block-titre-offres-endblock", "var", "fin"]),
    "html-de-toute-sorte.md": (2, ["media", "more", "pre"]),
    "hugo-toml.md": (2, ["agenda", "noticias", "empleo"]),
    "infolettre_12.md": (1, ["actualites", "formations", "evenements"]),
    "japonais.md": (2, ["ozhi-rase", "ihento", "qiu-ren-qing-bao"]),
    "lignes-vides-avant.md": (2, ["only"]),
    "niveau-1.md": (1, ["agenda", "jobs", "lectures"]),
    "niveau-3.md": (3, ["agenda", "jobs", "conseil-de-lecture"]),
    "note-en-tete.md": (2, ["agenda", "jobs"]),
    "numeros.md": (2, ["lectures", "participer-au-programme-10", "appel-a-idees", "2023-en-chiffres"]),
    "references-a-la-fin.md": (2, ["news", "linked-heading", "links"]),
    "sans-fin-de-ligne.md": (2, ["one", "two"]),
    "sans-titre.md": (None, []),
    "setext.md": (1, ["first-section", "a-heading-of-two-lines", "third"]),
    "tableaux.md": (2, ["chiffres", "suite", "fin", "titre-apres-une-liste"]),
    "texte-avant.md": (2, ["a-l-agenda", "bon-a-savoir"]),
    "tilde-ouverte.md": (None, []),
    "titres-ornes.md": (
        2,
        [
            "linked-title",
            "title-with-code-and-emphasis",
            "title",
            "bold-title",
            "half-bold",
            "struck-tagged-escaped",
            "trailing-hash",
            "indented-by-three",
            "image-image",
            "https-bare-example-path-x-1-y-2",
            "a-very-long-title-such-as-newsletters-love-to-have",
        ],
    ),
    "titres-sans-corps.md": (2, ["a", "b", "c", "d"]),
    "titres-vides.md": (2, ["section-1", "section-2", "section-3", "tab", "section-5"]),
    "vide.md": (None, []),
}
# File → line of the fault.
BROKEN = {
    "broken-bomb.md": 6,
    "broken-colon.md": 2,
    "broken-control.md": 3,
    "broken-crlf.md": 4,
    "broken-duplicate.md": 4,
    "broken-list.md": 3,
    "broken-pelican.md": 3,
    "broken-python-tag.md": 3,
    "broken-quote.md": 3,
    "broken-sentence.md": 3,
    "broken-tab.md": 4,
    "broken-toml.md": 3,
    "broken-unclosed.md": 1,
}
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
RESERVED = {"con", "prn", "aux", "nul", *(f"{device}{n}" for device in ("com", "lpt") for n in range(10))}


def read_post(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def assert_whole(text: str, post: ImportedPost) -> None:
    """Nothing lost, nothing changed, every line and name what it claims to be."""
    body = split_header(text).body
    assert text.removeprefix("\ufeff").endswith(body)
    file_lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text.removeprefix("\ufeff"))
    before, whole = None, post.editorial
    for section in post.sections:
        whole += "".join(file_lines[section.heading_line - 1 : section.body_line - 1]) + section.body
        assert "".join(file_lines[section.body_line - 1 :]).startswith(section.body)
        assert SLUG.fullmatch(section.slug)
        assert section.slug not in RESERVED
        assert section.after == before
        before = section.slug
    # Its words can stand before it as well, where they are no heading: in raw HTML.
    starts = [found.start() for found in re.finditer(re.escape(post.own_heading), body)] if post.own_heading else []
    assert whole in {body[:at] + body[at + len(post.own_heading) :] for at in starts} if starts else whole == body
    assert len({section.slug for section in post.sections}) == len(post.sections)


def test_every_file_of_the_corpus_is_in_the_tables() -> None:
    assert {path.name for path in POSTS} == set(EXPECTED)
    assert {path.name for path in CORPUS.glob("broken-*")} == set(BROKEN)


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_a_post_is_cut_where_expected_and_stays_whole(path: Path) -> None:
    text = read_post(path)
    post = parse_post(text, name=path.name, canonical=[], heading_level=None, language="fr")
    assert_whole(text, post)
    assert (post.heading_level, [section.slug for section in post.sections]) == EXPECTED[path.name]
    assert post.title


@pytest.mark.parametrize("level", [1, 2, 3, 6])
@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_a_post_stays_whole_at_any_level(path: Path, level: int) -> None:
    text = read_post(path)
    assert_whole(text, parse_post(text, name=path.name, heading_level=level))


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_what_is_learnt_from_a_post_fits_it(path: Path) -> None:
    text = read_post(path)
    first = parse_post(text, name=path.name)
    canonical = [SectionSettings(slug=section.slug, title=section.title) for section in learn_sections(first)]
    again = parse_post(text, name=path.name, canonical=canonical)
    assert [section.slug for section in again.sections] == [section.slug for section in first.sections]
    assert all(section.is_canonical for section in again.sections)
    assert all(section.title for section in learn_sections(first))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_line_ends_do_not_matter_to_the_cut(path: Path, newline: str) -> None:
    text = re.sub(r"\r\n?|\n", newline, read_post(path))
    post = parse_post(text, name=path.name)
    assert_whole(text, post)
    assert [section.slug for section in post.sections] == EXPECTED[path.name][1]


@pytest.mark.parametrize(("name", "line"), BROKEN.items())
def test_a_broken_header_is_reported_with_its_line(name: str, line: int) -> None:
    with pytest.raises(FrontMatterError) as caught:
        parse_post(read_post(CORPUS / name), name=name)
    assert (caught.value.file, caught.value.line) == (name, line)


def test_a_post_of_three_hundred_links_in_sixty_sections() -> None:
    text = "Title: Long\nDate: 2023-06-21\n\nHello.\n" + "".join(
        f"\n## Part {number}\n\n"
        + "".join(f"* [link {link}](https://x.example/{number}/{link}_(a))\n" for link in range(5))
        for number in range(60)
    )
    post = parse_post(text, name="long.md")
    assert_whole(text, post)
    assert len(post.sections) == 60
    assert sum(section.body.count("](https://") for section in post.sections) == 300


FRAGMENTS = [
    *("# A", "## B", "## B", "### C ###", "##", "#no", "####### x", "Title\n===", "Title\n---", "---", "***", "text"),
    *(
        "```",
        "~~~",
        "````md",
        "    code",
        "\tcode",
        "- item",
        "  - item",
        "1. one",
        "> quote",
        "> ## q",
        "| a | b |\n|--|--|",
    ),
    *(
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "<!-- x -->",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<details>",
        "</details>",
    ),
    *(
        "<table><tr><td>",
        "</td></tr></table>",
        ":::",
        "::: {.note}",
        "[a]: http://x",
        "[^1]: note",
        ": def",
        "  \\",
        "\\",
    ),
    *(
        "## 1. Un",
        "## **2. Deux**",
        "## 14. Juli",
        "## {#id}",
        "## `",
        "## [x][a]",
        "## 🎉",
        "## con",
        "## _x",
        "## \u200b",
    ),
    *(
        "é\u00a0\u202f",
        "\u2028",
        "\x0b",
        "\x85",
        "\x00",
        "\ufeff",
        "ع",
        "{{ x }}",
        "{% if %}",
        "+++",
        "title: x",
        "Title: x",
    ),
]
hostile_posts = st.lists(
    st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from(["\n", "\n", "\n\n", "\r\n", "\r", "", " "])), max_size=14
).map(lambda pairs: "".join(fragment + end for fragment, end in pairs))
CANONICAL = [
    SectionSettings(slug="b", title="B"),
    SectionSettings(slug="deux", title="Deux", aliases=("Title",)),
    SectionSettings(slug="section-3", title="3"),
]


@examples(50)
@given(
    hostile_posts,
    st.sampled_from(["", "---\ntitle: A\n---\n", "\ufeff\r\n---\r\ntitle: A\r\n---\r\n", "Title: A\n\n", "+++\n+++\n"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([[], CANONICAL]),
)
def test_hostile_posts_stay_whole(body: str, head: str, level: int | None, canonical: list[SectionSettings]) -> None:
    text = head + body
    try:
        post = parse_post(text, name="p.md", canonical=canonical, heading_level=level, language="fr")
    except FrontMatterError:
        return
    assert_whole(text, post)
    if "\ufeff" not in body:
        learnt = [SectionSettings(slug=section.slug, title=section.title) for section in learn_sections(post)]
        again = parse_post(text, name="p.md", canonical=learnt, heading_level=level or post.heading_level)
        assert [section.slug for section in again.sections] == [section.slug for section in post.sections]
