"""The parts a mail is put together from: header values, bodies, pictures, multiparts.

Pure. Values are for lines ended by CRLF; the same arguments give the same text.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from email.charset import Charset
from email.header import Header
from pathlib import PurePosixPath

from msgspec import Struct

from newsletter_cli.markdown.text_wrap import wrap

# RFC 2045, 6.7: neither quoted-printable nor base64 can hold “=_”, so no body can hold the boundary.
BOUNDARY = "=_nl"
# What a header cannot hold, and what Python takes for the end of a line besides.
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# RFC 5322, 2.1.1; RFC 2047, 2, for a line with an encoded word in it.
USUAL_LINE = 78
ENCODED_LINE = 76
# RFC 2045, 6.7: with the “=” of a soft break, without the line end.
QUOTED_LINE = 76
TOO_LONG = re.compile(rb"[^\n]{%d,}" % (QUOTED_LINE + 1))
# Longer ones are encoded: they could not be folded.
LONGEST_WORD = 60
# What certainly needs no folding, whatever the header is called.
SHORT = 50
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
IMAGE_TAG = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>', re.IGNORECASE)
SOURCE = re.compile(r'(\ssrc=")([^"]*)(")', re.IGNORECASE)
IMAGE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_UTF8 = Charset("utf-8")
# RFC 2045, 6.8: so many octets make a line of base64. Pieces of whole lines can be encoded one by one.
LINE_OCTETS = 57
PIECE_OCTETS = LINE_OCTETS * 4096

# The octets of a picture: at hand, or read piece by piece each time that they are wanted.
Content = bytes | Callable[[], Iterable[bytes]]


class Mailbox(Struct, frozen=True, kw_only=True):
    """Somebody's name and address; the name may be empty."""

    address: str
    name: str = ""


