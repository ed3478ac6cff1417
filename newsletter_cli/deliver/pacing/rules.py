"""Which pacing rule holds for a domain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol


class PaceRule(Protocol):
    """How the mailboxes of some domains are written to; 0 is no limit. A domain stands for those below it, too."""

    @property
    def name(self) -> str:
        """What the display calls it."""
        ...

    @property
    def domains(self) -> tuple[str, ...]:
        """Its domains."""
        ...

    @property
    def connections(self) -> int:
        """Most connections that carry its mail."""
        ...

    @property
    def per_minute(self) -> int:
        """Most messages a minute."""
        ...


# The rule of all other domains.
REST = ""


class PaceBook:
    """The rules, to be asked for every recipient."""

    def __init__(self, rules: Sequence[PaceRule]):
        self.rules = {rule.name: rule for rule in rules}
        self._names = {domain.lower(): rule.name for rule in rules for domain in rule.domains}

    @property
    def fingerprint(self) -> str:
        """Differs where a domain is led to another rule."""
        return json.dumps(self._names, sort_keys=True, ensure_ascii=False)

    def name_of(self, domain: str) -> str:
        """The name of the rule for a domain (lower-case ASCII): its own, else that of one above it, else `REST`."""
        names = self._names
        found = names.get(domain)
        while found is None:
            domain = domain.partition(".")[2]
            if not domain:
                return REST
            found = names.get(domain)
        return found
