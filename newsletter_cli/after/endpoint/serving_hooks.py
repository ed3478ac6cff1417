"""`POST /hook/SERVICE/SECRET`: what mail services tell of bounces and complaints.

The secret stands in the path, or in `Authorization` (`Bearer`, or the password of `Basic`). Services that sign are
believed only where the signature is right, too: Amazon's always, Mailgun's where its key is set up.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter_cli.after.endpoint.asgi import Gone, TooLarge, header, read_body, response
from newsletter_cli.after.endpoint.confirming import Confirming
from newsletter_cli.after.endpoint.house import House
from newsletter_cli.after.endpoint.log import LogUnavailable
from newsletter_cli.after.endpoint.reporting import entry_of
from newsletter_cli.after.endpoint.services import (
    amazon_ses,
    brevo,
    generic,
    mailgun,
    mailjet,
    postmark,
    scaleway,
    sns,
)
from newsletter_cli.after.endpoint.services.told import NotUnderstood, Parser, text_of
from newsletter_cli.base.endpoint_key import EndpointKey

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

LOGGER = logging.getLogger("nl.endpoint")
SERVICES: Mapping[str, Parser] = {
    "brevo": brevo.parse,
    "mailjet": mailjet.parse,
    "ses": amazon_ses.parse,
    "postmark": postmark.parse,
    "mailgun": mailgun.parse,
    "scaleway": scaleway.parse,
    "generic": generic.parse,
}
SES, MAILGUN = "ses", "mailgun"
# A list of events, or one with the headers of a message.
MOST_BYTES = 1_000_000
MOST_EVENTS = 2_000
RETRY_SECONDS = 120


class NotSigned(Exception):
    """The service that it claims to be from has not signed it."""


class Hooks:
    """The route of `house`."""

    def __init__(self, house: House, confirming: Confirming) -> None:
        self._house = house
        self._confirming = confirming

    async def __call__(self, request: Request) -> Response:
        """404 for a wrong secret or service (429 for many), 403 for a wrong signature, 400 for what is not understood,
        503 for a log that cannot be written; else 200, once it is on the disk.
        """
        service = request.path_params["service"]
        secret = request.path_params.get("secret") or _secret_of(header(request.scope, b"authorization"))
        whose = self._house.newsletters.of_reporting(secret)
        if whose is None or service not in SERVICES:
            wait = self._house.wrong(request.scope)
            return response(429, b"", (b"retry-after", str(math.ceil(wait)).encode())) if wait else response(404, b"")
        try:
            await self._record(service, whose[0], await read_body(request.receive, MOST_BYTES))
        except LogUnavailable:
            return response(503, b"", (b"retry-after", str(RETRY_SECONDS).encode()))
        except NotUnderstood:
            LOGGER.warning("something that %s told was not understood", service)
            return response(400, b"not understood\n")
        except (TooLarge, NotSigned, Gone) as fault:
            return response({TooLarge: 413, NotSigned: 403, Gone: 400}[type(fault)], b"")
        return response(200, b"recorded\n")

    async def _record(self, service: str, key: EndpointKey, body: bytes) -> None:
        payload = _decode(body)
        if service == SES:
            payload = await self._from_amazon(payload)
        elif service == MAILGUN:
            self._expect_mailgun(payload)
        told = [] if payload is None else list(SERVICES[service](payload))
        if len(told) > MOST_EVENTS:
            raise TooLarge
        now = datetime.now(UTC)
        entries = [entry_of(one, service, self._house.newsletters, key, now) for one in told]
        await asyncio.gather(*map(self._house.recorder.record, entries))

    def _expect_mailgun(self, payload: Any) -> None:
        key = self._house.settings.signing_keys.get(MAILGUN)
        if key is not None and not mailgun.is_signed(payload, key, time.time()):
            raise NotSigned

    async def _from_amazon(self, message: Any) -> Any:
        """The message within one of SNS; `None` for one that was confirmed, or that nothing follows from. Raises
        `NotSigned` for one that Amazon has not signed.
        """
        if not isinstance(message, dict) or not await self._confirming.is_signed(message):
            raise NotSigned
        kind = text_of(message, "Type")
        if kind == sns.SUBSCRIPTION:
            await self._confirming.confirm(message)
        return _decode(str(message.get("Message", "")).encode("utf-8", "replace")) if kind == sns.NOTIFICATION else None


def _decode(body: bytes) -> Any:
    from msgspec import DecodeError
    from msgspec.json import decode

    try:
        return decode(body)
    except (DecodeError, RecursionError, UnicodeDecodeError):
        raise NotUnderstood from None


def _secret_of(authorization: bytes) -> str:
    scheme, _blank, value = authorization.decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode("latin-1").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
