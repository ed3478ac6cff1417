"""Links that readers cannot follow, told by the address alone: mistyped, missing, near, wrapped, somebody's own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.links.places import given_place
from newsletter_cli.check.rule import rule
from newsletter_cli.check.rules.image_files import nearest_file
from newsletter_cli.check.rules.link_addresses import NOWHERE
from newsletter_cli.check.rules.placeholders import ADDRESS as LEFT_OPEN
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import GivenLink, asset_path, given_links, is_web
from newsletter_cli.check.texts.targets import (
    FILE_ENDINGS,
    AddressSlip,
    Nearby,
    is_on_own_machine,
    is_signed_in,
    mistyped,
    nearby,
)
from newsletter_cli.check.texts.tracking import strip_tracking
from newsletter_cli.check.texts.wording import shorten, shown_address
from newsletter_cli.check.texts.wrapping import leaves_a_list, names_a_reader, unwrap
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
    "link-private",
    Level.WARNING,
    _("An address leads to a machine that readers do not reach"),
    why="""
        An address is that of a machine of the local network (`192.168.…`, `https://wiki/`, `.local`, `.lan`,
        `intranet.…`), which readers elsewhere do not reach. An error for `localhost` and `127.0.0.1`: that is each
        reader's own machine. Where all readers are within that network, `allow_private = true` under `[check.links]`
        says so.
    """,
    bad="`[The draft](http://192.168.1.20/draft)`",
    good="`[The draft](https://wiki.example.org/draft)`",
)
def link_private(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each, told from the name alone (RFC 1918, 6761, 6762)."""
    for one in given_links(manuscript):
        if not is_web(one.href) or mistyped(one.href) is not None:
            continue
        near = nearby(one.href)
        if near is Nearby.MACHINE:
            is_shown = one.link is not None and one.link.kind in ("bare", "auto")
            yield link_private.at(
                one.place,
                _("{address} is each reader's own machine").format(address=shown_address(one.href)),
                suggestion=_("where readers are to type it, set it as code: `{address}`").format(address=one.href)
                if is_shown
                else _("give the address that others reach"),
                level=Level.WARNING if is_shown else Level.ERROR,
            )
        elif near is Nearby.NETWORK and not manuscript.allows_private:
            yield link_private.at(
                one.place,
                _("{address} is known within one network only: readers elsewhere cannot follow").format(
                    address=shown_address(one.href)
                ),
                suggestion=_("give the public address; or, if all are there, allow_private = true under [check.links]"),
            )


@rule(
    "link-password",
    Level.ERROR,
    _("An address gives a password away"),
    why="""
        An address has somebody's name and password before the site's (`https://name:password@…`). Every reader gets
        them, and they stay in the post. Take them out and change the password. A warning where there is a name only.
    """,
    bad="`[The files](https://ines:secret@files.example.org/june)`",
    good="`[The files](https://files.example.org/june)`",
)
def link_password(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each (RFC 3986, 3.2.1). What is given away is not repeated."""
    for one in given_links(manuscript):
        signed = is_signed_in(one.href) if is_web(one.href) and mistyped(one.href) is None else None
        if signed is None:
            continue
        host = urlsplit(one.href.strip()).hostname or ""
        yield link_password.at(
            one.place,
            _("the address at {host} gives a password away").format(host=host)
            if signed[1]
            else _("the address at {host} has somebody's name before the site").format(host=host),
            suggestion=_("take out all up to the @, and change the password: it may have been published already")
            if signed[1]
            else _("take out all up to the @; if a mailbox was meant, write mailto:"),
            level=None if signed[1] else Level.WARNING,
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


# What a mailbox in the browser shows: nobody else has it.
MAILBOX_PAGE = Pattern(
    r"https?://(?:mail\.google\.com/mail|outlook\.(?:live|office|office365)\.com/(?:mail|owa|calendar)"
    r"|outlook\.cloud\.microsoft/mail|[\w.-]+/owa/|mail\.yahoo\.com/d/|webmail\.[\w.-]+/.)",
    re.IGNORECASE,
    rough=r"mail|outlook|/owa/|MAIL|OUTLOOK|Mail|Outlook|/OWA/",
)


@rule(
    "link-personal",
    Level.WARNING,
    _("An address is somebody's own"),
    why="""
        The address belongs to one person: it takes them off a list, holds their mailbox, or opens their own mail.
        Whoever follows it acts in their name, or sees a page that asks for a password.
    """,
    bad="`[The other letter](https://lists.example.org/unsubscribe?user=4f9a0c7be1d2a3)`",
    good="`[The other letter](https://lists.example.org/letter)`",
)
def link_personal(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each. Whose it is is not repeated."""
    for one in given_links(manuscript):
        if not is_web(one.href) or unwrap(one.href) is not None:
            continue
        host = _host(one.href)
        if leaves_a_list(one.href):
            message = _("this address at {host} takes one reader off a list: whoever follows it does it for them")
        elif MAILBOX_PAGE.match(one.href.strip()):
            message = _("this address at {host} opens somebody's own mailbox")
        elif names_a_reader(one.href):
            message = _("this address at {host} holds somebody's mail address")
        else:
            continue
        yield link_personal.at(
            one.place,
            message.format(host=host),
            suggestion=_("give an address that is the same for everybody: that of the page, or of the list"),
        )


def _host(address: str) -> str:
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""


def is_told_already(href: str) -> bool:
    """Whether the form of an address has been found fault with here: nothing more is to be said of it."""
    return mistyped(href) is not None or is_on_own_machine(href)
