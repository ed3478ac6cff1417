"""A message's octets as what they mean: header fields decoded, parts decoded. However they were encoded for the way.

Nothing here fails on what anybody may have made of a message on its way.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as PlainMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from msgspec import Struct

BLANKS = re.compile(r"[ \t\r\n\f\v]+")
FOLD = re.compile(r"\r?\n(?=[ \t])")


class Field(Struct, frozen=True, kw_only=True):
    """One header field; `value` on one line, decoded."""

    name: str
    value: str

    @property
    def key(self) -> str:
        """Its name as two are compared."""
        return self.name.lower()


class Part(Struct, frozen=True, kw_only=True):
    """One part that holds something. `text` is `None` for what is no text, or is kept as a file; `charset` as declared,
    empty where none is; `is_charset_known`: whether its name means anything.
    """

    media_type: str
    charset: str
    is_charset_known: bool
    file_name: str
    content_id: str
    is_attached: bool
    octets: bytes
    text: str | None


class Parsed(Struct, frozen=True, kw_only=True):
    """A message. `fields` in their order, `structure` the types of its multiparts, `size_bytes` with CRLF at each end
    of a line. `inner` is the message that stands in it as an attachment, if any.
    """

    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    structure: tuple[str, ...]
    size_bytes: int
    octets: bytes
    inner: tuple[bytes, ...] = ()

    def values(self, name: str) -> list[str]:
        """All values of a field."""
        return [field.value for field in self.fields if field.key == name.lower()]

    def value(self, name: str) -> str | None:
        """The first value of a field."""
        return next(iter(self.values(name)), None)

    def body(self, media_type: str) -> Part | None:
        """The first part of that type which is shown, not attached."""
        return next((part for part in self.parts if part.media_type == media_type and not part.is_attached), None)


def parse_message(octets: bytes) -> Parsed:
    """What the octets of a message mean; lines may end in LF or CRLF."""
    try:
        message = BytesParser().parsebytes(octets)
    except RecursionError:
        # Parts within parts without end: nobody can read it, its header apart.
        message = BytesHeaderParser().parsebytes(octets)
    fields = tuple(Field(name=name, value=decode_value(value)) for name, value in message.raw_items())
    plain = octets.replace(b"\r\n", b"\n")
    found, structure, inner = [], [], []
    for part in _walk(message):
        if part.get_content_type() == "message/rfc822":
            wrapped = part.get_payload()
            if isinstance(wrapped, list) and wrapped and isinstance(wrapped[0], PlainMessage):
                inner.append(wrapped[0].as_bytes())
        elif part.is_multipart():
            structure.append(part.get_content_type())
        else:
            found.append(_part(part))
    return Parsed(
        fields=fields,
        parts=tuple(found),
        structure=tuple(structure),
        size_bytes=len(plain) + plain.count(b"\n"),
        octets=octets,
        inner=tuple(inner),
    )


def decode_value(raw: object) -> str:
    """A header value on one line, its encoded words decoded (RFC 2047); as it is where they cannot be."""
    text = str(raw).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = FOLD.sub("", text)
    if "=?" in text:
        with contextlib.suppress(HeaderParseError, LookupError, ValueError):
            text = str(make_header(decode_header(text)))
    return BLANKS.sub(" ", text).strip(" ")


def mailboxes(value: str) -> list[tuple[str, str]]:
    """Names and addresses, the domain in small letters."""
    found = []
    for name, address in getaddresses([value]):
        local, at, domain = address.rpartition("@")
        found.append((BLANKS.sub(" ", name).strip(), f"{local}{at}{domain.lower()}"))
    return found


def moment(value: str) -> datetime.datetime | None:
    """The moment of a date as headers have it; `None` where it is none. Without a zone: UTC."""
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def words_of(text: str) -> list[str]:
    """The words of a text; a blank that must not break is part of one."""
    return [word for word in BLANKS.split(text) if word]


def _walk(message: PlainMessage) -> Iterator[PlainMessage]:
    """The message and its parts; not those of a message that is attached."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += [inner for inner in reversed(payload) if isinstance(inner, PlainMessage)]


def _part(part: PlainMessage) -> Part:
    encoding = part.get("Content-Transfer-Encoding")
    if encoding is not None:
        # The library knows it only where it stands on the line of its name.
        part.replace_header("Content-Transfer-Encoding", _parameter(encoding).partition("(")[0].strip())
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, AssertionError):
        payload = None
    octets = payload if isinstance(payload, bytes) else b""
    media_type = part.get_content_type()
    charset = _parameter(part.get_content_charset(""))
    file_name = decode_value(_parameter(part.get_filename("")))
    is_attached = _parameter(part.get_content_disposition()) == "attachment"
    text, is_known = None, True
    if media_type.startswith("text/") and not is_attached:
        text, is_known = _decode(octets, charset)
    return Part(
        media_type=media_type,
        charset=charset,
        is_charset_known=is_known,
        file_name=file_name,
        content_id=_parameter(part.get("Content-ID", "")).strip().strip("<>"),
        is_attached=is_attached,
        octets=octets,
        text=text,
    )


def _parameter(value: object) -> str:
    return value if isinstance(value, str) else str(value or "")


def _decode(octets: bytes, charset: str) -> tuple[str, bool]:
    """The text, and whether its charset says how it is to be read: ASCII where none is named (RFC 2045, 5.2)."""
    try:
        text, is_known = octets.decode(charset or "ascii"), True
    except UnicodeDecodeError:
        # A letter that the named charset has not is shown as one that is missing; without a name everybody guesses.
        text = octets.decode(charset, "replace") if charset else octets.decode("utf-8", "replace")
        is_known = bool(charset)
    except (LookupError, ValueError):
        text, is_known = octets.decode("utf-8", "replace"), False
    return text.replace("\r\n", "\n").removeprefix("\ufeff"), is_known
