"""Addresses that are well written and doubtful all the same: likely slips, roles, disposable domains.

Proposed or warned of, never changed: only a person can know whether `gmial.com` was meant.
"""

from __future__ import annotations

import difflib
from functools import lru_cache

# Mailbox providers of the readership, and the look-alikes that exist (they are not slips).
PROVIDERS = [
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.fr",
    "outlook.com",
    "outlook.fr",
    "live.com",
    "live.fr",
    "msn.com",
    "yahoo.com",
    "yahoo.fr",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "gmx.com",
    "gmx.fr",
    "gmx.net",
    "mail.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "sfr.fr",
    "neuf.fr",
    "bbox.fr",
    "laposte.net",
    "numericable.fr",
    "club-internet.fr",
    "aliceadsl.fr",
    "gouv.fr",
    "interieur.gouv.fr",
    "finances.gouv.fr",
    "numerique.gouv.fr",
    "developpement-durable.gouv.fr",
    "insee.fr",
]
REAL_NEIGHBOURS = frozenset(
    ["email.com", "hotmail.it", "hotmail.es", "yahoo.it", "yahoo.es", "live.it", "fre.fr", "gmx.at", "gmx.ch"]
)
# Ends that do not exist, and what they stand for.
ENDS = {
    ".gouv.f": ".gouv.fr", ".gouv": ".gouv.fr", ".gouvfr": ".gouv.fr", ".gov.fr": ".gouv.fr", ".gouv.com": ".gouv.fr",
    ".con": ".com", ".cmo": ".com", ".comm": ".com", ".cim": ".com", ".fr.fr": ".fr", ".ffr": ".fr", ".frr": ".fr",
    ".f": ".fr", ".c": ".com", ".ogr": ".org", ".nte": ".net",
}  # fmt: skip
# RFC 2142, and what French organisations use besides.
ROLES = frozenset(
    [
        "abuse",
        "accueil",
        "admin",
        "administrateur",
        "administration",
        "commercial",
        "communication",
        "compta",
        "comptabilite",
        "contact",
        "direction",
        "dpo",
        "equipe",
        "ftp",
        "hostmaster",
        "info",
        "information",
        "infos",
        "listmaster",
        "mailer-daemon",
        "marketing",
        "news",
        "newsletter",
        "no-reply",
        "noc",
        "noreply",
        "ne-pas-repondre",
        "office",
        "postmaster",
        "presse",
        "rh",
        "root",
        "sales",
        "secretariat",
        "security",
        "support",
        "usenet",
        "webmaster",
        "www",
    ]
)
CUTOFF = 0.84
# Below this length two real domains are too easily alike.
SHORTEST = 6


@lru_cache(maxsize=16_384)
def suggest_domain(domain: str) -> str | None:
    """The domain that `domain` is likely a slip of, if any."""
    if domain in PROVIDERS or domain in REAL_NEIGHBOURS:
        return None
    for end, meant in ENDS.items():
        if domain.endswith(end) or domain == end[1:]:
            return domain.removesuffix(end) + meant if domain.endswith(end) else meant[1:]
    if len(domain) < SHORTEST or domain.startswith("xn--"):
        return None
    near = difflib.get_close_matches(domain, PROVIDERS, n=1, cutoff=CUTOFF)
    # gmail.fr and hotmail.de are other people's domains, not slips of the keyboard.
    if near and near[0].partition(".")[0] == domain.partition(".")[0]:
        return None
    # A finger slips in the middle of a word: tree.fr is not free.fr.
    is_alike = bool(near) and near[0][0] == domain[0] and abs(len(near[0]) - len(domain)) <= 1
    return near[0] if is_alike else None


def is_role(address: str) -> bool:
    """Whether the address is an office's, not a person's."""
    return address.partition("@")[0].lower() in ROLES


def is_disposable(domain: str) -> bool:
    """Whether the domain hands out throw-away mailboxes (list of disposable-email-domains)."""
    from disposable_email_domains import blocklist

    return domain in blocklist
