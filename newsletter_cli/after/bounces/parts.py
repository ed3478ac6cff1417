"""A message taken apart: its header, and its leaves, the parts that hold no other parts. Nothing here ever fails.

Not by the parser of the standard library: that looks at every line once for each multipart around it, goes into what
a report encloses, and turns up its nose at encoded reports. A mailbox has a hundred thousand of these.
"""

from __future__ import annotations

import binascii
import contextlib
import html
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.text_encoding import is_text_encoding

# What a report says stands at its beginning; what it encloses may be long.
MOST_BYTES = 1024 * 1024
MOST_DEPTH = 12
MOST_LEAVES = 100
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
FOLD = re.compile(r"\n[ \t]+")
FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*)$", re.MULTILINE)
BOUNDARY = re.compile(r'boundary\*?(?:0\*?)?\s*=\s*(?:"([^"]*)"|([^;\s]+))', re.IGNORECASE)
CHARSET = re.compile(r"""charset\*?\s*=\s*["']?(?:[\w-]*'[\w-]*')?([^"';\s]+)""", re.IGNORECASE)
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
INVISIBLE = re.compile(r"<(style|script|head|title)\b|<!--", re.IGNORECASE)
BREAK = Pattern(r"(?i)<(?:br|/p|/div|/tr|/h\d|/li|/td|p)\b[^<>]*>")
TAG = Pattern(r"<[^<>]*>")
BLANKS = re.compile(r"[ \t\r\f\v\u00a0\u202f\u200b]+")


class Fields:
    """The fields of a header, or of a block of a report, by name in small letters; values on one line, decoded."""

    __slots__ = ("_values",)

    def __init__(self, text: str):
        self._values: dict[str, list[str]] = {}
        for name, value in FIELD.findall(FOLD.sub(" ", text) if "\n " in text or "\n\t" in text else text):
            self._values.setdefault(name.lower(), []).append(value.strip())

    def __bool__(self) -> bool:
        return bool(self._values)

    def all(self, *names: str) -> list[str]:
        """Every value of these fields."""
        return [decode_words(value) for name in names for value in self._values.get(name, ())]

    def get(self, name: str) -> str:
        """The first value; empty where there is none."""
        values = self._values.get(name)
        return decode_words(values[0]) if values else ""

    def has(self, *names: str) -> bool:
        """Whether there is one of these fields."""
        return any(name in self._values for name in names)


class Leaf:
    """A part that holds no other parts, or a whole message that a report encloses."""

    __slots__ = ("_body", "fields", "media_type")

    def __init__(self, media_type: str, fields: Fields, body: bytes):
        self.media_type, self.fields, self._body = media_type, fields, body

    @property
    def octets(self) -> bytes:
        """Without what it was encoded by for the way."""
        encoding = self.fields.get("content-transfer-encoding").lower()
        if encoding == "base64":
            return _from_base64(self._body)
        return binascii.a2b_qp(self._body) if encoding == "quoted-printable" else self._body

    @property
    def text(self) -> str:
        """As a person reads it; of HTML, its words."""
        found = CHARSET.search(self.fields.get("content-type"))
        text = decode_text(self.octets, found[1] if found else "").replace("\r\n", "\n")
        return text_of_html(text) if self.media_type == "text/html" else text


class Mail:
    """A message: its header, the media type of the whole and the leaves, in their order."""

    __slots__ = ("_body", "_leaves", "_octets", "fields", "media_type")

    def __init__(self, octets: bytes):
        self._octets = _plain(octets[:MOST_BYTES])
        head, self._body = split_head(self._octets)
        self.fields = Fields(head)
        self.media_type = media_type_of(self.fields)
        self._leaves: list[Leaf] | None = None

    @property
    def body(self) -> bytes:
        """All that stands behind the header, as it came but for its line ends."""
        return self._body

    @property
    def octets(self) -> bytes:
        """All of it, as far as it is read; lines end in LF."""
        return self._octets

    @property
    def leaves(self) -> list[Leaf]:
        """What it consists of; what is enclosed as a message stays whole."""
        if self._leaves is None:
            self._leaves = []
            for leaf in _leaves(self.media_type, self.fields, self._body, 0):
                self._leaves.append(leaf)
                if len(self._leaves) == MOST_LEAVES:
                    break
        return self._leaves

    def first(self, *media_types: str) -> Leaf | None:
        """The first leaf of one of these types."""
        return next((leaf for leaf in self.leaves if leaf.media_type in media_types), None)

    @property
    def text(self) -> str:
        """What it says to a person: the text, else the HTML."""
        leaf = self.first("text/plain") or self.first("text/html") or self.first("text/enriched")
        return leaf.text if leaf else ""


