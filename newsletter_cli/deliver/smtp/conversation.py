"""What is under way on one connection, from READY to QUIT, and how it ends: a row, or the connection with all on it.

`dialogue.py` is what the engine wants of it, and what it hears.
"""

from __future__ import annotations

from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.smtp.commands import Commands, MessageUnderWay
from newsletter_cli.deliver.smtp.envelope import Command
from newsletter_cli.deliver.smtp.offer import Offer
from newsletter_cli.deliver.smtp.patience import Patience
from newsletter_cli.deliver.smtp.pipelining import Pipelining
from newsletter_cli.deliver.smtp.replies import ReplyParser
from newsletter_cli.deliver.smtp.server import SmtpOptions
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import NO_REPLY, Reply


class Conversation:
    """The row that is under way and the next, what was said and is to be answered, and what is told of it."""

    def __init__(self, connection: int, offer: Offer, options: SmtpOptions, events: list[ConnectionEvent]):
        self.is_down = False
        self.connection = connection
        self.pipelining = Pipelining(is_offered=offer.has_pipelining)
        self._patience = Patience(options)
        self._offer = offer
        self._events = events
        self._parser = ReplyParser()
        self._commands = Commands(offer, options.messages_per_connection)
        self.outbox, self._expected = self._commands.outbox, self._commands.expected
        self._current: MessageUnderWay | None = None
        self._next: MessageUnderWay | None = None
        self._is_quitting = False
        # A 421 that came while a message was on its way, and the replies since.
        self._goodbye: Reply | None = None
        self._heard: list[Reply] = []
        # DATA was accepted for a message that must not be sent.
        self._is_data_open = False

    # What is said

    def _begin(self, row: MessageUnderWay) -> None:
        if row.refusal is not None:
            self._settle(row, Happened.REFUSED, row.refusal)
            self._finish(row)
        else:
            self.outbox.append(self._commands.envelope(row))

    def _may_travel(self, row: MessageUnderWay) -> bool:
        """Whether this next envelope may go before the current row is over."""
        is_last = self._current is not None and self._current.is_last
        return self.pipelining.is_offered and not is_last and row.refusal is None and self._goodbye is None

    def _quit(self) -> None:
        self._is_quitting = True
        self._commands.say(Command.QUIT, None, b"QUIT\r\n")

    # Where it stands

    def _is_before_dot(self) -> bool:
        command, row = self._expected[0]
        return command is Command.DOT and not self._is_dot_out(row)

    def _is_waiting_for_final_reply(self) -> bool:
        return bool(self._expected) and self._expected[0][0] is Command.DOT and not self._is_before_dot()

    def _is_dot_out(self, row: MessageUnderWay | None) -> bool:
        return row is not None and row.is_released and self.outbox.is_dot_out

    # How it ends

    def _finish(self, row: MessageUnderWay) -> None:
        """The row is over and the connection is fit for the next, if it takes one more."""
        waiting = self._next
        self._current = self._next = None
        if row.is_last:
            if waiting is not None:
                self._settle(waiting, Happened.RETURNED, NO_REPLY)
            self._quit()
        elif waiting is None:
            self._tell(Happened.READY)
        else:
            self._current = waiting
            if not waiting.is_begun:
                self._begin(waiting)

    def _settle(self, row: MessageUnderWay, kind: Happened, reply: Reply, *, is_failure: bool = False) -> None:
        row.is_over = True
        # A goodbye to the first message of a connection, once it is known whose it is, may be about that message.
        is_goodbye = kind is Happened.RETURNED and reply.code == 421
        is_failure |= is_goodbye and row.is_first and row.is_sender_accepted
        self._tell(kind, reply, row=row.message.row, is_failure=is_failure)

    def _tell(self, kind: Happened, reply: Reply = NO_REPLY, **more: Any) -> None:
        self._events.append(ConnectionEvent(kind=kind, connection=self.connection, reply=reply, **more))

    def _fail_senseless(self, reply: Reply) -> None:
        self._fail(_("an answer that makes no sense here: {reply}").format(reply=f"{reply.code} {reply.text}"))

    def _fail(self, why: str) -> None:
        self._fall(Reply(0, f"nl: {why}"), is_failure=True)

    def _fall_out_of_step(self, why: str) -> None:
        """What is sent in one go is not answered one by one: the next connection sends one command at a time."""
        self.pipelining.out_of_step = why
        self._fall(Reply(0, f"nl: {why}"), is_failure=False)

    def _fall(self, reply: Reply, *, is_failure: bool) -> None:
        """The connection is over: the row on it is in doubt if its dot went out, else it comes back."""
        current, waiting = self._current, self._next
        if current is not None and not current.is_over:
            kind = Happened.IN_DOUBT if self._is_dot_out(current) else Happened.RETURNED
            self._settle(current, kind, reply, is_failure=is_failure)
        if waiting is not None:
            # It did nothing to this connection: no failure of its own.
            self._settle(waiting, Happened.RETURNED, reply)
        self.is_down = True
        self.outbox.clear()
        self._expected.clear()
        self._tell(Happened.DOWN, reply, is_failure=is_failure)
