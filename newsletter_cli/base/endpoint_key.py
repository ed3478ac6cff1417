"""The key of the endpoint: what a server has to know of a newsletter, as one line of text that is given to it.

It is worked out from the secrets of the ledger, each of which can be worked out from none of it: whoever has the key
can read and make tokens and the log of the endpoint, and knows no address, no ledger and no list.
Several secrets are there after a change of key: the first makes what is new, all are understood. The text begins with
the number of its form; what follows is base64url over JSON (RFC 4648, 5), with a checksum, so that one that was cut
while it was copied is told from a wrong one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from newsletter_cli.base.tokens import DIGEST, TokenKeys

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "nl-key-1."
# The route of the log, the address that one-click posts to, and where services report, below the endpoint's own.
LOG_PATH = "/log"
UNSUBSCRIBE_PATH = "/unsubscribe"
HOOK_PATH = "/hook"
ID_LETTERS = 16
CHECKSUM_BYTES = 4


class KeyFault(ValueError):
    """What was given is no key of an endpoint: `is_cut` where it is a part of one, `is_newer` where a newer `nl` made
    it.
    """

    def __init__(self, *, is_cut: bool = False, is_newer: bool = False) -> None:
        super().__init__("no key of an endpoint")
        self.is_cut = is_cut
        self.is_newer = is_newer


class KeyPart(Struct, frozen=True, kw_only=True):
    """What comes from one secret. `id` names it (16 hexadecimal digits) and says nothing of it."""

    id: str
    tag: bytes
    mask: bytes
    person: bytes
    """Makes the keyed hashes that stand for addresses."""
    fetch: str
    """Whoever has it may fetch the log; only that of the newest part counts."""
    hook: str
    """In the addresses that services report to; empty for one that is no longer taken."""

    @property
    def tokens(self) -> TokenKeys:
        """What reads this secret's tokens."""
        return TokenKeys(tag=self.tag, mask=self.mask)

    def person_hash(self, address_key: str) -> str:
        """What stands for a normalised address, 64 hexadecimal digits."""
        return hmac.digest(self.person, address_key.encode("utf-8", "surrogatepass"), DIGEST).hex()


class EndpointKey(Struct, frozen=True, kw_only=True):
    """All that an endpoint knows of one newsletter.

    `newsletter` is the ledger's id (it stays when the key is changed), `name` and `language` (`fr`, `en`…) are for the
    page, `contact` a mail address to write to, or empty. `parts`: the newest first, at least one.
    """

    newsletter: str
    name: str
    language: str
    contact: str = ""
    parts: tuple[KeyPart, ...]


def key_part(secret: bytes) -> KeyPart:
    """What an endpoint gets of a secret (32 octets or more). Raises `ValueError` for a shorter one."""
    keys = TokenKeys.of(secret)
    return KeyPart(
        id=key_id(secret),
        tag=keys.tag,
        mask=keys.mask,
        person=hmac.digest(secret, b"nl endpoint: hash of an address", DIGEST),
        fetch=hmac.digest(secret, b"nl endpoint: fetching the log", DIGEST).hex(),
        hook=hmac.digest(secret, b"nl endpoint: address for services", DIGEST).hex()[:32],
    )


def key_id(secret: bytes) -> str:
    """The name of a secret: that of its ledger, where it is the ledger's first."""
    return hmac.digest(secret, b"nl ledger", DIGEST).hex()[:ID_LETTERS]


def make_key(secrets: Sequence[bytes], *, newsletter: str, name: str, language: str, contact: str = "") -> EndpointKey:
    """The key of a newsletter whose secrets are these, the newest first. Raises `ValueError` for a short one."""
    return EndpointKey(
        newsletter=newsletter, name=name, language=language, contact=contact, parts=tuple(map(key_part, secrets))
    )


def format_key(key: EndpointKey) -> str:
    """The key as text: one word of ASCII."""
    from msgspec.json import encode

    body = encode(key)
    return PREFIX + base64.urlsafe_b64encode(_checksum(body) + body).decode("ascii").rstrip("=")


def parse_key(text: str) -> EndpointKey:
    """The key that a text is. Raises `KeyFault`."""
    from msgspec import DecodeError, ValidationError
    from msgspec.json import decode

    word = text.strip().strip("\"'")
    if not word.startswith(PREFIX):
        raise KeyFault(is_newer=word.startswith("nl-key-") and not PREFIX.startswith(word))
    packed = word[len(PREFIX) :]
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise KeyFault(is_cut=True) from None
    checksum, body = raw[:CHECKSUM_BYTES], raw[CHECKSUM_BYTES:]
    if not hmac.compare_digest(checksum, _checksum(body)):
        raise KeyFault(is_cut=True)
    try:
        key = decode(body, type=EndpointKey)
    except (DecodeError, ValidationError):
        raise KeyFault(is_newer=True) from None
    if not key.parts:
        raise KeyFault
    return key


def parse_keys(text: str) -> tuple[EndpointKey, ...]:
    """The keys of several newsletters, with blanks, commas or lines between them; lines that begin with `#` are left
    out. Raises `KeyFault`, also where there is none, and where two are of the same newsletter.
    """
    keys = tuple(map(parse_key, _words(text)))
    if not keys or len({key.newsletter for key in keys}) != len(keys):
        raise KeyFault
    return keys


def endpoint_address(url: str, path: str) -> str:
    """The address of a path (`UNSUBSCRIBE_PATH`…) of the endpoint at `url`."""
    return url.rstrip("/") + path


def _words(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.lstrip().startswith("#"):
            yield from line.replace(",", " ").split()


def _checksum(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(CHECKSUM_BYTES, "big")
