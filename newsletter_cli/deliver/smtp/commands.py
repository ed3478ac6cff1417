"""What is said on one connection: commands one by one, or a whole envelope in one write; and which answers follow."""

from __future__ import annotations

from collections import deque

from msgspec import Struct

from newsletter_cli.deliver.smtp.envelope import Command, mail_command, rcpt_command
from newsletter_cli.deliver.smtp.offer import Offer
from newsletter_cli.deliver.smtp.outbox import Outbox
from newsletter_cli.model.delivery import Outgoing, Reply


class MessageUnderWay(Struct, eq=False, kw_only=True):
    """One message under way."""

    message: Outgoing
    # Why it cannot be offered to this server at all, if so.
    refusal: Reply | None
    is_begun: bool = False
    # Whether it is the first on its connection, and whether its sender was accepted, before its recipient was named.
    is_first: bool = False
    is_sender_accepted: bool = False
    is_last: bool = False
    # Whether its envelope travelled behind the final dot of the message before.
    is_behind_dot: bool = False
    is_at_dot: bool = False
    is_released: bool = False
    is_over: bool = False


class Commands:
    """Says the commands of each message, at most `most_messages` of them. `must_reset`: a transaction was left open.

    `expected` is what the coming replies answer, in order; only QUIT concerns no row.
    """

    def __init__(self, offer: Offer, most_messages: int):
        self.outbox = Outbox()
        self.expected: deque[tuple[Command, MessageUnderWay | None]] = deque()
        self.must_reset = False
        self._offer = offer
        self._most_messages = most_messages
        self._count = 0

    def envelope(self, row: MessageUnderWay) -> bytes:
        """The commands that begin the row and can be sent now; their answers are expected from here on."""
        row.is_begun = True
        self._count += 1
        row.is_first = self._count == 1
        row.is_last = self._count >= self._most_messages
        expect = self.expected.append
        reset = b""
        if self.must_reset:
            self.must_reset = False
            expect((Command.RSET, row))
            reset = b"RSET\r\n"
            if not self._offer.has_pipelining:
                return reset
        expect((Command.MAIL, row))
        mail = mail_command(row.message, self._offer)
        if not self._offer.has_pipelining:
            return mail
        expect((Command.RCPT, row))
        expect((Command.DATA, row))
        return b"%b%b%bDATA\r\n" % (reset, mail, rcpt_command(row.message))

    def go_on(self, answered: Command, row: MessageUnderWay) -> None:
        """Say what comes after a command that was answered well, where it is not said already."""
        if self._offer.has_pipelining:
            return
        if answered is Command.RSET:
            self.say(Command.MAIL, row, mail_command(row.message, self._offer))
        elif answered is Command.MAIL:
            self.say(Command.RCPT, row, rcpt_command(row.message))
        else:
            self.say(Command.DATA, row, b"DATA\r\n")

    def say(self, command: Command, row: MessageUnderWay | None, data: bytes) -> None:
        """Say one command, and expect its answer."""
        self.expected.append((command, row))
        self.outbox.append(data)
