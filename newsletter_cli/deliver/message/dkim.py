"""Signing each message here (DKIM, RFC 6376), where the mail server does not.

dkimpy is imported when a signer is made: an extra, for the few who need it.
"""

from __future__ import annotations

from newsletter_cli.base.domains import ascii_domain
from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.message.person import DOMAIN
from newsletter_cli.deliver.message.reading import unstuff

# From twice: a second one cannot be added. A field that a message has not cannot be added either (RFC 6376, 5.4.2).
# RFC 8058, 4 wants those by which readers leave, RFC 9477, 3.1 that by which complaints come, Gmail its Feedback-ID.
SIGNED = (
    b"from", b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"list-id", b"list-unsubscribe",
    b"list-unsubscribe-post", b"feedback-id", b"cfbl-address", b"mime-version", b"content-type",
)  # fmt: skip
# Bodies as they are, heads whatever their folds: no server on the way has a reason to change a body.
CANONICAL = (b"relaxed", b"simple")
# RFC 8301, 3.2: shorter ones do not count.
SMALLEST_BITS = 1024
# 1.2.840.113549.1.1.1 (RFC 8017, A.1), as DER has it.
RSA_ENCRYPTION = bytes.fromhex("2a864886f70d010101")


class Signer:
    """Signs for `domain` (RSA and SHA-256) with the key of which `selector._domainkey.domain` publishes the other half.

    `key_pem` is an RSA key, PKCS #1 or #8, without a passphrase. Raises `TransportError` without dkimpy, and for a key
    that cannot be used; the key is never shown.
    """

    __slots__ = ("_domain", "_key", "_selector")

    def __init__(self, selector: str, domain: str, key_pem: str) -> None:
        try:
            from dkim.crypto import UnparsableKeyError, parse_pem_private_key  # type: ignore[import-untyped]
        except ImportError:
            raise TransportError(
                _("messages are to be signed (DKIM), and dkimpy is not installed"),
                hint=_("install it: {command}").format(command=how_to_add("dkim")),
            ) from None
        # dkimpy wants lines ended by LF alone.
        self._key = "\n".join(line.strip() for line in key_pem.strip().splitlines()).encode("utf-8", "replace")
        try:
            key = parse_pem_private_key(self._key)
            is_usable = key["prime1"] * key["prime2"] == key["modulus"] >= 1 << (SMALLEST_BITS - 1)
            self._selector, self._domain = selector.encode("ascii"), ascii_domain(domain).encode("ascii")
            is_usable = is_usable and all(map(DOMAIN.fullmatch, (selector, self._domain.decode())))
        except (UnparsableKeyError, ValueError, LookupError, TypeError):
            is_usable = False
        if not is_usable:
            raise TransportError(
                _("the key for signing messages (DKIM) cannot be read"),
                hint=_("an RSA key of {count} bits or more is wanted, as PEM, without a passphrase").format(
                    count=SMALLEST_BITS
                ),
            )

    def sign(self, data: bytes) -> bytes:
        """The message with its signature on top. It is dot-stuffed, as it stands in DATA, before and after.

        Raises `TransportError` where it cannot be signed.
        """
        import dkim  # type: ignore[import-untyped]

        try:
            # The signature is over the message as the other side will store it.
            signature = dkim.DKIM(unstuff(data), linesep=b"\r\n").sign(
                self._selector, self._domain, self._key, canonicalize=CANONICAL, include_headers=SIGNED
            )
        except dkim.DKIMException:
            raise TransportError(_("a message cannot be signed (DKIM)")) from None
        return bytes(signature) + data


def public_half(key_pem: str) -> tuple[bytes, bytes]:
    """What the key's owner publishes, in Base64, as `p=` (RFC 6376, 3.6.1): a SubjectPublicKeyInfo (DER); and of it the
    modulus, which every way of writing the key has in it. Raises `TransportError` as `Signer` does.
    """
    Signer("s", "example.org", key_pem)
    from dkim.crypto import parse_pem_private_key

    key = parse_pem_private_key("\n".join(line.strip() for line in key_pem.strip().splitlines()).encode())
    numbers = _der(0x30, _der_integer(key["modulus"]) + _der_integer(key["publicExponent"]))
    algorithm = _der(0x30, _der(0x06, RSA_ENCRYPTION) + _der(0x05, b""))
    modulus = key["modulus"].to_bytes((key["modulus"].bit_length() + 7) // 8, "big")
    return _der(0x30, algorithm + _der(0x03, b"\0" + numbers)), modulus


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _der_integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))
