"""A link that says “here”: out of its sentence, in a list of links, it could lead anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten, word_key
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-text-vague", level=Level.WARNING, title=_("A link does not say where it leads"))
# As `word_key` writes them.
VAGUE = frozenset(
    """ici|là|par ici|voir ici|c'est ici|c'est par ici|ici même|cliquez ici|cliquer ici|clique ici|cliquez|cliquez là
    |en cliquant ici|cliquez ici pour en savoir plus|pour en savoir plus cliquez ici|voir|voir la page|
    |cliquez sur ce lien|en savoir plus|pour en savoir plus|savoir plus|en lire plus|lire plus
    |voir plus|lire la suite|la suite|voir la suite|lire l'article ici|suite|plus|plus d'info|plus d'infos
    |plus d'information|plus d'informations|pour plus d'infos|pour plus d'informations|plus de détails|lien|le lien
    |un lien|ce lien|sur ce lien|via ce lien|par ce lien|suivez ce lien|suivre ce lien|voir le lien|lien ici|url
    |here|click here|click|right here|over here|see here|go here|click this link|read more|learn more|more|see more
    |find out more|more info|more information|for more information|more details|continue reading|read on|link
    |the link|this link|follow this link|see link|this""".replace("\n    ", "").split("|")
)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link whose whole words are one of these (RGAA 6.1; WCAG 2.2, 2.4.4)."""
    for text in manuscript.all_texts:
        for link in text.survey.links:
            if not link.holds_image and word_key(link.text) in VAGUE:
                yield RULE.at(
                    text.survey.place(link.span),
                    _("“{words}” does not say where the link leads").format(words=shorten(link.text)),
                    suggestion=_("link the words that say it: [the programme of the day](https://…)"),
                    subject=link.href,
                )
