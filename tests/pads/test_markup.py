"""What people see in a pad is what readers see: line breaks, embedded pages, the pad's own pictures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter_cli.base.web.address import parse_address
from newsletter_cli.markdown.parse import Part, parse_document
from newsletter_cli.pads.markup import carry_over

PAD = parse_address("https://pad.example.fr/agenda?both")


def carried(text: str, *, has_breaks: bool = True, has_hard_breaks: bool = False) -> str:
    return carry_over(text, origin=PAD, has_breaks=has_breaks, has_hard_breaks=has_hard_breaks).text


@pytest.mark.parametrize(
    ("pad", "section"),
    [
        ("**Question ?**\nRéponse", "**Question ?**\\\nRéponse"),
        ("un  \ndeux\\\ntrois<br>\nquatre", "un  \ndeux\\\ntrois<br>\nquatre"),
        ("- un\n  suite\n- deux", "- un\\\n  suite\n- deux"),
        ("> cité\n> encore", "> cité\\\n> encore"),
        (":::info\nun\ndeux\n:::", ":::info\nun\\\ndeux\n:::"),
        ("un [lien\nlong](https://x.fr) ici", "un [lien\\\nlong](https://x.fr) ici"),
        # No line break in the pad either.
        ("```\nun\ndeux\n```", "```\nun\ndeux\n```"),
        ("    un\n    deux", "    un\n    deux"),
        ("un `code\nsur deux` lignes", "un `code\nsur deux` lignes"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("[TOC]\nun", "[TOC]\nun"),
        ("Titre\nlong\n=====", "Titre\nlong\n====="),
        ("<div>\nun\n</div>", "<div>\nun\n</div>"),
        ("[x]: https://x.fr\n[y]: https://y.fr", "[x]: https://x.fr\n[y]: https://y.fr"),
        ("---\ntitle: x\ntags: y\n---\nun\ndeux", "---\ntitle: x\ntags: y\n---\nun\\\ndeux"),
        ("---\nbreaks: false\n---\nun\ndeux", "---\nbreaks: false\n---\nun\ndeux"),
        # What is not Markdown's.
        ("{%youtube aqz-KE-bpKQ %}", "<https://www.youtube.com/watch?v=aqz-KE-bpKQ>"),
        ("{%pdf https://x.fr/a.pdf %}", "<https://x.fr/a.pdf>"),
        ("{%pdf a.pdf %}", "{%pdf a.pdf %}"),
        ("`{%youtube x %}`", "`{%youtube x %}`"),
        ("![Une vue](/uploads/a.png =200x)", "![Une vue](https://pad.example.fr/uploads/a.png =200x)"),
        ('<img src="/media/a.png">', '<img src="https://pad.example.fr/media/a.png">'),
        ("[ici](/uploads/a.pdf) et [là](/autre)", "[ici](https://pad.example.fr/uploads/a.pdf) et [là](/autre)"),
        ("==lu== 1^er^ H~2~O ++plus++ :tada: - [ ]", "==lu== 1^er^ H~2~O ++plus++ :tada: - [ ]"),
    ],
)
def test_what_a_pad_s_text_comes_to(pad: str, section: str) -> None:
    assert carried(pad) == section


def test_where_the_newsletter_breaks_lines_itself_the_text_stays_as_it_is() -> None:
    assert carried("un\ndeux\n", has_hard_breaks=True) == "un\ndeux\n"
    assert carried("un\ndeux\n", has_breaks=False) == "un\ndeux\n"


@pytest.mark.parametrize(
    "address", ["https://a.example.fr/b/", "https://a.example.fr/?b=1", "www.a.example.fr", "a@b.fr"]
)
def test_an_address_at_a_line_s_end_stays_whole(address: str) -> None:
    text = carried(f"Voir {address}\nDemain")
    assert text == f"Voir {address}\\\nDemain"
    (inline,) = (token for token in parse_document([Part(text)]).parts[0] if token.type == "inline")
    kinds = [child.type for child in inline.children or []]
    assert "hardbreak" in kinds
    assert not any("\\" in child.content or "%5C" in str(child.attrs) for child in inline.children or [])


@pytest.mark.parametrize(
    ("pad", "note"),
    [
        ("\n```mermaid\ngraph\n```", "line 2: a diagram (mermaid) stays code"),
        ("---\nlang: fr\n---\nun\n{%drawio x %}", "line 5: “{%drawio x %}” is not understood here"),
        ("voir (@ref)", "line 1: “(@ref)” is not understood here"),
        ("###### tags: `mars` `lettre`", "line 1: the pad’s tags stand in the text: ###### tags: `mars` `lettre`"),
    ],
)
def test_what_is_not_carried_over_is_told_with_its_line(pad: str, note: str) -> None:
    assert carry_over(pad, origin=PAD, has_breaks=True, has_hard_breaks=False).notes == (note,)


WORDS = st.sampled_from(
    ["un", "deux,", "**trois**", "`x`", "*", "- ", "1. ", "> ", "\\", "<br>", "https://x.fr", "[a](b)", "| ", "#", "  ",
     "```", "[TOC]", ":::info", ":::", "==x==", "{%gist x %}", "    ", "![](/uploads/x.png)", "~", "$$", "=", "-"]
)  # fmt: skip
TEXTS = st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=8).map("\n".join)


@given(TEXTS)
def test_no_line_is_lost_and_none_is_made(text: str) -> None:
    result = carried(text)
    assert result.count("\n") == text.count("\n")
    for before, after in zip(text.split("\n"), result.split("\n"), strict=True):
        wanted = {before, before.rstrip() + "\\", _known(before), _known(before).rstrip() + "\\"}
        assert after in wanted


def _known(line: str) -> str:
    return line.replace("](/uploads/", "](https://pad.example.fr/uploads/").replace(
        "{%gist x %}", "<https://gist.github.com/x>"
    )


PLAIN = st.lists(
    st.lists(st.sampled_from(["un", "deux,", "**trois**", "été"]), min_size=1, max_size=4).map(" ".join), max_size=6
).map("\n".join)


@given(PLAIN)
def test_the_pad_and_the_newsletter_show_the_same(text: str) -> None:
    """As HedgeDoc renders it (markdown-it with `breaks`), so does `nl`, whose line ends are blanks."""
    pad = MarkdownIt("commonmark", {"breaks": True}).render(text)
    assert MarkdownIt("commonmark").render(carried(text)) == pad
