"""Addresses that are not for everybody: of one machine or network, with a password, of one reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import given_links, is_web
from newsletter_cli.check.texts.targets import Nearby, is_signed_in, mistyped, nearby
from newsletter_cli.check.texts.wording import shown_address
from newsletter_cli.check.texts.wrapping import leaves_a_list, names_a_reader, unwrap
from newsletter_cli.model import Finding, Level


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
