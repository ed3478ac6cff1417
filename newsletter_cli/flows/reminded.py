"""That today's reminder of an issue went to the chat."""

from __future__ import annotations

from datetime import date

from newsletter_cli.base.i18n import _
from newsletter_cli.flows.posted_once import OnceWords, PostedOnce
from newsletter_cli.workspace.folder import Workspace, folder_name

FOLDER = "reminders"


class Reminded(PostedOnce):
    """The record of one issue, for one day."""

    def __init__(self, workspace: Workspace, number: int, day: date):
        unknown = _("whether today's reminder of issue {number} went out cannot be told").format(number=number)
        words = OnceWords(
            busy=_("another nl is posting a reminder for this issue"),
            done=_("issue {number} has had its reminder today").format(number=number),
            unknown=unknown,
        )
        super().__init__(workspace, FOLDER, folder_name(number), mark={"day": day.isoformat()}, words=words)
