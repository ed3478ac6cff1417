"""Whose certificates are trusted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl


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