class Embedded(Struct, frozen=True, kw_only=True):
    """A picture that travels in the message. `src` is its address in the HTML, `kind` its media type."""

    src: str
    content: Content
    kind: str
    name: str
    content_id: str

    @property
    def head(self) -> str:
        """The header of its part."""
        return (
            f"Content-Type: {self.kind}\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            f"Content-ID: <{self.content_id}>\r\n"
            f'Content-Disposition: inline; filename="{self.name}"\r\n'
            "\r\n"
        )

    def encoded(self) -> Iterator[bytes]:
        """The body of its part, piece by piece: base64, its lines ended by CRLF."""
        rest = b""
        for octets in _octets(self.content):
            rest += octets
            for start in range(0, len(rest) - PIECE_OCTETS, PIECE_OCTETS):
                yield _base64(rest[start : start + PIECE_OCTETS])
            rest = rest[max(0, len(rest) - 1) // PIECE_OCTETS * PIECE_OCTETS :]
        yield _base64(rest)


# A message, or a part of one, in the order of its pieces: a picture stands for the body of its part.
Piece = str | Embedded


def joined(pieces: Iterable[Piece]) -> str:
    """The whole text of it."""
    return "".join(piece if isinstance(piece, str) else b"".join(piece.encoded()).decode("ascii") for piece in pieces)


def _octets(content: Content) -> Iterable[bytes]:
    return (content,) if isinstance(content, bytes) else content()


def _base64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def _content_id(content: Content, name: str) -> str:
    """Unique in the world (RFC 2392), the same for the same picture."""
    digest = hashlib.sha256()
    for octets in _octets(content):
        digest.update(octets)
    return f"{digest.hexdigest()[:24]}.{name}@nl.invalid"


def embed_pictures(page: str, pictures: Mapping[str, Content]) -> tuple[str, list[Embedded]]:
    """The page with its pictures named by `cid:` (RFC 2392), and those pictures in their order.

    `pictures` are contents by address (`src`); what the page does not show, or no mail reader would, is left out.
    """
    found: list[Embedded] = []
    for src in image_sources(page) if pictures else ():
        kind = image_type(src)
        if src in pictures and kind is not None:
            name = f"image-{len(found) + 1}.{kind.partition('/')[2].partition('+')[0]}"
            content = pictures[src]
            found.append(
                Embedded(src=src, content=content, kind=kind, name=name, content_id=_content_id(content, name))
            )
    return replace_image_sources(page, {one.src: f"cid:{one.content_id}" for one in found}), found


def replace_image_sources(page: str, sources: Mapping[str, str]) -> str:
    """The page with the addresses of images replaced: those in `sources`, whatever stands around them."""
    if not sources:
        return page

    def replaced(found: re.Match[str]) -> str:
        source = sources.get(html.unescape(found[2]))
        return found[0] if source is None else found[1] + html.escape(source) + found[3]

    return IMAGE_TAG.sub(lambda tag: SOURCE.sub(replaced, tag[0]), page)


def image_sources(page: str) -> list[str]:
    """The addresses of the page's images, in their order, each once."""
    tags = IMAGE_TAG.findall(page)
    return list(dict.fromkeys(html.unescape(found[2]) for tag in tags for found in SOURCE.finditer(tag)))


def image_type(address: str) -> str | None:
    """The media type of an image by the end of its name; `None` for what no mail reader shows."""
    return IMAGE_TYPES.get(PurePosixPath(address).suffix.lower())


def one_line(text: str) -> str:
    """The text as a header can say it: line ends and control characters are blanks."""
    return BREAKS.sub(" ", text).strip()


def encode_unstructured(header: str, text: str) -> str:
    """A text as RFC 2047 has it, folded to lines of at most 76; as it is where nothing in it needs that.

    `header` is the field's name.
    """
    text = one_line(text)
    words = text.split(" ")
    # Two blanks in a row could fall to a fold, “=?” would be decoded.
    is_plain = text.isascii() and "=?" not in text and all(0 < len(word) <= LONGEST_WORD for word in words)
    if is_plain or not text:
        is_short = len(header) + len(text) <= SHORT
        return text if is_short else Header(text, "us-ascii", ENCODED_LINE, header).encode(linesep="\r\n")
    return _encoded_words(header, text)


def encode_named(header: str, name: str, bracketed: str) -> str:
    """`bracketed` in angle brackets behind a name, folded to lines of at most 76; bare where the name is empty."""
    name = one_line(name)
    if not name:
        return bracketed
    if not name.isascii() or "=?" in name or len(name) > LONGEST_WORD:
        shown = _encoded_words(header, name)
    else:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        shown = name if ATOMS.fullmatch(name) and "  " not in name else f'"{quoted}"'
    last = shown.rpartition("\n")[2]
    start = 0 if "\n" in shown else len(header) + 2
    fold = " " if start + len(last) + len(bracketed) + 3 <= ENCODED_LINE else "\r\n "
    return f"{shown}{fold}<{bracketed}>"


def _encoded_words(header: str, text: str) -> str:
    # `Header` is slow, and of use only where more than one encoded word is needed.
    if len(text) <= SHORT:
        word = _UTF8.header_encode(text)
        if len(header) + 2 + len(word) <= ENCODED_LINE:
            return word
    return Header(text, "utf-8", ENCODED_LINE, header).encode(linesep="\r\n")


def quoted_lines(text: str) -> bytes:
    """The text encoded, its lines ended by `\\n` before and after, none longer than 76 octets."""
    encoded = binascii.b2a_qp(text.encode(), istext=True)
    # It counts a blank at the end of a line as one octet, and writes three.
    return TOO_LONG.sub(lambda line: cut_quoted(line[0], at=QUOTED_LINE - 1), encoded)


def cut_quoted(line: bytes, *, at: int) -> bytes:
    """A line in two, joined by a soft break: the first of `at` octets, or two less where an escape would be cut."""
    # An escape is “=” and two digits.
    escape = line.rfind(b"=", at - 2, at)
    place = at if escape < 0 else escape
    return line[:place] + b"=\n" + line[place:]


def text_part(kind: str, encoded: str) -> str:
    """The part `text/kind` around an encoded body."""
    return (
        f"Content-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n" + encoded
    )  # fmt: skip


def mail_body(text: str, page: str, pictures: Sequence[Embedded]) -> list[Piece]:
    """Text and HTML (both quoted-printable) as alternatives, text first, pictures beside them (RFC 2046, 2387).

    Begins with the header field that says so.
    """
    alternatives: list[list[Piece]] = [[text_part("plain", text)], [text_part("html", page)]]
    body = _multipart("alternative", alternatives, f"{BOUNDARY}-alternative")
    if pictures:
        images: list[list[Piece]] = [[one.head, one] for one in pictures]
        return _multipart("related", [body, *images], f"{BOUNDARY}-related")
    return body


def _multipart(kind: str, parts: Iterable[Iterable[Piece]], boundary: str) -> list[Piece]:
    root = '; type="multipart/alternative"' if kind == "related" else ""
    pieces: list[Piece] = [f'Content-Type: multipart/{kind}{root};\r\n boundary="{boundary}"\r\n\r\n']
    for part in parts:
        pieces += [f"--{boundary}\r\n", *part, "\r\n"]
    pieces.append(f"--{boundary}--\r\n")
    return pieces


def wrap_text(text: str, width: int) -> str:
    """A line of plain text in lines of at most `width` columns."""
    return "\n".join(wrap(text, width))
