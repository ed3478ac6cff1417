"""Tags that are words are shown, and nothing that follows them vanishes."""

from __future__ import annotations

import pytest

from tests.rendering import fragment, one_line

AFTER = "\n\nThe words that follow."


def said(markdown: str) -> str:
    return one_line("".join(fragment(markdown + AFTER).itertext()))


@pytest.mark.parametrize(
    "typed",
    [
        "The <title> and the <script> of a page.",
        "A Vec<String>, a Map<Style>, an Array<Object>.",
        "Dear <first name>, hello.",
        "It is worth a<b and b>c here.",
        "Where x<a et b>c, p<s and r>0, and i<q ou j>k.",
        "a<img or b>c",
        "The <iframe> and the <textarea>, the <select> too.",
        "The <table>, the <p> and the <img> of a page.",
        "A closing </div> alone.",
        "<first name>",
        "<title>",
        '<div class="a',
    ],
)
def test_a_name_between_angle_brackets_is_shown(typed: str) -> None:
    assert said(typed) == f"{typed} The words that follow."


@pytest.mark.parametrize(
    "markdown",
    [
        '<iframe src="https://a.example/">',
        '<iframe src="https://a.example/" />',
        'A film: <iframe src="https://a.example/"> here.',
        '<select name="a">',
        "<div><!-- never closed</div>",
        "> <!-- never closed",
        "- <script>",
        '<object data="https://a.example/">',
        "<noscript>",
        "<plaintext>",
        "<xmp>",
    ],
)
def test_what_follows_stays(markdown: str) -> None:
    assert "The words that follow." in said(markdown)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("A <b>bold</b> word<br>here", "A bold wordhere"),
        ("<title>gone</title>", ""),
        ("An end <b>forgotten", "An end forgotten"),
        ("<svg>\n\n<text>gone</text>\n\n</svg>", ""),
        ("Words <script>gone</script> stay", "Words stay"),
        ("<center>\n\nIn the middle\n\n</center>", "In the middle"),
        ("One <tide>two</tide> three", "One two three"),
        ('A <Film id="a" /> here', "A here"),
    ],
)
def test_what_is_closed_is_html(markdown: str, shown: str) -> None:
    assert said(markdown).replace(" ", "") == f"{shown} The words that follow.".replace(" ", "")


def test_a_text_of_openings_alone_is_words() -> None:
    assert said('<a "' * 10_000).endswith("The words that follow.")
    assert said("\n" + "<title " * 10_000).endswith("The words that follow.")
