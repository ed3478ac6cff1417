"""What a review has decided, on disk: files of the issue, and the newsletter's own words."""

from __future__ import annotations

from newsletter_cli.flows.fixing import write_fixed
from newsletter_cli.flows.review import Review, changed_texts
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.folder import Workspace


def store(workspace: Workspace, before: Review, after: Review) -> None:
    """Write what differs between two states of a review. Raises as `write_fixed` and `add_own_words`; then nothing of
    it is changed.
    """
    texts = changed_texts(before, after)
    added = [word for word in after.words if word not in before.words]
    taken = [word for word in before.words if word not in after.words]
    if not (texts or added or taken):
        return
    with only_writer(workspace, workspace.root, *{(workspace.root / file).resolve().parent for file in texts}):
        if added or taken:
            from newsletter_cli.workspace.own_words import add_own_words, remove_own_words

            add_own_words(workspace, added)
            remove_own_words(workspace, taken)
        if texts:
            write_fixed(workspace.root, before.texts, texts)
