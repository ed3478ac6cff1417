"""Blocks of code in the e-mail: lines and indents for Word, colours for the rest."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter_cli.render.dressing import Dress, dressed
from tests.render.dressing.test_dress import page_of
from tests.rendering import fragment, make_issue, post_of, text_of_email, theme_of
from tests.theme.test_contrast import contrast, invert, parse_colour, read_theme

NB = "\u00a0"
ALL = Dress(language="en", direction="ltr", known=frozenset(("code", "ck")))
PYTHON = '```python\n@wave\ndef tide(name: str) -> float:\n    """How\n    high."""\n\treturn 1.5  # metres\n```\n'


def cell_of(markdown: str, dress: Dress = ALL) -> html.HtmlElement:
    (cell,) = (one for one in dressed(fragment(markdown), dress).iter("td") if one.get("class") == "code")
    return cell


def lines_of(cell: html.HtmlElement) -> list[str]:
    """What somebody reads, line by line, blanks as they are."""
    for one in list(cell.iter("br")):
        assert (one.tail or "").startswith("\n")
    return "".join(map(str, cell.itertext())).split("\n")


def test_lines_and_indents_are_there_without_white_space() -> None:
    cell = cell_of(PYTHON)
    lines = lines_of(cell)
    assert lines[:3] == ["@wave", "def tide(name: str) -> float:", f'{NB * 4}"""How']
    assert lines[4] == f"{NB * 4}return 1.5{NB} # metres"
    assert (cell.get("dir"), cell.get("align")) == ("ltr", "left")


def test_parts_have_their_classes() -> None:
    found = {one.get("class"): "".join(one.itertext()) for one in cell_of(PYTHON).iter("span")}
    assert found == {"cf": "tide", "ck": "return", "cs": f'"""How\n{NB * 4}high."""', "cn": "1.5", "cc": "# metres"}


def test_the_last_line_is_a_line_like_any_other() -> None:
    found = [(one.get("class"), "".join(one.itertext())) for one in cell_of("```diff\n-a\n+b\n```").iter("span")]
    assert found == [("cn", "-a"), ("cs", "+b")]


@pytest.mark.parametrize("fence", ["```", "```text", "```no-such-language", "~~~ {.txt}"])
def test_without_a_known_language_there_are_lines_and_no_colours(fence: str) -> None:
    cell = cell_of(f"{fence}\ndef a():\n  b\n{fence[:3]}\n")
    assert lines_of(cell) == ["def a():", f"{NB * 2}b"]
    assert list(cell.iter("span")) == []


@given(
    st.text(alphabet="ab \t\n\"'#{}()<&é漢", max_size=60), st.sampled_from(["python", "js", "html", "sql", "bash", ""])
)
def test_nothing_of_the_code_is_lost(code: str, language: str) -> None:
    fence = "`" * 5
    root = fragment(f"{fence}{language}\n{code}\n{fence}\n")
    typed = "".join(root.itertext()).strip("\n")
    shown = "\n".join(lines_of(cell_of(f"{fence}{language}\n{code}\n{fence}\n"))).replace(NB, " ")
    assert shown == "\n".join(line.expandtabs(4) for line in typed.split("\n"))


def test_raw_html_of_more_than_text_stays_as_it_is() -> None:
    root = dressed(fragment("<pre>a <b>bold</b>\n  b</pre>"), ALL)
    assert [one.text for one in root.xpath("//pre/b")] == ["bold"]


def test_text_and_post_have_the_code_as_it_was_typed() -> None:
    issue = make_issue(PYTHON)
    assert PYTHON in post_of(issue)
    assert "        return 1.5  # metres" in text_of_email(issue)
    assert NB not in text_of_email(issue).partition("@wave")[2].partition("metres")[0]


def test_colours_are_in_the_head_where_they_are_needed() -> None:
    assert ".nl .ck" in page_of(PYTHON).source
    assert ".nl .ck" not in page_of("```\ncode\n```").source


def test_colours_without_their_dark_twins_are_none() -> None:
    """A workspace may have the `head.css` of the version before."""
    head = "\n".join(line for line in theme_of().files["head.css"].split("\n") if ".ck" not in line)
    assert page_of(PYTHON, head_css=head).body.xpath("//span[@class='ck']") == []


LIGHT, DARK = "content.css", "head.css"


@pytest.mark.parametrize(("name", "theme"), list(product(["ck", "cs", "cc", "cn", "cf"], ["default", "dsfr"])))
def test_each_colour_stands_out_from_its_ground(name: str, theme: str) -> None:
    """WCAG 2.2, 1.4.3, light, dark, and inverted by force."""
    light, dark = (
        parse_colour(re.findall(rf"\.{name} \{{ color: (#[0-9a-f]{{6}})", theme_of(theme).files[file])[-1])
        for file in (LIGHT, DARK)
    )
    settings = read_theme(theme)
    tint = parse_colour(settings["colors"]["tint"])
    assert contrast(light, tint) >= 4.5
    assert contrast(invert(light), invert(tint)) >= 4.5
    assert contrast(dark, parse_colour(settings["dark"]["tint"])) >= 4.5
