"""The addresses an issue gives its readers: its links, the files that it shows, and what in an address only tracks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from newsletter_cli.base.domains import DomainFault, ascii_domain
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import word_set
from newsletter_cli.markdown.survey import Link
from newsletter_cli.model import Place, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLink:
    """A link with its place. `link` and `text` are `None` for the address of an event or a job."""

    href: str
    words: str
    place: Place
    section: Section | None
    text: Text | None = None
    link: Link | None = None

    @property
    def is_standing(self) -> bool:
        """Whether it is carried over from issue to issue."""
        return self.section is not None and self.section.is_standing


def given_links(manuscript: Manuscript) -> Iterator[GivenLink]:
    """Every link of the issue, section by section: first the addresses of events and jobs, then those of the texts."""
    texts: dict[str | None, list[Text]] = {}
    for text in manuscript.all_texts:
        texts.setdefault(None if text.section is None else text.section.slug, []).append(text)
    sections: tuple[Section | None, ...] = (None, *manuscript.issue.published_sections)
    for section in sections:
        if section is not None:
            yield from _with_entries(section)
        for text in texts.get(None if section is None else section.slug, ()):
            for link in text.survey.links:
                yield GivenLink(
                    href=link.href,
                    words=link.text,
                    place=text.survey.place(link.span),
                    section=section,
                    text=text,
                    link=link,
                )


def _with_entries(section: Section) -> Iterator[GivenLink]:
    entries = [(one.url, one.title, one.line) for one in section.events]
    entries += [(one.url, one.title, one.line) for one in section.jobs]
    for url, title, line in entries:
        if url:
            yield GivenLink(href=url, words=title, place=Place(file=section.body.file, line=line or 1), section=section)


def address_key(href: str) -> str:
    """What two addresses have in common that lead to the same page: no scheme, no `www.`, no tracking, one spelling."""
    address = strip_tracking(href.strip()).address
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    host = parts.netloc.lower().removeprefix("www.")
    # What is no domain is like itself alone.
    with suppress(DomainFault):
        name, colon, port = host.partition(":")
        host = f"{ascii_domain(name)}{colon}{port}"
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return host + unquote(parts.path.rstrip("/") + query + fragment)


def is_front_page(href: str) -> bool:
    """Whether an address is that of a site as a whole: it says who is spoken of, and may well come again."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    return not parts.path.strip("/") and not parts.query and not parts.fragment


def is_web(href: str) -> bool:
    """Whether it is an `http` or `https` address."""
    return href.strip()[:8].lower().startswith(("http://", "https://"))


# Parameters that no page needs to be found: https://firefox-source-docs.mozilla.org/toolkit/components/antitracking/
# (query stripping), the ClearURLs rules, and the manuals of Matomo and of Piano (AT Internet).
TRACKING_NAMES = word_set(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid yclid igshid igsh li_fat_id rb_clickid wickedid"
    " mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv oly_enc_id oly_anon_id"
    " ml_subscriber ml_subscriber_hash s_cid xtor trackingid"
    " pk_campaign pk_cid pk_content pk_keyword pk_kwd pk_medium pk_source"
)
TRACKING_PREFIXES = ("utm_", "mtm_", "piwik_", "at_medium", "at_campaign", "at_custom", "at_creation", "at_format")
# On these hosts only: elsewhere the same name may mean anything.
TRACKING_BY_HOST = {
    "linkedin.com": frozenset(("trk", "trkinfo", "lipi", "refid")),
    "youtube.com": frozenset(("si", "feature")),
    "youtu.be": frozenset(("si", "feature")),
    "spotify.com": frozenset(("si",)),
    "twitter.com": frozenset(("s", "t", "ref_src", "ref_url")),
    "x.com": frozenset(("s", "t", "ref_src", "ref_url")),
}
TRACKING_FLAG = Pattern(r"tracking=(?:0|1|true|false|yes|no|on)?", re.IGNORECASE)
# What job boards add beside `tracking=1`: the number of the site the candidate comes from.
BESIDE_FLAG = frozenset(("idorigine", "idorigin"))
# The query ends at the fragment; `&#38;` is none.
ADDRESS_PARTS = Pattern(r"([^?#]*)(?:\?((?:[^#]|(?<=&)#(?=x?[0-9a-fA-F]+;))*))?(#.*)?", re.DOTALL)
SEPARATOR = Pattern(r"(&amp;|&)")
HOST = Pattern(r"(?:https?:)?(?://)?([^/?#:]*)", re.IGNORECASE)
TRACKING_FRAGMENT = Pattern(r"#(?:xtor|utm_[a-z]+|at_medium|at_campaign)=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stripped:
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
        if TRACKING_FLAG.fullmatch(piece) or is_beside or name.lower() in own or _is_tracking(name.lower()):
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
    for domain, names in TRACKING_BY_HOST.items():
        if host == domain or host.endswith(f".{domain}"):
            yield names


def asset_path(address: str) -> str:
    """A relative address as the name of a file among the assets."""
    return posixpath.normpath(unquote(re.split(r"[?#]", address, maxsplit=1)[0]).replace("\\", "/"))


def shown_files(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """The names of the images of the front matter and of the texts, in that order; not all of them need be there."""
    for address in manuscript.issue.images:
        yield asset_path(address), manuscript.field("images")
    for text in manuscript.all_texts:
        for image in text.survey.images:
            yield asset_path(image.src), text.survey.place(image.span)


def linked_files(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """The same of the links of the texts."""
    for text in manuscript.all_texts:
        for link in text.survey.links:
            yield asset_path(link.href), text.survey.place(link.span)
