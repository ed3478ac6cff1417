"""A command has just written people somewhere: whether Git would take it is said at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from newsletter_cli import console

if TYPE_CHECKING:
    from newsletter_cli.workspace.folder import Workspace


def warn_of_git(workspace: Workspace, path: Path, *, is_folder: bool = False) -> None:
    """Say, with what to do, that Git would take this file; outside Git, nothing."""
    from newsletter_cli.flows.people_in_git import exposure_of

    exposed = exposure_of(workspace, path.absolute(), is_folder=is_folder)
    if exposed is not None:
        console.warn(f"{exposed.message}: {exposed.fix}")
