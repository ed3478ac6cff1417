"""The texts of an issue read for spelling and grammar, by what is installed on this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from newsletter_cli.check.language.readers import find_readers
from newsletter_cli.check.language.reading import read_language
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.check.language.report import LanguageReport
    from newsletter_cli.check.subjects.manuscript import Manuscript


def read_texts(
    workspace: Workspace, manuscript: Manuscript, *, is_stopped: Callable[[], bool] = lambda: False
) -> LanguageReport:
    """What is found in the issue. Raises `ReaderStopped` when nobody wants to know any more."""
    found = find_readers(manuscript.language)
    return read_language(manuscript, found, is_stopped=is_stopped)
