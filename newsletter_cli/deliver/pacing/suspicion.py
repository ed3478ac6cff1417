"""Tells a refusal of one recipient from a refusal of everybody, by what becomes of the messages after it.

Some refusals speak of the sender, the server or a policy. Said to one reader among many who were accepted, such an
answer is about that reader (a server that asks theirs, a rule of their own). Only where it meets several, and nobody is
accepted meanwhile, is it believed to be about all. Until then the deliveries it was said to are *held*: neither refused
nor tried again.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.remedies import remedy_of
from newsletter_cli.model.delivery import Reply

# Authentication required, refused, or encryption required (RFC 4954 §6): about whoever sends, not about one row.
ABOUT_EVERYBODY = frozenset({530, 534, 535, 538})
# Bad sender's address: many servers refuse the sender only once they are told a recipient (Postfix by default).
ABOUT_SENDER = frozenset({"5.1.7", "5.1.8"})
# RFC 3463 §3: the mail system, the network, the protocol, security and policy; the rest is about address and mailbox.
PERHAPS_EVERYBODY = ("5.3.", "5.4.", "5.5.", "5.7.")
WORDS_ABOUT_SENDER = re.compile(
    r"sender (?:address |verify |domain )?(?:rejected|refused|denied|failed|blocked)|not owned by user|"
    r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not|prohibited)|(?:unable|not permitted) to relay|"
    r"authenticat|send(?:ing|er)? (?:quota|limit)",
    re.IGNORECASE,
)

# At MAIL no recipient has been named: that is about all, unless this sender's token or this message's size is to blame.
MOST_AT_MAIL = 3
# So many recipients, from several domains at least, where the words speak of whoever sends.
MOST_ABOUT_SENDER = 10
FEWEST_DOMAINS = 3
# So many, whatever the words and the domains.
MOST_TURNED_AWAY = 25
# A message that is refused at MAIL is tried so often, where others are accepted.
MOST_TRIES_AT_MAIL = 3


class Held(Struct, frozen=True, kw_only=True):
    """A delivery whose refusal may be about all. `since`: how many deliveries had been begun when it was refused."""

    row: int
    domain: str
    reply: Reply
    since: int
    is_at_mail: bool = False


class Suspicion(Struct):
    """Refusals held back until it is known whether they concern one recipient or all. Rows are numbers."""

    _held: dict[int, Held] = field(default_factory=dict)
    _tries_at_mail: dict[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._held)

    def hold(self, held: Held) -> bool:
        """One more; whether it is time to believe that it is about all."""
        self._held[held.row] = held
        if held.is_at_mail:
            self._tries_at_mail[held.row] = self._tries_at_mail.get(held.row, 0) + 1
        everybody = self._held.values()
        # Who is tried again is no sample of the others.
        at_mail = sum(one.is_at_mail and self._tries_at_mail[one.row] == 1 for one in everybody)
        if at_mail >= MOST_AT_MAIL or len(everybody) >= MOST_TURNED_AWAY:
            return True
        about_sender = [one for one in everybody if is_about_sender(one.reply)]
        return len(about_sender) >= MOST_ABOUT_SENDER and len({one.domain for one in about_sender}) >= FEWEST_DOMAINS

    def accepted(self, begun: int) -> list[Held]:
        """The server accepted a recipient whose delivery was the `begun`-th: what was refused before that one was begun
        was about the refused alone. They are held no longer.
        """
        cleared = [one for one in self._held.values() if one.since < begun]
        for one in cleared:
            del self._held[one.row]
        return cleared

    def let_go(self) -> list[Held]:
        """All of them; they are held no longer."""
        everybody = list(self._held.values())
        self._held.clear()
        return everybody

    def may_try_again(self, held: Held) -> bool:
        """Whether a delivery that was refused at MAIL, while others were accepted, has another try."""
        return held.is_at_mail and self._tries_at_mail[held.row] < MOST_TRIES_AT_MAIL


def reason_to_stop(held: Held, shown_reply: str) -> tuple[str, str]:
    """Why a send stops when a refusal is believed to be about all, and what to do."""
    if held.is_at_mail:
        reason = _("the server takes nothing from this sender, or nothing so large: {reply}")
        otherwise = _(
            "look at sender.address, send.bounces, send.smtp.user and the size, or ask whoever runs the server"
        )
    else:
        reason = _("the server refuses every recipient; its last answer: {reply}")
        otherwise = _(
            "they all still wait: look at sender.address, send.bounces and send.smtp.user, or ask whoever runs the"
            " server; then run the same command again"
        )
    return reason.format(reply=shown_reply), remedy_of(held.reply, otherwise)


def is_about_sender(reply: Reply) -> bool:
    """Whether a refusal speaks of whoever sends."""
    is_told = reply.code in ABOUT_EVERYBODY or reply.enhanced_status in ABOUT_SENDER
    return is_told or WORDS_ABOUT_SENDER.search(reply.text) is not None


def may_be_about_all(reply: Reply) -> bool:
    """Whether a refusal may meet everybody: it speaks of the sender, the server or a policy."""
    return reply.enhanced_status.startswith(PERHAPS_EVERYBODY) or is_about_sender(reply)
