"""The addresses of links, as they were typed: nobody is asked about them here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.links.places import given_place
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import given_links, is_web, own_links
from newsletter_cli.check.texts.tracking import strip_tracking
from newsletter_cli.check.texts.wording import shorten, shown_address, word_set
from newsletter_cli.check.texts.wrapping import unwrap
from newsletter_cli.markdown.survey import Block, Definition, Survey
from newsletter_cli.model import Edit, Finding, Level, Place

NOWHERE = frozenset(("", "#", "http://", "https://", "tel:"))


@rule(
    "link-empty",
    Level.ERROR,
    _("A link has no address"),
    why="""
        A link has no address, or a mere `#` or `https://`. It was to be filled in; readers click, and nothing happens.
    """,
    bad="`[The slides]()`",
    good="`[The slides](https://example.org/slides.pdf)`",
)
def link_empty(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link whose address is empty, a lone `#` or a lone beginning."""
    for text in manuscript.all_texts:
        for link in own_links(text.survey):
            if link.href.strip() not in NOWHERE:
                continue
            words = shorten(link.text)
            yield link_empty.at(
                text.survey.place(link.span),
                _("the link “{words}” leads nowhere: its address is missing").format(words=words)
                if words
                else _("this link has neither words nor an address"),
                suggestion=_(
                    "write the address between the brackets: [{words}](https://…), or take the link away"
                ).format(words=words or _("where it leads")),
            )


# Services that shorten anything. Those of one site for its own pages (youtu.be, forms.gle) say enough.
SHORTENERS = word_set(
    "bit.ly bitly.com j.mp t.co tinyurl.com lnkd.in ow.ly buff.ly goo.gl is.gd v.gd rb.gy cutt.ly shorturl.at"
    " tiny.cc t.ly dlvr.it x.gd n9.cl qrco.de bl.ink rebrand.ly soo.gd clck.ru u.to adf.ly kutt.it urlz.fr urlr.me"
    " lc.cx vu.fr frama.link huit.re s.42l.fr ift.tt hubs.ly hubs.la spr.ly trib.al snip.ly po.st flip.it dub.sh"
    " acesse.one shorte.st bc.vc l.ead.me short.gy minilien.fr mcaf.ee"
)


