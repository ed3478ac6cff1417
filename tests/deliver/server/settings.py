"""How a test server is set up; certificates from the system's openssl, made where they are asked for."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost"
# What stands in a certificate that is not good: who signs it, for which names, and how long it holds.
OTHER_NAME = "subjectAltName=DNS:elsewhere.example.org"
USER, PASSWORD = "nl", "correct horse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """`login`: user and password, where somebody has to log in."""

    tls: Literal["none", "starttls", "implicit"] = "none"
    tls_context: ssl.SSLContext | None = None
    is_tls_required: bool = False
    login: tuple[str, str] | None = None


def make_certificates(folder: Path) -> Path:
    """`good`, `self-signed`, `wrong-host` and `expired` as NAME.pem, key and certificate; the file to trust."""
    authority = folder / "authority.pem"
    if authority.exists():
        return authority
    folder.mkdir(parents=True, exist_ok=True)
    key, certificate = folder / "authority.key", folder / "authority.part"
    _openssl("req", "-x509", *_new_key(key), "-out", certificate, "-subj", "/CN=Test authority", "-days", "3650",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
    signed = ("-CA", certificate, "-CAkey", key)
    _make(folder / "good.pem", NAMES, *signed)
    _make(folder / "wrong-host.pem", OTHER_NAME, *signed)
    _make(folder / "self-signed.pem", NAMES)
    _make(folder / "expired.pem", NAMES, *signed, is_expired=True)
    certificate.rename(authority)
    return authority


def load_certificate(folder: Path, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name or 'good'}.pem")
    return context


def _make(path: Path, names: str, *signed: str | Path, is_expired: bool = False) -> None:
    key, certificate = path.with_suffix(".key"), path.with_suffix(".part")
    request = path.with_suffix(".csr")
    _openssl("req", *_new_key(key), "-out", request, "-subj", "/CN=sink.example.org")
    extensions = path.with_suffix(".ext")
    # The key identifiers: Python 3.13 checks strictly (RFC 5280 §4.2.1.1).
    issuer = "authorityKeyIdentifier=keyid\n" if signed else ""
    extensions.write_text(f"{names}\nbasicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\n{issuer}")
    # openssl x509 takes a negative number of days since 1.1; -not_before has come with 3.4 only.
    days = "-1" if is_expired else "3650"
    how = ("-CAcreateserial", *signed) if signed else ("-signkey", key)
    _openssl("x509", "-req", "-in", request, "-out", certificate, "-days", days, "-extfile", extensions, *how)
    path.write_text(key.read_text() + certificate.read_text())


def _new_key(key: Path) -> tuple[str | Path, ...]:
    return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key)


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
