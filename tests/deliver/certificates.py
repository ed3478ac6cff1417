"""Certificates made for the tests: an authority, and servers that it vouches for, rightly or not."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Authority:
    """`ca_file` is what a client trusts; `context` serves with one of the certificates."""

    folder: Path

    @property
    def ca_file(self) -> Path:
        return self.folder / "authority.pem"

    def context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem")
        return context


def make_authority(folder: Path) -> Authority:
    """With certificates `good` (localhost, 127.0.0.1), `self-signed`, `wrong-host`, `expired`; as it is if it exists.

    All that they say of their keys is for Python 3.13, which checks strictly (RFC 5280 §4.2.1).
    """
    authority = Authority(folder)
    if authority.ca_file.exists():
        return authority
    # Here: a test server starts for nearly every test, and few of them need any of this.
    import pytest

    pytest.importorskip("cryptography", reason="needs cryptography")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    ca_name, ca_key = "Test authority", ec.generate_private_key(ec.SECP256R1())

    def begin(
        subject: str, key: ec.EllipticCurvePrivateKey, *, signed_by: str, until: datetime.datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, signed_by)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 3 * day)
            .not_valid_after(until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )

    def usage(*, is_authority: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=not is_authority, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=is_authority, crl_sign=is_authority,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip

    def octets(certificate: x509.Certificate) -> bytes:
        return certificate.public_bytes(serialization.Encoding.PEM)

    ca = (
        begin(ca_name, ca_key, signed_by=ca_name, until=now + 3650 * day)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(is_authority=True), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    here: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    elsewhere: list[x509.GeneralName] = [x509.DNSName("elsewhere.example.org")]
    for name, names, until, is_signed in (
        ("good", here, now + 3650 * day, True),
        ("self-signed", here, now + 3650 * day, False),
        ("wrong-host", elsewhere, now + 3650 * day, True),
        ("expired", here, now - day, True),
    ):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = "sink.example.org"
        signed_by, signing = (ca_name, ca_key) if is_signed else (subject, key)
        built = (
            begin(subject, key, signed_by=signed_by, until=until)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage(is_authority=False), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(signing, hashes.SHA256())
        )
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / f"{name}.pem").write_bytes(secret + octets(built))
    # Last: where it stands, the others do.
    authority.ca_file.write_bytes(octets(ca))
    return authority
