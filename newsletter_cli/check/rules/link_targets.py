"""Links that readers cannot follow, told by the address alone: mistyped, missing, wrapped in another."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.links.places import given_place
from newsletter_cli.check.rule import rule
from newsletter_cli.check.rules.image_files import nearest_file
from newsletter_cli.check.rules.link_addresses import NOWHERE
from newsletter_cli.check.rules.placeholders import ADDRESS as LEFT_OPEN
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import GivenLink, asset_path, given_links, is_web
from newsletter_cli.check.texts.targets import FILE_ENDINGS, AddressSlip, is_on_own_machine, mistyped
from newsletter_cli.check.texts.tracking import strip_tracking
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.check.texts.wrapping import unwrap
from newsletter_cli.model import Finding, Level


@rule(
    "link-mistyped",
    Level.ERROR,
    _("An address is mistyped"),
    why="""
        An address is no whole one, and would be looked for beside your own post: a mailbox without `mailto:`, a site
        without `https://`, a slip in those (`https//`, `htp://`, `http://https://`), a telephone number with blanks
        behind `tel:`. `--fix` writes what was meant, where that is plain.
    """,
    bad="`[write to us](contact@example.org)`",
    good="`[write to us](mailto:contact@example.org)`",
    is_fixable=True,
)
def link_mistyped(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each; what becomes of it is judged by its form alone (RFC 3966, 3986, 6068)."""
    for one in given_links(manuscript):
        if one.href.strip() in NOWHERE:
            continue
        place = given_place(one)
        typed = place.typed if one.link is not None and one.link.kind not in ("bare", "auto") else one.href
        # A file of the issue may have any name.
        if asset_path(one.href) in manuscript.assets:
            continue
        slip = mistyped(unquote(typed) if typed.startswith(("tel:", "sms:")) else typed)
        if slip is None:
            continue
        yield link_mistyped.at(
            one.place,
            _slip_message(slip.slip).format(address=shorten(typed)),
            suggestion=_("write {new}").format(new=slip.meant)
            if slip.meant
            else _("write a whole address that begins with https:// or mailto:"),
            edits=place.edits_as_typed(slip.meant) if slip.meant else (),
            subject=one.href,
        )


def _slip_message(slip: AddressSlip) -> str:
    return {
        AddressSlip.MAIL: _(
            "“{address}” is a mail address, but no link to one: readers land on a page that is not there"
        ),
        AddressSlip.MAIL_BY_WEB: _("“{address}” is a mail address behind https://: readers land on a web site"),
        AddressSlip.TWICE: _("“{address}” has two beginnings, and leads nowhere"),
        AddressSlip.BEGINNING: _("the beginning of “{address}” is mistyped: it leads nowhere"),
        AddressSlip.NO_BEGINNING: _("the address {address} lacks its https://, and leads nowhere"),
        AddressSlip.HOST: _("no site can have the name that “{address}” gives"),
        AddressSlip.TELEPHONE: _("“{address}” is no number that a telephone can dial"),
        AddressSlip.NO_TELEPHONE: _("“{address}” gives no telephone number"),
    }[slip]


SCHEME = Pattern(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
# What Markdown leaves as text: `[words](file:///…)`.
REFUSED = Pattern(r"(?<!!)\[[^\[\]\n]*\]\((file:[^()\s]*)\)", re.IGNORECASE)
PAGE_ENDINGS = frozenset(("html", "htm", "xhtml", "php", "asp", "aspx", "jsp"))


@rule(
    "link-file-missing",
    Level.ERROR,
    _("A link leads to a file that is not there"),
    why="""
        A link leads to a file that the issue does not have: it was never put there, is named otherwise, is the source
        of a page (`.md`, `.qmd`), or lies on somebody's computer or on a shared drive. A warning where it could be a
        page of your site. What begins with `/`, and pages further up (`../july/`), belong to your site and are not
        looked at.
    """,
    bad="`[The programme](programme.pdf)`, when there is no such file beside the section.",
    good="`[The programme](files/programme.pdf)`, and the file there.",
)
def link_file_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such link; the name nearest to it is told."""
    for one in given_links(manuscript):
        typed = given_place(one).typed if one.link is not None else one.href
        if is_on_own_machine(typed) or is_on_own_machine(one.href):
            yield _on_own_machine(one, typed)
        elif one.href.strip() not in NOWHERE and mistyped(typed) is None:
            yield from _missing(manuscript, one)
    for text in manuscript.all_texts:
        survey = text.survey
        for block in survey.blocks if "](file:" in survey.source.text.lower() else ():
            for found in REFUSED.finditer(block.text) if block.kind not in ("code", "html") else ():
                if block.prose[found.start()] == "[":
                    place = survey.place_in(block, *found.span())
                    yield link_file_missing.at(place, _own_message(found[1]), suggestion=_own_suggestion())


def _on_own_machine(one: GivenLink, typed: str) -> Finding:
    return link_file_missing.at(one.place, _own_message(typed), suggestion=_own_suggestion())


def _own_message(address: str) -> str:
    name = unquote(address).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return _("{name} is on one computer or network only: no reader can open it").format(name=shorten(name))


def _own_suggestion() -> str:
    return _(
        "put the file into files/ beside the sections and write files/…, or give an address that begins with https://"
    )


def _missing(manuscript: Manuscript, one: GivenLink) -> Iterator[Finding]:
    address = one.href.strip()
    if one.link is None or address.startswith(("/", "#", "?")) or SCHEME.match(address):
        return
    if LEFT_OPEN.fullmatch(one.link.address):
        return
    path = asset_path(address)
    if path in manuscript.assets or path in (".", ".."):
        return
    ending = posixpath.splitext(path)[1].lower().removeprefix(".")
    is_page = not ending or ending in PAGE_ENDINGS or ending not in FILE_ENDINGS
    if is_page and path.startswith("..") and manuscript.online_url:
        return
    close = nearest_file(path, manuscript.assets)
    yield link_file_missing.at(
        one.place,
        _("there is no file {name} in this issue's folder").format(name=shorten(path)),
        suggestion=_("did you mean “{key}”?").format(key=close)
        if close
        else _("put the file into files/ beside the sections, or give the whole address, which begins with https://"),
        level=Level.WARNING if is_page and "/" in path else None,
        subject=unquote(address),
    )


@rule(
    "link-wrapped",
    Level.WARNING,
    _("An address stands around another"),
    why="""
        The address is not that of the page: a mail filter (Outlook Safe Links, urldefense…), a search engine, a network
        or a sender of letters stands before it and counts who comes. Many of them carry the mailbox of whoever copied
        the address. `--fix` writes the page's own address where it can be read from the other.
    """,
    bad="`[The atlas](https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fatlas)`",
    good="`[The atlas](https://example.org/atlas)`",
    is_fixable=True,
)
def link_wrapped(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each; the page's own address goes without what only tracks, too."""
    for one in given_links(manuscript):
        wrapped = unwrap(one.href) if is_web(one.href) else None
        if wrapped is None:
            continue
        target = None if wrapped.target is None else strip_tracking(wrapped.target).address
        yield link_wrapped.at(
            one.place,
            _("this address leads through {host}, and only then to the page").format(host=wrapped.host),
            suggestion=_("write {new}").format(new=target)
            if target
            else _("open it and give the address you arrive at"),
            edits=given_place(one).edits(target) if target else (),
        )


def is_told_already(href: str) -> bool:
    """Whether the form of an address has been found fault with here: nothing more is to be said of it."""
    return mistyped(href) is not None or is_on_own_machine(href)
