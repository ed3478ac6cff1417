"""The addresses an issue gives its readers: its links, and the files that it shows."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from newsletter_cli.base.domains import DomainFault, ascii_domain
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.tracking import strip_tracking
from newsletter_cli.markdown.survey import Block, Link, Survey
from newsletter_cli.model import Event, Job, Place, Section


class GivenLink(Struct, frozen=True, kw_only=True):
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
            yield from _with_entries(manuscript, section)
        for text in texts.get(None if section is None else section.slug, ()):
            for link in own_links(text.survey):
                yield GivenLink(
                    href=link.href,
                    words=link.text,
                    place=text.survey.place(link.span),
                    section=section,
                    text=text,
                    link=link,
                )


# What networks give to be pasted: their own words, addresses and script, shown as a quotation.
EMBEDDED_POST = Pattern(
    r"<blockquote\b[^<>]*\bclass\s*=\s*[\"']?[^\"'<>]*\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed"
    r"|mastodon-embed|bluesky-embed|reddit-embed-bq|reddit-card|fb-post|text-post-media|imgur-embed-pub)\b",
    re.IGNORECASE,
)


def is_embedded_post(block: Block) -> bool:
    """Whether a block is the post of a network as it gives it to be pasted: nobody here wrote its links."""
    return block.kind == "html" and "<blockquote" in block.text and EMBEDDED_POST.search(block.text) is not None


def own_links(survey: Survey) -> Iterator[Link]:
    """The links of a text but for those within posts of networks, which are quotations."""
    embedded = {index for index, block in enumerate(survey.blocks) if is_embedded_post(block)}
    return (link for link in survey.links if link.block not in embedded)


def _with_entries(manuscript: Manuscript, section: Section) -> Iterator[GivenLink]:
    entries: tuple[Event | Job, ...] = (*section.events, *section.jobs)
    for entry in entries:
        if entry.url:
            place = manuscript.entry_place(section, entry)
            yield GivenLink(href=entry.url, words=entry.title, place=place, section=section)


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


def asset_path(address: str) -> str:
    """A relative address as the name of a file among the assets."""
    name = unquote(re.split(r"[?#]", address, maxsplit=1)[0]).replace("\\", "/")
    return posixpath.normpath(unicodedata.normalize("NFC", name))


def shown_files(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """The names of the logo and of the images of the front matter and of the texts, in that order; not all of them need
    be there.
    """
    if manuscript.logo is not None:
        yield manuscript.logo
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
