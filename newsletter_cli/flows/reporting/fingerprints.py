"""By what a forge knows a finding again, in the next run and when its line has moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from newsletter_cli.flows.reporting.interface import CheckResult
from newsletter_cli.flows.since import identities


def fingerprints(checked: CheckResult, *within: str) -> Iterator[str]:
    """One for each finding, in their order, no two the same. `within`: what tells one newsletter from another."""
    seen: Counter[tuple[str, ...]] = Counter()
    for identity in identities(checked.findings, checked.sources):
        seen[identity] += 1
        parts = "\0".join((*within, *identity, str(seen[identity])))
        yield hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:32]
