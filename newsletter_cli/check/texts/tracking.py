"""What in an address only tells who sent the reader, or who the reader is: the page opens without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.texts.wording import word_set

# Parameters that no page needs to be found: https://firefox-source-docs.mozilla.org/toolkit/components/antitracking/
# (query stripping), the ClearURLs rules, and the manuals of those who send mail, sell clicks and count visits.
TRACKING_NAMES = word_set(
    # Clicks that were paid for.
    "fbclid gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid msclkid twclid ttclid yclid ysclid li_fat_id"
    " rb_clickid wickedid srsltid epik sccid irclickid irgwc cjevent zanpid tduid s_kwcid ef_id _openstat"
    # Who shared it, and with what.
    " igshid igsh mibextid ref_src ref_url _branch_match_id _branch_referrer guccounter share_id hss_channel"
    " sb_referer_host sh_kit cmpid trk_contact trk_msg trk_module trk_sid trkemail"
    # The reader of somebody's letter.
    " mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv oly_enc_id oly_anon_id"
    " ml_subscriber ml_subscriber_hash s_cid xtor trackingid _se _ke _kx __s dm_i ck_subscriber_id et_rid et_cid"
    " emci emdi ceid vgo_ee _bta_tid _bta_c ss_email_id ss_campaign_id"
    # Visits, page by page.
    " pk_campaign pk_cid pk_content pk_keyword pk_kwd pk_medium pk_source _ga _gl wt.mc_id wt.tsrc wt_mc phpsessid"
)
TRACKING_PREFIXES = (
    "utm_", "mtm_", "matomo_", "piwik_", "guce_", "hsa_", "hmb_", "bsft_", "sfmc_", "elqtrack", "elqcampaign", "lmd_",
    "pd_rd_", "pf_rd_", "wt_zmc", "at_medium", "at_campaign", "at_custom", "at_creation", "at_format", "at_variant",
    "at_recipient", "at_send_date", "at_link_", "at_ptr_", "at_bbc_", "__cft__", "__xts__",
)  # fmt: skip
# On these hosts only: elsewhere the same name may mean anything. Without an ending: under all (eventbrite.fr, .com…).
TRACKING_BY_HOST = {
    "linkedin.com": "trk trkinfo lipi licu lici refid rcm originalsubdomain original_referer midtoken midsig otptoken",
    "youtube.com": "si feature pp ab_channel",
    "youtu.be": "si feature",
    "spotify.com": "si",
    "twitter.com": "s t",
    "x.com": "s t",
    "facebook.com": "__tn__ refsrc _rdr rdid acontext notif_id notif_t share_url",
    "tiktok.com": "_r _t is_from_webapp sender_device u_code share_app_id share_link_id tt_from",
    "reddit.com": "rdt ref_source",
    "eventbrite": "aff afu",
    "meetup.com": "rv _xtd eventorigin recid recsource searchid",
    "mailchi.mp": "e",
    "campaign-archive.com": "e",
    "campaign-archive1.com": "e",
    "campaign-archive2.com": "e",
    "nytimes.com": "smid smtyp emc campaign_id instance_id segment_id user_id regi_id",
    "wsj.com": "reflink mod",
    "washingtonpost.com": "wpisrc",
    "theguardian.com": "cmp",
    "medium.com": "source",
    "substack.com": "r isfreemail triedredirect showwelcomeonshare publication_id post_id",
    "amazon": "ref_ linkcode linkid ascsubtag creativeasin qid dib dib_tag crid sprefix",
    "google": "sca_esv sca_upv ei ved uact oq gs_lcp gs_lcrp sclient sourceid aqs rlz sxsrf biw bih",
    "deezer.com": "deferredfl universal_link",
}
# LinkedIn's marks go along to the pages that it leads to; elsewhere `trk` may be a name like any other.
TRACKING_PAIR = Pattern(
    r"tracking=(?:0|1|true|false|yes|no|on)?"
    r"|trk=(?:public|feed|organization|article|guest|homepage|profile|flagship|eml|d_flagship)[\w%.-]*|rcm=aco[\w%-]*",
    re.IGNORECASE,
)
TRACKING_FLAG = Pattern(r"tracking=(?:0|1|true|false|yes|no|on)?", re.IGNORECASE)
# What job boards add beside `tracking=1`: the number of the site the candidate comes from.
BESIDE_FLAG = frozenset(("idorigine", "idorigin"))
# The query ends at the fragment; `&#38;` is none.
ADDRESS_PARTS = Pattern(r"([^?#]*)(?:\?((?:[^#]|(?<=&)#(?=x?[0-9a-fA-F]+;))*))?(#.*)?", re.DOTALL)
SEPARATOR = Pattern(r"(&amp;|&)")
HOST = Pattern(r"(?:https?:)?(?://)?([^/?#:]*)", re.IGNORECASE)
TRACKING_FRAGMENT = Pattern(r"#(?:xtor|utm_[a-z]+|at_medium|at_campaign)=", re.IGNORECASE)


class Stripped(Struct, frozen=True):
    """An address without what only tracks; `names` are the parameters taken out."""

    address: str
    names: tuple[str, ...]


def strip_tracking(address: str) -> Stripped:
    """The address as typed (`&amp;` included), without its tracking parameters; the rest is kept byte for byte."""
    parts = ADDRESS_PARTS.fullmatch(address)
    if parts is None or ("?" not in address and "#" not in address):
        return Stripped(address, ())
    base, query, fragment = parts[1], parts[2], parts[3] or ""
    taken: list[str] = []
    if TRACKING_FRAGMENT.match(fragment):
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
    is_flagged = any(TRACKING_FLAG.fullmatch(piece) for piece in pieces[::2])
    own = _names_of_host(base)
    kept: list[str] = []
    for index in range(0, len(pieces), 2):
        piece = pieces[index]
        name = piece.partition("=")[0]
        is_beside = is_flagged and name.lower() in BESIDE_FLAG
        if TRACKING_PAIR.fullmatch(piece) or is_beside or name.lower() in own or _is_tracking(name.lower()):
            taken.append(name)
            continue
        if kept:
            kept.append(pieces[index - 1])
        kept.append(piece)
    return "".join(kept)


def _is_tracking(name: str) -> bool:
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def _names_of_host(base: str) -> frozenset[str]:
    found = HOST.match(base)
    host = found[1].lower() if found else ""
    return frozenset().union(*_rules_for(host))


def _rules_for(host: str) -> Iterator[frozenset[str]]:
    for domain, names in _names_by_host().items():
        is_whole = "." in domain
        if host == domain or host.endswith(f".{domain}") or (not is_whole and f".{domain}." in f".{host}"):
            yield names


@cache
def _names_by_host() -> dict[str, frozenset[str]]:
    return {domain: word_set(names) for domain, names in TRACKING_BY_HOST.items()}
