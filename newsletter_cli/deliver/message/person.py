"""Whom one message is for, as values, and whether it can be written to them at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from newsletter_cli.audience.words import is_header_safe
from newsletter_cli.base.domains import DomainFault, ascii_domain
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.tokens import TOKEN, Tokens

MAX_ADDRESS_BYTES = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
MAX_LOCAL_BYTES = 64  # RFC 5321 §4.5.3.1.1
MAX_DOMAIN_BYTES = 253  # RFC 1035 §2.3.4, as text
# Characters that a name in a header may have; nobody's own is as long.
LONGEST_NAME = 500
# RFC 5321 §4.1.2 and RFC 6531 §3.3: a dot-string or a quoted string; no angle bracket, which would end a path early.
# By what they leave out of ASCII: classes that reach to the end of Unicode take ten times as long to compile.
ATOM = r"[^\x00- \"(),.:;<>@\[\\\]\x7f]+"
LOCAL = Pattern(rf'{ATOM}(?:\.{ATOM})*|"(?:[^\x00-\x1f"<>\\\x7f]|\\[ -;=?-~])+"')
DOMAIN = Pattern(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# Nearly everybody's: known at once to be neither too long nor anything special.
ORDINARY = re.compile(
    r"(?=.{1,64}\Z)[A-Za-z0-9_+-]{1,30}(?:\.[A-Za-z0-9_+-]{1,30})?@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,20}"
)
MESSAGE_ID = re.compile(r"[A-Za-z0-9._+-]{1,200}@[A-Za-z0-9.-]{1,253}")


class Person(NamedTuple):
    """The recipient of one message. `values` are their fields, `message_id` stands without angle brackets."""

    address: str
    name: str
    values: Mapping[str, str]
    token: str
    message_id: str


def make_person(tokens: Tokens, row: int, domain: str, *, address: str, name: str, values: Mapping[str, str]) -> Person:
    """The recipient of the delivery `row`; `domain` is the right side of Message-IDs."""
    token, message_id = tokens.token(row), tokens.message_id(row, domain)
    return Person(address=address, name=name, values=values, token=token, message_id=message_id)


class Spliced(NamedTuple):
    """A whole message. `sender` and `recipient` are the envelope's.

    `data` is dot-stuffed (RFC 5321 §4.5.2), every line ended by CRLF, without the final dot.
    """

    sender: str
    recipient: str
    data: bytes


class Unbuildable(ValueError):
    """There can be no message for this person; the reason is for people, and holds nothing personal."""


def envelope_address(address: str) -> str:
    """The address as an envelope and a header take it: local part as written, domain in ASCII.

    Raises `Unbuildable` for what is no address (RFC 5321 §4.1.2).
    """
    if ORDINARY.fullmatch(address):
        return address
    if not is_header_safe(address):
        raise Unbuildable(_("the address holds a line end or another control character"))
    local, _at, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = ascii_domain(domain)
        except DomainFault:
            raise Unbuildable(_("the address's domain cannot be written in ASCII")) from None
    size = len(local.encode())
    if not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain):
        raise Unbuildable(_("the address cannot stand on an envelope"))
    if size > MAX_LOCAL_BYTES or len(domain) > MAX_DOMAIN_BYTES or size + 1 + len(domain) > MAX_ADDRESS_BYTES:
        raise Unbuildable(_("the address is too long for an envelope"))
    return f"{local}@{domain}"


def check_name(name: str) -> str:
    """The name as a header can say it. Raises `Unbuildable` for one that could end the header, and an endless one."""
    if not is_header_safe(name):
        raise Unbuildable(_("the name holds a line end or another control character"))
    if len(name) > LONGEST_NAME:
        raise Unbuildable(_("the name is longer than {count} characters").format(count=LONGEST_NAME))
    return name


def check_identifiers(person: Person) -> None:
    """Raise `Unbuildable` for a token or a Message-ID that is none: these are spliced in as they are."""
    if not TOKEN.fullmatch(person.token):
        raise Unbuildable(_("the token is not one"))
    if not MESSAGE_ID.fullmatch(person.message_id):
        raise Unbuildable(_("the Message-ID is not one"))
