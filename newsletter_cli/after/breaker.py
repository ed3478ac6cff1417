"""The circuit breaker: when one run would take off so many that a person has to look first.

Where whole providers answer wrongly, or a message is misread, it shows in the numbers. Whoever asks to leave by their
own token is not counted: that is their right, however many they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

# More than two in a hundred of the list, and three at least: of twenty people, two that are gone are no accident.
PERCENT = 2
FEWEST = 3
# More than a quarter of those at one domain, and five at least.
DOMAIN_PERCENT = 25
FEWEST_OF_DOMAIN = 5


class Burst(Struct, frozen=True, kw_only=True):
    """So many of so many: of the list, or of those at `domain`."""

    count: int
    total: int
    domain: str = ""


def find_burst(leaving: Mapping[str, int], written_to: Mapping[str, int], total: int) -> Burst | None:
    """What stops the run, if anything does. `leaving` and `written_to` are by domain: who would be taken off, who was
    written to; `total` is everybody that was.
    """
    count = sum(leaving.values())
    if count >= FEWEST and count * 100 > total * PERCENT:
        return Burst(count=count, total=total)
    for domain, some in sorted(leaving.items(), key=lambda one: -one[1]):
        there = written_to.get(domain, 0)
        if some >= FEWEST_OF_DOMAIN and some * 100 > there * DOMAIN_PERCENT:
            return Burst(count=some, total=there, domain=domain)
    return None
