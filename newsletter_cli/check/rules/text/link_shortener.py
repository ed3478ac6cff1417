"""A shortened address: nobody sees where it leads, and it dies with the service."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.given_links import given_links, is_web
from newsletter_cli.check.texts.wording import shown_address, word_set
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-shortener", level=Level.WARNING, title=_("A shortened address hides where it leads"))
# Services that shorten anything. Those of one site for its own pages (youtu.be, forms.gle) say enough.
SHORTENERS = word_set(
    "bit.ly bitly.com j.mp t.co tinyurl.com lnkd.in ow.ly buff.ly goo.gl is.gd v.gd rb.gy cutt.ly shorturl.at"
    " tiny.cc t.ly dlvr.it x.gd n9.cl qrco.de bl.ink rebrand.ly soo.gd clck.ru u.to adf.ly kutt.it urlz.fr urlr.me"
    " lc.cx vu.fr frama.link huit.re s.42l.fr ift.tt hubs.ly hubs.la spr.ly trib.al snip.ly po.st flip.it dub.sh"
    " acesse.one shorte.st bc.vc l.ead.me short.gy minilien.fr mcaf.ee"
)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link to one of the known services; the services' own front pages are none."""
    for one in given_links(manuscript):
        if not is_web(one.href):
            continue
        try:
            parts = urlsplit(one.href)
        except ValueError:
            continue
        if parts.netloc.lower().removeprefix("www.") in SHORTENERS and parts.path.strip("/"):
            yield RULE.at(
                one.place,
                _("{address} hides where it leads").format(address=shown_address(one.href)),
                suggestion=_("open it and give the address you arrive at"),
                subject=one.href,
            )
