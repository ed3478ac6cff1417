"""Where the files that come with `nl` are: themes, skeletons, words, the sample workspace, the documentation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def shipped_templates() -> Path:
    """The shipped templates: inside the installed package, else at the clone's top level."""
    installed = _PACKAGE / "shipped" / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def sample_workspace() -> Path:
    """The folder of the sample workspace's `newsletter.toml` and `sections/`."""
    installed = _PACKAGE / "shipped" / "sample"
    return installed if installed.is_dir() else _PACKAGE.parent


def shipped_docs() -> Path:
    """The folder of the documentation's pages."""
    installed = _PACKAGE / "shipped" / "docs"
    return installed if installed.is_dir() else _PACKAGE.parent / "docs"
