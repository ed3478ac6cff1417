"""The text of whole issues, against their HTML: the same headings, every word, every link."""

from __future__ import annotations

import re

import pytest
from lxml import html

from newsletter_cli.flows.read import read_sources
from newsletter_cli.workspace.folder import open_workspace
from tests.rendering import ROOT, Page, email_of, make_issue, make_section, render_all, text_of_email

# Alone on its line, whatever the reference behind it or the quotation around it; the upper levels underlined.
ALONE = r"(?: \[\d+\])*[ ]*\n"
UNDERLINED = ALONE + r"[> \t]*[=-]{3,}[ ]*(?:\n|$)"


@pytest.fixture(scope="module")
def sample() -> dict[str, str]:
    renditions = render_all(read_sources(open_workspace(ROOT), 1))
    return {name: content for name, content in renditions.items() if isinstance(content, str)}


@pytest.fixture(params=["sample", "seed"])
def renditions(request: pytest.FixtureRequest) -> dict[str, str]:
    found: dict[str, str] = request.getfixturevalue("sample" if request.param == "sample" else "seed_renditions")
    return found


def assert_same_headings(page: Page, text: str) -> None:
    assert page.headings()
    position = 0
    for level, heading in page.headings():
        # The e-mail sets the number above the title, 01 for 1.
        words = r"\.?\s+".join(re.escape(word) for word in heading.removeprefix("0").split())
        mark = UNDERLINED if level <= 3 else ALONE
        found = re.compile(r"^[> ]*" + words + mark, re.MULTILINE).search(text, position)
        assert found, f"“{heading}” is no heading after character {position}"
        position = found.start() + 1


def test_headings_are_those_of_the_html_in_its_order(renditions: dict[str, str]) -> None:
    assert_same_headings(Page(renditions["email.html"]), renditions["email.txt"])


def test_headings_of_every_level() -> None:
    body = "# Un\n\na\n\n## Deux *fins*\n\n### Trois\n\n#### Quatre\n\n[Cinq](https://b.example/)\n---\n\n> # Six\n"
    issue = make_issue(make_section(body, title="Le [sable](https://b.example/)"), editorial="# Mot\n")
    assert_same_headings(Page(email_of(issue)), text_of_email(issue))


def test_every_word_of_the_html_is_in_the_text(renditions: dict[str, str]) -> None:
    body = Page(renditions["email.html"]).body
    for element in body.xpath("//div[@aria-hidden='true'] | //td[@aria-hidden='true']"):
        element.drop_tree()
    # A long address is shown short, and may end within a word; the whole is looked for below.
    for link in body.xpath("//a[contains(., '…')]"):
        link.drop_tree()
    shown = " ".join(sheet_texts(body)) + " ".join(image.get("alt") or "" for image in body.iter("img"))
    words = {re.sub(r"^0(?=\d$)", "", word) for word in re.findall(r"\w+", shown)}
    assert len(words) > 300
    assert words - {re.sub(r"^0(?=\d$)", "", word) for word in re.findall(r"\w+", renditions["email.txt"])} == set()


def sheet_texts(body: html.HtmlElement) -> list[str]:
    """The texts of the sections: neither preheader, header nor footer, whose wording is a rendition's own."""
    return [str(text) for text in body.xpath("//*[contains(concat(' ', @class, ' '), ' nl ')]//text()")]


def test_every_address_of_the_html_is_in_the_text(renditions: dict[str, str]) -> None:
    page = Page(renditions["email.html"])
    addresses = {address for _text, address in page.links() if "#" not in address}
    addresses |= {image.get("src") or "" for image in page.body.iter("img") if image.get("alt")}
    missing = {address for address in addresses if address.removeprefix("mailto:") not in renditions["email.txt"]}
    assert {address for address in missing if "%" not in address} == set()


def test_lines_are_narrow_and_hold_no_markup(renditions: dict[str, str]) -> None:
    for line in renditions["email.txt"].splitlines():
        assert len(line) <= 76 or re.search(r"://|mailto:", line), line
        assert not re.search(r"</?(?:p|b|a|img|div|span|table)\b", line), line
        assert line == line.rstrip()
