"""The template of a send's messages: literal octets, serialised once, and slots for what is one person's own."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.tokens import verp
from newsletter_cli.deliver.message.body import Slot, encode_piece
from newsletter_cli.deliver.message.fields import PersonalText, Unfillable
from newsletter_cli.deliver.message.marks import Marks
from newsletter_cli.deliver.message.parts import TemplateFault
from newsletter_cli.deliver.message.person import (
    Person,
    Spliced,
    Unbuildable,
    check_identifiers,
    check_name,
    envelope_address,
)
from newsletter_cli.render.mime import encode_named, encode_unstructured, wrap_text

TEXT_WIDTH = 76
# The number is that of the form: a template outlives the program that wrote it.
MAGIC = b"nl-message 1\n"


def _in_header(text: str) -> bytes:
    return encode_unstructured("Subject", text).encode()


def _in_html(text: str) -> bytes:
    return encode_piece(html.escape(text))


def _in_text(text: str) -> bytes:
    return encode_piece(wrap_text(text, TEXT_WIDTH))


# How a personal part is written where it may stand.
RENDERINGS: dict[str, tuple[tuple[Slot, Callable[[str], bytes]], ...]] = {
    "subject": ((Slot.SUBJECT, _in_header), (Slot.SUBJECT_HTML, _in_html), (Slot.SUBJECT_TEXT, _in_text)),
    "greeting": ((Slot.GREETING_HTML, _in_html), (Slot.GREETING_TEXT, _in_text)),
    "preheader": ((Slot.PREHEADER_HTML, _in_html), (Slot.PREHEADER_TEXT, _in_text)),
}


class MessageTemplate(Struct, frozen=True, kw_only=True, dict=True):
    """Everything of a send's messages but the people.

    `literals` are octets as they stand in DATA, one more than `slots`. `patterns` are what the slots of greeting,
    subject and preheader are filled with, by the name of the part. `unsubscribe_page` and `unsubscribe_mail` hold
    `marks.token`. `sender` is the envelope's; `is_verp`: each message adds its token to it. `content_hash` (SHA-256,
    hexadecimal) is of everything but the date. `is_for_list_server`: it has no fields by which a list is known.
    """

    literals: tuple[bytes, ...]
    slots: tuple[Slot, ...]
    patterns: Mapping[str, PersonalText]
    fallbacks: Mapping[str, str | None]
    sender: str
    is_verp: bool
    marks: Marks
    message_id_domain: str
    unsubscribe_page: str | None
    unsubscribe_mail: str | None
    content_hash: str
    is_for_list_server: bool = False

    def __post_init__(self) -> None:
        if len(self.literals) != len(self.slots) + 1:
            raise ValueError(len(self.literals))

    @cached_property
    def _layout(self) -> tuple[list[bytes], dict[Slot, list[int]]]:
        """The literals with empty octets where the slots are, and where these are: what a message is joined from."""
        pieces, places = [self.literals[0]], dict[Slot, list[int]]()
        for slot, literal in zip(self.slots, self.literals[1:], strict=True):
            places.setdefault(slot, []).append(len(pieces))
            pieces += (b"", literal)
        return pieces, places

    @property
    def size_bytes(self) -> int:
        """Size of what is the same in every message."""
        return sum(map(len, self.literals))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that a person's `values` are asked for."""
        return tuple(dict.fromkeys(name for pattern in self.patterns.values() for name in pattern.names))

    def splice(self, person: Person) -> Spliced:
        """The message for one person. Raises `Unbuildable`."""
        recipient = envelope_address(person.address)
        check_identifiers(person)
        layout, places = self._layout
        pieces = layout.copy()
        for slot, value in self._values(person, recipient).items():
            for place in places.get(slot, ()):
                pieces[place] = value
        sender = verp(self.sender, person.token) if self.is_verp else self.sender
        return Spliced(sender=sender, recipient=recipient, data=b"".join(pieces))

    def _values(self, person: Person, recipient: str) -> dict[Slot, bytes]:
        values = {
            # A local part beyond ASCII stays as it is (RFC 6532).
            Slot.TO: encode_named("To", check_name(person.name), recipient).encode(),
            Slot.MESSAGE_ID: person.message_id.encode(),
            Slot.TOKEN: person.token.encode(),
        }
        for part, pattern in self.patterns.items():
            try:
                filled = pattern.fill(person.values, self.fallbacks)
            except Unfillable as reason:
                raise Unbuildable(str(reason)) from None
            for slot, render in RENDERINGS[part]:
                if slot in self._layout[1]:
                    values[slot] = render(filled)
        return values

    def dump(self) -> bytes:
        """The template as octets, for the ledger: no code, a line of JSON and the literals behind it."""
        about = {
            **describe(self.slots, self.patterns, self.fallbacks, self.sender, self.is_verp),
            "marks": list(self.marks),
            "message_id_domain": self.message_id_domain,
            "unsubscribe_page": self.unsubscribe_page,
            "unsubscribe_mail": self.unsubscribe_mail,
            "content_hash": self.content_hash,
            "is_for_list_server": self.is_for_list_server,
            "sizes": list(map(len, self.literals)),
            "checksum": hashlib.sha256(b"".join(self.literals)).hexdigest(),
        }
        return b"".join([MAGIC, json.dumps(about).encode(), b"\n", *self.literals])


