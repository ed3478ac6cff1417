"""Connections that end when they should not."""

from __future__ import annotations

from tests.deliver.server.misbehaviour import HangUp, Misbehaviour, Moment, Phase, named


class Drop(Misbehaviour):
    """Closes without a word."""

    # A server that always did would let nobody finish.
    every = 3
    is_abrupt = 0

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp(is_abrupt=bool(self.is_abrupt))


@named("drop-connect")
class DropConnect(Drop):
    """Row “disconnect at connect, EHLO, MAIL, RCPT, mid-DATA”: closed before the greeting."""

    phase = Phase.CONNECT


@named("drop-ehlo")
class DropEhlo(Drop):
    """Row “disconnect at connect, EHLO, MAIL, RCPT, mid-DATA”: closed in reply to EHLO."""

    phase = Phase.EHLO


@named("drop-mail")
class DropMail(Drop):
    """Row “disconnect at connect, EHLO, MAIL, RCPT, mid-DATA”: closed in reply to MAIL."""

    phase = Phase.MAIL
    every = 5


@named("drop-rcpt")
class DropRcpt(Drop):
    """Row “disconnect at connect, EHLO, MAIL, RCPT, mid-DATA”: closed in reply to RCPT."""

    phase = Phase.RCPT
    every = 5


@named("drop-data")
class DropData(Drop):
    """Row “disconnect at connect, EHLO, MAIL, RCPT, mid-DATA”: closed in reply to DATA, before any of the message."""

    phase = Phase.DATA
    every = 5


@named("drop-body")
class DropBody(Drop):
    """Row “disconnect at connect, EHLO, MAIL, RCPT, mid-DATA”: closed with part of the message read.

    The client may well have sent its dot by then: not knowing, it may count such a row as in doubt.
    """

    phase = Phase.BODY
    every = 5


@named("reset-mail")
class ResetMail(DropMail):
    """Row “disconnect at connect, EHLO, MAIL, RCPT, mid-DATA”: a reset instead of an end, in reply to MAIL."""

    is_abrupt = 1


@named("drop-dot")
class DropDot(Drop):
    """Row “250 lost / timeout after the dot”: the message was whole and thrown away, the connection closed."""

    phase = Phase.DOT
    every = 7


@named("lost-250")
class LostReply(Drop):
    """Row “250 lost / timeout after the dot”: accepted, and the connection closed instead of a reply."""

    phase = Phase.ACCEPTED
    every = 7


@named("reset-250")
class ResetReply(LostReply):
    """Row “250 lost / timeout after the dot”: accepted, and the connection reset."""

    is_abrupt = 1


@named("half-250")
class HalfReply(Misbehaviour):
    """Row “250 lost / timeout after the dot”: accepted, and the reply breaks off before its end of line."""

    phase = Phase.ACCEPTED
    every = 7

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp("250-2.0.0 Queu")


@named("421-mail")
class BusyAtMail(Misbehaviour):
    """Row “421 after n messages”: in reply to the next MAIL."""

    phase = Phase.MAIL
    after = 3

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp("421 4.7.0 Enough messages on this connection")


@named("421-rcpt")
class BusyAtRcpt(BusyAtMail):
    """Row “421 after n messages”: in reply to the next RCPT."""

    phase = Phase.RCPT


@named("421-always")
class ByeToOne(Misbehaviour):
    """Row “one poisoned row”: goodbye to one recipient in four, each time it is named."""

    phase = Phase.RCPT
    share = 4

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp("421 4.7.0 Service not available")


@named("421-data-always")
class ByeToOnesMessage(ByeToOne):
    """Row “one poisoned row”: goodbye in the middle of the message for one recipient in four."""

    phase = Phase.BODY


@named("421-dot")
class BusyAtDot(BusyAtMail):
    """Row “421 after n messages”: in reply to the next message, which is not accepted."""

    phase = Phase.DOT


@named("421-body")
class BusyInBody(BusyAtMail):
    """Row “421 in the body”: said in the middle of the message, which is read on and accepted all the same."""

    phase = Phase.BODY
    after = 0
    every = 3

    async def act(self, _moment: Moment) -> str | None:
        return "421 4.3.0 Going down"


@named("421-body-ends")
class GoneInBody(BusyInBody):
    """Row “421 in the body”: and then it closes, with nothing accepted."""

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp("421 4.3.0 Going down")


@named("421-unsolicited")
class BusyUnasked(BusyAtMail):
    """Row “421 after n messages”: said by itself, right after a message was taken."""

    phase = Phase.REPLIED


@named("421-connect")
class BusyAtConnect(BusyAtMail):
    """Row “421 after n messages”: instead of the greeting, every other time."""

    phase = Phase.CONNECT
    after = 0
    every = 2
