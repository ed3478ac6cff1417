"""The banner of a proof: where it stands, how much of a change it shows, and that no text in it becomes mark-up."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.render.differences import SectionText, compare_sections
from newsletter_cli.render.proof_banner import (
    MOST_LINES,
    TEXT_WIDTH,
    ProofBanner,
    banner_html,
    banner_text,
    page_with_banner,
)
from newsletter_cli.render.words import ProofWords, parse_words

FOLDER = Path(__file__).parents[2] / "templates" / "words"
HEADING = "Proof no.\u00a02"
HIDDEN = '<div style="display:none;max-height:0">What an inbox shows &amp; more</div>'


def words(language: str = "en") -> ProofWords:
    found = parse_words((FOLDER / f"{language}.toml").read_text("utf-8"), file="x").proof
    assert found is not None
    return found


def banner(before: str = "", after: str = "", **about: object) -> ProofBanner:
    texts = [[SectionText(slug="news", title="News", lines=tuple(one.split("\n")))] for one in (before, after)]
    known: dict[str, object] = {"number": 2, "address": "desk@example.org", "since": 1}
    return ProofBanner(**{**known, "changes": tuple(compare_sections(*texts)), **about})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("page", "before", "behind"),
    [
        (f"<html><head></head><body class=x>{HIDDEN}<p>Hello</p></body></html>", HIDDEN, "<p>Hello"),
        ("<html><head></head><BODY>\n<p>Hello</p></BODY></html>", "<BODY>", "<p>Hello"),
        ("<p>Hello</p>", "", "<p>Hello"),
    ],
)
def test_it_stands_behind_what_an_inbox_shows(page: str, before: str, behind: str) -> None:
    made = page_with_banner(page, banner("a", "b"), words(), direction="ltr", language="en")
    assert before in made
    assert made.index(before) < made.index(HEADING) < made.index(behind)
    assert made.replace("<!--", "").count(HEADING) == 1


def test_a_change_is_shown_with_a_little_around_it() -> None:
    many = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    text = banner_text(banner(f"{many} old {many}", f"{many} new {many}"), words())
    assert "− … thirteen fourteen fifteen old one two" in " ".join(text.split())
    assert text.count("eight") == 0


def test_a_comma_that_went_is_found_in_the_text() -> None:
    text = " ".join(banner_text(banner("forty, and nobody", "forty and nobody"), words()).split())
    assert "− forty, and nobody + forty and nobody" in text
    assert "+ " not in banner_text(banner("one\n\nall of it", "one"), words())


def test_so_many_lines_and_the_rest_counted() -> None:
    before, after = ("\n".join(f"{word} {number} of many" for number in range(30)) for word in ("old", "new"))
    for made in (
        banner_text(banner(before, after), words()),
        banner_html(banner(before, after), words(), direction="ltr", language="en"),
    ):
        assert made.count("of many") <= 2 * MOST_LINES
        assert f"more lines: {30 - MOST_LINES}" in made


def test_nothing_said_is_mark_up_and_no_line_is_long() -> None:
    hostile = "</td><script>alert(1)</script> & <b>\u202ebold"
    made = banner("a", f"a {hostile}", by=f"Eve\r\n{hostile}", until=hostile, address=hostile)
    html = banner_html(made, words(), direction="rtl", language="ar")
    assert "<script" not in html
    assert "<b>\u202e" not in html
    assert all(len(line) <= TEXT_WIDTH for line in banner_text(made, words()).splitlines())


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "it"])
def test_every_language_says_all_of_it(language: str) -> None:
    made = banner("a b c", "a b d", until="Friday", by="Ines")
    text = " ".join(banner_text(made, words(language)).split())
    for part in ("2", "desk@example.org", "Friday", "Ines", "News", "+1 −1", "1"):
        assert part in text
    assert "{" not in text
    same = banner_text(banner("a", "a", is_same=True), words(language))
    assert words(language).nothing.format(number=1).split()[0] in same
