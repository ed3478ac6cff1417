"""What in an address only tells who sent the reader, and can go: parameters of campaigns and of clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import word_set

# Parameters that no page needs to be found: https://firefox-source-docs.mozilla.org/toolkit/components/antitracking/
# (query stripping), the ClearURLs rules, and the manuals of Matomo and of Piano (AT Internet).
NAMES = word_set(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid yclid igshid igsh li_fat_id rb_clickid wickedid"
    " mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv oly_enc_id oly_anon_id"
    " ml_subscriber ml_subscriber_hash s_cid xtor trackingid"
    " pk_campaign pk_cid pk_content pk_keyword pk_kwd pk_medium pk_source"
)
PREFIXES = ("utm_", "mtm_", "piwik_", "at_medium", "at_campaign", "at_custom", "at_creation", "at_format")
# On these hosts only: elsewhere the same name may mean anything.
BY_HOST = {
    "linkedin.com": frozenset(("trk", "trkinfo", "lipi", "refid")),
    "youtube.com": frozenset(("si", "feature")),
    "youtu.be": frozenset(("si", "feature")),
    "spotify.com": frozenset(("si",)),
    "twitter.com": frozenset(("s", "t", "ref_src", "ref_url")),
    "x.com": frozenset(("s", "t", "ref_src", "ref_url")),
}
FLAG = Pattern(r"tracking=(?:0|1|true|false|yes|no|on)?", re.IGNORECASE)
# What job boards add beside `tracking=1`: the number of the site the candidate comes from.
BESIDE_FLAG = frozenset(("idorigine", "idorigin"))
# The query ends at the fragment; `&#38;` is none.
PARTS = Pattern(r"([^?#]*)(?:\?((?:[^#]|(?<=&)#(?=x?[0-9a-fA-F]+;))*))?(#.*)?", re.DOTALL)
SEPARATOR = Pattern(r"(&amp;|&)")
HOST = Pattern(r"(?:https?:)?(?://)?([^/?#:]*)", re.IGNORECASE)
FRAGMENT = Pattern(r"#(?:xtor|utm_[a-z]+|at_medium|at_campaign)=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stripped:
    """An address without what only tracks; `names` are the parameters taken out."""

    address: str
    names: tuple[str, ...]


def strip_tracking(address: str) -> Stripped:
    """The address as typed (`&amp;` included), without its tracking parameters; the rest is kept byte for byte."""
    parts = PARTS.fullmatch(address)
    if parts is None or ("?" not in address and "#" not in address):
        return Stripped(address, ())
    base, query, fragment = parts[1], parts[2], parts[3] or ""
    taken: list[str] = []
    if FRAGMENT.match(fragment):
        taken.append(fragment[1 : fragment.index("=")])
        fragment = ""
    if query:
        kept = _kept(query, base, taken)
        query = kept or None
    elif query == "" and not taken:
        return Stripped(address, ())
    if not taken:
        return Stripped(address, ())
    return Stripped(base + ("" if query is None else f"?{query}") + fragment, tuple(taken))


def _kept(query: str, base: str, taken: list[str]) -> str:
    pieces = SEPARATOR.split(query)
    is_flagged = any(FLAG.fullmatch(piece) for piece in pieces[::2])
    own = _names_of_host(base)
    kept: list[str] = []
    for index in range(0, len(pieces), 2):
        piece = pieces[index]
        name = piece.partition("=")[0]
        is_beside = is_flagged and name.lower() in BESIDE_FLAG
        if FLAG.fullmatch(piece) or is_beside or name.lower() in own or _is_tracking(name.lower()):
            taken.append(name)
            continue
        if kept:
            kept.append(pieces[index - 1])
        kept.append(piece)
    return "".join(kept)


def _is_tracking(name: str) -> bool:
    return name in NAMES or name.startswith(PREFIXES)


def _names_of_host(base: str) -> frozenset[str]:
    found = HOST.match(base)
    host = found[1].lower() if found else ""
    return frozenset().union(*_rules_for(host))


def _rules_for(host: str) -> Iterator[frozenset[str]]:
    for domain, names in BY_HOST.items():
        if host == domain or host.endswith(f".{domain}"):
            yield names
