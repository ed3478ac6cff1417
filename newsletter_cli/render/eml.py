"""The e-mail as a message: a draft that Outlook and Thunderbird open ready to be sent, its pictures inside.

A draft has `X-Unsent: 1` and neither Date nor Message-ID: these are the sending program's. The same arguments give the
same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from newsletter_cli.render.mime import (
    BOUNDARY,
    Mailbox,
    embed_pictures,
    encode_mailbox,
    encode_unstructured,
    image_sources,
    image_type,
    mail_body,
    quoted_printable,
    replace_image_sources,
)

__all__ = ["Draft", "Mailbox", "image_sources", "image_type", "render_eml", "replace_image_sources"]

NOTHING: Mapping[str, bytes] = MappingProxyType({})


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
    page, embedded = embed_pictures(draft.html, draft.pictures)
    body = mail_body(quoted_printable(draft.text), quoted_printable(page), embedded, boundary=boundary)
    return "".join([*_headers(draft), "MIME-Version: 1.0\r\n", body]).encode()


def _headers(draft: Draft) -> Iterator[str]:
    yield "X-Unsent: 1\r\n"
    for name, mailbox in (("From", draft.sender), ("Reply-To", draft.reply_to), ("To", draft.to)):
        if mailbox is not None:
            yield f"{name}: {encode_mailbox(name, mailbox)}\r\n"
    yield f"Subject: {encode_unstructured('Subject', draft.subject)}\r\n"
