"""Messages of Amazon SNS: whether Amazon signed one, and the address that confirms a subscription.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. That a message is signed says that SNS
sent it, not that the topic is ours: anybody may have one. That is what the secret in the address is for.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import urlsplit

from newsletter_cli.after.endpoint.services.told import text_of

# China has a domain of its own.
HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?")
CERTIFICATE_PATH = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem")
NOTIFICATION, SUBSCRIPTION = "Notification", "SubscriptionConfirmation"
SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


def is_of_amazon(address: str) -> bool:
    """Whether an address is one of SNS itself: https, its usual port, nobody's user."""
    try:
        parts = urlsplit(address)
        is_usual = parts.scheme == "https" and parts.port in (None, 443) and "@" not in parts.netloc
    except ValueError:
        return False
    return is_usual and HOST.fullmatch(parts.hostname or "") is not None and address.isprintable()


def certificate_address(message: Any) -> str | None:
    """Where the certificate of a message lies; `None` where that is not SNS."""
    address = text_of(message, "SigningCertURL") or text_of(message, "SigningCertUrl")
    is_usual = is_of_amazon(address) and CERTIFICATE_PATH.fullmatch(urlsplit(address).path) is not None
    return address if is_usual and not urlsplit(address).query else None


def confirmation_address(message: Any) -> str | None:
    """The address that confirms the subscription of a message; `None` where it leads elsewhere."""
    address = text_of(message, "SubscribeURL")
    return address if is_of_amazon(address) and "Action=ConfirmSubscription" in urlsplit(address).query else None


def is_signed(message: Any, certificate: bytes) -> bool:
    """Whether the certificate's key signed the message. Raises `ImportError` without cryptography."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256
    from cryptography.x509 import load_pem_x509_certificate

    names = SIGNED.get(text_of(message, "Type"))
    digest = {"1": SHA1(), "2": SHA256()}.get(text_of(message, "SignatureVersion"))  # noqa: S303 - Amazon's default
    if names is None or digest is None:
        return False
    try:
        signature = base64.b64decode(text_of(message, "Signature"), validate=True)
        key = load_pem_x509_certificate(certificate).public_key()
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(signature, _signed_text(message, names), PKCS1v15(), digest)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _signed_text(message: dict[str, Any], names: tuple[str, ...]) -> bytes:
    lines = [f"{name}\n{message[name]}\n" for name in names if isinstance(message.get(name), str)]
    return "".join(lines).encode("utf-8", "surrogatepass")
