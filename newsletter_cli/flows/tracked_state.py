"""`state/` belongs to this machine: one that comes with a clone is somebody else's, and is not used."""

from __future__ import annotations

import contextlib

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.git import GitMissing, GitRefusal, find_top, first_tracked
from newsletter_cli.base.i18n import _
from newsletter_cli.workspace.folder import Workspace

STATE = "state"


def refuse_tracked_state(workspace: Workspace) -> None:
    """Raises `UsageError` where Git tracks anything in `state/`. Without Git, nobody can tell, and nothing is lost:
    what is read from there may be wrong, and is never run.
    """
    tracked = None
    with contextlib.suppress(GitMissing, GitRefusal, OSError):
        tracked = tracked_file(workspace)
    if tracked is not None:
        raise UsageError(
            _("state/ is tracked by Git, and may have come from anybody: it is not used"),
            file=tracked,
            hint=how_to_untrack(),
        )


def tracked_file(workspace: Workspace) -> str | None:
    """A file in `state/` that Git tracks. Raises `GitMissing`, `GitRefusal`."""
    # The question costs a few milliseconds: only where there is something to ask about.
    if not (workspace.root / STATE).exists() or find_top(workspace.root) is None:
        return None
    return first_tracked(workspace.root, STATE)


def how_to_untrack() -> str:
    """What to type; the files stay."""
    return _("take it out of Git, the files stay: git rm -r --cached state — then commit; keep state/ in .gitignore")
