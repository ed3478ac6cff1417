"""What a mail is put together from, as other programs read it."""

from __future__ import annotations

import quopri

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter_cli.render.mime import image_sources, quoted_lines, replace_image_sources
from tests.examples import examples

# Words just as long as a line, and what is written as more octets than it has.
NEAR_THE_END = st.builds(
    lambda length, end: "a" * length + end,
    st.integers(68, 80),
    st.text(" \t\n=.é\N{PILE OF POO}", max_size=8),
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
TEXTS = st.lists(st.one_of(NEAR_THE_END, ANYTHING, st.text("a \t\n", max_size=200)), max_size=6).map("".join)


@examples(50)
@given(text=TEXTS)
@example("a" * 74 + " \n")
@example("a" * 75 + "\t\nb")
@example("a" * 74 + " \t\n" + "é" * 40 + " \n")
def test_no_encoded_line_is_longer_than_promised(text: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    encoded = quoted_lines(text).decode("ascii")
    lines = encoded.split("\n")
    assert max(map(len, lines)) <= 76
    assert not any("\r" in line or line.endswith((" ", "\t")) for line in lines)
    assert quopri.decodestring(encoded.encode("ascii")).decode() == text


def test_images_are_found_in_tags_only() -> None:
    page = '<p>&lt;img src="no.png"&gt;</p><IMG alt="x>y" SRC="a&amp;b.png"><!--[if mso]><img src="c.png"><![endif]-->'
    assert image_sources(page) == ["a&b.png", "c.png"]
    replaced = page.replace("a&amp;b.png", "x&quot;&amp;")
    assert replace_image_sources(page, {"a&b.png": 'x"&', "no.png": "never"}) == replaced
