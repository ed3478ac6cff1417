"""Every rule on content, by its cases: what it finds, what it fixes, and what no rule may find."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.check.catalogue import MANUSCRIPT_RULES, check_manuscript
from newsletter_cli.check.rule import rules_in
from newsletter_cli.check.rules import header_dates, header_markup, headers, sections
from newsletter_cli.markdown.survey import NOT_PROSE
from newsletter_cli.model import Edit
from tests.check.cases import Case, manuscript_of, read_cases

CASES = list(read_cases())
BY_SLUG = {rule.slug: rule for rule in MANUSCRIPT_RULES}
# These look at whole issues and at files: what they are given is made in tests of their own.
OF_ISSUES = {rule.slug for rule in rules_in(headers, header_dates, header_markup, sections)} | {
    "front-matter-image-missing",
    "image-heavy",
    "image-unreadable",
}


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "bad"], ids=str)
def test_a_rule_fires_where_the_fault_is(case: Case, tmp_path: Path) -> None:
    manuscript = manuscript_of(case, tmp_path)
    found = [one for one in BY_SLUG[case.rule].check(manuscript) if one.file.endswith(case.file)]
    assert found
    if case.places:
        columns = dict(case.places)
        shown = sorted((one.line or 0, one.column if columns.get(one.line or 0) else None) for one in found)
        assert shown == sorted(case.places)
    for one in found:
        assert one.rule == case.rule
        assert one.message
        assert NOT_PROSE not in one.message + (one.suggestion or "")
        assert one.level in ("error", "warning", "info")


@pytest.mark.parametrize("case", [case for case in CASES if case.fixed is not None], ids=str)
def test_fixing_changes_what_is_wrong_and_silences_the_rule(case: Case, tmp_path: Path) -> None:
    content = case.text
    for _pass in range(10):
        found = BY_SLUG[case.rule].check(manuscript_of(case, tmp_path, content))
        edits = [edit for one in found for edit in one.edits]
        if not edits:
            break
        content = apply(content, edits)
    assert content == case.fixed
    assert BY_SLUG[case.rule].is_fixable
    left = BY_SLUG[case.rule].check(manuscript_of(case, tmp_path, content))
    assert not any(one.edits for one in left)


def apply(content: str, edits: list[Edit]) -> str:
    """All edits that do not overlap, from the last to the first."""
    lines = content.splitlines(keepends=True)
    places = sorted({(sum(map(len, lines[: one.line - 1])) + one.column - 1, one.old, one.new) for one in edits})
    after = len(content) + 1
    for offset, old, new in reversed(places):
        if offset + len(old) <= after and content.startswith(old, offset):
            content = content[:offset] + new + content[offset + len(old) :]
            after = offset
    return content


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "good"], ids=str)
def test_nothing_is_said_of_what_is_right(case: Case, tmp_path: Path) -> None:
    found = check_manuscript(manuscript_of(case, tmp_path))
    assert [(one.rule, one.place, one.message) for one in found] == []


@pytest.mark.parametrize("slug", sorted(BY_SLUG.keys() - OF_ISSUES))
def test_each_rule_has_a_bad_case_and_three_near_misses(slug: str) -> None:
    cases = [case for case in CASES if case.rule == slug]
    assert any(case.kind == "bad" for case in cases)
    assert sum(case.kind == "good" for case in cases) >= 3
    assert any(case.fixed is not None for case in cases) == BY_SLUG[slug].is_fixable


def test_every_file_of_cases_is_about_a_rule() -> None:
    assert {case.rule for case in CASES} <= set(BY_SLUG)
