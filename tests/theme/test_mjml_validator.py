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


WRONG = (
    "<mj-section><mj-text>sans colonne</mj-text></mj-section>",
    '<mj-section><mj-column><mj-text colour="red">a</mj-text></mj-column></mj-section>',
    "<mj-section><mj-column><mj-inconnu /></mj-column></mj-section>",
)
NAMES = ("sample", "hostile", *CASES)
Faults = list[dict[str, Any]]


def faults_of(texts: list[str]) -> list[Faults]:
    """What the validator has against each of them; it takes longer to start than to read them all."""
    done = subprocess.run(
        ["node", str(VALIDATOR)], input=json.dumps(texts).encode(), capture_output=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[Faults] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def faults() -> dict[str | tuple[str, str], Faults]:
    """Of every case in every theme, and of what is wrong."""
    cases = [(name, theme) for name in NAMES for theme in THEMES]
    texts = [source_of(name, theme) for name, theme in cases]
    texts += [f"<mjml><mj-body>{wrong}</mj-body></mjml>" for wrong in WRONG]
    return dict(zip([*cases, *WRONG], faults_of(texts), strict=True))


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
@pytest.mark.parametrize("name", NAMES)
def test_the_theme_is_valid_mjml(name: str, theme: str, faults: dict[str | tuple[str, str], Faults]) -> None:
    assert faults[name, theme] == []


@pytest.mark.parametrize("wrong", WRONG)
def test_the_validator_finds_what_mrml_lets_pass(wrong: str, faults: dict[str | tuple[str, str], Faults]) -> None:
    assert faults[wrong]
