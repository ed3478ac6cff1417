"""The fast check of every message of a dry run: the template's octets, checked once, are found in it in their order,
and what one person has between them is parsed by itself.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.tokens import TOKEN_LENGTH
from newsletter_cli.deliver.message.body import Slot
from newsletter_cli.deliver.message.fields import Unfillable
from newsletter_cli.deliver.message.head import LONGEST_LINE, unsubscribe_value
from newsletter_cli.deliver.message.parts import TemplateFault
from newsletter_cli.deliver.message.person import Person, Unbuildable, envelope_address
from newsletter_cli.deliver.message.reading import read_mailbox, read_piece, read_text
from newsletter_cli.deliver.message.splicing import RENDERINGS, MessageTemplate

# So far the literal behind a slot is looked for: no value is as long.
LONGEST_VALUE = 20_000
# What a literal is known by; the rest of it is compared then.
OPENING = 48
FIELD = re.compile(rb"([A-Za-z][A-Za-z-]*): ?[^\r\n]*")
FOLDED = re.compile(rb" [^\r\n]*[!-~][^\r\n]*")
PARTS = {slot: part for part, renderings in RENDERINGS.items() for slot, _render in renderings}
IN_HTML = frozenset({Slot.SUBJECT_HTML, Slot.GREETING_HTML, Slot.PREHEADER_HTML})


class Verifier:
    """Looks at messages of one template. Raises `TemplateFault` where its own octets are not those of a message."""

    __slots__ = ("_first", "_names", "_rest", "_template", "_unsubscribe")

    def __init__(self, template: MessageTemplate) -> None:
        self._template = template
        self._first = template.literals[0]
        self._rest = [
            (slot, literal, literal[:OPENING])
            for slot, literal in zip(template.slots, template.literals[1:], strict=True)
        ]
        values = [b"x" * TOKEN_LENGTH if slot is Slot.TOKEN else b"x" for slot in template.slots]
        stand_in = b"".join(map(bytes.__add__, template.literals, [*values, b""]))
        if fault := _fault_of(stand_in, template):
            raise TemplateFault(fault)
        names = _names_of(stand_in[: stand_in.find(b"\r\n\r\n")])
        if names is None or len(set(names)) != len(names):
            raise TemplateFault(_("a header field stands twice"))
        self._names = names
        page, mail = template.unsubscribe_page, template.unsubscribe_mail
        line = f"\r\nList-Unsubscribe: {unsubscribe_value(page, mail)}\r\n" if page or mail else ""
        self._unsubscribe = line.encode()

    def check(self, data: bytes, person: Person) -> str | None:
        """Why `data` is not the message for `person`; `None` where it is. The reason holds nothing personal."""
        head = data[: data.find(b"\r\n\r\n")]
        if _names_of(head) != self._names:
            return _("the message's header fields are not those it should have")
        unsubscribe = self._unsubscribe.replace(self._template.marks.token.encode(), person.token.encode())
        if unsubscribe not in head + b"\r\n":
            return _("List-Unsubscribe does not hold the two addresses as they are")
        try:
            return self._walk(data, person)
        except (Unbuildable, Unfillable) as reason:
            return str(reason)

    def _walk(self, data: bytes, person: Person) -> str | None:
        if not data.startswith(self._first):
            return _("what all messages share is not whole")
        place = len(self._first)
        for slot, literal, opening in self._rest:
            reason: str | None = _("what all messages share is not whole")
            for end in _ends(data, place, slot, opening):
                if data.startswith(literal, end):
                    reason = self._check_value(slot, data[place:end], person)
                    if reason is None:
                        break
            if reason is not None:
                return reason
            place = end + len(literal)
        return None if place == len(data) else _("something stands behind the message")

    def _check_value(self, slot: Slot, value: bytes, person: Person) -> str | None:
        if slot is Slot.TOKEN:
            return None if value == person.token.encode() else _("a token is not the delivery's")
        if slot is Slot.MESSAGE_ID:
            return None if value == person.message_id.encode() else _("the Message-ID is not the delivery's")
        if slot is Slot.TO:
            expected = (person.name.strip(), envelope_address(person.address))
            return None if read_mailbox(value) == expected else _("To is not the recipient")
        wanted = self._template.patterns[PARTS[slot]].fill(person.values, self._template.fallbacks)
        if _is_said(slot, value, wanted):
            return None
        return _("the {part} is not what it should be").format(part=PARTS[slot])


def _is_said(slot: Slot, value: bytes, wanted: str) -> bool:
    if slot is Slot.SUBJECT:
        return read_text(value) == wanted.strip()
    text = read_piece(value)
    if text is None:
        return False
    if slot in IN_HTML:
        return not set(text) & set("<>\"'") and html.unescape(text) == wanted
    # A long line was wrapped, between words or between ideographs.
    return "".join(text.split()) == "".join(wanted.split())


def _ends(data: bytes, place: int, slot: Slot, opening: bytes) -> Iterator[int]:
    if slot is Slot.TOKEN:
        yield place + TOKEN_LENGTH
        return
    # Usually one: a short literal may happen to stand within a value, too.
    end = data.find(opening, place, place + LONGEST_VALUE)
    while end >= 0:
        yield end
        end = data.find(opening, end + 1, place + LONGEST_VALUE)


def _names_of(head: bytes) -> list[bytes] | None:
    """The names of the header fields in their order; `None` where a line belongs to none."""
    names = []
    for line in head.split(b"\r\n"):
        found = FIELD.fullmatch(line)
        if found:
            names.append(found[1])
        elif not names or not FOLDED.fullmatch(line):
            return None
        if len(line) > LONGEST_LINE:
            return None
    return names


def _fault_of(whole: bytes, template: MessageTemplate) -> str | None:
    lines = whole.split(b"\r\n")
    if lines[-1] or any(b"\r" in line or b"\n" in line for line in lines):
        return _("a line of the message does not end with CR and LF")
    if any(line.startswith(b".") for line in lines):
        return _("a line of the message begins with a dot that is not doubled")
    if max(map(len, lines)) > LONGEST_LINE:
        return _("a line of the message is longer than {count} octets").format(count=LONGEST_LINE)
    if any(mark.encode() in whole for mark in template.marks):
        return _("a mark is left in the message")
    return None
