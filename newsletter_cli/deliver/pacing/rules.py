"""Which pacing rule holds for a domain."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct


class PaceRule(Struct, frozen=True, kw_only=True):
    """How the mailboxes of some domains are written to; 0 is no limit. A domain stands for those below it, too."""

    name: str
    domains: tuple[str, ...]
    connections: int = 0
    per_minute: int = 0


# The rule of all other domains.
REST = ""

# Orange: two connections for an address, as its postmaster pages say. The others publish no number; two is what senders
# of middling lists keep to in France, and the large ones take more.
DEFAULT_RULES = (
    PaceRule(name="Orange", domains=("orange.fr", "wanadoo.fr"), connections=2),
    PaceRule(
        name="SFR", domains=("sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "numericable.fr"), connections=2
    ),
    PaceRule(name="La Poste", domains=("laposte.net",), connections=2),
    PaceRule(name="Free", domains=("free.fr", "aliceadsl.fr", "libertysurf.fr"), connections=2),
    PaceRule(name="Gmail", domains=("gmail.com", "googlemail.com"), connections=5),
    PaceRule(
        name="Microsoft",
        domains=("outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr", "msn.com"),
        connections=5,
    ),
)


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
