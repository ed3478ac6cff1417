"""The issues that are measured: the seed where it is at hand, the sample, and sixty sections."""

from __future__ import annotations

import shutil
from pathlib import Path

from newsletter_cli.config.defaults import default_sections
from newsletter_cli.config.settings import SectionSettings
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.workspace.folder import open_workspace
from newsletter_cli.workspace.scaffold import create_workspace

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "seed" / "newsletter1.md"

PARAGRAPH = (
    "Une équipe de **trois personnes** a relu les _mille deux cents_ fiches du catalogue ; la méthode est décrite "
    "dans la [note de travail](https://www.example.org/notes/{number}) et sur https://www.example.org/{number}/suite.\n"
)
SECTION = (
    PARAGRAPH
    + "\n### Ce qui change\n\n- un format commun `csv`\n- deux relectures par fiche\n  - l’une par un métier\n\n"
    + "| étape | durée |\n|---|---:|\n| lire | 2 h |\n| mesurer | 4 h |\n\n> Mesurer d’abord, corriger ensuite.\n\n"
    + "![Courbe des relectures par semaine](https://www.example.org/img/{number}.png)\n\n"
    + PARAGRAPH
)


def make_workspaces(folder: Path) -> dict[str, Path]:
    """A workspace for each issue, its issue numbered 1, by name."""
    made = {}
    if SEED.is_file():
        seed = create_workspace(folder / "seed", name="Lettre", language="fr", sections=default_sections("fr"))
        import_post(seed, SEED, number="1", is_learning=False)
        made["seed"] = seed.root
    sample = folder / "sample"
    sample.mkdir()
    shutil.copytree(ROOT / "sections", sample / "sections")
    shutil.copyfile(ROOT / "newsletter.toml", sample / "newsletter.toml")
    made["sample"] = open_workspace(sample).root
    made["60 sections"] = _long_issue(folder / "long")
    return made


def _long_issue(root: Path) -> Path:
    slugs = [f"rubrique-{number}" for number in range(1, 61)]
    sections = [SectionSettings(slug=slug, title=slug.capitalize()) for slug in slugs]
    workspace = create_workspace(root, name="Longue lettre", language="fr", sections=sections)
    issue = workspace.issue_folder(1)
    issue.mkdir(parents=True)
    (issue / "_issue.md").write_text("---\ntitle: Longue\ndate: 2026-01-15\n---\n", encoding="utf-8")
    for number, slug in enumerate(slugs, 1):
        text = f"---\nstatus: ready\n---\n\n{SECTION.format(number=number)}"
        (issue / f"{slug}.md").write_text(text, encoding="utf-8")
    return workspace.root
