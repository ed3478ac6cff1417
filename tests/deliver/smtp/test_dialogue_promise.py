"""Whatever a server does and wherever it breaks: each row ends once, and as the server saw it."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

from hypothesis import event, given
from hypothesis import strategies as st

from newsletter_cli.config.send_settings import SmtpSettings
from newsletter_cli.deliver.smtp.dialogue import Dialogue
from newsletter_cli.deliver.smtp.offer import Offer
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from tests.deliver.smtp.talk import outgoing
from tests.examples import examples

ENDS = frozenset(
    {Happened.SENT, Happened.REFUSED, Happened.DEFERRED, Happened.IN_DOUBT, Happened.RETURNED, Happened.BLOCKED}
)
ROW = re.compile(rb"Row: (\d+)")
MOST_ROWS = 6


class ModelServer:
    """Reads as a server does, answers as chance likes, and remembers what it holds itself responsible for."""

    def __init__(self, chance: Random):
        self._chance = chance
        self._input = b""
        self._has_sender = self._has_recipient = self._is_in_data = False
        self.is_gone = False
        self.accepted: list[int] = []
        self.answered_no: set[int] = set()
        self.complete: set[int] = set()

    def take(self, data: bytes) -> bytes:
        self._input += data
        answer = b""
        while not self.is_gone:
            end = b"\r\n.\r\n" if self._is_in_data else b"\r\n"
            # A dot may also be all there is.
            if self._is_in_data and self._input.startswith(b".\r\n"):
                body, rest = b"", self._input[3:]
            elif end in self._input:
                body, rest = self._input.split(end, 1)
            else:
                break
            self._input = rest
            answer += self._whole(body) if self._is_in_data else self._command(body.decode())
        return answer

    def _choose(self, *usual: str) -> bytes:
        unusual = ["421 bye", "503 what", "551 no", "451 later", "nonsense", "GONE", "250-ok\r\n251 hm", "354 x"]
        reply = self._chance.choice([*usual * (240 // len(usual)), *unusual])
        if reply == "GONE":
            self.is_gone = True
            return b""
        if reply.startswith("421"):
            self.is_gone = True
        return f"{reply}\r\n".encode()

    def _command(self, line: str) -> bytes:
        if line == "RSET":
            self._has_sender = self._has_recipient = False
            return self._choose("250 ok")
        if line == "QUIT":
            reply = self._choose("221 bye")
            self.is_gone = True
            return reply
        if line.startswith("MAIL"):
            assert not self._has_sender, "nested MAIL"
            reply = self._choose("250 ok")
            self._has_sender = reply.startswith(b"250 ")
            return reply
        if line.startswith("RCPT"):
            reply = self._choose(*["250 ok"] * 6, "550 nobody", "450 grey")
            self._has_recipient = reply.startswith(b"250 ")
            return reply
        assert line == "DATA", line
        allowed = self._has_sender and self._has_recipient
        reply = self._choose("354 go") if allowed else self._choose("503 no", "354 go")
        self._is_in_data = reply.startswith(b"354")
        return reply

    def _whole(self, body: bytes) -> bytes:
        self._is_in_data = self._has_sender = False
        has_recipient, self._has_recipient = self._has_recipient, False
        found = ROW.search(body)
        if found is None:
            assert not has_recipient, "an empty message for somebody"
            return self._choose("250 ok", "554 nobody")
        row = int(found.group(1))
        self.complete.add(row)
        reply = self._choose(*["250 ok"] * 6, "451 later", "554 spam")
        # What a server that is gone, or that speaks nonsense, makes of a message nobody knows.
        if reply.startswith(b"250") or (reply[:1] not in b"45" and self._chance.choice([True, False])):
            self.accepted.append(row)
        elif reply[:1] in b"45":
            self.answered_no.add(row)
        return reply


class Driver:
    """Stands for engine and socket: hands, records, releases, and moves bytes in pieces of any size."""

    def __init__(self, chance: Random, *, has_pipelining: bool, messages: int):
        self.chance = chance
        self.server = ModelServer(chance)
        self.events: list[ConnectionEvent] = []
        self.dialogue = Dialogue(
            1,
            Offer(has_pipelining=has_pipelining),
            SmtpSettings(timeout_seconds=1, final_timeout_seconds=1, messages_per_connection=messages),
            self.events,
        )
        self.handed: list[int] = []
        self.released: set[int] = set()
        self.ends: list[tuple[int, Happened]] = []
        self.at_dot: int | None = None
        self.is_last = False
        self.is_down = False
        self.has_all = False
        self.wire = b""

    def run(self) -> None:
        self.dialogue.begin(0)
        for _step in range(400):
            self.take_events()
            if self.is_down or self.has_all:
                break
            self.move_bytes()
        else:
            raise AssertionError("it never ends")

    def take_events(self) -> None:
        for told in list(self.events):
            assert not self.is_down, "something after DOWN"
            if told.kind in ENDS:
                self.ends.append((told.row, told.kind))
                self.at_dot = None if told.row == self.at_dot else self.at_dot
            elif told.kind is Happened.READY:
                if len(self.handed) < MOST_ROWS:
                    self.hand()
                else:
                    self.has_all = True
            elif told.kind is Happened.AT_DOT:
                self.at_dot, self.is_last = told.row, told.is_last
            else:
                assert told.kind is Happened.DOWN
                self.is_down = True
        self.events.clear()
        if self.at_dot is not None and self.chance.randint(0, 3):
            if not self.is_last and len(self.handed) < MOST_ROWS and self.chance.choice([True, False]):
                self.hand()
            self.released.add(self.at_dot)
            self.at_dot = None
            self.dialogue.release(0)

    def hand(self) -> None:
        row = len(self.handed) + 1
        self.handed.append(row)
        self.dialogue.hand(outgoing(row, data=b"Row: %d\r\n\r\n..dotted\r\n.. \r\n" % row), 0)

    def move_bytes(self) -> None:
        waiting = b"".join(self.dialogue.outbox.buffers)
        if not self.chance.randint(0, 60):
            return self.break_off(waiting)
        size = self.chance.randint(0, len(waiting)) if self.chance.choice([True, False]) else len(waiting)
        self.dialogue.taken(size, 0)
        self.wire += self.server.take(waiting[:size])
        assert self.server.complete <= self.released, "a final dot left before its release"
        size = self.chance.randint(0, len(self.wire)) if self.chance.choice([True, False]) else len(self.wire)
        if size:
            heard, self.wire = self.wire[:size], self.wire[size:]
            self.dialogue.received(heard, 0)
        if self.server.is_gone and not self.wire:
            self.dialogue.lost("gone")
        return None

    def break_off(self, waiting: bytes) -> None:
        """The network ends here: some more of what was written may yet arrive, no further reply does."""
        size = self.chance.randint(0, len(waiting))
        self.dialogue.taken(size, 0)
        self.server.take(waiting[:size])
        if self.chance.choice([True, False]):
            self.dialogue.timed_out()
        else:
            self.dialogue.lost("cut")


@examples(400)
@given(st.randoms(use_true_random=True), st.booleans(), st.sampled_from([1, 2, 3, 1000]))
def test_each_row_ends_once_and_as_the_server_saw_it(chance: Random, has_pipelining: bool, messages: int) -> None:
    driver = Driver(chance, has_pipelining=has_pipelining, messages=messages)
    driver.run()
    server = driver.server
    ends = dict(driver.ends)
    assert sorted(row for row, _kind in driver.ends) == driver.handed
    assert server.complete <= driver.released
    assert max(Counter(server.accepted).values(), default=1) == 1
    accepted = set(server.accepted)
    for row, kind in ends.items():
        event(kind.name)
        if kind is Happened.SENT:
            assert row in accepted
        elif kind is not Happened.IN_DOUBT:
            assert row not in accepted
    # At most one row of a connection is ever in doubt.
    assert Counter(ends.values())[Happened.IN_DOUBT] <= 1
