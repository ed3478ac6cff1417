"""Servers that take their time."""

from __future__ import annotations

from tests.deliver.server.misbehaviour import HangUp, Misbehaviour, Moment, Phase, named


class Hang(Misbehaviour):
    """Says nothing for `seconds`, then closes."""

    # Twice is enough to see it; each costs the client a timeout.
    every = 3
    times = 2

    async def act(self, moment: Moment) -> str | None:
        await moment.wait(self.seconds)
        raise HangUp


@named("hang-connect")
class HangConnect(Hang):
    """Row “hung server”: no greeting."""

    phase = Phase.CONNECT


@named("hang-ehlo")
class HangEhlo(Hang):
    """Row “hung server”: no reply to EHLO."""

    phase = Phase.EHLO


@named("hang-mail")
class HangMail(Hang):
    """Row “hung server”: no reply to MAIL."""

    phase = Phase.MAIL


@named("hang-rcpt")
class HangRcpt(Hang):
    """Row “hung server”: no reply to RCPT."""

    phase = Phase.RCPT


@named("hang-data")
class HangData(Hang):
    """Row “hung server”: no reply to DATA."""

    phase = Phase.DATA


@named("hang-always")
class HangAlways(Hang):
    """Row “hung server”: no greeting, ever: the send gives up, and says so."""

    phase = Phase.CONNECT
    every = 1
    times = 0


@named("hang-dot")
class HangDot(Hang):
    """Row “250 lost / timeout after the dot”: the message is whole, not accepted, and no reply comes."""

    phase = Phase.DOT


@named("hang-250")
class HangReply(Hang):
    """Row “250 lost / timeout after the dot”: accepted, and no reply comes."""

    phase = Phase.ACCEPTED


@named("late-accept")
class LateAccept(Misbehaviour):
    """Row “250 lost / timeout after the dot”: accepted only after the client has given up waiting (RFC 1047)."""

    phase = Phase.DOT
    every = 3
    times = 2
    seconds = 5.0

    async def act(self, moment: Moment) -> str | None:
        # Whether or not the client is still there: that is how mail is doubled in the wild.
        await moment.wait(self.seconds)
        return None


@named("late-ehlo")
class LateEhlo(Misbehaviour):
    """Not in the matrix: the reply to EHLO takes longer than some clients wait, and not so long as others."""

    phase = Phase.EHLO
    seconds = 2.0

    async def act(self, moment: Moment) -> str | None:
        await moment.wait(self.seconds)
        return None


@named("one-by-one")
class OneByOne(Misbehaviour):
    """Not in the matrix: while the first message waits to be accepted, another one is put off."""

    phase = Phase.DOT
    seconds = 2.0

    def __init__(self, **options: str | float):
        super().__init__(**options)
        self._is_first_waiting: bool | None = None
        self._has_met_another = False

    async def act(self, moment: Moment) -> str | None:
        if self._is_first_waiting:
            self._has_met_another = True
            return "452 4.3.2 one message at a time"
        if self._is_first_waiting is None:
            self._is_first_waiting = True
            waited = 0.0
            while waited < self.seconds and not self._has_met_another:
                await moment.wait(0.05)
                waited += 0.05
            self._is_first_waiting = False
        return None


@named("slow")
class Slow(Misbehaviour):
    """Row “hung server”, its near miss: each reply takes a moment, within the timeouts."""

    seconds = 0.05

    def is_due(self, moment: Moment) -> bool:
        return moment.phase not in {Phase.BODY, Phase.ACCEPTED, Phase.REPLIED}

    async def act(self, moment: Moment) -> str | None:
        await moment.wait(self.seconds)
        return None


@named("tiny-window")
class TinyWindow(Misbehaviour):
    """Row “hung server”, its near miss: the message is read in sips, so that the client's writes fall short."""

    phase = Phase.BODY
    window_bytes = 2048
    seconds = 0.02

    async def act(self, moment: Moment) -> str | None:
        await moment.stop_reading(self.seconds)
        return None


@named("stuck-body")
class StuckBody(TinyWindow):
    """Row “hung server”: it stops reading in the middle of the message, for good."""

    every = 3
    times = 2
    seconds = 3600.0

    async def act(self, moment: Moment) -> str | None:
        await moment.stop_reading(self.seconds)
        raise HangUp
