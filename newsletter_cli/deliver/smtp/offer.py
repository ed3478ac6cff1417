"""What a server offers in its answer to EHLO, as far as a send makes use of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct


class Offer(Struct, frozen=True, kw_only=True):
    """The extensions (RFC 5321 §2.2) that a dialogue uses.

    `size_limit_bytes` is what SIZE (RFC 1870) allows: `None` where SIZE is not offered, 0 where no limit is named.
    """

    has_pipelining: bool = False
    size_limit_bytes: int | None = None
    has_smtputf8: bool = False
    has_8bitmime: bool = False


def parse_offer(extensions: Mapping[str, str]) -> Offer:
    """From the keywords of an EHLO reply, in lower case, and what follows each of them."""
    size = extensions.get("size")
    # RFC 1870 §4: up to 20 digits.
    limit = None if size is None else int(size) if re.fullmatch(r"[0-9]{1,20}", size) else 0
    return Offer(
        has_pipelining="pipelining" in extensions,
        size_limit_bytes=limit,
        has_smtputf8="smtputf8" in extensions,
        has_8bitmime="8bitmime" in extensions,
    )
