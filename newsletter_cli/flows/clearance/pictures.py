"""The pictures on other sites, fetched: what readers will load, octet for octet, at the moment that somebody asks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.web.asking import Answer, Asker, Cause, Limits, NotAnswered
from newsletter_cli.check.links.screen import Screen
from newsletter_cli.check.links.together import ask_all
from newsletter_cli.config import Config
from newsletter_cli.pads.hosts.answers import failure_refusal

# Far more than any picture of a mail may weigh.
MOST_BYTES = 25_000_000
THREADS = 4
ACCEPT = "image/*,*/*;q=0.5"
SIGNATURES = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"\0\0\1\0", b"II*\0", b"MM\0*",
)  # fmt: skip
DRAWING = Pattern(
    r"\A\ufeff?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE\s+svg[^>]*>\s*)*<svg[\s>]", re.DOTALL | re.IGNORECASE
)
HEAD_BYTES = 4000


class FetchedPicture(Struct, frozen=True, kw_only=True):
    """What came of asking for a picture: the SHA-256 of its octets, or why there are none. `hint`: what to do about it,
    where that is plain.
    """

    address: str
    digest: str = ""
    reason: str = ""
    hint: str = ""


def fetch_pictures(config: Config, addresses: Iterable[str]) -> tuple[FetchedPicture, ...]:
    """What each of these addresses shows now, in their order. Nothing inside the local network is asked, unless the
    links there are (`[check.links] allow_private`, `remap`).
    """
    wanted = list(dict.fromkeys(addresses))
    screen, seconds = Screen(config.check.links), config.check.links.timeout_seconds
    deadline = seconds * (2 + len(wanted) / THREADS)
    found = dict(ask_all(lambda url: _fetch(screen, url, seconds), wanted, threads=THREADS, deadline_seconds=deadline))
    slow = _("it takes too long to answer")
    return tuple(found.get(url) or FetchedPicture(address=url, reason=slow) for url in wanted)


def _fetch(screen: Screen, url: str, seconds: float) -> FetchedPicture:
    # Where the editors send an address to themselves (a site on trial on their own machine), they mean it.
    target = screen.elsewhere(url)
    asker = Asker(
        limits=Limits(size_bytes=MOST_BYTES, seconds=seconds),
        allow_private=screen.allow_private or target != url,
    )
    try:
        answer = asker.ask(target, accept=ACCEPT)
    except NotAnswered as error:
        hint = _("if that is meant: allow_private = true under [check.links]") if error.cause is Cause.PRIVATE else ""
        return FetchedPicture(address=url, reason=_reason(error), hint=hint)
    fault = next(_faults(answer), "")
    digest = "" if fault else hashlib.sha256(answer.body).hexdigest()
    return FetchedPicture(address=url, digest=digest, reason=fault)


def _reason(error: NotAnswered) -> str:
    if error.cause is Cause.TOO_LARGE:
        host = urlsplit(error.address).hostname or error.address
        return _("the answer of {host} is too large for a picture").format(host=host)
    return failure_refusal(error).reason


def _faults(answer: Answer) -> Iterator[str]:
    host = answer.address.host
    if answer.status != 200:
        yield _("{host} answers {status}").format(host=host, status=answer.status)
    if not answer.body:
        yield _("{host} answers nothing").format(host=host)
    if not is_picture(answer.body):
        yield _("what {host} answers is no picture").format(host=host)


def is_picture(octets: bytes) -> bool:
    """Whether these are the octets of a picture, whatever the server says that they are."""
    # RIFF….WEBP; ….ftypavif and its kin.
    is_boxed = octets[8:12] == b"WEBP" or octets[4:8] == b"ftyp"
    head = octets[:HEAD_BYTES].decode("utf-8", "replace")
    return octets.startswith(SIGNATURES) or is_boxed or DRAWING.search(head) is not None
