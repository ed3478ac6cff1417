"""The rules on how a text is written, where a case in a file is not enough: files, other issues, any text at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.check.rule import rules_in
from newsletter_cli.check.rules import (
    characters,
    foreign_markup,
    headings,
    image_descriptions,
    image_files,
    link_addresses,
    link_words,
    marks,
    placeholders,
)
from newsletter_cli.check.rules.image_files import image_file_missing
from newsletter_cli.check.rules.link_repeated import link_earlier
from newsletter_cli.check.rules.placeholders import placeholder
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.subjects.survey_issue import survey_issue
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.model import Edit, Finding, Issue, Level, Section, SourceText
from tests.examples import examples
from tests.pictures import png
from tests.workspaces import CONFIG, CORPUS, ISSUE, NL, make_workspace, read_manuscript, write

SIGNS = [
    "**",
    "*",
    "_",
    "`",
    "```",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "![",
    "<",
    ">",
    '"',
    "“",
    "”",
    "{{<",
    ">}}",
    ":::",
    "{.x}",
    "→",
    "[^1]",
    "\\",
    "&amp;",
    "TODO",
    "???",
    "ici",
    "word",
    "<!--",
    "-->",
    "<svg>",
    "<int>",
]
STARTS = [
    "• ",
    "– ",
    "🌊 ",
    "    ",
    "- ",
    "> ",
    "# ",
    "### ",
    "3. ",
    "| ",
    "|---|",
    "[^1]: ",
    "\n",
    "\n\n",
    "\r\n",
    " ",
]
ADDRESSES = [
    "https://example.org/a?utm_source=b&c=d#e",
    "www.example.org",
    "mailto:a@example.org",
    "images/a.png",
    "data:image/png;base64,A",
    "[a]: https://example.org/?fbclid=1",
    "<a href=",
]
LETTERS = ["𝗮𝗯𝗰", "𝗲\u0301", "\u200b", "\u200d", "\u202e", "\u00ad", "\ufeff", "\x0c", "\u2028"]
WORDS = ["à compléter", "le lien :", "<!-- nl: note -->"]
PIECES = [*SIGNS, *STARTS, *ADDRESSES, *LETTERS, *WORDS]


RULES = rules_in(
    headings,
    link_words,
    link_addresses,
    image_descriptions,
    image_files,
    marks,
    foreign_markup,
    characters,
    placeholders,
)


def manuscript(body: str, *, newline: str = "\n") -> Manuscript:
    source = SourceText(text=body.replace("\n", newline), file="sections/001/agenda.md", first_line=4)
    issue = Issue(
        number=1,
        title="Letter",
        slug="letter1",
        editorial=SourceText(text="", file="sections/001/_issue.md"),
        sections=(Section(slug="agenda", title="Agenda", body=source),),
    )
    texts, others = survey_issue(parse_issue(issue))
    return Manuscript(issue=issue, language="fr", texts=texts, header_texts=others)


def all_findings(one: Manuscript) -> list[Finding]:
    return [finding for rule in RULES for finding in rule.check(one)]


def offset_of(body: str, edit: Edit) -> int:
    """Lines end as in Markdown: `\\n`, `\\r\\n`, a lone `\\r`."""
    line, offset = 4, 0
    while line < edit.line:
        after = min(found for sign in "\r\n" if (found := body.find(sign, offset)) >= 0)
        offset = after + (2 if body.startswith("\r\n", after) else 1)
        line += 1
    return offset + edit.column - 1


def fixed(body: str, findings: Sequence[Finding]) -> str:
    """The text with the edits of findings that do not overlap."""
    after = len(body) + 1
    edits = {(offset_of(body, edit), edit.old, edit.new) for one in findings for edit in one.edits}
    for offset, old, new in sorted(edits, reverse=True):
        if offset + len(old) <= after:
            assert body.startswith(old, offset)
            body = body[:offset] + new + body[offset + len(old) :]
            after = offset
    return body


texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join)


@examples(30)
@given(texts, st.sampled_from(["\n", "\r\n"]))
def test_any_text_gets_findings_that_lie_within_it(body: str, newline: str) -> None:
    one = manuscript(body, newline=newline)
    typed = one.texts[1].survey.source.text
    for finding in all_findings(one):
        assert finding.message
        assert finding.line is not None
        assert 4 <= finding.line <= 4 + typed.count("\n") + typed.count("\r")
        for edit in finding.edits:
            assert typed.startswith(edit.old, offset_of(typed, edit))
            assert edit.old != edit.new


@examples(30)
@given(texts)
def test_fixing_comes_to_an_end(body: str) -> None:
    for _pass in range(12):
        findings = [one for one in all_findings(manuscript(body)) if one.edits]
        if not findings:
            return
        body = fixed(body, findings)
    pytest.fail(f"still to fix: {findings}")


@examples(25)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80))
def test_plain_words_have_nothing_to_fix_in_their_letters(body: str) -> None:
    """What is fixed away is mark-up, tracking or invisible: no letter of any script, save the mathematical ones."""
    findings = [one for one in all_findings(manuscript(body)) if one.edits]
    for one in findings:
        for edit in one.edits:
            lost = [sign for sign in edit.old if sign.isalpha() and sign not in edit.new]
            assert all("\U0001d400" <= sign <= "\U0001d7ff" for sign in lost), (one.rule, edit)


class TestImageFiles:
    def check(self, root: Path, body: str, **files: bytes) -> list[Finding]:
        workspace = make_workspace(root, CONFIG, {1: {**ISSUE, "news.md": body}})
        for name, content in files.items():
            write(root / "sections" / "001" / "images" / name.replace("_png", ".png"), content)
        return list(image_file_missing.check(read_manuscript(workspace, 1)))

    @pytest.mark.parametrize(
        "address",
        ["images/stand.png", "./images/stand.png", "images/stand.png?v=2", "images/%73tand.png", "/stand.png"],
    )
    def test_a_file_that_is_there(self, tmp_path: Path, address: str) -> None:
        assert self.check(tmp_path, f"![The stand]({address})\n", stand_png=png(10, 10)) == []

    @pytest.mark.parametrize(
        ("address", "near"),
        [
            ("images/Stand.PNG", "images/stand.png"),
            ("images/stnad.png", "images/stand.png"),
            ("stand.png", "images/stand.png"),
            ("images\\stand.png", "images/stand.png"),
            ("../002/images/stand.png", "images/stand.png"),
        ],
    )
    def test_the_near_name_is_told(self, tmp_path: Path, address: str, near: str) -> None:
        [found] = self.check(tmp_path, f"![The stand]({address})\n", stand_png=png(10, 10))
        assert found.level is Level.ERROR
        assert near in (found.suggestion or "")

    def test_no_near_name(self, tmp_path: Path) -> None:
        [found] = self.check(tmp_path, "![The map](images/map-of-the-coast.png)\n", stand_png=png(10, 10))
        assert "stand" not in (found.suggestion or "")
        assert "images/map-of-the-coast.png" in found.message


def test_the_latest_issue_that_gave_an_address_is_named(tmp_path: Path) -> None:
    news = "Something [happened](https://example.org/a/).\n"
    issues = {number: {**ISSUE, "news.md": news} for number in (1, 2, 3)}
    workspace = make_workspace(tmp_path, CONFIG, {**issues, 4: {**ISSUE, "news.md": news}})
    [found] = link_earlier.check(read_manuscript(workspace, 4))
    assert (found.file, found.line) == ("sections/004/news.md", 1)
    assert "3" in found.message
    assert found.level is Level.INFO


class TestGuidance:
    def check(self, body: str, *, is_standing: bool = False) -> list[Finding]:
        one = manuscript(body)
        section = Section(slug="agenda", title="Agenda", body=one.texts[1].survey.source, is_standing=is_standing)
        told = Manuscript(
            issue=one.issue,
            language="en",
            texts=(Text(one.texts[1].survey, section),),
            guidance=frozenset(["Say what happens this month.", "### To come"]),
        )
        return list(placeholder.check(told))

    def test_left_as_it_was(self) -> None:
        [found] = self.check("### To come\n\nSay what happens this month.\n")
        assert (found.line, found.level) == (6, Level.WARNING)

    def test_left_among_other_words(self) -> None:
        [found] = self.check("Say what happens this month.\n\nA concert on Friday.\n")
        assert found.level is Level.INFO

    def test_a_heading_of_the_skeleton_stays(self) -> None:
        assert self.check("### To come\n\nA concert on Friday.\n") == []

    def test_a_standing_section_may_be_its_skeleton(self) -> None:
        assert self.check("Say what happens this month.\n", is_standing=True) == []


def test_every_post_of_the_corpus_can_be_checked(tmp_path: Path) -> None:
    for post in sorted(CORPUS.glob("*.md")):
        body = post.read_bytes().decode("utf-8", "replace")
        for finding in all_findings(manuscript(body)):
            assert finding.rule
    assert NL
