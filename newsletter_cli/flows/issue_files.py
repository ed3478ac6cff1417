"""The files of an issue that go to its readers: never the list, a report or a message that lies among them."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.flows.people_files import places_with_people
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.images import find_assets
from newsletter_cli.workspace.logo import Logo


def find_issue_files(workspace: Workspace, number: int, logo: Logo | None = None) -> dict[str, Path]:
    """The files by their path relative to the issue's folder; nothing in which people stand, by link or by name.

    The newsletter's logo comes with them, unless the issue has one of its own under that name.
    """
    folder = workspace.issue_folder(number)
    assets = find_assets(folder)
    if logo is not None:
        assets.setdefault(logo.name, logo.path)
    if not assets:
        return assets
    # What holds the whole issue, an outbox at the top for one, is no place of people's: a send refuses it.
    private = {path.resolve() for path in places_with_people(workspace)} - {*_ways_to(folder.resolve())}
    return {name: path for name, path in assets.items() if private.isdisjoint(_ways_to(path.resolve()))}


def _ways_to(path: Path) -> tuple[Path, ...]:
    return (path, *path.parents)
