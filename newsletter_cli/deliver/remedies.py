"""What to change after a definite no of a mail server that is about all: by the words servers say it in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from newsletter_cli.base.i18n import _
from newsletter_cli.model.delivery import Reply


class _Remedy(NamedTuple):
    """`words` is a pattern; `codes` empty: whatever the code."""

    words: str
    text: Callable[[], str]
    codes: tuple[int, ...] = ()


# The first that fits is meant: what is certain stands before what is likely.
_REMEDIES = (
    _Remedy(
        r"starttls|encryption (?:is )?required|tls (?:is )?required|secure connection",
        lambda: _('it wants the connection encrypted: set send.smtp.starttls = "required", or use smtps://'),
    ),
    _Remedy(
        r"application-specific password|app(?:lication)?[ -]password|basic auth\w* is disabled|less secure app",
        lambda: _(
            "the account’s own password is not taken from programs: make one for them (an “app password”) in the"
            ' account’s settings, or set send.smtp.auth = "xoauth2"'
        ),
    ),
    _Remedy(
        r"authentication (?:is )?required|not (?:authenticated|logged in)|must (?:log ?in|authenticate)|auth\w* first",
        lambda: _("it wants somebody to log in: set send.smtp.user, and the password in NL_SMTP_PASSWORD"),
    ),
    _Remedy(
        r"relay",
        lambda: _(
            "it takes mail for others only from those it knows: log in (send.smtp.user), or use the server of whoever"
            " runs the domain of sender.address"
        ),
    ),
    _Remedy(
        r"block ?list|black ?list|spamhaus|spamcop|barracuda|reputation|listed (?:in|at|by|on)|dnsbl|\brbl\b",
        lambda: _(
            "the address of this machine is on a blocklist: send through your provider’s server, with a login, or ask"
            " whoever runs the network"
        ),
    ),
    _Remedy(
        r"reverse dns|\bptr\b|rdns|dynamic (?:ip|address)|residential",
        lambda: _("it takes no mail from such a network: send through your provider’s server, with a login"),
    ),
    _Remedy(
        r"helo|ehlo|fully[- ]qualified",
        lambda: _(
            'it does not like the name that this machine gives: set a full one, as send.smtp.hello ("mail.example.org")'
        ),
    ),
    _Remedy(
        r"message (?:size|too (?:big|large))|size (?:limit|exceeds)|too large|exceeds .*(?:size|limit)",
        lambda: _("it takes nothing so large: make the pictures smaller, or leave them online (send.images)"),
        (552, 534, 523),
    ),
    _Remedy(
        r"spf|dkim|dmarc|sender ?id\b",
        lambda: _(
            "the domain of sender.address does not let this server send for it (SPF, DKIM, DMARC): use the domain’s own"
            " server, or have it named there"
        ),
    ),
    _Remedy(
        r"sender|not owned|send as|sendas|from address|mail from|envelope",
        lambda: _(
            "it does not let this account write as that sender: set sender.address, and send.bounces, to an address of"
            " the account, or have it allowed"
        ),
    ),
    _Remedy(
        r"quota|limit|too many|rate",
        lambda: _("its limit is reached: run the same command again when it counts anew (often the next day)"),
    ),
)


def remedies(reply: Reply) -> Iterator[str]:
    """What may be done about the reply, the likeliest first."""
    for remedy in _REMEDIES:
        if (not remedy.codes or reply.code in remedy.codes) and re.search(remedy.words, reply.text, re.IGNORECASE):
            yield remedy.text()


def remedy_of(reply: Reply, otherwise: str) -> str:
    """What to do about the reply; `otherwise` where its words say nothing of it."""
    return next(remedies(reply), otherwise)