def load_template(dumped: bytes) -> MessageTemplate:
    """The template that `dump` wrote. Raises `TemplateFault` for octets of another version, and damaged ones."""
    head, _end, body = dumped.removeprefix(MAGIC).partition(b"\n")
    if not dumped.startswith(MAGIC):
        raise TemplateFault(_("the kept message is of another version of nl, or none"))
    try:
        about = json.loads(head)
        if hashlib.sha256(body).hexdigest() != about["checksum"] or sum(about["sizes"]) != len(body):
            raise ValueError
        literals, place = [], 0
        for size in about["sizes"]:
            literals.append(body[place : place + size])
            place += size
        token, greeting, subject, preheader = about["marks"]
        return MessageTemplate(
            literals=tuple(literals),
            slots=tuple(map(Slot, about["slots"])),
            patterns={
                part: PersonalText(texts=tuple(texts), names=tuple(names))
                for part, (texts, names) in about["patterns"].items()
            },
            fallbacks=about["fallbacks"],
            sender=about["sender"],
            is_verp=about["is_verp"],
            marks=Marks(token=token, greeting=greeting, subject=subject, preheader=preheader),
            message_id_domain=about["message_id_domain"],
            unsubscribe_page=about["unsubscribe_page"],
            unsubscribe_mail=about["unsubscribe_mail"],
            content_hash=about["content_hash"],
            is_for_list_server=about.get("is_for_list_server", False),
        )
    except (ValueError, KeyError, TypeError, IndexError):
        raise TemplateFault(_("the kept message is damaged")) from None


def describe(
    slots: Sequence[Slot],
    patterns: Mapping[str, PersonalText],
    fallbacks: Mapping[str, str | None],
    sender: str,
    is_verp: bool,
) -> dict[str, Any]:
    """What a template has besides its literals, the date and the marks, as plain data."""
    return {
        "slots": list(slots),
        "patterns": {part: [list(pattern.texts), list(pattern.names)] for part, pattern in patterns.items()},
        "fallbacks": dict(fallbacks),
        "sender": sender,
        "is_verp": is_verp,
    }


def envelope_sender_in(octets: bytes) -> str:
    """Where reports about a frozen message go, the reader's token as a word. Raises `TemplateFault` as `sender_in`."""
    template = load_template(octets)
    return verp(template.sender, "TOKEN") if template.is_verp else template.sender


def sender_in(octets: bytes) -> str:
    """Who a frozen message comes from, as its From says. Raises `TemplateFault` for one that is damaged."""
    import email
    import email.policy

    head = b"".join(load_template(octets).literals).partition(b"\r\n\r\n")[0]
    message = email.message_from_bytes(head, policy=email.policy.default)
    return str(message["From"])
