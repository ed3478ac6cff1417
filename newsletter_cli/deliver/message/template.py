"""The parts of a send's messages → its template: rendered once, serialised once."""

from __future__ import annotations

import hashlib
import html
import json

from newsletter_cli.base.i18n import _
from newsletter_cli.base.tokens import TOKEN_LENGTH
from newsletter_cli.deliver.message.body import Slot, encode_body, split_held
from newsletter_cli.deliver.message.fields import PersonalText
from newsletter_cli.deliver.message.head import (
    LONGEST_LINE,
    build_head,
    check_message_id_domain,
    envelope_sender,
    format_date,
)
from newsletter_cli.deliver.message.parts import DraftParts, MessageParts, TemplateFault
from newsletter_cli.deliver.message.splicing import RENDERINGS, TEXT_WIDTH, MessageTemplate, describe
from newsletter_cli.render.mime import Piece, embed_pictures, joined, mail_body, wrap_text


def build_template(parts: MessageParts) -> MessageTemplate:
    """Serialise what all messages share. Raises `TemplateFault` where the parts make no message that may be sent."""
    constants, patterns = sort_out(parts)
    try:
        literals, slots = split_held(joined(serialise(parts, constants, patterns)))
    except UnicodeError:
        raise TemplateFault(_("the message holds half of a character, which cannot be encoded")) from None
    sender, is_verp = envelope_sender(parts), parts.bounces is not None
    content_hash = _hash(literals, describe(slots, patterns, parts.fallbacks, sender, is_verp))
    _put_in(literals, slots, Slot.DATE, format_date(parts).encode())
    _check_lines(literals, slots)
    return MessageTemplate(
        literals=tuple(literals),
        slots=tuple(slots),
        patterns=patterns,
        fallbacks=dict(parts.fallbacks),
        sender=sender,
        is_verp=is_verp,
        marks=parts.marks,
        message_id_domain=check_message_id_domain(parts.message_id_domain),
        unsubscribe_page=parts.unsubscribe_page,
        unsubscribe_mail=parts.unsubscribe_mail,
        content_hash=content_hash,
        is_for_list_server=parts.list_id is None,
    )


def sort_out(parts: DraftParts) -> tuple[dict[str, str], dict[str, PersonalText]]:
    """Which of subject, greeting and preheader are the same for everybody, and which are not."""
    constants: dict[str, str] = {}
    patterns: dict[str, PersonalText] = {}
    for part in RENDERINGS:
        value: str | PersonalText | None = getattr(parts, part)
        if isinstance(value, PersonalText) and value.names:
            patterns[part] = value
        elif value is not None:
            constants[part] = value.texts[0] if isinstance(value, PersonalText) else value
    return constants, patterns


def serialise(parts: DraftParts, constants: dict[str, str], patterns: dict[str, PersonalText]) -> list[Piece]:
    """The message in pieces, with held places where it is not the same for everybody. Raises `TemplateFault`."""
    page, pictures = embed_pictures(parts.html, parts.pictures)
    text = parts.text
    slots: list[dict[str, Slot]] = [{parts.marks.token: Slot.TOKEN}, {parts.marks.token: Slot.TOKEN}]
    for part in RENDERINGS:
        mark = getattr(parts.marks, part)
        if part in constants:
            text = text.replace(mark, wrap_text(constants[part], TEXT_WIDTH))
            page = page.replace(mark, html.escape(constants[part]))
        elif part in patterns:
            slots[0][mark] = Slot(f"{part}-text")
            slots[1][mark] = Slot(f"{part}-html")
        elif mark in text or mark in page:
            raise TemplateFault(_("there is a place for a {part} in the message, and none was given").format(part=part))
    body = mail_body(encode_body(text, slots[0]), encode_body(page, slots[1]), pictures)
    return [build_head(parts, patterns.get("subject") or constants["subject"]), *body]


def _hash(literals: list[bytes], described: dict[str, object]) -> str:
    about = json.dumps(described, sort_keys=True).encode()
    return hashlib.sha256(b"\0".join([about, *literals])).hexdigest()


def _put_in(literals: list[bytes], slots: list[Slot], slot: Slot, value: bytes) -> None:
    place = slots.index(slot)
    literals[place : place + 2] = [literals[place] + value + literals[place + 1]]
    del slots[place]


def _check_lines(literals: list[bytes], slots: list[Slot]) -> None:
    stand_ins = [b"x" * TOKEN_LENGTH if slot is Slot.TOKEN else b"" for slot in slots]
    whole = b"".join(literal + stand_in for literal, stand_in in zip(literals, [*stand_ins, b""], strict=True))
    if max(map(len, whole.split(b"\r\n"))) > LONGEST_LINE:
        raise TemplateFault(_("a line of the message is longer than {count} octets").format(count=LONGEST_LINE))
