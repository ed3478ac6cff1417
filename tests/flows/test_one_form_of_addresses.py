"""Addresses with letters beyond ASCII are one address in the e-mail, the text and what compares them."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.flows.check import check_workspace
from newsletter_cli.workspace.folder import open_workspace
from tests.inside import run
from tests.workspaces import write

CONFIG = """[newsletter]
name = "La lettre"
language = "fr"
[post]
slug = "{slug}"
url = "{url}"
[sender]
address = "lettre@example.org"
[[sections]]
slug = "agenda"
title = "À l’agenda"
"""
AGENDA = """---
author: x
status: ready
events:
  - title: Fête de l’été
    start: 2026-12-20
    url: https://www.exämple.fr/événement/été.html
---

Bonjour à tous, voici [la page sur l’été](https://fr.example.org/wiki/Été), puis [le site](https://www.münchen.example/).
"""


@pytest.mark.parametrize(
    ("slug", "url", "header"),
    [
        ("lettre-{month}-{year}", "https://www.example.org/lettres/{slug}/", ""),
        ("lettre-{number}", "https://www.example.org/actualités/{slug}/", ""),
        ("lettre-{number}", "https://www.example.org/actualités/{slug}", "slug: lettre-décembre\n"),
        ("lettre-{number}", "https://www.exämple.org/{slug}/", "slug: lettre n° 1\n"),
        ("lettre-{number}", "https://www.example.org/{slug}.html", "slug: L’été c#1\n"),
    ],
)
def test_the_theme_is_not_blamed_for_letters(tmp_path: Path, slug: str, url: str, header: str) -> None:
    write(tmp_path / "newsletter.toml", CONFIG.replace("{slug}", slug, 1).replace("{url}", url))
    write(tmp_path / "sections/001/_issue.md", f"---\ntitle: Un\ndate: 2026-12-15\n{header}---\n\nChers tous.\n")
    write(tmp_path / "sections/001/agenda.md", AGENDA)
    found = check_workspace(open_workspace(tmp_path), 1).findings
    assert not [one for one in found if one.rule in ("online-link-missing", "text-part-links") or "theme" in one.file]


def test_the_slug_of_a_new_issue_has_the_month_without_accents(tmp_path: Path) -> None:
    config = CONFIG.replace("{slug}", "Lettre_{month}-{year}", 1).replace("{url}", "https://example.org/{slug}/")
    write(tmp_path / "newsletter.toml", config)
    assert run("new", "1", "--date", "2026-08-15", cwd=tmp_path).returncode == 0
    text = (tmp_path / "sections/001/_issue.md").read_text("utf-8")
    assert "slug: Lettre_aout-2026" in text
