"""The address cell as people fill it in: `Name <addr>`, several addresses, decorations.

Never a guess: a cell that holds anything besides addresses and their names is refused whole.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from newsletter_cli.audience.address import Address, AddressFault, clean_address, parse_address, parse_plain_address
from newsletter_cli.audience.no_name import is_no_name, no_name_note
from newsletter_cli.audience.words import is_header_safe
from newsletter_cli.base.i18n import _

MAX_CELL = 10_000
NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*[.,;]?", re.DOTALL)
BARE = re.compile(r"[\"']?[^\s<>;,@]+@[^\s<>;,@]+[\"']?")
# `:::` is Google Contacts'.
SEPARATORS = (
    re.compile(r"[\r\n]+"),
    re.compile(":::"),
    re.compile(";"),
    re.compile(","),
    re.compile("/"),
    re.compile(r"\s+"),
)


class Written(NamedTuple):
    """An address of a cell, the name written beside it, and what was assumed."""

    address: Address
    name: str
    notes: tuple[str, ...]


def parse_cell(text: str) -> list[Written]:
    """The addresses of a cell, at least one. Raises `AddressFault` when it holds none or anything else."""
    if plain := parse_plain_address(text):
        return [Written(plain, "", ())]
    if len(text) > MAX_CELL:
        raise AddressFault(_("the cell is {count} characters long").format(count=len(text)))
    if "\0" in text:
        raise AddressFault(_("the cell holds a control character"))
    if text.count("@") <= 1:
        return [_parse_one(text)]
    named = NAMED.fullmatch(text.strip())
    if named and BARE.fullmatch(named["name"].strip()):
        # `a@x.fr <a@x.fr>`, as some mail programs write it; with two different addresses, which one?
        if not _is_same_address(named["name"], named["address"]):
            raise AddressFault(_("it has several @"))
        return [_parse_one(f"<{named['address']}>")]
    for separator in SEPARATORS:
        parts = [part for part in separator.split(text) if part.strip()]
        if len(parts) > 1 and all(part.count("@") == 1 for part in parts):
            note = _("several addresses in one cell")
            return [written._replace(notes=(note, *written.notes)) for written in map(_parse_one, parts)]
    raise AddressFault(_("it has several @"))


def _parse_one(text: str) -> Written:
    name = ""
    notes: tuple[str, ...] = ()
    if "<" in text and (named := NAMED.fullmatch(text.strip())):
        text = named["address"]
        name = named["name"].strip().strip("\"'").strip()
        if not is_header_safe(name):
            raise AddressFault(_("the name holds a line break or control character"))
        if name and is_no_name(name):
            # `a@x.fr <a@x.fr>`, as mail programs write it, is not worth a word.
            notes = () if _is_same_address(name, text) else (no_name_note(),)
            name = ""
        if name:
            notes = (_("name taken from the address cell"),)
    bare, cleaned = clean_address(text)
    if not bare:
        raise AddressFault(_("there is no address"))
    return Written(parse_address(bare), name, notes + cleaned)


def _is_same_address(name: str, address: str) -> bool:
    return name.strip().strip("\"'").lower() == address.strip().lower()
