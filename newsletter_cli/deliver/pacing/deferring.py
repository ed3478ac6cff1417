"""When a delivery that a server put off is tried again."""

from __future__ import annotations

# RFC 5321 §4.5.4.1 has half an hour between tries; greylisting wants a minute to five.
FIRST_WAIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 1800.0


def deferral_wait_seconds(tries: int, patience_seconds: float, jitter: float) -> float:
    """How long a deferred delivery waits after its `tries`-th try: longer each time, spread by a quarter both ways.

    With little patience the first wait is a part of it, so that there is more than one try. `jitter` from 0 to 1.
    """
    first = min(FIRST_WAIT_SECONDS, max(1.0, patience_seconds / 20)) if patience_seconds else FIRST_WAIT_SECONDS
    return float(min(LONGEST_WAIT_SECONDS, first * 2 ** max(0, tries - 1)) * (0.75 + jitter / 2))
