"""The bodies: quoted-printable, with places held open for what differs from message to message.

Every piece is encoded by itself and stands between soft line breaks (RFC 2045, 6.7), so no break falls into a place and
no line grows past 76. No line begins with a dot or with “From ”: nothing has to be stuffed, nothing gets a “>”.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from newsletter_cli.render.mime import QUOTED_LINE, cut_quoted, quoted_lines

SOFT_BREAK = "=\r\n"
# Where a line that became too long is cut.
CUT = 70
GUARDED = re.compile(rb"^(?:\.|From )", re.MULTILINE)
# No encoded text can hold the control character that a held place is made with.
HELD = "\0"


class Slot(StrEnum):
    """A place held open, by what goes there."""

    DATE = "date"
    TO = "to"
    SUBJECT = "subject"
    MESSAGE_ID = "message-id"
    TOKEN = "token"  # noqa: S105 - a name, no secret
    GREETING_HTML = "greeting-html"
    GREETING_TEXT = "greeting-text"
    SUBJECT_HTML = "subject-html"
    SUBJECT_TEXT = "subject-text"
    PREHEADER_HTML = "preheader-html"
    PREHEADER_TEXT = "preheader-text"

    @property
    def held(self) -> str:
        """What stands in its place until `split_held`."""
        return f"{HELD}{self.value}{HELD}"


def split_held(text: str) -> tuple[list[bytes], list[Slot]]:
    """The literal octets of a message, and the slots between them. Raises `UnicodeError` where it is not ASCII."""
    pieces = text.split(HELD)
    return [piece.encode("ascii") for piece in pieces[::2]], [Slot(name) for name in pieces[1::2]]


def encode_body(text: str, slots: Mapping[str, Slot]) -> str:
    """The text encoded, its lines ended by CRLF, with a held place for each mark in it. `slots` are by mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    marks = re.compile("(" + "|".join(map(re.escape, slots)) + ")") if slots else None
    pieces = [piece for piece in (marks.split(text) if marks else [text]) if piece]
    encoded: list[str] = []
    for piece in pieces:
        following = slots[piece].held if piece in slots else encode_piece(piece).decode("ascii")
        # At the begin or the end of a line there is nothing to be joined.
        if encoded and not encoded[-1].endswith("\n") and not following.startswith("\r\n"):
            encoded.append(SOFT_BREAK)
        encoded.append(following)
    return "".join(encoded)


def encode_piece(text: str) -> bytes:
    """A piece of a body that begins in the first column, its `\\n` as CRLF; its last line has room for a soft break."""
    encoded = quoted_lines(text)
    if GUARDED.search(encoded):
        encoded = b"\n".join(map(_guarded, encoded.split(b"\n")))
    start = encoded.rfind(b"\n") + 1
    if len(encoded) - start >= QUOTED_LINE:
        encoded = encoded[:start] + _cut(encoded[start:])
    return encoded.replace(b"\n", b"\r\n")


def _guarded(line: bytes) -> bytes:
    if line.startswith(b"."):
        line = b"=2E" + line[1:]
    elif line.startswith(b"From "):
        line = b"=46" + line[1:]
    return _cut(line) if len(line) > QUOTED_LINE else line


def _cut(line: bytes) -> bytes:
    start, following = cut_quoted(line, at=CUT).split(b"\n")
    return start + b"\n" + _guarded(following)
