"""Reports of delivery (RFC 3464, RFC 6533): what they say of each recipient."""

from __future__ import annotations

import re

from msgspec import Struct

from newsletter_cli.after.bounces.addresses import is_behind, is_same, parse_recipient, without_tag
from newsletter_cli.after.bounces.parts import Fields, Mail
from newsletter_cli.after.bounces.statuses import statuses_in

REPORTS = ("message/delivery-status", "message/global-delivery-status")
# Sendmail names first whom a message was for, then whom an alias of theirs leads to.
FINAL = ("x-actual-recipient", "final-recipient")
ORIGINAL = ("original-recipient", "final-recipient")
# The type of a diagnostic code, where it says no more than that a mail server spoke.
MAIL_TYPE = re.compile(r"^(?:smtp|x-postfix)\s*;\s*", re.IGNORECASE)
NOT_FAILED = frozenset({"delivered", "relayed", "expanded"})


class Recipient(Struct, frozen=True, kw_only=True):
    """What a report says of one recipient; `action` in small letters."""

    final: str
    original: str
    action: str
    status: str
    diagnostic: str

    def is_of(self, address: str) -> bool:
        """Whether this is the mailbox we wrote to: the one that was tried last, where that is told."""
        tried = self.final or self.original
        if is_same(tried, address) or is_same(tried, without_tag(address)):
            return True
        return is_same(self.original, address) and is_behind(self.final, address)


def parse_report(text: str) -> list[Recipient]:
    """The recipients of a report, in their order."""
    blocks = [Fields(block) for block in re.split(r"\n[ \t]*\n", text.strip("\n"))]
    return [_recipient(block) for block in blocks if block.has(*FINAL, *ORIGINAL) or (block.has("action", "status"))]


def read_report(mail: Mail) -> list[Recipient] | None:
    """The recipients of the report in a message; `None` where there is no report."""
    leaf = mail.first(*REPORTS)
    return parse_report(leaf.text) if leaf else None


def _recipient(block: Fields) -> Recipient:
    return Recipient(
        final=next(filter(None, map(parse_recipient, block.all(*FINAL))), ""),
        original=next(filter(None, map(parse_recipient, block.all(*ORIGINAL))), ""),
        action=block.get("action").split(" ")[0].lower().rstrip(";,."),
        status=next(iter(statuses_in(block.get("status"))), ""),
        diagnostic=" ".join(MAIL_TYPE.sub("", one) for one in block.all("diagnostic-code"))
        or " ".join(block.all("x-notes", "x-smtp-error", "x-display-name")),
    )
