"""Each rule fires on its fault, on the right line, and on nothing that only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.check.rules.sections import (
    definition_twice,
    section_draft,
    section_empty,
    section_missing,
    section_unknown,
)
from newsletter_cli.model import Finding, Level
from newsletter_cli.workspace.folder import Workspace
from tests.workspaces import CONFIG, ISSUE, make_workspace, read_manuscript

RULES = (definition_twice, section_draft, section_empty, section_missing, section_unknown)


def findings(tmp_path: Path, *, config: str = CONFIG, **files: str) -> list[Finding]:
    issue = {**ISSUE, **{f"{name.replace('_', '-')}.md": text for name, text in files.items()}}
    return check(make_workspace(tmp_path, config, {1: issue}))


def check(workspace: Workspace) -> list[Finding]:
    manuscript = read_manuscript(workspace, 1)
    found = [finding for rule in RULES for finding in rule.check(manuscript)]
    return sorted(found, key=lambda one: (one.file, one.line or 0, one.rule))


def rules(found: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [(finding.rule, finding.file, finding.line) for finding in found]


def test_a_sound_issue_has_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path) == []


def test_each_rule_is_registered_under_its_own_name(tmp_path: Path) -> None:
    found = findings(
        tmp_path / "a",
        config=CONFIG.replace('title = "News"', 'title = "News"\nrequired = true').replace('"news"', '"tidings"'),
        agenda="---\nstatus: draft\n---\nWords[^1].\n\n[^1]: one\n",
        about="\n",
        news="Words[^1].\n\n[^1]: other\n",
    )
    assert {finding.rule for finding in found} == {rule.slug for rule in RULES}


class TestSectionDraft:
    def test_a_draft_that_would_go_out(self, tmp_path: Path) -> None:
        found = findings(tmp_path, news="---\nstatus: draft\n---\nNearly.\n")
        assert rules(found) == [("section-draft", "sections/001/news.md", 2)]
        assert found[0].level is Level.WARNING

    def test_a_required_one_stops_the_send(self, tmp_path: Path) -> None:
        config = CONFIG.replace('title = "News"', 'title = "News"\nrequired = true')
        for text in ("---\nstatus: draft\n---\nNearly.\n", "---\nstatus: ready\n---\n"):
            assert [one.level for one in findings(tmp_path, config=config, news=text)] == [Level.ERROR]

    @pytest.mark.parametrize("status", ["ready", "skip", ""])
    def test_no_draft(self, tmp_path: Path, status: str) -> None:
        assert findings(tmp_path, news=f"---\nstatus: {status}\n---\nDone.\n") == []

    def test_an_empty_draft_is_reported_once(self, tmp_path: Path) -> None:
        found = findings(tmp_path, news="---\nstatus: draft\n---\n<!-- nl: write here -->\n")
        assert rules(found) == [("section-empty", "sections/001/news.md", 4)]


class TestSectionEmpty:
    @pytest.mark.parametrize("body", ["", "\n \n", "<!-- nl: guidance\nover lines -->\n"])
    def test_nothing_under_the_heading(self, tmp_path: Path, body: str) -> None:
        assert rules(findings(tmp_path, news=body)) == [("section-empty", "sections/001/news.md", 1)]

    @pytest.mark.parametrize(
        "text",
        [
            "---\njobs:\n  - title: Cook\n---\n",
            "---\nevents:\n  - title: Tea\n    start: 2026-06-18\n---\n",
            "`<!-- nl: this is code -->`\n",
            "![](a.png)\n",
            "---\nstatus: skip\n---\n",
        ],
    )
    def test_something_or_left_out(self, tmp_path: Path, text: str) -> None:
        assert findings(tmp_path, news=text) == []


class TestSectionMissing:
    CONFIG = CONFIG.replace('title = "Coming up"', 'title = "Coming up"\nrequired = true')

    def test_required_and_not_there(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, self.CONFIG, {1: {"news.md": "A.\n"}})
        found = check(workspace)
        assert found[0].level is Level.ERROR
        assert rules(found) == [("section-missing", "sections/001/agenda.md", None)]

    def test_left_out_on_purpose_is_there(self, tmp_path: Path) -> None:
        assert findings(tmp_path, config=self.CONFIG, agenda="---\nstatus: skip\n---\n") == []

    def test_not_required(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, CONFIG, {1: {"news.md": "A.\n"}})
        assert check(workspace) == []


class TestSectionUnknown:
    def test_a_slip_of_the_finger_is_a_warning_with_the_nearest(self, tmp_path: Path) -> None:
        found = findings(tmp_path, agnda="A.\n")
        assert rules(found) == [("section-unknown", "sections/001/agnda.md", 1)]
        assert found[0].level is Level.WARNING
        assert "agenda.md" in (found[0].suggestion or "")

    def test_a_special_of_this_issue_is_a_note(self, tmp_path: Path) -> None:
        assert [finding.level for finding in findings(tmp_path, birthday="A.\n")] == [Level.INFO]

    @pytest.mark.parametrize("text", ["---\nafter: agenda\n---\nA.\n", "---\nstatus: skip\n---\nA.\n"])
    def test_placed_or_left_out(self, tmp_path: Path, text: str) -> None:
        assert findings(tmp_path, birthday=text) == []


class TestDefinitionTwice:
    def test_a_footnote_of_two_sections(self, tmp_path: Path) -> None:
        found = findings(tmp_path, agenda="A[^1].\n\n[^1]: one\n", news="B[^1].\n\n[^1]: two\n")
        assert rules(found) == [("definition-twice", "sections/001/news.md", 3)]
        assert "sections/001/agenda.md:3" in found[0].message

    def test_a_footnote_twice_in_one_section(self, tmp_path: Path) -> None:
        found = findings(tmp_path, news="B[^1].\n\n[^1]: one\n[^1]: two\n")
        assert rules(found) == [("definition-twice", "sections/001/news.md", 4)]
        assert "in line 3 already" in found[0].message

    def test_a_reference_with_two_addresses_in_one_section(self, tmp_path: Path) -> None:
        news = "[x][r]\n\n[r]: https://example.org/a\n[R]: https://example.org/b\n\n[r]: https://example.org/c\n"
        found = findings(tmp_path, news=news)
        assert rules(found) == [
            ("definition-twice", "sections/001/news.md", 4),
            ("definition-twice", "sections/001/news.md", 6),
        ]

    def test_the_same_address_twice_in_one_section(self, tmp_path: Path) -> None:
        assert findings(tmp_path, news="[x][r]\n\n[r]: https://example.org/a\n[r]: https://example.org/a\n") == []

    def test_a_reference_with_two_addresses(self, tmp_path: Path) -> None:
        agenda = "---\nauthor: Ada\n---\n<!-- nl: guidance -->\n[x][R]\n\n[r]: https://example.org/a\n"
        found = findings(tmp_path, agenda=agenda, news="[x][r]\n\n[R]: https://example.org/b\n")
        assert rules(found) == [("definition-twice", "sections/001/news.md", 3)]
        assert "sections/001/agenda.md:7" in found[0].message

    @pytest.mark.parametrize(
        "news",
        [
            "[x][r]\n\n[r]: https://example.org/a\n",
            "[x][s]\n\n[s]: https://example.org/b\n",
            "`[r]: https://example.org/b`\n",
            "```\n[r]: https://example.org/b\n```\n",
            "---\nstatus: skip\n---\n[r]: https://example.org/b\n",
        ],
        ids=["same address", "other name", "code", "fence", "left out"],
    )
    def test_no_contradiction(self, tmp_path: Path, news: str) -> None:
        assert findings(tmp_path, agenda="[x][r]\n\n[r]: https://example.org/a\n", news=news) == []
