"""What a form sends: `List-Unsubscribe=One-Click`, urlencoded or as multipart/form-data (RFC 8058, 3.2)."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

FIELD, VALUE = "list-unsubscribe", "one-click"
# What mail readers send, whatever they say of its type.
EXACT = b"List-Unsubscribe=One-Click"
MOST_FIELDS = 20
MOST_BYTES = 8_000


def parse_form(content_type: bytes, body: bytes) -> dict[str, str]:
    """The fields, their names in small letters; of several of one name the first. Nothing for what is no form.

    A body without a type, or with a strange one, is read as urlencoded: that is what `curl -d` and mail readers send.
    """
    kind, _sign, _rest = content_type.partition(b";")
    is_multipart = kind.strip().lower() == b"multipart/form-data"
    pairs = _multipart(content_type, body) if is_multipart else _urlencoded(body)
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name.strip().lower(), value.strip())
    return fields


def is_one_click(fields: dict[str, str]) -> bool:
    """Whether they say that somebody is to be unsubscribed at once."""
    return fields.get(FIELD, "").lower() == VALUE


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("latin-1").strip("\r\n \x00"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return []


def _multipart(content_type: bytes, body: bytes) -> list[tuple[str, str]]:
    head = b"Content-Type: " + content_type.replace(b"\r", b"").replace(b"\n", b"") + b"\r\n\r\n"
    try:
        message = BytesParser(policy=HTTP).parsebytes(head + body)
        if not message.is_multipart():
            return []
        return [field for part in message.get_payload() if isinstance(part, Message) for field in _field(part)]
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):
        # email's parser stumbles over headers that nobody writes in earnest.
        return []


def _field(part: Message) -> list[tuple[str, str]]:
    name = part.get_param("name", header="content-disposition")
    payload = part.get_payload(decode=True)
    if not isinstance(name, str) or not isinstance(payload, bytes):
        return []
    return [(name, payload.decode("latin-1"))]
