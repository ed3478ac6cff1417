"""Reading back, octet by octet, what the splicing writes: header values and pieces of quoted-printable.

Strict, and without the code that wrote it: whatever the splicing would never write is `None`.
"""

from __future__ import annotations

import binascii
import re

LONGEST_ENCODED = 75  # RFC 2047, 2
LONGEST_LINE = 76  # RFC 2045, 6.7
# The last line, which a soft break may follow.
LONGEST_PIECE = 75
ENCODED_WORD = re.compile(rb"=\?utf-8\?(?:q\?((?:=[0-9A-F]{2}|[!-<>@-~])+)|b\?([A-Za-z0-9+/]+=*))\?=")
BETWEEN_WORDS = re.compile(rb"\r\n | ")
PRINTABLE = re.compile(rb"[ -~]*")
QUOTED = re.compile(rb'"((?:[ !#-\[\]-~]|\\[\\"])*)"')
PHRASE = re.compile(rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
NAMED = re.compile(rb"(.+?)(?: |\r\n )<([^<>\r\n]+)>", re.DOTALL)
BARE = re.compile(rb"[^<>\r\n]+")
# Hexadecimal digits in capitals, no blank at the end of a line, nothing a server might change at its begin.
PIECE_LINE = re.compile(rb"(?!\.|From )(?:[ -<>-~\t]|=[0-9A-F]{2})*(?:=|(?<![ \t]))")


def read_text(value: bytes) -> str | None:
    """The text of an unstructured header value (RFC 2047), folds taken out."""
    if value.startswith(b"=?"):
        return _read_words(value)
    unfolded = value.replace(b"\r\n ", b" ")
    return unfolded.decode("ascii") if PRINTABLE.fullmatch(unfolded) else None


def read_mailbox(value: bytes) -> tuple[str, str] | None:
    """Name (empty where there is none) and address (RFC 5322, 3.4; RFC 6532)."""
    found = NAMED.fullmatch(value)
    try:
        if found is None:
            return ("", value.decode()) if BARE.fullmatch(value) else None
        name = _read_phrase(found[1])
        return None if name is None else (name, found[2].decode())
    except UnicodeError:
        return None


def read_piece(value: bytes) -> str | None:
    """The text of a piece of a body in quoted-printable, its lines ended by `\\n`."""
    lines = value.split(b"\r\n")
    if len(lines[-1]) > LONGEST_PIECE or any(
        len(line) > LONGEST_LINE or not PIECE_LINE.fullmatch(line) for line in lines
    ):
        return None
    try:
        return binascii.a2b_qp(value).decode().replace("\r\n", "\n")
    except UnicodeError:
        return None


def _read_phrase(value: bytes) -> str | None:
    if value.startswith(b"=?"):
        return _read_words(value)
    quoted = QUOTED.fullmatch(value)
    if quoted is not None:
        return re.sub(rb"\\(.)", rb"\1", quoted[1]).decode("ascii")
    return value.decode("ascii") if PHRASE.fullmatch(value) else None


def _read_words(value: bytes) -> str | None:
    text = ""
    for word in BETWEEN_WORDS.split(value):
        found = ENCODED_WORD.fullmatch(word)
        if found is None or len(word) > LONGEST_ENCODED:
            return None
        try:
            # Each by itself: no word ends within a character (RFC 2047, 5).
            raw = (
                binascii.a2b_qp(found[1], header=True) if found[1] else binascii.a2b_base64(found[2], strict_mode=True)
            )
            text += raw.decode()
        except ValueError:
            return None
    return text


def unstuff(data: bytes) -> bytes:
    """What stands in DATA, as the message it carries."""
    plain = data.replace(b"\r\n..", b"\r\n.")
    return plain[1:] if plain.startswith(b"..") else plain
