"""The MJML of every shipped theme, checked by the validator of npm's mjml: mjml-python has none.

Needs node, and `npm ci` in tests/theme/mjml.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.flows.read import read_sources
from newsletter_cli.flows.render import compose_sources
from newsletter_cli.render.compose import ComposedIssue
from newsletter_cli.render.email import EmailParts, mjml_source
from newsletter_cli.workspace.folder import open_workspace
from tests.render.hostile import hostile_issue
from tests.render.test_email import CASES
from tests.rendering import ROOT, THEMES, compose, parts_of

VALIDATOR = Path(__file__).parent / "mjml" / "validate.mjs"

pytestmark = pytest.mark.needs("node", "mjml")


def faults_of(mjml: str) -> list[dict[str, Any]]:
    done = subprocess.run(["node", str(VALIDATOR)], input=mjml.encode(), capture_output=True, check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert bool(found) == bool(done.returncode)
    return found


def render_mjml(composed: ComposedIssue, parts: EmailParts) -> str:
    """The MJML of the e-mail, content in place."""
    source, slots = mjml_source(composed, parts)
    return slots.fill(source)


def source_of(name: str, theme: str) -> str:
    if name == "sample":
        composed, _parts = compose_sources(read_sources(open_workspace(ROOT), 1))
        return render_mjml(composed, parts_of(theme))
    issue, frame = (hostile_issue(is_huge=False), {}) if name == "hostile" else CASES[name]
    return render_mjml(compose(issue, **frame), parts_of(theme))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["sample", "hostile", *CASES])
def test_the_theme_is_valid_mjml(name: str, theme: str) -> None:
    assert faults_of(source_of(name, theme)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "<mj-section><mj-text>sans colonne</mj-text></mj-section>",
        '<mj-section><mj-column><mj-text colour="red">a</mj-text></mj-column></mj-section>',
        "<mj-section><mj-column><mj-inconnu /></mj-column></mj-section>",
    ],
)
def test_the_validator_finds_what_mrml_lets_pass(wrong: str) -> None:
    assert faults_of(f"<mjml><mj-body>{wrong}</mj-body></mjml>")
