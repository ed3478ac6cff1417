"""The Atom feed of the archive (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

from lxml import html
from msgspec import Struct

from newsletter_cli.archive.addresses import FEED
from newsletter_cli.archive.issue_page import Around
from newsletter_cli.base.pattern import Pattern

# The newest: a reader who comes later finds the others in the index.
MOST_ENTRIES = 20
# XML 1.0, 2.2 admits none of these.
CONTROL = Pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class FeedEntry(Struct, frozen=True, kw_only=True):
    """An issue in the feed. `link` leads to its page from the archive's top; `content` is the page's text, its links
    as they stand on the page. `published` knows its zone.
    """

    link: str
    title: str
    published: datetime
    content: str
    summary: str | None = None


def build_feed(entries: Sequence[FeedEntry], around: Around, *, permanent: str | None = None) -> bytes:
    """The feed of the newest of the issues; the same entries make the same bytes.

    `permanent` is the address that the archive had first: what feed readers know its entries by stays. `around` has the
    archive's own address. At least one entry.
    """
    from feedgen.feed import FeedGenerator

    base = around.base or ""
    first = permanent or base
    newest = sorted(entries, key=lambda one: one.published)[-MOST_ENTRIES:]
    feed = FeedGenerator()
    feed.generator("nl")
    feed.id(first)
    feed.title(_plain(around.title))
    if around.frame.tagline:
        feed.subtitle(_plain(around.frame.tagline))
    feed.author({"name": _plain(around.frame.name)})
    feed.language(around.frame.language)
    feed.link(
        [{"href": base + FEED, "rel": "self", "type": "application/atom+xml"}, {"href": base, "rel": "alternate"}]
    )
    feed.updated(newest[-1].published)
    # The generator puts each before those that are there.
    for one in newest:
        entry = feed.add_entry(order="prepend")
        link = one.link.removeprefix("./")
        entry.id(first + link)
        entry.title(_plain(one.title))
        entry.link({"href": base + link, "rel": "alternate", "type": "text/html"})
        entry.published(one.published)
        entry.updated(one.published)
        if one.summary:
            entry.summary(_plain(one.summary))
        entry.content(absolute(one.content, base + link), type="html")
    written: bytes = feed.atom_str(pretty=True)
    return written


def absolute(content: str, page: str) -> str:
    """The text with every address in full: a feed reader shows it far from its page."""
    root = html.fragment_fromstring(f"<div>{CONTROL.sub('', content)}</div>")
    for element in root.iter("a", "img"):
        name = "href" if element.tag == "a" else "src"
        if element.get(name):
            element.set(name, _joined(page, element.get(name) or ""))
        for mark in ("loading", "decoding", "tabindex"):
            element.attrib.pop(mark, None)
    return html.tostring(root, encoding="unicode")


def _joined(page: str, address: str) -> str:
    try:
        return urljoin(page, address)
    except ValueError:  # “http://[”: the link check names it
        return address


def _plain(text: str) -> str:
    return CONTROL.sub("", text)
