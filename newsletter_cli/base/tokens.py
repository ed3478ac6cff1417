"""Tokens: what stands for a delivery where others can read it, in addresses of pages and in envelopes.

A token is the ledger's row, encrypted and authenticated by a secret of the workspace (the way of SIV, RFC 5297: the tag
over the row is also what its mask is made from). It tells nobody anything, cannot be made up or changed, and needs no
table to be read back. The same secret gives the same tokens again.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

SECRET_BYTES = 32
TAG_BYTES = 10
ROW_BYTES = 5
# 15 octets in base32; no letter whose case tells: some servers lower local parts.
TOKEN_LENGTH = 24
TOKEN = re.compile(r"[a-z2-7]{24}")
DIGEST = "sha256"
AS_DIGITS = str.maketrans("abcdefghijklmnopqrstuvwxyz234567", "0123456789abcdefghijklmnopqrstuv")


class TokenKeys(NamedTuple):
    """What reads tokens, and could make them; nothing else of a secret can be worked out from it."""

    tag: bytes
    mask: bytes

    @classmethod
    def of(cls, secret: bytes) -> TokenKeys:
        """Those of a secret (32 octets or more). Raises `ValueError` for a shorter one."""
        if len(secret) < SECRET_BYTES:
            raise ValueError("a secret of 32 octets is wanted")
        return cls(
            tag=hmac.digest(secret, b"nl: tag of a token", DIGEST),
            mask=hmac.digest(secret, b"nl: mask of a token", DIGEST),
        )

    def row_of(self, token: str) -> int | None:
        """The row that a token stands for, whatever its case; `None` for what is not one of ours.

        Compared in constant time.
        """
        lowered = token.lower()
        if not (token.isascii() and TOKEN.fullmatch(lowered)):
            return None
        # base64.b32decode takes four times as long, on the way that the endpoint is asked most.
        raw = int(lowered.translate(AS_DIGITS), 32).to_bytes(TAG_BYTES + ROW_BYTES, "big")
        tag, plain = raw[:TAG_BYTES], self.masked(raw[TAG_BYTES:], raw[:TAG_BYTES])
        if not hmac.compare_digest(hmac.digest(self.tag, plain, DIGEST)[:TAG_BYTES], tag):
            return None
        return int.from_bytes(plain, "big")

    def masked(self, plain: bytes, tag: bytes) -> bytes:
        """The row's octets behind their mask, or from behind it."""
        mask = hmac.digest(self.mask, tag, DIGEST)[:ROW_BYTES]
        return (int.from_bytes(plain, "big") ^ int.from_bytes(mask, "big")).to_bytes(ROW_BYTES, "big")


class Tokens:
    """The tokens and Message-IDs that belong to `secret` (32 octets or more). Raises `ValueError` for a shorter one.

    After a change of key there are other secrets as well: `making` makes the tokens then, and those of `also` are
    understood. Message-IDs stay those of `secret`: a message that is tried again has the one that it had.
    """

    __slots__ = ("_all_keys", "_identity_key", "_keys")

    def __init__(self, secret: bytes, *, making: bytes | None = None, also: Sequence[bytes] = ()) -> None:
        secrets = (secret if making is None else making, secret, *also)
        self._all_keys = tuple(map(TokenKeys.of, dict.fromkeys(secrets)))
        self._keys = self._all_keys[0]
        self._identity_key = hmac.digest(secret, b"nl: Message-ID", DIGEST)

    def token(self, row: int) -> str:
        """The token of a row: 24 letters of a–z and 2–7. Raises `ValueError` for a row below 0 or of 2⁴⁰ and more."""
        plain = _row_bytes(row)
        tag = hmac.digest(self._keys.tag, plain, DIGEST)[:TAG_BYTES]
        return base64.b32encode(tag + self._keys.masked(plain, tag)).decode().lower()

    def row_of(self, token: str) -> int | None:
        """The row that a token stands for, whatever its case; `None` for what is not one of ours."""
        rows = (keys.row_of(token) for keys in self._all_keys)
        return next((row for row in rows if row is not None), None)

    def message_id(self, row: int, domain: str) -> str:
        """The Message-ID of a row, without its angle brackets: the same at every try.

        Its left side is no token: whoever is shown a forwarded message's headers cannot take its reader off the list.
        Raises `ValueError` as `token` does.
        """
        digest = hmac.digest(self._identity_key, _row_bytes(row), DIGEST)[: TAG_BYTES + ROW_BYTES]
        return f"{base64.b32encode(digest).decode().lower()}@{domain}"


def verp(address: str, token: str) -> str:
    """The envelope sender that tells one delivery's bounce from the others': `bounces+TOKEN@example.org`."""
    local, _at, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def _row_bytes(row: int) -> bytes:
    try:
        return row.to_bytes(ROW_BYTES, "big")
    except OverflowError:
        raise ValueError("a row between 0 and 2**40 is wanted") from None


SUBJECT = re.compile(r"(?<=[?&])(subject=[^&#]*)", re.IGNORECASE)


def personal_unsubscribe_url(url: str, token: str) -> str:
    """The common link `url` as one person's own: it tells `token`, never their address.

    Addresses of pages are kept in logs: a page gets `u=TOKEN` in its query. A mail may come from another of their
    addresses, and programs that write it by themselves keep only its subject: the token ends it (RFC 6068).
    """
    if url.lower().startswith("mailto:"):
        marked, count = SUBJECT.subn(lambda found: f"{found[1]}%20{quote(token)}", url, count=1)
        if count:
            return marked
        return f"{url}{'&' if '?' in url else '?'}subject=unsubscribe%20{quote(token)}"
    scheme, host, path, query, fragment = urlsplit(url)
    return urlunsplit((scheme, host, path, f"{query}&u={quote(token)}" if query else f"u={quote(token)}", fragment))
