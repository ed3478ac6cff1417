"""Whose certificates are trusted, and why one is not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import library_reason, system_reason

if TYPE_CHECKING:
    import ssl

# What OpenSSL calls a certificate's faults (X509_V_ERR_…).
_EXPIRED, _NOT_YET = 10, 9
_UNKNOWN_ISSUER = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})


def system_trust() -> ssl.SSLContext:
    """Certificates and host names are verified, against the system's authorities (or those that `SSL_CERT_FILE`
    names); where the system shows Python none (as python.org's installer leaves macOS), against Mozilla's.
    """
    import ssl

    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    # Windows keeps its authorities elsewhere, and create_default_context has read them.
    if os.name != "nt" and not (paths.cafile or paths.capath):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def read_trust(ca_file: Path | None, *, key: str, error: type[NewsletterError]) -> ssl.SSLContext:
    """The same, and those in `ca_file` besides; `key` is the option that names it. Raises `error` where the file cannot
    be used.
    """
    import ssl

    context = system_trust()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as fault:
            reason = _("it holds no certificate") if isinstance(fault, ssl.SSLError) else system_reason(fault)
            raise error(
                _("the certificates in {key} cannot be read: {reason}").format(key=key, reason=reason),
                file=str(ca_file),
                hint=_("it must be a PEM file: -----BEGIN CERTIFICATE----- …"),
            ) from None
    return context


def untrusted(error: ssl.SSLCertVerificationError, *, address_key: str, ca_key: str) -> tuple[str, str]:
    """Why a certificate is not trusted, and what to do; the keys are those of the server's address and of its
    authority.
    """
    reason, hint = library_reason(error.verify_message), _("nothing was sent: ask whoever runs the server")
    if error.verify_code in _OTHER_NAME:
        reason = _("it is not valid for this name ({reason})").format(reason=reason)
        hint = _("nothing was sent: write the server’s name in {key} as whoever runs it gives it").format(
            key=address_key
        )
    elif error.verify_code in (_EXPIRED, _NOT_YET):
        reason = _("it has expired") if error.verify_code == _EXPIRED else _("it is not valid yet")
        hint = _("nothing was sent: look at this machine’s clock; if it is right, tell whoever runs the server")
    elif error.verify_code in _UNKNOWN_ISSUER:
        reason = _("no authority that is known has issued it ({reason})").format(reason=reason)
        hint = _("nothing was sent; if it was issued by an authority of your own, name that in {key}").format(
            key=ca_key
        )
    return reason, hint
