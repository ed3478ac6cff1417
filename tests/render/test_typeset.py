"""Typography of the renditions: what readers see is set, the post is as it was typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.flows.frame import build_frame
from newsletter_cli.markdown.typography import TypographyRules
from newsletter_cli.model import Event, Issue, Job
from newsletter_cli.render.renditions import render_renditions
from tests.rendering import compose, make_issue, make_section, parts_of, words_of
from tests.workspaces import make_workspace

RULES = TypographyRules()
PROSE = 'L\'eau, "le vent" : 10% ?'
SET = "L’eau, «\u00a0le vent\u00a0»\u00a0: 10\u00a0%\u202f?"


def issue() -> Issue:
    event = Event(title=f"Fête. {PROSE}", start=date(2024, 6, 1), place=f"Port. {PROSE}", description=f"Venez. {PROSE}")
    job = Job(title=f"Poste. {PROSE}", employer=f"Phare. {PROSE}")
    section = make_section(
        f"Texte. {PROSE}\n\n`l'eau ?`[^1]\n\n[^1]: Note. {PROSE}\n", title=f"Titre. {PROSE}", events=[event], jobs=[job]
    )
    made = make_issue(section, editorial=f"Mot. {PROSE}\n", title=f"Lettre. {PROSE}")
    return replace(made, summary=f"Bref. {PROSE}", subject=f"Objet. {PROSE}", preheader=f"Avant. {PROSE}")


def renditions(rules: TypographyRules | None) -> dict[str, str]:
    made = render_renditions(compose(issue(), typography=rules), parts_of())
    return {name: content for name, content in made.items() if isinstance(content, str)}


def test_every_text_a_reader_sees_is_set() -> None:
    made = renditions(RULES)
    for name, labels in {
        "email.html": "Objet Avant Lettre Mot Titre Fête Port Venez Poste Phare Texte Note",
        "email.txt": "Lettre Mot Titre Fête Port Venez Poste Phare Texte Note",
        "announce.txt": "Lettre Bref Titre",
    }.items():
        # In the plain text a line may end between two words.
        shown = made[name].replace("\n  ", " ").replace("\n", " ")
        for label in labels.split():
            assert f"{label}. {SET}" in shown, (name, label)
        assert PROSE not in shown
        assert name == "announce.txt" or "l'eau ?" in shown


def test_the_post_and_the_fragments_of_its_headings_are_as_typed() -> None:
    typed = renditions(None)
    assert renditions(RULES)["post.md"] == typed["post.md"]
    assert PROSE in typed["email.txt"].replace("\n", " ")
    anchors = [[one.anchor for one in compose(issue(), typography=rules).sections] for rules in (RULES, None)]
    assert anchors[0] == anchors[1] != [""]


def test_trees_that_are_set_keep_their_lines() -> None:
    typed, shown = (compose(issue(), typography=rules) for rules in (None, RULES))
    for one, other in zip(typed.trees, shown.trees, strict=True):
        lines = [[element.get("data-line") for element in tree.iter()] for tree in (one, other)]
        assert lines[0] == lines[1]
    assert (typed.issue, shown.issue.title) == (shown.issue, f"Lettre. {PROSE}")
    assert shown.shown.subject == f"Objet. {SET}"


@pytest.mark.parametrize(
    ("table", "rules"),
    [
        ("", TypographyRules()),
        ("[typography]\nnarrow = false\nquotes = false\n", TypographyRules(narrow=False, quotes=False)),
        ("[typography]\nrenditions = false\n", None),
    ],
)
def test_the_configuration_decides(tmp_path: Path, table: str, rules: TypographyRules | None) -> None:
    workspace = make_workspace(tmp_path, config=f'[newsletter]\nname = "Dunes"\n{table}')
    assert build_frame(workspace.config, words_of("fr"), issue()).typography == rules
