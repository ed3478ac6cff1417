"""What the rules that read a language say, and how grave they find it; where they fire is in cases/."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.check.rule import CheckedRule, rules_in
from newsletter_cli.check.rules import dates, leftover_names, leftovers, past_dates, typography
from newsletter_cli.check.rules.dates import date_impossible, weekday_wrong
from newsletter_cli.check.rules.leftover_names import leftover_name
from newsletter_cli.check.rules.leftovers import leftover_number
from newsletter_cli.check.rules.past_dates import date_past
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.model import Finding, Level
from newsletter_cli.workspace.folder import open_workspace
from newsletter_cli.workspace.scaffold import create_workspace
from tests.check.cases import Case, manuscript_of
from tests.workspaces import ROOT, read_manuscript

RULES = rules_in(dates, past_dates, leftover_names, leftovers, typography)


def found(tmp_path: Path, rule: CheckedRule[Manuscript], text: str, **settings: str) -> list[Finding]:
    case = Case(rule="", kind="bad", title="", text=text, settings=settings)
    return list(rule.check(manuscript_of(case, tmp_path)))


@pytest.mark.parametrize(
    ("text", "level", "suggestion"),
    [
        ("Lundi 16 juin.", Level.WARNING, "write “mardi 16 juin” or “lundi 15 juin”; in 2025 the weekday was right"),
        ("Lundi 16 juin 2026.", Level.ERROR, "write “mardi 16 juin” or “lundi 15 juin”"),
        ("Lundi 16 juin 1992.", Level.WARNING, "write “mardi 16 juin” or “lundi 15 juin”"),
        ("Dimanche 2 juillet.", Level.WARNING, "write “jeudi 2 juillet” or “dimanche 5 juillet”"),
    ],
)
def test_a_wrong_weekday_is_graver_with_its_year(tmp_path: Path, text: str, level: Level, suggestion: str) -> None:
    (finding,) = found(tmp_path, weekday_wrong, text)
    assert finding.level is level
    assert (finding.suggestion or "").startswith(suggestion)
    assert not finding.edits


def test_without_a_date_of_the_issue_only_years_that_were_typed_tell(tmp_path: Path) -> None:
    for rule in (weekday_wrong, date_impossible, date_past):
        assert found(tmp_path, rule, "- Lundi 16 juin, 29 février", date="null") == []
    assert found(tmp_path, weekday_wrong, "Lundi 16 juin 2026.", date="null")


def test_a_late_event_is_graver_than_a_late_entry(tmp_path: Path) -> None:
    header = "---\nevents:\n  - title: Tea\n    start: 2026-06-01\n---\n- 2 juin, the other tea.\n"
    event, entry = found(tmp_path, date_past, header)
    assert (event.level, event.line) == (Level.WARNING, 3)
    assert (entry.level, entry.line) == (Level.INFO, 6)


def test_numbers_and_names_that_may_be_meant_are_notes(tmp_path: Path) -> None:
    head = '---\ntitle: "Lettre no 1"\ndate: 2026-06-11\npreheader: "La Lettre no 1 est là"\n---\n'
    levels = [one.level for one in found(tmp_path, leftover_number, head, file="_issue.md")]
    assert levels == [Level.WARNING, Level.INFO]
    text = "---\ntitle: Portrait\n---\n{}\n"
    case = Case(
        "",
        "bad",
        "",
        text.format("Ada Lovelace et **Grace Hopper**"),
        former=text.format("*Ada Lovelace* et Grace Hopper"),
    )
    found_names = list(leftover_name.check(manuscript_of(case, tmp_path)))
    assert {one.level for one in found_names} == {Level.WARNING, Level.INFO}


def test_the_sample_issue_is_well_written() -> None:
    manuscript = read_manuscript(open_workspace(ROOT), 1)
    assert [one.message for rule in RULES for one in rule.check(manuscript)] == []


def test_of_the_first_issue_only_what_is_wrong_is_reported(tmp_path: Path, seed_path: Path) -> None:
    workspace = create_workspace(tmp_path / "ws", name="10 %", language="fr", sections=default_sections("fr"))
    number = import_post(workspace, seed_path, number=None, is_learning=False).number
    manuscript = read_manuscript(workspace, number)
    by_rule = {rule.slug: list(rule.check(manuscript)) for rule in RULES}
    spaces, accents = by_rule.pop("typography"), by_rule.pop("capital-accent")
    # Each of its dates is right, and no other issue came before it.
    assert {slug: len(findings) for slug, findings in by_rule.items()} == dict.fromkeys(by_rule, 0)
    assert len(spaces) == len({(one.file, one.line) for one in spaces}) > 90
    assert len(accents) == 13
    assert {one.level for one in (*spaces, *accents)} == {Level.INFO}
    # The heading is in the file's header, and there is its line.
    assert [one.place for one in accents if not one.edits] == ["sections/001/agenda.md:2"]
