"""What is right is not reported, in any theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter_cli.base.values import replace
from newsletter_cli.check.catalogue import RENDITION_RULES
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.flows.manuscript import build_manuscript
from newsletter_cli.flows.read import read_sources
from newsletter_cli.flows.render import compose_sources
from newsletter_cli.flows.renditions import build_renditions
from newsletter_cli.render.renditions import render_renditions
from newsletter_cli.workspace.folder import Workspace, open_workspace
from newsletter_cli.workspace.scaffold import create_workspace
from newsletter_cli.workspace.templates import read_theme
from tests.check.renditions import renditions_of, right, slugs
from tests.rendering import ROOT, THEMES, FrameChanges
from tests.workspaces import make_workspace, write


def of_workspace(workspace: Workspace, number: int, theme: str) -> Renditions:
    sources = replace(read_sources(workspace, number), theme=read_theme(workspace, theme))
    composed, parts = compose_sources(sources)
    manuscript = build_manuscript(workspace, sources)
    return build_renditions(workspace, manuscript, composed, parts, render_renditions(composed, parts))


@pytest.mark.parametrize("theme", THEMES)
def test_an_issue_with_everything_has_no_finding(theme: str) -> None:
    assert slugs(right(theme)) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_sample_has_no_finding(theme: str) -> None:
    assert slugs(of_workspace(open_workspace(ROOT), 1, theme)) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_seed_lacks_what_its_configuration_lacks(theme: str, seed_path: Path, tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "ws", name="10 %", language="fr", sections=default_sections("fr"))
    number = import_post(workspace, seed_path, number=None, is_learning=False).number
    renditions = of_workspace(workspace, number, theme)
    assert slugs(renditions) == ["online-link-missing", "sender-missing", "unsubscribe-missing"]


@pytest.mark.parametrize(
    "frame",
    [
        {"direction": "rtl", "language": "ar"},
        {"contents": "none", "is_numbered": False},
        {"contents": "plain"},
        {"legal": ("Prix : 3 € {{ à peu près }} <ou pas>",), "tagline": "Le {% vent %} __SUD__"},
        {"unsubscribe_url": "mailto:redaction@gazette.example?subject=Se%20d%C3%A9sabonner"},
    ],
    ids=["right to left", "no contents", "plain contents", "odd words", "mail to leave"],
)
def test_no_finding_in_other_frames(frame: FrameChanges) -> None:
    assert slugs(renditions_of("Un texte, [un lien](https://lien.example/).", editorial="Bonjour.", **frame)) == []


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)
WORDS = st.sampled_from(
    [
        "{{ x }}",
        "{%",
        "__TOKEN__",
        "\\u{a0}",
        "[lien](https://a.example/)",
        "**gras**",
        "\n\n",
        "## titre",
        "- ",
        "<b>",
        "` ",
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS | WORDS, max_size=12).map(" ".join))
def test_prose_leaves_nothing_over(text: str) -> None:
    """Whatever somebody writes is prose, not a place that was left open; and both parts say the same."""
    renditions = renditions_of(text, editorial="Bonjour.")
    reported = set(slugs(renditions))
    assert not reported & {"email-leftover", "email-title", "text-part-markup", "email-contrast", "email-headings"}


def test_a_theme_of_ones_own_is_named(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    write(tmp_path / "templates/themes/pale/theme.toml", 'extends = "default"\n[colors]\nmuted = "#b0b8bb"\n')
    findings = [finding for rule in RENDITION_RULES for finding in rule.check(of_workspace(workspace, 1, "pale"))]
    assert {(one.rule, one.file) for one in findings if one.file != "newsletter.toml"} == {
        ("email-contrast", "templates/themes/pale/theme.toml")
    }
