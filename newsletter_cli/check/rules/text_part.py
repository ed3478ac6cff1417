"""The plain text of the e-mail, compared with the e-mail itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import html

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.origins import HEADINGS, squeezed
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.check.texts.search import those_within
from newsletter_cli.markdown.text_wrap import display_width, wrap
from newsletter_cli.model import Finding, Level


@rule(
    "text-part-headings",
    Level.WARNING,
    _("The plain text lacks a heading of the e-mail"),
    why="""
        A heading of the e-mail is not in the plain text, or not in its place.
    """,
    bad="a theme with an `<h2>Our partners</h2>` of its own.",
    good="a section `partners.md`, marked `standing`.",
)
def text_part_headings(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each heading that the text does not have behind the one before it."""
    text = renditions.squeezed_text
    headings = [one for one in renditions.body.iter(*HEADINGS) if not renditions.looks.light[one].is_hidden]
    there = those_within((piece for heading in headings for piece in _pieces(heading)), text)
    position = 0
    for heading in headings:
        end = _end_of(heading, text, position) if there.issuperset(_pieces(heading)) else None
        if end is not None:
            position = end
            continue
        yield text_part_headings.at(
            renditions.origin_of(heading),
            _("the heading “{text}” is not in the plain text, or not in its place").format(
                text=" ".join(heading.text_content().split())
            ),
            suggestion=_("readers of the plain text miss it; the theme may have a heading of its own"),
        )


def _pieces(heading: html.HtmlElement) -> list[str]:
    """What the heading is made of, as the text would say it: a theme may write 01 for 1."""
    pieces = [squeezed(piece) for piece in heading.itertext()]
    return [piece.lstrip("0") or piece if piece.isdecimal() else piece for piece in pieces]


def _end_of(heading: html.HtmlElement, text: str, position: int) -> int | None:
    """Where the heading ends in the text, from `position` on; `None` where it is not there.

    Its pieces one after the other: behind a link the text says which, and in the place of an image what it shows.
    """
    for said in _pieces(heading):
        found = text.find(said, position)
        if found < 0:
            return None
        position = found + len(said)
    return position


SPACE = Pattern(r"\s+")


@rule(
    "text-part-links",
    Level.WARNING,
    _("The plain text lacks a link of the e-mail"),
    why="""
        The plain text does not have the address of a link of the e-mail.
    """,
    bad="a theme with a link of its own in the footer.",
    good="the address in a line under `legal`, in `[email]`.",
)
def text_part_links(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each address of a link that the text does not have. Places within the page need none."""
    links = {address: link for link in reversed(list(renditions.body.iter("a"))) if (address := link.get("href"))}
    wanted = [one for one in reversed(links) if not _is_within_page(one, renditions.online_url)]
    written = {address: _as_written(address) for address in wanted}
    there = those_within((one for ways in written.values() for one in ways), SPACE.sub("", renditions.text))
    for address in wanted:
        if there.isdisjoint(written[address]):
            yield text_part_links.at(
                renditions.origin_of(links[address]),
                _("the link to {address} is not in the plain text").format(address=address),
                suggestion=_("readers of the plain text miss it; the theme may have a link of its own"),
                subject=address,
            )


def _is_within_page(address: str, online_url: str | None) -> bool:
    return address.startswith("#") or (online_url is not None and address.partition("#")[0] == online_url)


def _as_written(address: str) -> tuple[str, ...]:
    """How an address may stand in the text, blanks left out: as it is, as it was typed, and a mailbox as such.

    The serialiser of HTML percent-encodes what is not ASCII; the text may have it either way.
    """
    scheme, _colon, rest = address.partition(":")
    mailbox = unquote(rest.partition("?")[0]) if scheme.lower() == "mailto" else ""
    return tuple(SPACE.sub("", one) for one in (address, unquote(address), mailbox) if one)


TAG = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s+[a-zA-Z-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s<>]+))?)*\s*/?>|<!--|&(?:nbsp|amp|lt|gt|quot|#\d+);"
)


@rule(
    "text-part-markup",
    Level.WARNING,
    _("The plain text has HTML in it"),
    why="""
        The plain text has HTML in it that nobody wrote as prose or code.
    """,
    bad="`See &nbsp; the <b>map</b>` in the text of the mail.",
    good="`See the map`.",
)
def text_part_markup(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each tag or reference that no reader of the HTML sees as text: `<div>` in code is code."""
    found = list(dict.fromkeys(TAG.findall(renditions.text)))
    if not found:
        return
    shown = SPACE.sub("", " ".join(one.text for one in renditions.looks.texts) + " ".join(renditions.words))
    there = those_within((SPACE.sub("", tag) for tag in found), shown)
    for tag in found:
        if SPACE.sub("", tag) not in there:
            yield text_part_markup.at(
                renditions.field("title"),
                _("the plain text has HTML in it: {tag}").format(tag=tag),
                suggestion=_("look for it in the titles and the legal lines, which are plain text"),
                subject=tag,
            )


MOST_COLUMNS = 76
# An address cannot be broken; columns of a table and code must not be.
UNBROKEN = re.compile(r"[a-z][a-z0-9+.-]*:\S|\S {2,}\S|^ {4}", re.IGNORECASE)


@rule(
    "text-part-width",
    Level.INFO,
    _("Lines of the plain text are too long"),
    why="""
        A line of the plain text is longer than 76 columns though it could have been broken. Addresses, code and
        tables stay as long as they are.
    """,
    bad="a paragraph on one line.",
    good="the same on three.",
)
def text_part_width(renditions: Renditions) -> Iterator[Finding]:
    """One finding for all lines of more than 76 columns that could have been broken (RFC 3676 §4.2)."""
    long = [line for line in renditions.text.split("\n") if len(line) > MOST_COLUMNS // 2 and _is_too_long(line)]
    if long:
        yield text_part_width.at(
            renditions.field("title"),
            ngettext(
                "{count} line of the plain text is longer than 76 columns: “{line}…”",
                "{count} lines of the plain text are longer than 76 columns: “{line}…”",
                len(long),
            ).format(count=len(long), line=long[0].strip()[:40]),
            suggestion=_("nothing of yours: please report it with the section"),
        )


def _is_too_long(line: str) -> bool:
    if display_width(line) <= MOST_COLUMNS or UNBROKEN.search(line):
        return False
    # What may not be broken anywhere stays as long as it is: a name, an amount, words held together.
    return len(wrap(line.strip(), MOST_COLUMNS)) > 1
