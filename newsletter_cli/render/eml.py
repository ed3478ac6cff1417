"""The e-mail as a message: a draft that Outlook and Thunderbird open ready to be sent, its pictures inside.

A draft has `X-Unsent: 1` and neither Date nor Message-ID: these are the sending program's. The same arguments give the
same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.header import Header
from email.utils import quote
from pathlib import PurePosixPath
from types import MappingProxyType

# RFC 2045, 6.7: neither quoted-printable nor base64 can hold “=_”, so no body can hold the boundary.
BOUNDARY = "=_nl"
# What a header cannot hold, and what Python takes for the end of a line besides.
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# RFC 5322, 2.1.1.
USUAL_LINE = 78
# Longer ones are encoded: they could not be folded.
LONGEST_WORD = 60
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
NOTHING: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Somebody's name and address; the name may be empty."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a draft is made of. `pictures` are the contents of images by their address (`src`) in `html`."""

    subject: str
    html: str
    text: str
    sender: Mailbox | None = None
    reply_to: Mailbox | None = None
    to: Mailbox | None = None
    pictures: Mapping[str, bytes] = field(default_factory=lambda: NOTHING)


def render_eml(draft: Draft, *, boundary: str = BOUNDARY) -> bytes:
    """The draft as a message (RFC 5322, MIME), its lines ended by CRLF.

    Text and HTML are alternatives; pictures that the HTML shows are embedded beside them and named by `cid:` (RFC 2387,
    2392). `boundary` has to hold “=_”.
    """
    embedded = _embed(draft)
    page = replace_image_sources(draft.html, {one.src: f"cid:{one.content_id}" for one in embedded})
    parts = [_text_part("plain", draft.text), _text_part("html", page)]
    body = _multipart("alternative", parts, f"{boundary}-alternative")
    if embedded:
        body = _multipart("related", [body, *map(_image_part, embedded)], f"{boundary}-related")
    return "".join([*_headers(draft), "MIME-Version: 1.0\r\n", body]).encode()


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


@dataclass(frozen=True, slots=True)
class _Embedded:
    src: str
    content: bytes
    kind: str
    name: str

    @property
    def content_id(self) -> str:
        """Unique in the world (RFC 2392), the same for the same picture."""
        return f"{hashlib.sha256(self.content).hexdigest()[:24]}.{self.name}@nl.invalid"


def _embed(draft: Draft) -> list[_Embedded]:
    found: list[_Embedded] = []
    for src in image_sources(draft.html) if draft.pictures else ():
        kind = image_type(src)
        if src in draft.pictures and kind is not None:
            name = f"image-{len(found) + 1}.{kind.partition('/')[2].partition('+')[0]}"
            found.append(_Embedded(src, draft.pictures[src], kind, name))
    return found


def image_type(address: str) -> str | None:
    """The media type of an image by the end of its name; `None` for what no mail reader shows."""
    return IMAGE_TYPES.get(PurePosixPath(address).suffix.lower())


def _headers(draft: Draft) -> Iterator[str]:
    yield "X-Unsent: 1\r\n"
    for name, mailbox in (("From", draft.sender), ("Reply-To", draft.reply_to), ("To", draft.to)):
        if mailbox is not None:
            yield f"{name}: {_mailbox(name, mailbox)}\r\n"
    yield f"Subject: {_unstructured('Subject', draft.subject)}\r\n"


def _one_line(text: str) -> str:
    return BREAKS.sub(" ", text).strip()


def _unstructured(header: str, text: str) -> str:
    """A text as RFC 2047 has it, folded; as it is where nothing in it needs that."""
    text = _one_line(text)
    words = text.split(" ")
    # Two blanks in a row could fall to a fold, “=?” would be decoded.
    is_plain = text.isascii() and "=?" not in text and all(0 < len(word) <= LONGEST_WORD for word in words)
    charset = "us-ascii" if is_plain or not text else "utf-8"
    return Header(text, charset, header_name=header).encode(linesep="\r\n")


def _mailbox(header: str, mailbox: Mailbox) -> str:
    name, address = _one_line(mailbox.name), _address(mailbox.address)
    if not name:
        return address
    if not name.isascii() or "=?" in name or len(name) > LONGEST_WORD:
        shown = Header(name, "utf-8", header_name=header).encode(linesep="\r\n")
    else:
        shown = name if ATOMS.fullmatch(name) and "  " not in name else f'"{quote(name)}"'
    last = shown.rpartition("\n")[2]
    start = 0 if "\n" in shown else len(header) + 2
    fold = " " if start + len(last) + len(address) + 3 <= USUAL_LINE else "\r\n "
    return f"{shown}{fold}<{address}>"


def _address(address: str) -> str:
    """The address, an international domain as DNS knows it (RFC 5891)."""
    local, _at, domain = BREAKS.sub("", address).rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return f"{local}@{domain}"
    return f"{local}@{domain}"


def _text_part(kind: str, text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    encoded = binascii.b2a_qp(lines.encode(), istext=True).decode("ascii")
    return (
        f"Content-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n" + encoded.replace("\n", "\r\n")
    )


def _image_part(image: _Embedded) -> str:
    encoded = base64.encodebytes(image.content).decode("ascii")
    return (
        f"Content-Type: {image.kind}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{image.content_id}>\r\n"
        f'Content-Disposition: inline; filename="{image.name}"\r\n'
        "\r\n" + encoded.replace("\n", "\r\n")
    )


def _multipart(kind: str, parts: list[str], boundary: str) -> str:
    root = '; type="multipart/alternative"' if kind == "related" else ""
    pieces = [f'Content-Type: multipart/{kind}{root};\r\n boundary="{boundary}"\r\n\r\n']
    for part in parts:
        pieces.append(f"--{boundary}\r\n{part}\r\n")
    pieces.append(f"--{boundary}--\r\n")
    return "".join(pieces)
