"""Which pictures a pad's text shows from the web, and the same text with others in their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.pads.pictures import picture_suffix, readdressed, web_pictures
from tests.pictures import png

HERE = {"https://pad.fr/uploads/a.png": "images/a b.png", "https://pad.fr/b(1).png": "images/b.png"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![Une vue](https://pad.fr/uploads/a.png)", "![Une vue](images/a%20b.png)"),
        ('![*x* [y](z)](https://pad.fr/uploads/a.png "Un titre")', '![*x* [y](z)](images/a%20b.png "Un titre")'),
        ("![](<https://pad.fr/uploads/a.png> 'x')", "![](<images/a b.png> 'x')"),
        ("![](https://pad.fr/uploads/a.png =200x)", "![](images/a%20b.png =200x)"),
        ("![](https://pad.fr/b(1).png)", "![](images/b.png)"),
        ("[![a](https://pad.fr/b(1).png)](https://pad.fr/uploads/a.png)", "[![a](images/b.png)](https://pad.fr/uploads/a.png)"),
        ("> - ![](https://pad.fr/b(1).png) ![](https://pad.fr/b(1).png)", "> - ![](images/b.png) ![](images/b.png)"),
        ('<img alt="x" src="https://pad.fr/uploads/a.png">', '<img alt="x" src="images/a b.png">'),
        ('Un <img src=\'https://pad.fr/b(1).png\'/> ici', "Un <img src='images/b.png'/> ici"),
        ("| a |\n|---|\n| ![](https://pad.fr/b(1).png) |", "| a |\n|---|\n| ![](images/b.png) |"),
        ("![deux\nlignes](https://pad.fr/b(1).png)", "![deux\nlignes](images/b.png)"),
        ("![x][a]\n\n[a]: https://pad.fr/b(1).png 'T'", "![x][a]\n\n[a]: images/b.png 'T'"),
        ("[x][a]\n\n[a]: https://pad.fr/b(1).png", "[x][a]\n\n[a]: https://pad.fr/b(1).png"),
        # No picture.
        ("`![](https://pad.fr/b(1).png)`", "`![](https://pad.fr/b(1).png)`"),
        ("```\n![](https://pad.fr/b(1).png)\n```", "```\n![](https://pad.fr/b(1).png)\n```"),
        ("[ici](https://pad.fr/b(1).png)", "[ici](https://pad.fr/b(1).png)"),
        ("![](https://pad.fr/autre.png) ![](images/c.png)", "![](https://pad.fr/autre.png) ![](images/c.png)"),
    ],
)  # fmt: skip
def test_a_picture_is_shown_from_another_address(text: str, shown: str) -> None:
    assert readdressed(text, HERE) == shown
    # What has been replaced once stays.
    assert readdressed(shown, HERE) == shown
    assert (set(web_pictures(text)) & HERE.keys() != set()) == (text != shown)


def test_each_is_told_with_its_line() -> None:
    text = "Un\n\n![](https://a.fr/1.png)\n\n- ![](https://a.fr/2.png)\n  ![](https://a.fr/1.png)\n\n![](c.png)\n"
    assert web_pictures(text) == {"https://a.fr/1.png": 3, "https://a.fr/2.png": 5}


WORDS = st.sampled_from(["![x](https://a.fr/1.png)", "`", "mot", "> ", "- ", "\n", "    ", "<img src='https://a.fr/1.png'>",
                         "![", "](https://a.fr/1.png)", "\\", "[", "]", "```\n", "|", "é"])  # fmt: skip


@given(st.lists(WORDS, max_size=12).map("".join))
def test_nothing_but_addresses_of_pictures_changes(text: str) -> None:
    result = readdressed(text, {"https://a.fr/1.png": "images/1.png"})
    assert result.replace("images/1.png", "https://a.fr/1.png") == text
    assert "https://a.fr/1.png" not in web_pictures(result)


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (png(), ".png"),
        (b"\xff\xd8\xff\xe0", ".jpg"),
        (b"GIF89a", ".gif"),
        (b"<!doctype html>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"", None),
    ],
)
def test_what_a_picture_is(content: bytes, suffix: str | None) -> None:
    assert picture_suffix(content) == suffix
