from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter_cli.markdown.parser import normalise_link
from tests.examples import examples
from tests.growth import grows_with_the_text
from tests.rendering import fragment

URL = "https://sable.example/dune"
NBSP, NARROW = "\u00a0", "\u202f"


def links(markdown: str) -> list[tuple[str, str]]:
    """Text and address of each link."""
    return [("".join(link.itertext()), link.get("href") or "") for link in fragment(markdown).iter("a")]


def shown(markdown: str) -> str:
    return "".join(fragment(markdown).itertext()).removesuffix("\n")


@pytest.mark.parametrize(
    ("markdown", "address"),
    [
        (f"Voir {URL}.", URL),
        (f"Voir {URL}, puis dormir", URL),
        (f"Est-ce {URL}{NARROW}?", URL),
        (f"Est-ce {URL} ?", URL),
        (f"Ici{NBSP}: {URL}{NBSP}; là", URL),
        (f"{URL}: voilà", URL),
        (f"Et {URL}…", URL),
        (f"Et {URL}...", URL),
        (f"«{NBSP}{URL}{NBSP}»", URL),
        (f"«{URL}»", URL),
        (f"“{URL}”", URL),
        (f'"{URL}"', URL),
        (f"‘{URL}’", URL),
        (f"({URL})", URL),
        (f"({URL}).", URL),
        (f"[{URL}]", URL),
        (f"(voir {URL}, page 2)", URL),
        (f"{URL}’est fini", URL),
        (f"{URL}'s page", URL),
        (f"d’{URL} à demain", URL),
        (f"**{URL}**", URL),
        (f"_{URL}_ et", URL),
        (f"~~{URL}~~", URL),
        (f"({URL}_(plage))", f"{URL}_(plage)"),
        (f"{URL}_(plage)", f"{URL}_(plage)"),
        (f"{URL}/?a=1&b=2#haut!", f"{URL}/?a=1&b=2#haut"),
        ("http://sable.example", "http://sable.example"),
        ("https://sable.example:8080/~ana/*", "https://sable.example:8080/~ana/"),
        (f"読む{URL}、次に", URL),
        (f"「{URL}」", URL),
        (f"{URL}。", URL),
        ("Sur www.sable.fr/dune !", "https://www.sable.fr/dune"),
        ("Sur www.sable.fr.", "https://www.sable.fr"),
        ("Sur dune.gouv.fr/fr/page, demain", "https://dune.gouv.fr/fr/page"),
        ("Écrire à ana.b+x@sable.example.", "mailto:ana.b+x@sable.example"),
        ("(ana@sable.example)", "mailto:ana@sable.example"),
        ("Contact :ana@sable.example", "mailto:ana@sable.example"),
        ("mailto:ana@sable.example", "mailto:ana@sable.example"),
        ("https://été.example/où?q=é", "https://xn--t-9fab.example/o%C3%B9?q=%C3%A9"),
        ("https://例え.テスト/道。次", "https://xn--r8jz45g.xn--zckzah/%E9%81%93"),
    ],
)
def test_an_address_in_prose_becomes_a_link_without_the_sentence_around_it(markdown: str, address: str) -> None:
    assert [found for _text, found in links(markdown)] == [address]


@pytest.mark.parametrize(
    "markdown",
    [
        "Lire README.md et setup.py",
        "De 12:30 à 14:00, le 3/4",
        "Les données de data.gouv.fr et socket.io",
        "C’est-à-dire:rien, note 1:2",
        "//sable.example/dune",
        "ftp://sable.example/dune",
        "www.",
        "http://",
        "ana@sable",
        "@ana",
        f"`{URL}`",
        f"```\n{URL}\n```",
        f"    {URL}",
        "`ana@sable.example`",
        "javascript://sable.example/%0Aalert(1)",
    ],
)
def test_what_is_no_address_stays_text(markdown: str) -> None:
    assert links(markdown) == []


def test_a_link_is_not_linked_again() -> None:
    assert links(f"[{URL}](https://b.example/) <https://c.example/>") == [
        (URL, "https://b.example/"),
        ("https://c.example/", "https://c.example/"),
    ]
    assert links(f'<a href="https://b.example/">{URL}</a>') == [(URL, "https://b.example/")]


def test_the_address_is_shown_as_typed() -> None:
    assert shown("https://été.example/où%20là?q=é") == "https://été.example/où%20là?q=é"
    assert shown("Sur www.sable.fr/dune !") == "Sur www.sable.fr/dune !"


def test_several_in_a_row() -> None:
    found = links(f"{URL}/1, {URL}/2; {URL}/3 ({URL}/4) ana@sable.example et www.sable.fr")
    assert [address for _text, address in found] == [
        *(f"{URL}/{number}" for number in (1, 2, 3, 4)),
        "mailto:ana@sable.example",
        "https://www.sable.fr",
    ]


BEFORE = ["", " ", "«", f"«{NBSP}", "“", "(", "[", "l’", "d'", "à ", f"lien{NBSP}: ", "—", "\n", "> ", "**"]
AFTER = [".", ",", ";", ":", "!", "?", "…", "»", f"{NBSP}»", "”", "’", ")", "]", f"{NARROW}!", f"{NBSP}:", " —", "\n"]
PATHS = st.lists(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8), max_size=4).map("/".join)


@examples(30)
@given(
    st.sampled_from(BEFORE),
    PATHS,
    st.lists(st.sampled_from(AFTER), max_size=4).map("".join),
    st.sampled_from(["", " Et la suite.", "\n\nEt un paragraphe."]),
)
@example("“", "dune", "”).", "")
def test_an_address_comes_out_of_french_punctuation_exactly(before: str, path: str, after: str, rest: str) -> None:
    address = f"https://sable.example/{path}"
    assert links(before + address + after + rest) == [(address, address)]


# No letter between colons here is the short name of an emoji.
PIECES = [*"uh:/.@w-’'()«»&;?é日\u00a0\u200b ", "https://", "www.", ".fr/", "mailto:"]


@examples(30)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_linking_loses_no_character(text: str) -> None:
    tree = fragment("x " + text)
    assert "".join("".join(tree.itertext()).split()) == "".join(f"x{text}".split())
    for link in tree.iter("a"):
        label = "".join(link.itertext())
        assert label == label.strip()
        assert (link.get("href") or "").startswith(("http://", "https://", "mailto:"))


HOSTILE: dict[str, Callable[[int], str]] = {
    "closing": lambda size: URL + "/" + "!)" * size,
    "elisions": lambda size: URL + "/" + "’est" * size,
    "brackets": lambda size: URL + "/" + "(" * size + ")" * size,
    "dots": lambda size: "a." * size + "fr/",
    "hyphens": lambda size: "a-" * size + "@",
    "ats": lambda size: "a@" * size,
    "www": lambda size: "www." * size,
    "words": lambda size: "https://" + "a" * size,
    "many": lambda size: (URL + ", ") * (size // 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_text_not_with_its_square(name: str) -> None:
    assert grows_with_the_text(fragment, HOSTILE[name], 2_000)


def test_each_mailbox_of_a_link_has_its_domain_in_ascii_and_the_subject_stays() -> None:
    address = "mailto:ada@bücher.example,ben@été.example?subject=ada@bücher.example"
    assert normalise_link(address) == (
        "mailto:ada@xn--bcher-kva.example,ben@xn--t-9fab.example?subject=ada@b%C3%BCcher.example"
    )
