"""Bounces in words only: Exim's, qmail's, Domino's, Exchange's pages, and all who report as they please."""

from __future__ import annotations

import re

from msgspec import Struct

from newsletter_cli.after.bounces.addresses import addresses_in, is_same, parse_recipient
from newsletter_cli.after.bounces.answers import is_answered_automatically
from newsletter_cli.after.bounces.parts import Fields, Mail
from newsletter_cli.base.letters import plain_letters

DAEMON = re.compile(
    r"\b(?:mailer-?daemon|mail-?daemon|maildaemon|mdaemon|postmaster|double-bounce|bounce-?daemon"
    r"|mail delivery (?:sub)?system|microsoftexchange\w*|mail administrator|delivery subsystem"
    r"|internet mail delivery)\b",
    re.IGNORECASE,
)
# Compared in plain letters.
SUBJECT = re.compile(
    r"undeliver|not (?:be )?deliver|could ?n[o']t be (?:sent|deliver)|returned? (?:mail|to sender)|failure notice"
    r"|failed (?:mail|deliver)|delivery (?:status|fail|problem|report|error|notif|has failed|unsuccess|incomplete"
    r"|delay)|mail (?:delivery|failure|error|returned)|mail ?delivery|message status|non[- ]remis|non[- ]distribu"
    r"|echec de (?:la )?(?:remise|distribution|livraison|l'envoi)|pas (?:pu )?etre (?:remis|distribue)"
    r"|nondeliverable|non-?delivery|notification d'?etat|etat de (?:la )?(?:remise|distribution)|retour (?:de"
    r"|a) (?:courrier|l'expediteur)|remise (?:impossible|retardee|differee)|delayed mail|warning: (?:message"
    r"|could)|message delayed|unzustellbar|undelivered|bounced? (?:mail|message)|user unknown"
)
DELAY = re.compile(
    r"this is a warning message only|do not need to resend|\bdelayed\b|will (?:keep|continue) (?:on )?(?:re)?try"
    r"|still trying|not yet been delivered|has not (?:yet )?been delivered (?:after|for)|transient failure"
    r"|delivery (?:is )?delay|\(delay\)|retarde|remise differee|nouvelles? tentatives?|n'a pas encore"
    r"|continuer a essayer|n'avez pas besoin de (?:le )?renvoyer"
)
GIVEN_UP = re.compile(
    r"giving up|given up|permanent|abandonn|could not be delivered|bounced|returned to sender|expired"
)


class Notice(Struct, frozen=True, kw_only=True):
    """What a server says in words for itself, and who failed by a field of its own."""

    text: str
    subject: str
    failed: tuple[str, ...]

    @property
    def is_late(self) -> bool:
        """Whether it only says that a message is late."""
        plain = plain_letters(f"{self.subject}\n{self.text}").replace("’", "'")
        return bool(DELAY.search(plain)) and not GIVEN_UP.search(plain)


def is_from_machine(fields: Fields) -> bool:
    """Whether the header says that no person wrote this: a daemon, an empty envelope."""
    return bool(
        any(DAEMON.search(value) for value in fields.all("from", "x-failed-recipients", "sender"))
        or fields.has("x-failed-recipients")
        or fields.get("return-path").replace(" ", "") == "<>"
    )


def is_notice(mail: Mail) -> bool:
    """Whether a message from a machine reports a failure in words."""
    fields = mail.fields
    if fields.has("x-failed-recipients"):
        return True
    if is_from_daemon(fields):
        return True
    return has_subject_of_notice(fields) and not is_answered_automatically(fields)


def is_from_daemon(fields: Fields) -> bool:
    """Whether a mail server wrote it, by the name it gives itself."""
    return any(DAEMON.search(value) for value in fields.all("from"))


def has_subject_of_notice(fields: Fields) -> bool:
    """Whether the subject is one that servers give to a failure."""
    return bool(SUBJECT.search(plain_letters(fields.get("subject")).replace("’", "'")))


def failed_recipients(fields: Fields) -> tuple[str, ...]:
    """Who failed, by Exim's own field."""
    values = ",".join(fields.all("x-failed-recipients")).split(",")
    return tuple(address for address in map(parse_recipient, values) if address)


def part_about(notice: Notice, address: str) -> str | None:
    """What the notice says of one address; `None` where it does not name it, empty where it names it in passing."""
    lines = notice.text.split("\n")
    starts = [number for number, line in enumerate(lines) if any(is_same(one, address) for one in addresses_in(line))]
    if not starts:
        return "" if any(is_same(one, address) for one in notice.failed) else None
    end = starts[0] + 1
    while end < len(lines):
        if _begins_another(lines, end, address):
            break
        end += 1
    before = lines[starts[0] - 1].strip() if starts[0] else ""
    # Domino and others name the reason first, on the line above or on the same one.
    return "\n".join([before, *lines[starts[0] : end]])


def others_named(notice: Notice, address: str) -> list[str]:
    """The other addresses that the notice names."""
    return [one for one in addresses_in(notice.text) if not is_same(one, address)]


def _begins_another(lines: list[str], number: int, address: str) -> bool:
    """Whether a line begins what is said of another recipient: an address at its beginning, or alone in it."""
    found = addresses_in(lines[number])
    if not found or any(is_same(one, address) for one in found):
        return False
    start = lines[number].strip().lstrip("<*-•\"' \t")
    return start.startswith(found[0])
