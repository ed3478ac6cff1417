"""What a review has decided, on disk: files of the issue, and the newsletter's own words."""

from __future__ import annotations

from newsletter_cli.flows.fixing import write_fixed
from newsletter_cli.flows.review import Review, changed_texts
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.folder import Workspace


def store(workspace: Workspace, before: Review, after: Review) -> None:
    """Write what differs between two states of a review. Raises as `write_fixed`, and then nothing is changed."""
    texts = changed_texts(before, after)
    if texts:
        with only_writer(workspace, *{(workspace.root / file).resolve().parent for file in texts}):
            write_fixed(workspace.root, before.texts, texts)