@rule(
    "link-shortener",
    Level.WARNING,
    _("A shortened address hides where it leads"),
    why="""
        The address is one of a service that shortens addresses. Nobody sees where it leads, the service counts the
        readers, filters against spam dislike it, and one day it is gone.
    """,
    bad="`[The atlas of tides](https://bit.ly/3tYdes)`",
    good="`[The atlas of tides](https://example.org/atlas)`",
)
def link_shortener(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link to one of the known services; the services' own front pages are none."""
    for one in given_links(manuscript):
        if not is_web(one.href):
            continue
        try:
            parts = urlsplit(one.href)
        except ValueError:
            continue
        if parts.netloc.lower().removeprefix("www.") in SHORTENERS and parts.path.strip("/"):
            yield link_shortener.at(
                one.place,
                _("{address} hides where it leads").format(address=shown_address(one.href)),
                suggestion=_("open it and give the address you arrive at"),
                subject=one.href,
            )


SPACED = Pattern(
    r"\[(?P<words>[^\[\]\n]+)\](?P<blank>[ \t\u00a0\u202f]+)"
    r"\((?:(?:https?://|mailto:|tel:)[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*"
    r"|[^\s()<>:]+\.(?:png|jpe?g|gif|svg|webp|pdf|docx?|odt|xlsx?|ods|csv|pptx?|odp|zip|ics))\)",
    re.IGNORECASE,
    rough=r"\][ \t\u00a0\u202f]+\(",
)
SPACED_PICTURE = Pattern(
    r"(?m:^)[ \t]*(?P<mark>!)(?P<blank>[ \t\u00a0\u202f]+)\[(?P<words>[^\[\]\n]{0,200})\]"
    r"\([^\s()]{1,600}\.(?:png|jpe?g|gif|svg|webp|avif|heic)\)",
    re.IGNORECASE,
    rough=r"!\s+\[",
)
# “[sic]”, “[…]”, “[3]”: a remark or the number of a source, with its address behind it.
REMARK = Pattern(r"(?:sic|\W+|\d+)", re.IGNORECASE)


@rule(
    "link-spaced",
    Level.WARNING,
    _("A blank keeps a link from being one"),
    why="""
        A blank between the words and the address keeps them from being a link: readers see brackets. A blank behind
        the `!` of a picture makes a link of it. `--fix` takes the blank away.
    """,
    bad="`[The atlas of tides] (https://example.org/atlas)`",
    good="`[The atlas of tides](https://example.org/atlas)`",
    is_fixable=True,
)
def link_spaced(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each; the blank is what goes (CommonMark 0.31, 6.3: no white space is allowed there)."""
    for text in manuscript.all_texts:
        survey = text.survey
        for block in survey.blocks:
            if "!" in block.prose and "](" in block.text:
                yield from _spaced_pictures(survey, block)
            if "] " not in block.text and "]\t" not in block.text and "]\u00a0" not in block.text:
                continue
            for found in SPACED.finditer(block.text):
                start, end = found.span("blank")
                # Not within code, nor the words of a link already.
                is_prose = block.prose[found.start()] == "[" and block.prose[start - 1] == "]"
                if not is_prose or REMARK.fullmatch(found["words"]):
                    continue
                yield link_spaced.at(
                    survey.place_in(block, *found.span()),
                    _("“{words}” is no link yet: there is a blank before the address").format(
                        words=shorten(found["words"])
                    ),
                    suggestion=_("take the blank away: [{words}](https://…)").format(words=shorten(found["words"])),
                    edits=survey.edits_in(block, start, end, ""),
                )


def _spaced_pictures(survey: Survey, block: Block) -> Iterator[Finding]:
    """Only at the beginning of a line: behind words, as in “Come ! [The map](map.png)”, the mark ends a sentence."""
    for found in SPACED_PICTURE.finditer(block.text):
        if block.prose[found.start("mark")] == "!":
            yield link_spaced.at(
                survey.place_in(block, found.start("mark"), found.end()),
                _("“{words}” is no picture yet: there is a blank behind the exclamation mark").format(
                    words=shorten(found["words"])
                ),
                suggestion=_("take the blank away: ![{words}](…)").format(words=shorten(found["words"])),
                edits=survey.edits_in(block, *found.span("blank"), ""),
            )


@rule(
    "link-tracking",
    Level.WARNING,
    _("An address carries tracking parameters"),
    why="""
        The address carries parameters that only tell who sent the reader: `utm_…`, `fbclid`, `gclid`, `mc_eid`, a
        `tracking=1` with the number beside it, LinkedIn's `rcm` and `trk`, Eventbrite's `aff`… The page opens without
        them. `--fix` takes them out, in the `url:` of an event or a job, too, and keeps the rest as it is.
    """,
    bad="`[The atlas](https://example.org/atlas?page=2&utm_source=letter#maps)`",
    good="`[The atlas](https://example.org/atlas?page=2#maps)`",
    is_fixable=True,
)
def link_tracking(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link, and each definition of one, with parameters that surely only track.

    They are what goes; the rest of the address stays byte for byte.
    """
    for one in given_links(manuscript):
        if is_web(one.href) and (one.link is None or one.link.kind != "reference") and unwrap(one.href) is None:
            written = given_place(one)
            yield from _tracking_finding(written.typed, one.place, written.edits_as_typed)
    for text in manuscript.texts:
        for definition in text.survey.definitions:
            if is_web(definition.href) and unwrap(definition.href) is None:
                place, edits = text.survey.place(definition.span), partial(_exact_edits, text.survey, definition)
                yield from _tracking_finding(definition.address, place, edits)


def _exact_edits(survey: Survey, definition: Definition, new: str) -> tuple[Edit, ...]:
    span = definition.span
    return survey.edits(span, new) if survey.source.text[span.start : span.end] == definition.address else ()


def _tracking_finding(address: str, place: Place, edits: Callable[[str], tuple[Edit, ...]]) -> Iterator[Finding]:
    stripped = strip_tracking(address)
    if not stripped.names:
        return
    names = ", ".join(dict.fromkeys(stripped.names))
    yield link_tracking.at(
        place,
        _("the address {address} carries what only tracks the reader: {names}").format(
            address=shown_address(stripped.address), names=names
        ),
        # Whole, however long: it is what to copy.
        suggestion=_("write {new}").format(new=stripped.address),
        subject=address,
        edits=edits(stripped.address),
    )
