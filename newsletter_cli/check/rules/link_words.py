"""The words of links: what readers see and hear of one."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.rules.link_addresses import NOWHERE
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import GivenLink, address_key, given_links, is_web, own_links
from newsletter_cli.check.texts.wording import SCHEME, is_address, shorten, shown_address, word_key
from newsletter_cli.markdown.survey import Link, Survey
from newsletter_cli.model import Finding, Level

SHORT_ADDRESS = 30  # characters, without scheme: what can be read and remembered
# `[text] (https://…)` and `[text](https://… …)` are other slips, `{{< video https://… >}}` is another program's: each
# has a rule of its own.
OTHER_SLIP = Pattern(r"\][^\S\n]*\($|\{\{[<%][^{}\n]*$|<[^<>\n]*=[ \t]*[“”„«\"']?$")


@rule(
    "link-bare",
    Level.WARNING,
    _("An address stands in the text instead of words"),
    why="""
        A web address stands in the text instead of words. Screen readers spell it out, and nobody else can tell where
        it leads. A note where it is short (30 characters) or that of a whole site; nothing for a site's name
        (`www.example.org`) or an e-mail address, which are meant to be read.
    """,
    bad="`The tides of June: https://www.example.org/harbour/tides/2026/june.html`",
    good="`The [tides of June](https://www.example.org/harbour/tides/2026/june.html)`",
)
def link_bare(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each web address shown as such (RGAA 6.1); info where it is short, or that of a site as a whole.

    A site named by its host alone, `www.example.org`, is a name; e-mail addresses are meant to be read.
    """
    for text in manuscript.all_texts:
        for link in own_links(text.survey):
            if link.holds_image or not is_web(link.href) or not is_address(link.text) or _is_site_name(link.text):
                continue
            if link.kind == "bare" and _is_other_slip(text.survey, link):
                continue
            shown = SCHEME.sub("", link.text).rstrip("/")
            is_short = len(shown) <= SHORT_ADDRESS or "/" not in shown
            yield link_bare.at(
                text.survey.place(link.span),
                _("the address {address} stands bare in the text").format(address=shown_address(link.text)),
                suggestion=_("put it behind words that say where it leads: [the programme of the day](https://…)"),
                level=Level.INFO if is_short else None,
                subject=link.href,
            )


def _is_site_name(text: str) -> bool:
    return "://" not in text and "/" not in text.strip().rstrip("/")


def _is_other_slip(survey: Survey, link: Link) -> bool:
    line = survey.source.text.rfind("\n", 0, link.span.start) + 1
    return OTHER_SLIP.search(survey.source.text[line : link.span.start]) is not None


@rule(
    "link-same-text",
    Level.WARNING,
    _("The same words lead to two addresses"),
    why="""
        The same words lead to two addresses, in one part of a text. Who listens to it hears them twice and cannot
        choose; often one of the two is the address of something else. Images, bare addresses and mere numbers are left
        alone, and so are items of lists, cells of tables and parts under headings of their own, which tell “Programme”
        from “Programme”; two subjects for one letter box are one address.
    """,
    bad="`[Programme](https://example.org/may)`, and further on `[Programme](https://example.org/june)`",
    good="`[Programme of May](https://example.org/may)`, `[Programme of June](https://example.org/june)`",
)
def link_same_text(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link whose words led elsewhere before (RGAA 6.1; WCAG 2.2, 3.2.4).

    Words that say nothing have a finding of their own; images, bare addresses and mere numbers are left alone. So is
    what the place tells apart (WCAG 2.2, 2.4.4): another section, part of one, item of a list or cell of a table.
    """
    first: dict[tuple[str, object], tuple[str, GivenLink]] = {}
    for one in given_links(manuscript):
        if one.link is None or one.link.holds_image or one.href.strip() in NOWHERE or is_address(one.words):
            continue
        key = word_key(one.words)
        if key in VAGUE or not any(map(str.isalpha, key)) or "@" in key:
            continue
        target = _link_target(one.href)
        earlier_target, earlier = first.setdefault((key, _context(one)), (target, one))
        if earlier_target != target:
            yield link_same_text.at(
                one.place,
                _("“{words}” leads elsewhere than in {file}:{line}").format(
                    words=shorten(one.words), file=earlier.place.file, line=earlier.place.line
                ),
                suggestion=_("say in the words what is different: [programme of the 11th](https://…)"),
                subject=one.href,
            )


def _context(one: GivenLink) -> tuple[object, ...]:
    """What readers know of a link besides its words: the item or the cell, else the heading, that it stands under."""
    assert one.link is not None
    assert one.text is not None
    blocks, index = one.text.survey.blocks, one.link.block
    place = id(one.text)
    if blocks[index].depth or blocks[index].kind == "cell" or blocks[index].is_note:
        return (place, "block", index)
    return (place, "heading", next((at for at in range(index, -1, -1) if blocks[at].kind == "heading"), -1))


def _link_target(href: str) -> str:
    # Two subjects, one letter box.
    return href.partition("?")[0].lower() if href.lower().startswith("mailto:") else address_key(href)


@rule(
    "link-text-empty",
    Level.ERROR,
    _("A link has no words"),
    why="""
        A link has no words, so that nobody can see it. A warning where there is a sign at least, such as an arrow.
    """,
    bad="`The atlas is out [](https://example.org/atlas).`",
    good="`[The atlas](https://example.org/atlas) is out.`",
)
def link_text_empty(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link with no letter or digit in its words (WCAG 2.2, 2.4.4; RGAA 6.2).

    A warning where there is a sign at least, such as an arrow. Of a linked image, its alternative text speaks.
    """
    for text in manuscript.all_texts:
        for link in own_links(text.survey):
            if link.holds_image or link.href.strip() in NOWHERE or any(map(str.isalnum, link.text)):
                continue
            sign = shorten(link.text)
            yield link_text_empty.at(
                text.survey.place(link.span),
                _("the words of the link to {address} are a mere “{sign}”").format(
                    address=shown_address(link.href), sign=sign
                )
                if sign
                else _("the link to {address} has no words: no reader can see it").format(
                    address=shown_address(link.href)
                ),
                suggestion=_("say where it leads: [the programme of the day](https://…)"),
                level=Level.WARNING if sign else None,
                subject=link.href,
            )


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


@rule(
    "link-text-vague",
    Level.WARNING,
    _("A link does not say where it leads"),
    why="""
        A link says “here”, “ici”, “read more”, “en savoir plus”, “link” and nothing else. Screen readers list the
        links of a page without the text around them.
    """,
    bad="`The atlas is out, click [here](https://example.org/atlas).`",
    good="`[The atlas of tides](https://example.org/atlas) is out.`",
)
def link_text_vague(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link whose whole words are one of these (RGAA 6.1; WCAG 2.2, 2.4.4)."""
    for text in manuscript.all_texts:
        for link in own_links(text.survey):
            if not link.holds_image and word_key(link.text) in VAGUE:
                yield link_text_vague.at(
                    text.survey.place(link.span),
                    _("“{words}” does not say where the link leads").format(words=shorten(link.text)),
                    suggestion=_("link the words that say it: [the programme of the day](https://…)"),
                    subject=link.href,
                )