def media_type_of(fields: Fields) -> str:
    """`text/plain` where none is said, as RFC 2045 has it."""
    media_type = fields.get("content-type").partition(";")[0].strip().lower()
    return media_type if "/" in media_type else "text/plain"


def split_head(octets: bytes) -> tuple[str, bytes]:
    """Header and body; lines end in LF."""
    octets = octets.lstrip(b"\n")
    if octets.startswith((b"From ", b">From ")):
        octets = octets.partition(b"\n")[2]
    head, _blank, body = octets.partition(b"\n\n")
    return decode_text(head, ""), body


def decode_text(octets: bytes, charset: str) -> str:
    """By the encoding that is named, else UTF-8, else Windows-1252 (which most take Latin-1 for)."""
    if charset and charset.lower() not in ("us-ascii", "utf-8", "unknown-8bit") and is_text_encoding(charset):
        with contextlib.suppress(UnicodeError, ValueError):
            return octets.decode(charset, "replace")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def decode_words(value: str) -> str:
    """The value with its encoded words decoded (RFC 2047), as it is where they cannot be."""
    if "=?" not in value:
        return value
    with contextlib.suppress(HeaderParseError, LookupError, ValueError, binascii.Error):
        return " ".join(str(make_header(decode_header(value))).split())
    return value


def text_of_html(text: str) -> str:
    """Its words, lines where a reader sees lines."""
    text = TAG.sub("", BREAK.sub("\n", "".join(_visible(text))))
    return BLANKS.sub(" ", html.unescape(text))


def _visible(text: str) -> Iterator[str]:
    """The text without what no reader sees; an end is looked for once from each beginning."""
    start = 0
    small = text.lower()
    while found := INVISIBLE.search(text, start):
        yield text[start : found.start()]
        end = small.find(f"</{found[1].lower()}" if found[1] else "-->", found.end())
        if end < 0:
            return
        start = end
    yield text[start:]


def _plain(octets: bytes) -> bytes:
    """Lines ended by LF, letters in an encoding of which ASCII is part."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if octets.startswith(mark):
            octets = octets[len(mark) :].decode(encoding, "replace").encode()
    octets = octets.replace(b"\r\n", b"\n")
    return octets if b"\n" in octets else octets.replace(b"\r", b"\n")


def _leaves(media_type: str, fields: Fields, body: bytes, depth: int) -> Iterator[Leaf]:
    found = BOUNDARY.search(fields.get("content-type")) if media_type.startswith("multipart/") else None
    if not found or depth == MOST_DEPTH:
        yield Leaf("text/plain" if media_type.startswith("multipart/") else media_type, fields, body)
        return
    boundary = (found[1] or found[2] or "").strip().encode("utf-8", "replace")
    pieces = re.split(rb"^--" + re.escape(boundary) + rb"(?:--)?[ \t]*\n?", b"\n" + body, flags=re.MULTILINE)
    if len(pieces) == 1:
        yield Leaf("text/plain", fields, body)
    for piece in pieces[1:]:
        if piece.strip():
            head, inner = (decode_text(b"", ""), piece[1:]) if piece.startswith(b"\n") else split_head(piece)
            part = Fields(head)
            yield from _leaves(media_type_of(part), part, inner, depth + 1)


def _from_base64(octets: bytes) -> bytes:
    letters = NOT_BASE64.sub(b"", octets)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""
