"""A link that leads nowhere: its address was to be filled in later."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-empty", level=Level.ERROR, title=_("A link has no address"))
NOWHERE = frozenset(("", "#"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link whose address is empty, a lone `#`, or begins with `www.`: a file of the site, then."""
    for text in manuscript.all_texts:
        for link in text.survey.links:
            if link.href.strip().lower().startswith("www."):
                yield RULE.at(
                    text.survey.place(link.span),
                    _("the address {address} lacks its https://, and leads nowhere").format(address=shorten(link.href)),
                    suggestion=_("write a whole address that begins with https:// or mailto:"),
                )
            if link.href.strip() not in NOWHERE:
                continue
            words = shorten(link.text)
            yield RULE.at(
                text.survey.place(link.span),
                _("the link “{words}” leads nowhere: its address is missing").format(words=words)
                if words
                else _("this link has neither words nor an address"),
                suggestion=_(
                    "write the address between the brackets: [{words}](https://…), or take the link away"
                ).format(words=words or _("where it leads")),
            )
