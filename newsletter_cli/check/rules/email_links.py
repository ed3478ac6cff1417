"""Where the e-mail leads: addresses that are lost or lead nowhere, and links that every letter needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Literal
from urllib.parse import unquote, urlsplit

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.strict import nearest
from newsletter_cli.check.rule import rule
from newsletter_cli.check.rules.link_targets import is_told_already
from newsletter_cli.check.subjects.renditions import CONFIG_FILE, Renditions, TypedAddress
from newsletter_cli.markdown.sanitise import sanitise_html
from newsletter_cli.model import Finding, Level, Place


@rule(
    "address-relative",
    Level.WARNING,
    _("Addresses lead nowhere in an e-mail"),
    why="""
        Links or images of the issue have addresses without a host, and `newsletter.toml` does not say where the post
        will be online. On the site they work; in a mail reader there is no page to start from. All of them are one
        finding; an address in the theme's own templates is one more.
    """,
    bad="`![The stand](images/stand.png)` in a workspace without `post.url`.",
    good='the same, with `url = "https://www.example.org/letters/{slug}/"` under `[post]`.',
)
def address_relative(renditions: Renditions) -> Iterator[Finding]:
    """One finding for all relative addresses that people wrote, one for each of the theme's own.

    Those of local files are relative on purpose; places within the e-mail are the business of `anchor-link`.
    """
    known = renditions.local_files | set(renditions.addresses)
    relative = [one for one in renditions.addresses if _is_relative(one) and one not in renditions.local_files]
    if relative:
        yield address_relative.at(
            Place(file=CONFIG_FILE),
            ngettext(
                "{count} address is relative ({example}) and leads nowhere in an e-mail",
                "{count} addresses are relative ({example}…) and lead nowhere in an e-mail",
                len(relative),
            ).format(count=len(relative), example=relative[0]),
            suggestion=_("say where the post will be online: url = … under [post]"),
        )
    for element in renditions.body.iter("a", "img"):
        address = element.get("href" if element.tag == "a" else "src") or ""
        if address and address not in known and _is_relative(address):
            yield address_relative.at(
                renditions.theme,
                _("the theme's address “{address}” is relative and leads nowhere in an e-mail").format(address=address),
                suggestion=_("write the whole address, beginning with https://"),
                subject=address,
            )


def _is_relative(address: str) -> bool:
    try:
        return not address.startswith("#") and not urlsplit(address).scheme and not is_told_already(address)
    except ValueError:
        return False


@rule(
    "anchor-link",
    Level.WARNING,
    _("A link leads to a place within the e-mail"),
    why="""
        A link leads to a place within the e-mail. Gmail on an iPhone, SFR Mail and La Poste's webmail do nothing, or
        open an empty window. With `post.url` set, such links lead to the post online, and nothing is reported.
    """,
    bad='`See [the end](#the-end).` without `post.url`; or `contents = "anchors"` under `[email]`.',
    good='`contents = "online"`, and “see the end of this letter” in words.',
)
def anchor_link(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such link of a text, one for all of the contents (caniemail, “Local anchors”)."""
    others = 0
    for link in renditions.body.iter("a"):
        address = link.get("href") or ""
        if not address.startswith("#"):
            continue
        place = renditions.origins.find(link)
        if place is None:
            others += 1
            continue
        yield anchor_link.at(
            place,
            _("the link “{address}” leads to a place within the e-mail, and fails in several mail readers").format(
                address=address
            ),
            suggestion=_("give the address of the page online, or say in words where to look"),
            subject=address,
        )
    if others:
        is_asked_for = renditions.contents == "anchors"
        yield anchor_link.at(
            Place(file=CONFIG_FILE) if is_asked_for else renditions.theme,
            ngettext(
                "{count} link of the contents leads to a place within the e-mail, and fails in several mail readers",
                "{count} links of the contents lead to places within the e-mail, and fail in several mail readers",
                others,
            ).format(count=others),
            suggestion=_('contents = "online" under [email] leads to the post instead') if is_asked_for else None,
        )


