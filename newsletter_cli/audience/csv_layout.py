"""Lists that are no tables: what Sympa writes, and a line of addresses copied from a mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TextIO

from newsletter_cli.audience.csv_text import MAX_LINE, Record
from newsletter_cli.base.i18n import _

ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
HAS_ADDRESS = re.compile(r"[^\s@<>,;\"]@[^\s@<>,;\"]+\.[A-Za-z]{2,}")
NAMED_ADDRESS = re.compile(r"[^@<>]*<[^\s@<>]+@[^\s@<>]+>")
# So much of a file must be so, the rest may be badly written.
MOST = 0.8
# `To: `, as a mail program copies the whole line.
_FIELD = re.compile(r"\s*(?:to|cc|bcc|cci|à|a)\s*:", re.IGNORECASE)
# What stands between two separators; those inside quotation marks or angle brackets separate nothing.
_PARTS = {mark: re.compile(rf'(?:"[^"\n]*"|<[^>\n]*>|[^{mark}\r\n])+') for mark in ";,"}
# The lines of Sympa's whole dump: a key, a blank, its value; a blank line ends a subscriber.
_DUMP_LINE = re.compile(
    r"(email|gecos|reception|visibility|date|update_date|subscribed|included|id|bounce\w*|topics)\b ?(.*)"
)
_DUMP_KEYS = ("email", "gecos", "reception", "visibility")


class Layout(NamedTuple):
    """A file that is no table: `header` names the columns that it is read into, `note` says how it is read."""

    name: str
    header: tuple[str, ...]
    note: str


def is_address(cell: str) -> bool:
    """Whether a cell looks like one address, plain or `Name <addr>`."""
    bare = cell.strip()
    return bool(ADDRESS.fullmatch(bare) or NAMED_ADDRESS.fullmatch(bare))


def find_layout(sample: str, *, is_cut: bool) -> Layout | None:
    """The layout of a file that begins with `sample` and is no table; `None` for a table."""
    if "@" not in sample:
        return None
    lines = [line for line in sample.splitlines() if line.strip()]
    if is_cut and len(lines) > 1:
        lines.pop()
    if _is_dump(lines):
        return Layout(name="dump", header=_DUMP_KEYS, note=_("read as a dump of Sympa: email, gecos, reception"))
    if _is_words(lines):
        note = _("no table: on each line an address, a blank and a name, as Sympa writes it")
        return Layout(name="words", header=("email", "name"), note=note)
    if _is_line(lines, is_cut=is_cut):
        note = _("no table: a line of addresses, as copied from a mail; each counts as a row")
        return Layout(name="line", header=("email",), note=note)
    return None


# How files begin that hold people and are no tables, and what they are called.
_FOREIGN = (
    (re.compile(r"\s*(?:\[\s*)?\{\s*\""), "JSON"),
    (re.compile(r"\s*BEGIN:VCARD", re.IGNORECASE), "vCard"),
    (re.compile(r"\s*(?:version: *1\s+)?dn::? ", re.IGNORECASE), "LDIF"),
    (re.compile(r"\s*<(?:!doctype|html|table|meta|head|body)\b", re.IGNORECASE), "HTML"),
    (re.compile(r"\s*<(?:\?xml|[A-Za-z][\w:.-]*[ >])"), "XML"),
    (re.compile(r"(?:---\s+)?- [a-z_]+:\s"), "YAML"),
    (re.compile(r"(?:From |(?:Return-Path|Received|Message-ID|MIME-Version|Delivered-To):)", re.IGNORECASE), "e-mail"),
)


def foreign_kind(sample: str) -> str:
    """What a file is that holds people and is no table; `""`: it may well be one."""
    return next((kind for pattern, kind in _FOREIGN if pattern.match(sample)), "")


def open_layout(text: TextIO, name: str) -> Iterator[Record] | None:
    """The records of a file that is no table; `None` for a table."""
    read = _READERS.get(name)
    return None if read is None else read(text)


def _is_words(lines: list[str]) -> bool:
    named = 0
    taken = 0
    for line in lines:
        address, _blank, name = line.strip().partition(" ")
        if not ADDRESS.fullmatch(address) or "@" in name or "\t" in line:
            continue
        taken += 1
        named += bool(name.strip())
    return named > 0 and taken >= len(lines) * MOST


def _is_line(lines: list[str], *, is_cut: bool) -> bool:
    """One line of two addresses or more, or several of which one has many: a table has as many in each row."""
    counts = []
    for line in lines:
        parts = list(_parts(line))
        if is_cut and len(lines) == 1:
            parts = parts[:-1]
        if sum(map(is_address, parts)) < len(parts) * MOST:
            return False
        counts.append(len(parts))
    if len(counts) == 1:
        return counts[0] > 1 or bool(_FIELD.match(lines[0]) and counts[0])
    return max(counts, default=0) > 2 and len(set(counts)) > 1


def _is_dump(lines: list[str]) -> bool:
    keyed = [found for line in lines if (found := _DUMP_LINE.fullmatch(line.strip()))]
    addresses = sum(found[1] == "email" and is_address(found[2]) for found in keyed)
    return addresses > 0 and len(keyed) > addresses and len(keyed) >= len(lines) * MOST


def _parts(line: str) -> Iterator[str]:
    line = _FIELD.sub("", line, count=1)
    # In Outlook's way a comma stands inside names: `Smith, Jo <jo@x>; …`.
    if len(words := line.split()) > 1 and all(map(ADDRESS.fullmatch, words)):
        yield from words
        return
    by_semicolon = [part.strip() for part in _PARTS[";"].findall(line) if part.strip()]
    if len(by_semicolon) > 1 or all(map(is_address, by_semicolon)):
        yield from by_semicolon
    else:
        yield from (part.strip() for part in _PARTS[","].findall(line) if part.strip())


def _read_words(text: TextIO) -> Iterator[Record]:
    while line := text.readline(MAX_LINE):
        address, _blank, name = line.strip().partition(" ")
        yield Record([address, name.strip()] if "@" in address else [line.strip(), ""])


def _read_line(text: TextIO) -> Iterator[Record]:
    for line in text.read().splitlines():
        for part in _parts(line):
            yield Record([part])


def _read_dump(text: TextIO) -> Iterator[Record]:
    values: dict[str, str] = {}
    while True:
        line = text.readline(MAX_LINE)
        found = _DUMP_LINE.fullmatch(line.strip())
        if values and (not line.strip() or (found and found[1] == "email" and "email" in values)):
            yield Record([values.get(key, "") for key in _DUMP_KEYS])
            values = {}
        if not line:
            return
        if found:
            values[found[1]] = found[2].strip()
        elif line.strip():
            yield Record([line.strip(), "", "", ""])


_READERS: dict[str, Callable[[TextIO], Iterator[Record]]] = {
    "words": _read_words,
    "line": _read_line,
    "dump": _read_dump,
}
