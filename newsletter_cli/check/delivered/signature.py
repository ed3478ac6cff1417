"""Signatures (DKIM, RFC 6376) checked here: whether the body is the one that was signed needs no key and no network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.delivered.difference import Difference
from newsletter_cli.check.delivered.parsed import Parsed

# Asks the DNS for the text of a name.
AskDns = Callable[[bytes], bytes | None]
HASHES = {"rsa-sha256": hashlib.sha256, "ed25519-sha256": hashlib.sha256, "rsa-sha1": hashlib.sha1}
PLACE = "DKIM-Signature"


def check_signatures(now: Parsed, ask: AskDns | None = None) -> Iterator[Difference]:
    """Each that no longer fits is a difference. `ask`: where keys may be fetched, the whole signature is verified."""
    for index, value in enumerate(now.values("dkim-signature")):
        tags = tags_of(value)
        domain = tags.get("d", "?")
        fits = _body_fits(now.octets, tags)
        if fits is False:
            yield Difference(
                kind="dkim-body-changed",
                message=_("the signature of {domain} does not fit the body any more: it was changed on the way").format(
                    domain=domain
                ),
                place=PLACE,
            )
        elif ask is not None and (verified := _verify(now.octets, index, ask)) is not None:
            if verified:
                message = _("the signature of {domain} holds, checked here").format(domain=domain)
                yield Difference(kind="dkim-verified", message=message, place=PLACE, is_note=True)
            else:
                yield Difference(
                    kind="dkim-head-changed",
                    message=_("the signature of {domain} does not hold: a signed header was changed on the way").format(
                        domain=domain
                    ),
                    place=PLACE,
                )


def tags_of(value: str) -> dict[str, str]:
    """The tags of a signature or of a key (RFC 6376, 3.2)."""
    pairs = (piece.partition("=") for piece in value.split(";"))
    return {name.strip().lower(): re.sub(r"\s+", "", text) for name, _sign, text in pairs if name.strip()}


def _body_fits(octets: bytes, tags: dict[str, str]) -> bool | None:
    """Whether the body has the hash that was signed; `None` where that cannot be told."""
    made = HASHES.get(tags.get("a", "").lower())
    expected = tags.get("bh", "")
    if made is None or not expected:
        return None
    text = octets.replace(b"\r\n", b"\n")
    body = text.partition(b"\n\n")[2].replace(b"\n", b"\r\n")
    canonical = _canonical(body, tags.get("c", "simple/simple").partition("/")[2] or "simple")
    if tags.get("l", "").isdigit():
        canonical = canonical[: int(tags["l"])]
    return base64.b64encode(made(canonical).digest()).decode() == expected


def _canonical(body: bytes, way: str) -> bytes:
    """RFC 6376, 3.4.3 and 3.4.4."""
    if way == "relaxed":
        lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
        while lines and not lines[-1]:
            lines.pop()
        return b"".join(line + b"\r\n" for line in lines)
    return re.sub(rb"(?:\r\n)*\Z", b"", body) + b"\r\n"


def _verify(octets: bytes, index: int, ask: AskDns) -> bool | None:
    """Whether the whole signature holds; `None` without dkimpy, and where its key is not found."""
    try:
        import dkim  # type: ignore[import-untyped]
    except ImportError:
        return None
    asked: list[bytes | None] = []

    def answer(name: bytes, timeout: int = 5) -> bytes | None:
        asked.append(ask(name))
        return asked[-1]

    text = octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    try:
        holds = bool(dkim.DKIM(text).verify(idx=index, dnsfunc=answer))
    # Of a message that anybody may have written: dkimpy raises whatever its parsers meet.
    except Exception:
        return None
    return holds if any(asked) else None
