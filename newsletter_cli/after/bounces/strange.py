"""Which address a bounce of an odd shape speaks of, asked of flufl.bounce: for a person to see, and for nothing else.

What it says of a failure counts for nothing: it takes any report for a permanent one, and quoted words for reports.
"""

from __future__ import annotations

import email
import logging
from collections.abc import Iterable

# Parts within parts: the parser of the standard library looks at each line once for each of them.
MOST_PARTS = 50
# It looks at every line a hundred times.
MOST_BYTES = 50_000


def named_by_flufl(octets: bytes) -> str:
    """The first address it finds; empty where it finds none, or stumbles."""
    octets = octets[:MOST_BYTES]
    if octets.lower().count(b"multipart/") > MOST_PARTS:
        return ""
    from flufl.bounce import all_failures

    # It writes of its own slips to the log, with what it read.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    try:
        found: Iterable[Iterable[bytes | str]] = all_failures(email.message_from_bytes(octets))
    except Exception:
        return ""
    named = sorted(
        one.decode("utf-8", "replace") if isinstance(one, bytes) else one for group in found for one in group
    )
    return next((one for one in named if "@" in one), "")
