"""Servers that say no: for now, or for good."""

from __future__ import annotations

from tests.deliver.server.misbehaviour import Misbehaviour, Moment, Phase, named


class Refusal(Misbehaviour):
    """Answers with these words."""

    words = ""

    async def act(self, _moment: Moment) -> str | None:
        return self.words


@named("greylist")
class Greylist(Refusal):
    """Row “450/451/452/454, greylisting”: each recipient has to come twice."""

    phase = Phase.RCPT
    tries = 1
    words = "450 4.2.0 Greylisted, try again"


@named("450-rcpt")
class LaterAtRcpt(Refusal):
    """Row “450/451/452/454, greylisting”: one recipient in four, twice."""

    phase = Phase.RCPT
    share = 4
    tries = 2
    words = "450 4.2.1 Mailbox busy"


@named("451-rcpt")
class LocalErrorAtRcpt(LaterAtRcpt):
    """Row “450/451/452/454, greylisting”: an error in processing, at RCPT."""

    words = "451 4.3.0 Local error in processing"


@named("452-rcpt")
class FullAtRcpt(LaterAtRcpt):
    """Row “450/451/452/454, greylisting”: no room for more recipients."""

    words = "452 4.5.3 Too many recipients"


@named("454-rcpt")
class TemporaryAtRcpt(LaterAtRcpt):
    """Row “450/451/452/454, greylisting”: a temporary failure of a relay."""

    words = "454 4.7.1 Relay access denied for now"


@named("451-dot")
class LaterAtDot(LaterAtRcpt):
    """Row “450/451/452/454, greylisting”: said of the whole message, which is not accepted."""

    phase = Phase.DOT
    words = "451 4.7.1 Try again later"


@named("452-dot")
class FullAtDot(LaterAtDot):
    """Row “450/451/452/454, greylisting”: no room for the message."""

    words = "452 4.3.1 Insufficient system storage"


@named("451-mail")
class LaterAtMail(Refusal):
    """Row “450/451/452/454, greylisting”: every third MAIL, four times in all."""

    phase = Phase.MAIL
    every = 3
    times = 4
    words = "451 4.3.2 Not now"


@named("451-data")
class LaterAtData(LaterAtMail):
    """Row “450/451/452/454, greylisting”: in reply to DATA, after the recipient was accepted."""

    phase = Phase.DATA


@named("450-always")
class NeverToday(Refusal):
    """Row “450/451/452/454, greylisting”: one recipient in four, for ever: deferred and never silently dropped."""

    phase = Phase.RCPT
    share = 4
    words = "450 4.2.2 Mailbox full"


@named("550-rcpt")
class NobodyThere(Refusal):
    """Row “5xx at RCPT”: one recipient in four does not exist."""

    phase = Phase.RCPT
    share = 4
    words = "550 5.1.1 No such user"


@named("sender-rcpt")
class SenderRefusedForOne(NobodyThere):
    """Row “5xx at RCPT that speaks of the sender, the server or a policy”: to one recipient in sixteen."""

    share = 16
    words = "550 5.1.8 Sender address rejected: domain not found"


@named("auth-rcpt")
class LoginForOne(SenderRefusedForOne):
    """Row “5xx at RCPT that speaks of the sender, the server or a policy”: one recipient wants it authenticated."""

    words = "530 5.7.0 Authentication required for this recipient"


@named("policy-rcpt")
class PolicyOfOne(SenderRefusedForOne):
    """Row “5xx at RCPT that speaks of the sender, the server or a policy”: a rule of that recipient's own."""

    words = "554 5.7.1 Service unavailable; your network is listed"


@named("sender-rcpt-all")
class SenderRefusedForAll(Refusal):
    """Row “5xx at RCPT that speaks of the sender, the server or a policy”: to everybody."""

    phase = Phase.RCPT
    words = "550 5.1.8 Sender address rejected: domain not found"


@named("354-after-550")
class DataRegardless(NobodyThere):
    """Row “5xx at RCPT”: and the server still says 354 to the DATA that was pipelined (RFC 2920 §3.1)."""

    is_data_answered = 1


@named("kept-550")
class KeptRegardless(DataRegardless):
    """Row “5xx at RCPT”: the recipient is refused and kept: a lone dot would bring them an empty message."""

    is_recipient_kept = 1


@named("kept-450")
class KeptForNow(KeptRegardless):
    """Row “450/451/452/454, greylisting”: the same, said for now, once to each."""

    tries = 1
    words = "450 4.2.1 Mailbox busy"


@named("552-dot")
class TooBigAtDot(Refusal):
    """Row “5xx at RCPT”, said later: one message in four is too big, in reply to the dot. Definite, that row alone."""

    phase = Phase.DOT
    share = 4
    words = "552 5.3.4 Message too big"


@named("554-dot")
class RejectedAtDot(TooBigAtDot):
    """Row “5xx at RCPT”, said later: one message in four is taken for spam, in reply to the dot."""

    words = "554 5.7.1 Rejected"


@named("554-data")
class RejectedAtData(TooBigAtDot):
    """Row “5xx at RCPT”, said later: in reply to DATA, for one recipient in four."""

    phase = Phase.DATA
    words = "554 5.5.1 No valid recipients"


@named("550-mail")
class SenderRefused(Refusal):
    """Row “5xx at MAIL or AUTH”: the sender is refused, from the first message on."""

    phase = Phase.MAIL
    words = "550 5.7.1 Sender rejected"


@named("550-mail-later")
class SenderRefusedLater(SenderRefused):
    """Row “5xx at MAIL or AUTH”: the sender is refused once a connection has taken five messages."""

    after = 5


@named("535-auth")
class WrongPassword(Refusal):
    """Row “5xx at MAIL or AUTH”: the password is wrong."""

    phase = Phase.AUTH
    words = "535 5.7.8 Authentication credentials invalid"


@named("454-auth")
class AuthNotNow(Refusal):
    """Row “450/451/452/454, greylisting”: logging in fails for a moment, once for each second connection."""

    phase = Phase.AUTH
    every = 2
    times = 2
    words = "454 4.7.0 Temporary authentication failure"


@named("554-connect")
class Unwelcome(Refusal):
    """Row “5xx at MAIL or AUTH”, said earlier: the greeting is a refusal."""

    phase = Phase.CONNECT
    words = "554 5.7.1 Your host is not welcome"


@named("refuses-all")
class RefusesAll(Refusal):
    """Row “5xx at MAIL or AUTH”, its last part: many failures in a row, each recipient refused."""

    phase = Phase.RCPT
    words = "554 5.7.1 Your network is listed"


@named("defers-all")
class DefersAll(Refusal):
    """Row “450/451/452/454, greylisting”: nobody is accepted now; the send must not hammer on."""

    phase = Phase.RCPT
    words = "451 4.7.1 Too much mail from you"
