"""What a connection shows of a server that offers PIPELINING (RFC 2920): whether it reads on behind what it answers.

With it an envelope is one write, and the final dot of a message and the envelope of the next are one write too: a
message costs one round trip. Some servers offer it and do not keep to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsletter_cli.deliver.smtp.commands import MessageUnderWay
from newsletter_cli.deliver.smtp.envelope import Command
from newsletter_cli.model.delivery import Reply

Expected = tuple[Command, MessageUnderWay | None]


class Pipelining:
    """What is known of it on one connection. Without the offer, each command waits for its answer."""

    def __init__(self, *, is_offered: bool):
        self.is_offered = is_offered
        # Why this server is better spoken to one command at a time, if so.
        self.out_of_step = ""
        # Whether the connection was lost while an envelope sent in one go was answered in part, or not at all.
        self.is_cut_short = False
        # Whether all of an envelope was answered, and one that travelled behind a dot.
        self.has_answered_envelope = False
        self._has_answered_behind_dot = False

    def answered(self, command: Command, row: MessageUnderWay | None) -> None:
        """The server has answered this command."""
        self.has_answered_envelope |= command is Command.DATA
        self._has_answered_behind_dot |= row is not None and row.is_behind_dot

    def lost(self, expected: Sequence[Expected], *, is_closed: bool) -> None:
        """The connection is gone while these answers were expected; `is_closed`: by the server."""
        self.is_cut_short = is_closed and self.is_offered and len(expected) > 1

    def is_waiting_behind(self, expected: Sequence[Expected]) -> bool:
        """Whether an answer is awaited to what travelled behind something else that was answered, by a server that has
        not shown yet that it reads on.
        """
        if not expected or not self.is_offered:
            return False
        command, row = expected[0]
        if command in (Command.RCPT, Command.DATA):
            return not self.has_answered_envelope
        is_first = command in (Command.RSET, Command.MAIL)
        return is_first and row is not None and row.is_behind_dot and not self._has_answered_behind_dot

    def is_refused(self, command: Command, reply: Reply) -> bool:
        """Whether a refusal is about several commands at once, not about the message."""
        is_behind = self.is_offered and command is not Command.MAIL
        return is_behind and (reply.code == 503 or (reply.code > 500 and "pipelin" in reply.text.lower()))
