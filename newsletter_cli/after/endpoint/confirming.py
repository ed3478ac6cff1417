"""Asking Amazon, and nobody else: for the certificate that SNS signs with, and to confirm a subscription.

Only addresses of `sns.*.amazonaws.com` are asked, over https with its certificate verified, without following a
redirect; an answer is read up to a few kilobytes. Certificates are kept while the server runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from newsletter_cli.after.endpoint.services import sns

LOGGER = logging.getLogger("nl.endpoint")
ANSWER_BYTES = 20_000
SECONDS = 10
# Amazon has one or two of a region at a time.
MOST_CERTIFICATES = 20

Fetch = Callable[[str], bytes]


def fetch(address: str) -> bytes:
    """What an address answers with status 200. Raises `OSError`."""
    import requests

    with requests.get(address, timeout=SECONDS, allow_redirects=False, stream=True) as reply:
        if reply.status_code != 200:
            raise OSError(f"status {reply.status_code}")
        body: bytes = reply.raw.read(ANSWER_BYTES, decode_content=True) or b""
        return body


class Confirming:
    """`fetch` is asked for addresses that were judged, in a thread. Raises nothing: what fails is said."""

    def __init__(self, ask: Fetch = fetch) -> None:
        self._ask = ask
        self._certificates: dict[str, bytes] = {}

    async def is_signed(self, message: Any) -> bool:
        """Whether Amazon signed it."""
        address = sns.certificate_address(message)
        if address is None:
            return False
        try:
            certificate = self._certificates.get(address)
            if certificate is None:
                certificate = await asyncio.to_thread(self._ask, address)
            is_signed = sns.is_signed(message, certificate)
        except ImportError:
            LOGGER.error(
                "messages of Amazon cannot be verified, because cryptography is not installed (the extra serve)"
            )
            return False
        except OSError as fault:
            LOGGER.warning("the certificate of Amazon SNS could not be fetched: %s", type(fault).__name__)
            return False
        if is_signed and len(self._certificates) < MOST_CERTIFICATES:
            self._certificates[address] = certificate
        return is_signed

    async def confirm(self, message: Any) -> None:
        """Confirm the subscription that a signed message is about."""
        address = sns.confirmation_address(message)
        if address is None:
            LOGGER.warning("a subscription of Amazon SNS was not confirmed: its address is not Amazon's")
            return
        try:
            await asyncio.to_thread(self._ask, address)
        except OSError as fault:
            LOGGER.warning("a subscription of Amazon SNS could not be confirmed: %s", type(fault).__name__)
        else:
            LOGGER.warning("a subscription of Amazon SNS was confirmed")