# What Hugo gives footnotes, and what browsers know by themselves.
OWN_FRAGMENTS = Pattern(r"fn(?:ref)?:|top$|:~:", re.IGNORECASE)


@rule(
    "anchor-missing",
    Level.WARNING,
    _("The issue has no place of that name"),
    why="""
        A link leads to a place within the issue (`#…`), and no heading of the issue, nor any element with such an `id`,
        has that name: readers arrive at the top of the post. A heading's name is its words in small letters with
        hyphens between them; that of a section begins with its number (`#2-news`).
    """,
    bad="`See [the dates](#dates)`, in an issue without such a heading.",
    good="the same, with `### Dates` further on, or `### What is on {#dates}`.",
)
def anchor_missing(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such link; the name nearest to it is told."""
    known: set[str] | None = None
    for one in renditions.typed:
        name = unquote(one.href[1:]) if one.kind == "link" and one.href.startswith("#") else ""
        if not name or OWN_FRAGMENTS.match(name) or name in renditions.anchors:
            continue
        if known is None:
            ids = (found for text in renditions.texts for pair in ID.findall(text.source) for found in pair if found)
            known = {*renditions.anchors, *ids}
        if name in known:
            continue
        # Without the number, as who has not counted the sections would write it.
        ending = next((anchor for anchor in sorted(known) if anchor.endswith(f"-{name.lower()}")), None)
        close = ending or nearest(name.lower(), sorted(known))
        yield anchor_missing.at(
            one.place,
            _("nothing in this issue is called “#{name}”: the link leads to its top").format(name=name[:SHOWN]),
            suggestion=_("did you mean “{key}”?").format(key=f"#{close}")
            if close
            else _("link to a heading, by its words: ## Two words is #two-words"),
            subject=one.href,
        )


ID = re.compile(r"""<[a-z][^<>]*\s(?:id|name)\s*=\s*["']?([^\s"'<>]+)|\{[^{}\n]*#([\w-]+)[^{}\n]*\}""", re.IGNORECASE)
SHOWN = 60  # characters of an address


@rule(
    "image-vanished",
    Level.WARNING,
    _("An image is left out"),
    why="""
        A picture does not reach the readers: its address begins with a word that no mail reader follows, or cannot be
        read as an address. `nl` leaves it out. (Pictures written into the text itself are the business of
        `image-data`.)
    """,
    bad='`<img src="file:///C:/Users/Ada/logo.png" alt="Logo">`',
    good="`![Logo](images/logo.png)`, the file beside the section.",
)
def image_vanished(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each typed image without an address after the cleaning; `data:` has a rule of its own."""
    for one in vanished(renditions, "image"):
        if one.href[:5].lower() != "data:":
            yield image_vanished.at(
                one.place,
                _("the image “{address}” is left out: no mail reader can fetch it from there").format(
                    address=one.address[:SHOWN]
                ),
                suggestion=_("write an address that begins with https://, or put the file beside the section"),
                subject=one.address,
            )


@rule(
    "link-vanished",
    Level.WARNING,
    _("A link is left out"),
    why="""
        A link does not reach the readers: its address cannot be read as one, or begins with a word that no mail
        reader follows. They see its words only.
    """,
    bad="`Join us [in the channel](slack://channel?id=C1).`",
    good="`Join us [in the channel](https://chat.example.org/C1).`",
)
def link_vanished(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each typed link without an address after the cleaning: not to be parsed, or of a strange kind."""
    for one in vanished(renditions, "link"):
        if is_told_already(one.address) or is_told_already(one.href):
            continue
        yield link_vanished.at(
            one.place,
            _("the link to “{address}” is lost: readers see its words only").format(address=one.address[:SHOWN]),
            suggestion=_("write a whole address that begins with https:// or mailto:"),
            subject=one.address,
        )


@rule(
    "online-link-missing",
    Level.WARNING,
    _("The e-mail does not lead to the issue online"),
    why="""
        Nothing in the e-mail leads to the issue online, for those whose mail reader makes a mess of it.
    """,
    bad="no `url` under `[post]`.",
    good='`url = "https://www.example.org/letters/{slug}/"` under `[post]`.',
)
def online_link_missing(renditions: Renditions) -> Iterator[Finding]:
    """One finding where it is not configured, or where the theme leaves the link out."""
    if renditions.online_url is None:
        yield online_link_missing.at(
            Place(file=CONFIG_FILE),
            _("the e-mail has no link to the issue online"),
            suggestion=_("say where the post will be online: url = … under [post]"),
        )
    elif all(link.get("href") != renditions.online_url for link in renditions.body.iter("a")):
        yield online_link_missing.at(
            renditions.theme,
            _("the theme leaves out the link to the issue online"),
            suggestion=_("footer.online_url holds it"),
        )


@rule(
    "sender-missing",
    Level.WARNING,
    _("The e-mail does not say whom to write to"),
    why="""
        The e-mail gives no address to write to.
    """,
    bad="no `[sender]` in `newsletter.toml`.",
    good='`reply_to = "letters@example.org"` under `[sender]`.',
)
def sender_missing(renditions: Renditions) -> Iterator[Finding]:
    """One finding where no address is configured, or where the theme leaves it out."""
    if not renditions.sender:
        yield sender_missing.at(
            Place(file=CONFIG_FILE),
            _("the e-mail gives no address to write to"),
            suggestion=_("address = … under [sender], or reply_to = …"),
        )
        return
    written = f"mailto:{renditions.sender}".lower()
    links = ((link.get("href") or "").lower() for link in renditions.body.iter("a"))
    if not any(link.partition("?")[0] == written for link in links):
        yield sender_missing.at(
            renditions.theme,
            _("the theme leaves out the address to write to, {address}").format(address=renditions.sender),
            suggestion=_("footer.reply_to holds it"),
        )


@rule(
    "unsubscribe-missing",
    Level.WARNING,
    _("The e-mail has no way out of the list"),
    why="""
        The e-mail has no way out of the list. By default it is a mail to the reply address; only without one there is
        none.
    """,
    bad="no `[sender]` and no `unsubscribe` under `[email]`.",
    good='`unsubscribe = "https://lists.example.org/leave"` under `[email]`.',
)
def unsubscribe_missing(renditions: Renditions) -> Iterator[Finding]:
    """One finding where none is configured, or where the theme leaves it out (GDPR art. 7.3: as easy as joining)."""
    if not renditions.unsubscribe_url:
        yield unsubscribe_missing.at(
            Place(file=CONFIG_FILE),
            _("the e-mail has no link to leave the list"),
            suggestion=_("unsubscribe = … under [email], or an address under [sender]"),
        )
    elif all(link.get("href") != renditions.unsubscribe_url for link in renditions.body.iter("a")):
        yield unsubscribe_missing.at(
            renditions.theme,
            _("the theme leaves out the link to leave the list"),
            suggestion=_("footer.unsubscribe_url holds it"),
        )


def vanished(renditions: Renditions, kind: Literal["link", "image"]) -> Iterator[TypedAddress]:
    """The typed links or images that have lost their address on the way. Empty ones had none to lose."""
    typed = [one for one in renditions.typed if one.kind == kind and one.href.strip()]
    if not typed:
        return
    tag, attribute = ("a", "href") if kind == "link" else ("img", "src")
    # All in one go: the cleaner's own start costs more than an address.
    clean = sanitise_html(
        "\n".join(f'<{tag} {attribute}="{escape(one.href)}">' + "</a>" * (tag == "a") for one in typed)
    )
    for one, line in zip(typed, clean.split("\n"), strict=True):
        if f" {attribute}=" not in line:
            yield one
