"""The published post that `nl` was first made for, checked: it has what docs/explanation/worked-example.md says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.check import Checked, check_workspace
from newsletter_cli.flows.fixing import fix
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.model import Finding
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.scaffold import create_workspace

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explanation" / "worked-example.md").read_text("utf-8")
LEVELS = {"error": "error", "warning": "warning", "note": "info"}
# Told in a sentence of the page, not line by line.
SUMMED_UP = ("capital-accent", "typography")


@pytest.fixture(scope="module")
def workspace(seed_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("seed-check") / "ws"
    made = create_workspace(folder, name="10 %", language="fr", sections=default_sections("fr"))
    import_post(made, seed_path, number=None, is_learning=False)
    return made


@pytest.fixture(scope="module")
def checked(workspace: Workspace) -> Checked:
    return check_workspace(workspace, 1)


def place(finding: Finding) -> str:
    file = finding.file.removeprefix("sections/001/")
    return file if finding.line is None else f"{file}:{finding.line}"


def test_each_fault_is_reported_on_its_line_and_nothing_that_is_right(checked: Checked) -> None:
    rows = re.findall(r"^\| `(\S+)` \| \[`([a-z-]+)`\]\(\S+\) \| (\w+) \|.*?(?:\((\d)×\) )?\|$", PAGE, re.MULTILINE)
    told = Counter({(where, rule, LEVELS[level]): int(times or 1) for where, rule, level, times in rows})
    found = Counter((place(one), one.rule, one.level.value) for one in checked.findings if one.rule not in SUMMED_UP)
    assert found == told


def test_capitals_and_typography_are_counted(checked: Checked) -> None:
    counts = Counter(one.rule for one in checked.findings)
    assert f": {counts['capital-accent']} capitals" in PAGE
    assert f": {counts['typography']} lines" in PAGE
    lines = re.search(r"accent, in lines (.*);$", PAGE, re.MULTILINE)
    assert lines
    told = Counter({where: int(times or 1) for where, times in re.findall(r"`([^`]+)`(?: \((\d)×\))?", lines[1])})
    assert told == Counter(place(one) for one in checked.findings if one.rule == "capital-accent")


def test_fixing_leaves_nothing_to_fix_and_every_word(workspace: Workspace, checked: Checked) -> None:
    fixed = fix(lambda texts: check_workspace(workspace, 1, overrides=texts).findings, checked.sources)
    after = check_workspace(workspace, 1, overrides=fixed.texts)
    assert [one for one in after.findings if one.is_fixable] == []
    left = Counter(one.rule for one in after.findings)
    before = Counter(one.rule for one in checked.findings if not one.is_fixable)
    # Only what somebody has to think about: a raw address without its parameters may be short enough to be a note.
    assert left == before
    again = fix(lambda texts: check_workspace(workspace, 1, overrides={**fixed.texts, **texts}).findings, fixed.texts)
    assert again.texts == {}
