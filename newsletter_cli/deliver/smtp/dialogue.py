"""The messages on one connection, from READY to QUIT, without a socket and without a clock.

What arrives is told with `received`, `lost` and `timed_out`; what is to be written stands in `outbox`, and the driver
says with `taken` how much of it the socket took; what happened goes into the list of events that was given.

A server that does not keep to PIPELINING is noticed (`pipelining.out_of_step`), so that the next connection does
without.
"""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.smtp.commands import MessageUnderWay
from newsletter_cli.deliver.smtp.conversation import Conversation
from newsletter_cli.deliver.smtp.envelope import Command, judge_refusal, refuse_locally
from newsletter_cli.deliver.smtp.goodbye import FINAL_VERDICTS, judge_after_goodbye, judge_close
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import NO_REPLY, Outgoing, Reply, shown

FINAL_DOT = b".\r\n"


class Dialogue(Conversation):
    """Speaks for one connection, once authentication is done. Times are seconds of the caller's monotonic clock."""

    # What the engine wants

    def begin(self, now: float) -> None:
        """The connection is open and authenticated: READY."""
        self._patience.active(now)
        self._tell(Happened.READY)

    def hand(self, message: Outgoing, now: float) -> None:
        """Take the next message, when idle or at a dot; on a connection that has gone it is RETURNED."""
        row = MessageUnderWay(message=message, refusal=refuse_locally(message, self._offer))
        if self.is_down:
            self._settle(row, Happened.RETURNED, NO_REPLY)
        elif self._current is None:
            self._current = row
            # One that is handed while QUIT is on its way comes back with DOWN.
            if not self._is_quitting:
                self._patience.active(now)
                self._begin(row)
        elif self._current.is_at_dot and self._next is None:
            self._next = row
            if self._current.is_released and self._may_travel(row):
                self._patience.active(now)
                self.outbox.append(self._commands.envelope(row))
        else:
            raise ValueError("this connection cannot take a message now")

    def release(self, now: float) -> None:
        """Let the final dot of the row that is at its dot go, and with it the envelope of the next."""
        row = self._current
        if self.is_down:
            return
        if row is None or not row.is_at_dot or row.is_released:
            raise ValueError("no row is at its dot on this connection")
        row.is_released = True
        self._patience.active(now)
        self._expected.append((Command.DOT, row))
        is_shared = self._next is not None and self._may_travel(self._next)
        envelope = b""
        if self._next is not None and is_shared:
            self._next.is_behind_dot = True
            envelope = self._commands.envelope(self._next)
        self.outbox.append_dot(FINAL_DOT + envelope)

    # What the connection tells

    def received(self, data: bytes, now: float) -> None:
        """These bytes came."""
        for reply in self._parser.feed(data):
            if self.is_down:
                return
            self._patience.active(now)
            self._answer(reply)
        if self._parser.fault is not None and not self.is_down:
            self._fail(self._parser.fault)

    def lost(self, why: str, *, is_closed: bool = True) -> None:
        """The connection is gone; `why` is shown to people. `is_closed`: the server closed it, and nothing follows."""
        if self.is_down:
            return
        if self._goodbye is None:
            self.pipelining.lost(self._expected, is_closed=is_closed)
            self._fall(Reply(0, f"nl: {why}"), is_failure=not self._is_quitting)
        elif self._is_dot_out(self._current):
            self._part(judge_close(self._heard) if is_closed else Happened.IN_DOUBT)
        else:
            self._fall(self._goodbye, is_failure=False)

    def paused(self, seconds: float, now: float) -> None:
        """Nobody listened for so long: the server's time has not run meanwhile."""
        self._patience.paused(seconds, now)

    def timed_out(self) -> None:
        """`deadline` has passed."""
        if self.pipelining.is_waiting_behind(self._expected):
            self._fall_out_of_step(_("it does not answer what it was sent in one go"))
        else:
            self.lost(self._patience.words(is_final=self._is_waiting_for_final_reply()), is_closed=False)

    def taken(self, size_bytes: int, now: float) -> None:
        """The socket took so much of the outbox."""
        self._patience.active(now)
        self.outbox.taken(size_bytes)

    @property
    def deadline(self) -> float | None:
        """When patience ends, if anything is waited for."""
        if self.is_down or not (self._expected or self.outbox.buffers):
            return None
        return self._patience.ends_at(
            is_final=self._is_waiting_for_final_reply(),
            is_behind=self.pipelining.is_waiting_behind(self._expected),
            is_quitting=self._is_quitting,
        )

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self.is_down and self._current is None and not self._is_quitting

    @property
    def is_in_body(self) -> bool:
        """Whether the server has (some of) a message whose dot did not leave: if all ends now, it must discard it."""
        return self._current is not None and self._current.is_at_dot and not self._is_dot_out(self._current)

    @property
    def must_be_cut(self) -> bool:
        """Whether the server waits for (more of) a message that it must not get: only a reset tells it surely."""
        return self.is_in_body or self._is_data_open

    # Hearing

    def _answer(self, reply: Reply) -> None:
        if not self._expected or self._is_before_dot():
            self._answer_unasked(reply)
            return
        if self._goodbye is not None:
            self._answer_after_goodbye(reply)
            return
        if reply.code == 421 and self._expected[0][0] is Command.DOT:
            # It may answer the dot, and it may have been said before: what follows tells.
            self._goodbye = reply
            return
        command, row = self._expected.popleft()
        self.pipelining.answered(command, row)
        if row is None:
            self._fall(reply, is_failure=False)
        elif reply.code == 221:
            # Goodbye (RFC 5321 §4.2.3) is no yes: whether it had read the dot by then, nobody knows.
            self._fall(reply, is_failure=True)
        elif reply.code == 421:
            self._fall(reply, is_failure=False)
        elif command is Command.DOT:
            self._answer_dot(row, reply)
        elif command is Command.RSET:
            self._answer_reset(row, reply)
        elif row.is_over:
            self._answer_rest(command, row, reply)
        elif reply.code == 354 if command is Command.DATA else 200 <= reply.code < 300:
            self._go_on(command, row, reply)
        else:
            self._answer_refusal(command, row, reply)

    def _go_on(self, command: Command, row: MessageUnderWay, reply: Reply) -> None:
        if command is Command.DATA:
            row.is_at_dot = True
            self._tell(Happened.AT_DOT, reply, row=row.message.row, is_last=row.is_last)
            # Only the dot waits: the body is on its way while the attempt is being recorded.
            self.outbox.append(row.message.data)
            return
        row.is_sender_accepted |= command is Command.MAIL
        self._commands.go_on(command, row)

    def _answer_refusal(self, command: Command, row: MessageUnderWay, reply: Reply) -> None:
        if self.pipelining.is_refused(command, reply):
            self._fall_out_of_step(shown(reply))
            return
        verdict = judge_refusal(command, reply, row.message)
        if verdict is Happened.DOWN:
            self._fall(reply, is_failure=True)
            return
        self._settle(row, verdict, reply)
        self._finish_if_answered(row)

    def _answer_rest(self, command: Command, row: MessageUnderWay, reply: Reply) -> None:
        """The rest of an envelope whose row is over already: it was one write."""
        if command is Command.DATA and reply.code == 354:
            # RFC 2920 §3.1 has a lone dot sent now. But a server that goes on may have kept the recipient it refused,
            # and would deliver an empty message: only hanging up keeps it from them.
            self._is_data_open = True
            self._fall_out_of_step(_("it wants a message for somebody it has refused"))
            return
        self._finish_if_answered(row)

    def _finish_if_answered(self, row: MessageUnderWay) -> None:
        if not (self._expected and self._expected[0][1] is row):
            # A transaction may be left open: MAIL was accepted, RCPT or DATA not.
            self._commands.must_reset = True
            self._finish(row)

    def _answer_reset(self, row: MessageUnderWay, reply: Reply) -> None:
        if not 200 <= reply.code < 300:
            self._fall(reply, is_failure=True)
        else:
            self._commands.go_on(Command.RSET, row)

    def _answer_dot(self, row: MessageUnderWay, reply: Reply) -> None:
        verdict = FINAL_VERDICTS.get(reply.code // 100)
        if verdict is None:
            self._fail_senseless(reply)
        else:
            self._settle(row, verdict, reply)
            self._finish(row)

    def _answer_unasked(self, reply: Reply) -> None:
        """A reply to nothing: the server says goodbye, or refuses a message before it has all of it."""
        row = self._current
        if reply.code == 421 and row is not None and row.is_at_dot and self._goodbye is None:
            # No answer to the dot, which is still here: the message goes on, and what follows tells.
            self._goodbye = reply
        elif reply.code == 421:
            self._fall(reply, is_failure=False)
        elif row is None or not row.is_at_dot or reply.code < 400:
            self._fail_senseless(reply)
        else:
            verdict = judge_refusal(Command.DATA, reply, row.message)
            if verdict is not Happened.DOWN:
                self._settle(row, verdict, reply)
            # What the server makes of the rest of the body nobody knows: the connection has to go.
            self._fall(reply, is_failure=True)

    def _answer_after_goodbye(self, reply: Reply) -> None:
        self._heard.append(reply)
        is_envelope_out = self._next is not None and self._next.is_begun
        verdict = judge_after_goodbye(self._heard, is_envelope_out=is_envelope_out)
        if verdict is not None:
            self._part(verdict)

    def _part(self, verdict: Happened) -> None:
        """The server has said goodbye, and it is known what became of the message whose dot is out."""
        row, goodbye = self._current, self._goodbye
        assert row is not None
        assert goodbye is not None
        self._settle(row, verdict, goodbye if verdict is Happened.RETURNED or not self._heard else self._heard[0])
        self._fall(goodbye, is_failure=False)
