"""Whether the post answers where readers will look for it: its address is known before it is there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from newsletter_cli.base.errors import ConfigError, StorageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.check.links import Outcome, check_links
from newsletter_cli.check.links.places import post_at
from newsletter_cli.check.rules.link_answers import post_unpublished
from newsletter_cli.model import Issue
from newsletter_cli.publish.places import online_url
from newsletter_cli.workspace.folder import Workspace

# Whoever sends waits for it.
MOST_SECONDS = 6


def is_offline_wanted() -> bool:
    """Whether whoever runs `nl` wants no network."""
    return bool(os.environ.get("NL_OFFLINE"))


def ask_post(workspace: Workspace, issue: Issue, *, is_offline: bool) -> Outcome | None:
    """What becomes of somebody who opens the post's address now; `None` where it has none, or nobody wants to know:
    where nothing is asked, what was learnt the last time holds.
    """
    url = online_url(workspace.config, issue)
    if url is None or post_unpublished.slug in workspace.config.check.ignore:
        return None
    settings = workspace.config.check.links
    settings = replace(settings, timeout_seconds=min(settings.timeout_seconds, MOST_SECONDS))
    folder = workspace.root / "state" / "links"
    if not is_offline:
        with contextlib.suppress(StorageError):
            folder = workspace.private_folder("links")
    post = post_at(issue, url)
    try:
        return check_links((), settings, cache_folder=folder, is_offline=is_offline, post=post).post_outcome
    except ConfigError:  # a pattern that cannot be read: `nl check` says so
        return None


def post_notes(workspace: Workspace, issue: Issue) -> Iterator[str]:
    """That the e-mail leads to a page that is not there yet, for whoever is about to send it."""
    outcome = ask_post(workspace, issue, is_offline=is_offline_wanted())
    if outcome is not None and outcome.is_absent:
        yield _("the post is not online yet ({reason}), and the e-mail leads there: {url}").format(
            reason=outcome.reason, url=online_url(workspace.config, issue)
        )
