"""The commands that make a message's envelope, and what a refusal of each of them means. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.pacing.suspicion import may_be_about_all
from newsletter_cli.deliver.smtp.offer import Offer
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Outgoing, Reply

# A path between < and > (RFC 5321 §4.1.2, RFC 6531 §3.3): a quoted local part may hold spaces, none may hold what
# would end the line and begin a command of its own.
PATH = re.compile(r'(?:"(?:[^\x00-\x1f\x7f-\x9f"\\]|\\[ -~])*"|[^\x00-\x20\x7f-\x9f<>"@]+)@[^\x00-\x20\x7f-\x9f<>@"]+')
# What nl answers itself where no server can take the address.
LOCAL_REFUSAL = 553


class Command(Enum):
    """What was said to the server and is to be answered, in order."""

    RSET = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    DOT = auto()
    QUIT = auto()


def mail_command(message: Outgoing, offer: Offer) -> bytes:
    """MAIL FROM with the parameters that the server offers and the message needs (RFC 1870, 6531, 6152)."""
    parameters = b"" if offer.size_limit_bytes is None else b" SIZE=%d" % len(message.data)
    if message.needs_smtputf8:
        parameters += b" SMTPUTF8"
        if offer.has_8bitmime and not message.data.isascii():
            parameters += b" BODY=8BITMIME"
    return b"MAIL FROM:<%b>%b\r\n" % (message.sender.encode(), parameters)


def rcpt_command(message: Outgoing) -> bytes:
    """RCPT TO the one recipient."""
    return b"RCPT TO:<%b>\r\n" % message.recipient.encode()


def refuse_locally(message: Outgoing, offer: Offer) -> Reply | None:
    """Why this message cannot be offered to this server at all, if so."""
    text = None
    if message.needs_smtputf8 and not offer.has_smtputf8:
        text = _("this server does not take addresses outside ASCII (SMTPUTF8)")
    elif not PATH.fullmatch(message.recipient):
        text = _("this recipient cannot stand in an envelope")
    elif message.sender and not (message.sender.isascii() and PATH.fullmatch(message.sender)):
        text = _("this sender cannot stand in an envelope")
    return None if text is None else Reply(LOCAL_REFUSAL, f"nl: {text}")


def judge_refusal(command: Command, reply: Reply, message: Outgoing) -> Happened:
    """What the answer to MAIL, RCPT or DATA makes of a message, where it is not the one that was hoped for.

    DEFERRED or REFUSED; BLOCKED or TURNED_AWAY where it may be about all; DOWN where server and client no longer speak
    of the same thing, and the connection has to go. 421 is not asked about: it ends the connection everywhere.
    """
    code = reply.code
    if 400 <= code < 500:
        return Happened.DEFERRED
    # The commands came in the right order: if the server says they did not, it has lost its place.
    if code < 500 or code == 503:
        return Happened.DOWN
    if command is Command.MAIL:
        return Happened.REFUSED if message.needs_smtputf8 else Happened.BLOCKED
    return Happened.TURNED_AWAY if may_be_about_all(reply) else Happened.REFUSED
