"""Bounces in words only: Exim's, qmail's, Domino's, Exchange's pages, and all who report as they please."""

from __future__ import annotations

import re

from msgspec import Struct

from newsletter_cli.after.bounces.addresses import addresses_in, is_same, parse_recipient
from newsletter_cli.after.bounces.answers import has_prefix, is_automatic_subject, own_words, plain
from newsletter_cli.after.bounces.parts import Fields, Mail

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


NOT_DELIVERED = re.compile(
    r"(?:^|\n)[^a-z\n]{0,10}5\d\d[ -]|"
    r"(?:could|can|was|were|has|have|did|is|are) ?n(?:o|')t (?:\w+ )?(?:be |been )?(?:successfully )?(?:deliver"
    r"|reach|sent)|cannot be delivered|undeliver|deliver\w* (?:\w+ )?(?:to [^\n]{0,60})?(?:has |have )?fail"
    r"|fail\w* to deliver|unable to deliver|failed (?:recipient|address)|non-?delivery|(?:n'a|n'ont"
    r"|pas) pas (?:encore )?(?:pu etre|ete) (?:remis|distribue|delivre|livre|achemine|envoye)|n'a pu etre (?:remis"
    r"|distribue|delivre|livre)|echec de (?:la )?(?:remise|distribution|livraison)|impossible de (?:remettre"
    r"|distribuer|delivrer|livrer|acheminer)|returned to (?:you|sender)|permanent error"
)
# The header of the message that is reported on, in short.
HEADED = re.compile(r"^[ \t>*]*(?:to|cc|from|sender|subject|reply-to|à|a|de|objet|an|von)[ \t\u00a0]*:", re.IGNORECASE)
# Whoever stands here is a list, or has their mail sent on: it was another address that failed.
EXPANDED = re.compile(
    r"(?:generated|expanded|forwarded|redirected|aliased|transfere|redirige|genere)\w* (?:from|by|par|de)"
    r"|addressed to|on behalf of|alias of"
)
MOST_LETTERS = 20_000


class Notice(Struct, frozen=True, kw_only=True):
    """What a server says in words for itself, and who failed by a field of its own."""

    text: str
    subject: str
    failed: tuple[str, ...]

    @property
    def is_late(self) -> bool:
        """Whether it only says that a message is late."""
        said = plain(f"{self.subject}\n{self.text[:MOST_LETTERS]}")
        return bool(DELAY.search(said)) and not GIVEN_UP.search(said)


def is_from_machine(fields: Fields) -> bool:
    """Whether the header says that no person wrote this: a daemon, an empty envelope."""
    return (
        fields.has("x-failed-recipients")
        or fields.get("return-path").replace(" ", "") == "<>"
        or is_from_daemon(fields)
    )


def is_from_daemon(fields: Fields) -> bool:
    """Whether a mail server wrote it, by the name it gives itself."""
    return any(DAEMON.search(value) for value in fields.all("from", "return-path", "sender"))


def is_notice(mail: Mail) -> bool:
    """Whether a message reports a failure in words: by who wrote it and its subject, else by what it says, too."""
    fields = mail.fields
    if fields.has("x-failed-recipients"):
        return True
    subject = fields.get("subject")
    if has_prefix(subject) or is_automatic_subject(subject):
        return False
    if is_from_machine(fields):
        return is_from_daemon(fields) or has_subject_of_notice(fields) or says_so(mail)
    return has_subject_of_notice(fields) and says_so(mail)


def says_so(mail: Mail) -> bool:
    """Whether its text says in plain words that somebody did not get a message."""
    return bool(NOT_DELIVERED.search(plain(own_words(mail.text))))


def has_subject_of_notice(fields: Fields) -> bool:
    """Whether the subject is one that servers give to a failure."""
    return bool(SUBJECT.search(plain(fields.get("subject"))))


def failed_recipients(fields: Fields) -> tuple[str, ...]:
    """Who failed, by Exim's own field."""
    values = ",".join(fields.all("x-failed-recipients")).split(",")
    return tuple(address for address in map(parse_recipient, values) if address)


def part_about(notice: Notice, address: str) -> str | None:
    """What the notice says of one address; `None` where it does not name it, empty where only a field does."""
    lines = notice.text.split("\n")
    local = address.rpartition("@")[0].casefold()
    named = [addresses_in(line) if "@" in line else [] for line in lines]
    starts = [
        number
        for number, found in enumerate(named)
        if found and local in lines[number].casefold() and _is_about(lines[number], found, address)
    ]
    if not starts:
        return "" if any(is_same(one, address) for one in notice.failed) else None
    said: list[str] = []
    covered = 0
    for start in starts:
        if start < covered:
            continue
        end = start + 1
        while end < len(lines) and not _begins_another(lines[end], named[end], address):
            end += 1
        said += lines[start:end]
        covered = end
    return "\n".join(said)


def others_named(notice: Notice, address: str) -> bool:
    """Whether other addresses stand in the notice, but in the header of the message it reports on."""
    lines = (line for line in notice.text.split("\n") if "@" in line and not HEADED.match(line))
    return any(not is_same(one, address) for line in lines for one in addresses_in(line))


def _is_about(line: str, found: list[str], address: str) -> bool:
    """Whether a line is about that address: not about another, and not about where a message came from."""
    return is_same(found[0], address) and not (HEADED.match(line) or EXPANDED.search(plain(line)))


def _begins_another(line: str, found: list[str], address: str) -> bool:
    """Whether a line begins what is said of another recipient: an address at its beginning."""
    if not found or any(is_same(one, address) for one in found):
        return False
    return line.strip().lstrip("<*-•\"' \t").startswith(found[0])
