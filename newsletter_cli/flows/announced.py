"""That an issue was announced in a network."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.flows.posted_once import OnceWords, PostedOnce
from newsletter_cli.workspace.folder import Workspace, folder_name

FOLDER = "announcements"


class Announced(PostedOnce):
    """The record of one issue in one network, for good. `title`: what people call the network."""

    def __init__(self, workspace: Workspace, number: int, network: str, title: str):
        said = {"number": number, "network": title}
        words = OnceWords(
            busy=_("another nl is posting issue {number} to {network}").format(**said),
            done=_("issue {number} was announced on {network} already").format(**said),
            unknown=_("whether issue {number} was announced on {network} cannot be told").format(**said),
        )
        super().__init__(workspace, FOLDER, f"{folder_name(number)}-{network}", mark={}, words=words)
