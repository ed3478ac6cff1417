"""Messages signed here, verified by dkimpy."""

from __future__ import annotations

import sys
from functools import lru_cache

import pytest

from newsletter_cli.base.errors import TransportError
from newsletter_cli.deliver.message.dkim import SIGNED, Signer
from newsletter_cli.deliver.message.fields import parse_pattern
from newsletter_cli.deliver.message.template import build_template
from tests.deliver.message.messages import parts, person, received

dkim = pytest.importorskip("dkim")
TEMPLATE = build_template(
    parts(
        greeting=parse_pattern("{first_name}", allowed=["first_name"]),
        feedback_id="2:tidings",
        complaints="fbl@tidings.example",
    )
)


@lru_cache(maxsize=4)
def key_pair(bits: int = 2048, kind: str = "rsa", form: str = "PKCS8") -> tuple[str, str]:
    """A private key as PEM, and what its owner publishes."""
    pytest.importorskip("cryptography")
    import base64

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    made = rsa.generate_private_key(65537, bits) if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()
    private = made.private_bytes(
        serialization.Encoding.PEM, getattr(serialization.PrivateFormat, form), serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def is_valid(data: bytes, record: str) -> bool:
    def published(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"news._domainkey.tidings.example."
        return record.encode()

    return bool(dkim.verify(received(data), dnsfunc=published))


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
@pytest.mark.parametrize(
    ("address", "name", "value"),
    [
        ("ada@example.org", "Ada Lovelace", "Ada"),
        ("ada@example.org", "É" * 120, "." * 160),
        ("élodie@example.org", "“Élodie”", "From  me "),
    ],
)
def test_a_signed_message_verifies(form: str, address: str, name: str, value: str) -> None:
    private, record = key_pair(form=form)
    spliced = TEMPLATE.splice(person(address=address, name=name, first_name=value))
    signed = Signer("news", "tidings.example", private).sign(spliced.data)
    assert signed.endswith(spliced.data)
    assert is_valid(signed, record)
    assert max(map(len, signed.split(b"\r\n"))) <= 998
    assert b"\n" not in signed.replace(b"\r\n", b"")
    assert b"\r\n.\r\n" not in signed


def test_dots_are_signed_as_they_are_received() -> None:
    private, record = key_pair()
    data = TEMPLATE.splice(person(first_name="Ada")).data + b"..hidden\r\n...\r\n"
    assert is_valid(Signer("news", "tidings.example", private).sign(data), record)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"To: Ada", b"To: Eva"),
        (b"\r\nTo: ", b"\r\nFrom: eve@example.org\r\nTo: "),
        (b"Subject: The", b"Subject: A"),
        (b"Date: Mon", b"Date: Tue"),
        (b"Message-ID: <", b"Message-ID: <x"),
        (b"List-Unsubscribe: <", b"List-Unsubscribe: <https://eve.example>, <"),
        (b"One-Click", b"Two-Clicks"),
        (b"List-Id: The", b"List-Id: A"),
        (b"Feedback-ID: 2:", b"Feedback-ID: 3:"),
        (b"CFBL-Address: fbl@", b"CFBL-Address: eve@"),
        (b"Once more", b"Once less"),
    ],
)
def test_a_changed_message_does_not_verify(old: bytes, new: bytes) -> None:
    private, record = key_pair()
    signed = Signer("news", "tidings.example", private).sign(TEMPLATE.splice(person(first_name="Ada")).data)
    assert old in signed
    assert is_valid(signed, record)
    assert not is_valid(signed.replace(old, new), record)


def test_what_is_covered() -> None:
    assert SIGNED.count(b"from") == 2
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"to", b"subject", b"date", b"message-id"} <= set(SIGNED)


def test_a_key_with_windows_line_ends_is_read() -> None:
    private, record = key_pair()
    signer = Signer("news", "tidings.example", "\n " + private.replace("\n", "\r\n"))
    assert is_valid(signer.sign(TEMPLATE.splice(person(first_name="Ada")).data), record)


def test_a_key_that_cannot_be_used_is_refused_and_not_shown() -> None:
    private, _record = key_pair()
    lines = private.splitlines()
    broken = "\n".join([lines[0], *lines[2:]])
    ed25519 = key_pair(kind="ed25519")[0]
    for key in ("", "nonsense", "é", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", broken, ed25519):
        with pytest.raises(TransportError) as caught:
            Signer("news", "tidings.example", key)
        assert caught.value.hint
        assert "PEM" in caught.value.hint
        assert len(key) < 3 or key[-60:] not in str(caught.value)
    with pytest.raises(TransportError):
        Signer("news", "x" * 70 + ".example", private)


def test_a_message_without_sender_is_not_signed() -> None:
    private, _record = key_pair()
    with pytest.raises(TransportError, match="DKIM"):
        Signer("news", "tidings.example", private).sign(b"no message\r\n")


def test_without_dkimpy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dkim", None)
    monkeypatch.setitem(sys.modules, "dkim.crypto", None)
    with pytest.raises(TransportError) as caught:
        Signer("news", "tidings.example", "")
    assert 'pip install "dkimpy>=' in (caught.value.hint or "")
