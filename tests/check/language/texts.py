"""Manuscripts of one text."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.check.subjects.manuscript import Manuscript
from tests.workspaces import make_workspace, read_manuscript

CONFIG = """[newsletter]
name = "Les dunes"
language = "{language}"

[[sections]]
slug = "news"
title = "Nouvelles"
"""
ISSUE = "---\ntitle: Dunes\n---\n"
FILE = "sections/001/news.md"


def manuscript(root: Path, text: str, *, language: str = "fr", head: str = "") -> Manuscript:
    """An issue whose one section is this text, as it stands in its file behind `head`."""
    files = {"_issue.md": ISSUE, "news.md": head + text}
    return read_manuscript(make_workspace(root, CONFIG.format(language=language), {1: files}), 1)
