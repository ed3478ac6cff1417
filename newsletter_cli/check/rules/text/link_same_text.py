"""The same words for two addresses: a reader who knows the one believes to know the other."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rules.text.link_empty import NOWHERE
from newsletter_cli.check.rules.text.link_text_vague import VAGUE
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.given_links import GivenLink, address_key, given_links
from newsletter_cli.check.texts.wording import is_address, shorten, word_key
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-same-text", level=Level.WARNING, title=_("The same words lead to two addresses"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link whose words led elsewhere before (RGAA 6.1; WCAG 2.2, 3.2.4).

    Words that say nothing have a finding of their own; images, bare addresses and mere numbers are left alone.
    """
    first: dict[str, tuple[str, GivenLink]] = {}
    for one in given_links(manuscript):
        if one.link is None or one.link.holds_image or one.href.strip() in NOWHERE or is_address(one.words):
            continue
        key = word_key(one.words)
        if key in VAGUE or not any(map(str.isalpha, key)) or "@" in key:
            continue
        target = _target(one.href)
        earlier_target, earlier = first.setdefault(key, (target, one))
        if earlier_target != target:
            yield RULE.at(
                one.place,
                _("“{words}” leads elsewhere than in {file}:{line}").format(
                    words=shorten(one.words), file=earlier.place.file, line=earlier.place.line
                ),
                suggestion=_("say in the words what is different: [programme of the 11th](https://…)"),
                subject=one.href,
            )


def _target(href: str) -> str:
    # Two subjects, one letter box.
    return href.partition("?")[0].lower() if href.lower().startswith("mailto:") else address_key(href)
