"""The views of files as they are written, and of two issues' differences, asked for as the page does."""

from __future__ import annotations

import html
import re

import pytest
from lxml import html as trees

from newsletter_cli.preview.sources import source_page
from newsletter_cli.workspace.folder import Workspace
from tests.inside import call
from tests.preview.asking import opened
from tests.preview.conftest import SECOND


def shown_lines(document: str) -> list[str]:
    return [one.text_content() for one in trees.document_fromstring(document).xpath("//*[@data-line]")]


def test_the_html_is_what_an_assembly_writes_to_the_letter(workspace: Workspace) -> None:
    with opened(workspace) as asking:
        document = asking.ask("view/2/html").text
    call("assemble", "2", cwd=workspace.root)
    written = next((workspace.root / "build").rglob("email.html")).read_text("utf-8")
    assert "\n".join(shown_lines(document)) + "\n" == written.removesuffix("\n") + "\n"


def test_of_a_reader_it_is_that_of_their_own_message(workspace: Workspace) -> None:
    config = workspace.root / "newsletter.toml"
    config.write_text(config.read_text("utf-8") + '\n[email]\nunsubscribe = "https://example.org/leave"\n', "utf-8")
    (workspace.root / "list.csv").write_text("email;name\nada@example.org;Ada\n", encoding="utf-8")
    with opened(workspace) as asking:
        (ada,) = asking.ask("state").json()["people"]["choices"]
        everybodys, own = (asking.ask(f"view/2/html{query}").text for query in ("", f"?person={ada['key']}"))
    assert everybodys != own
    assert "Hello again." in html.unescape(own)


def test_the_announcement_is_as_written(workspace: Workspace) -> None:
    with opened(workspace) as asking:
        document = trees.document_fromstring(asking.ask("view/2/announce").text)
    call("assemble", "2", cwd=workspace.root)
    assert document.xpath("string(//pre)") == next((workspace.root / "build").rglob("announce.txt")).read_text("utf-8")


def test_the_calendar_is_a_list_of_events_and_the_file(workspace: Workspace) -> None:
    (workspace.root / "sections/002/agenda.md").write_text(
        "---\nauthor: Ada\nstatus: ready\nevents:\n"
        "  - {title: Tea & cake, start: 2026-07-18T16:00, end: 2026-07-18T17:30, place: The garden,"
        " url: 'https://example.org/tea'}\n"
        "  - {title: Fair, start: 2026-08-01, end: 2026-08-03, description: 'Three *long* days'}\n"
        "---\n",
        encoding="utf-8",
    )
    with opened(workspace) as asking:
        document = trees.document_fromstring(asking.ask("view/2/calendar").text)
        assert "no calendar file" in asking.ask("view/1/calendar").text
    tea, fair = [[part.text_content() for part in one] for one in document.xpath("//article/div[2]")]
    when = "Saturday 18 July 2026, 4\u00a0pm to 5:30\u00a0pm"
    assert tea == ["Tea & cake", when, "The garden", "https://example.org/tea"]
    assert fair == ["Fair", "Saturday 1 to Monday 3 August 2026", "Three long days"]
    lines = [one.text_content() for one in document.xpath("//*[@data-line]")]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")


@pytest.mark.parametrize("syntax", ["html", "calendar", None])
def test_colours_change_no_letter_and_every_line_has_its_number(syntax: str | None) -> None:
    text = '<p title="a > b">x</p>\n<!-- two\n\nlines -->\n<a\n href=\'x\'>1 < 2 &amp; "q"</a>\n</'
    document = source_page(f"{text}\r\n", language="en", syntax=syntax)  # type: ignore[arg-type]
    assert shown_lines(document) == text.split("\n")
    assert re.findall(r'data-line="(\d+)"', document) == [str(number) for number in range(1, 8)]


def test_a_large_source_is_whole_and_laid_out_in_few_parts() -> None:
    text = "".join(f"line {number}\n" for number in range(100_000))
    document = source_page(text, language="en")
    assert "\n".join(shown_lines(document)) + "\n" == text
    numbers = [int(number) for number in re.findall(r'data-line="(\d+)"', document)]
    assert numbers == list(range(1, 100_000, 50))


class TestDifferences:
    def test_they_are_told_by_section(self, workspace: Workspace) -> None:
        news = (
            SECOND["news.md"].replace("status: draft", "status: ready").replace("Paragraph 7 of the", "Line 7 of the")
        )
        folder = workspace.root / "sections/001"
        (folder / "news.md").write_text(news, encoding="utf-8")
        (folder / "agenda.md").unlink()
        with opened(workspace) as asking:
            answer = asking.ask("view/2/differences?with=1")
        assert "script-src" not in answer.headers["content-security-policy"]
        document = trees.document_fromstring(answer.text)
        standing = {one.get("id"): one.xpath("string(.//small)") for one in document.xpath("//section")}
        assert standing["nl-agenda"].startswith("new section")
        assert standing["nl-news"].startswith("changed · +1 word · −")
        (line,) = document.xpath("//section[@id='nl-news']//li[@class='changed'][contains(., 'Line')]")
        assert [one.text for one in line.xpath("del | ins")] == ["Line", "Paragraph"]
        assert line.get("data-sign") == "≠"

    @pytest.mark.parametrize("other", ["", "9", "x", "1%2F", "-1"])
    def test_with_an_issue_that_is_not_there_there_are_none(self, workspace: Workspace, other: str) -> None:
        with opened(workspace) as asking:
            assert asking.ask(f"view/2/differences?with={other}").status == 404
