"""Words that promise a link, where none follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import Block, Survey
from newsletter_cli.model import Finding, Level

ENDING = Pattern(r"[\s\u00a0\u202f]*:[\s*_\u00a0\u202f]*\Z")


LAST_SENTENCE = Pattern(r"(?:\A|[.!?…\n])([^.!?…\n]*)\Z")


# Things that only a link can give. “Le lien entre deux sujets”, “a link between them” is another thing.
MATTER = (
    "pr[eé]sentations?|supports?|documents?|documentation|vid[eé]os?|enregistrements?|replays?|rediffusions?|slides|diapos"
    "|ressources?|notebooks?|pad|visio|webinaires?|formulaires?|inscriptions?|programme|compte[- ]rendu|plateforme"
    "|presentations?|papers?|films?|videos?|recordings?|materials?|resources?|form|meeting|webinar|programme?"
)


# In the sentence's last clause: “the slides are online, and here is the rule of the game:” promises none.
REACHED = Pattern(
    r"\b(?:liens?(?! (?:entre|avec|du|de|des|sociaux|social|vers le monde)\b)|lien (?:de|du|d['’]|vers)|url"
    r"|replay|rediffusion|slides|diapos?|diaporama"
    rf"|acc[eè]s (?:(?:à|au|aux) )?(?:la |l['’]|nos |leurs |toutes? |tous )*(?:{MATTER})"
    rf"|links?(?! (?:between|with)\b)|access to (?:the |our |all )*(?:{MATTER})|(?<!from the )recording)\b"
    r"(?:[^,;()]*|[^;()]*\b(?:ici|here))\Z",
    re.IGNORECASE,
)


# Announced at the sentence's end, or by its beginning.
HERE = Pattern(
    r"\b(?:ici|here|en savoir plus|plus d['’]info(?:s|rmations?)?|more info(?:rmation)?|read more|learn more)$"
    r"|^\W*pour (?:consulter|télécharger|(?:re)?voir|(?:re)?lire|vous inscrire|s['’]inscrire|y accéder)\b"
    r"|^\W*to (?:read|watch|see|download|register|sign up)\b",
    re.IGNORECASE,
)


@rule(
    "link-promised",
    Level.WARNING,
    _("A promised link is missing"),
    why="""
        A paragraph ends with a colon after words that promise something to open (link, slides, replay, access to…),
        and no link follows. Nothing is said where a list, an image, code, a quote, a table or a heading follows.
    """,
    bad="""
        ```markdown
        The replay is [online](https://example.org/film). And here is the link to the slides:

        Next month we shall meet on the pier.
        ```
    """,
    good="""
        ```markdown
        The replay is [online](https://example.org/film). And here are the [slides](https://example.org/slides.pdf).

        Next month we shall meet on the pier.
        ```
    """,
)
def link_promised(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each paragraph that ends with a colon after words of something to reach, and nothing to reach.

    Nothing is said where a list, an image, code, a quote, a table, a heading or raw HTML follows, nor where the next
    paragraph has a link.
    """
    for text in manuscript.texts:
        survey = text.survey
        ends = [index for index, block in enumerate(survey.blocks) if _is_open(block)]
        if not ends:
            continue
        linked = {link.block for link in survey.links} | {image.block for image in survey.images}
        for index in ends:
            block = survey.blocks[index]
            following = survey.blocks[index + 1] if index + 1 < len(survey.blocks) else None
            is_last = following is None or _is_next_item(block, following)
            if not is_last and following is not None and not _is_other_matter(block, following, index + 1 in linked):
                continue
            found = _promise(block, is_last=is_last)
            if found is None or _has_link_behind(survey, block, index, found[0]):
                continue
            yield link_promised.at(
                survey.place_in(block, *found),
                _("“{words}” promises a link, and none follows").format(words=shorten(block.text[found[0] : found[1]])),
                suggestion=_("give the address, behind the words that name it, or end the sentence otherwise"),
            )


def _is_open(block: Block) -> bool:
    return block.kind == "paragraph" and ENDING.search(block.prose) is not None


def _is_next_item(block: Block, following: Block) -> bool:
    """Whether the item of a list is over: what follows is the next, or stands outside."""
    if following.depth < block.depth or (block.is_note and not following.is_note):
        return True
    return following.is_item and 0 < following.depth == block.depth


def _is_other_matter(block: Block, following: Block, is_linked: bool) -> bool:
    """Whether what follows is a paragraph like any other: no list in disguise, no quotation."""
    if following.kind != "paragraph" or is_linked or following.is_quoted != block.is_quoted:
        return False
    return following.depth == block.depth and not following.is_item and following.prose[:1].isalpha()


def _promise(block: Block, *, is_last: bool) -> tuple[int, int] | None:
    """The offsets of the last sentence where it speaks of something to reach."""
    end = ENDING.search(block.prose)
    sentence = LAST_SENTENCE.search(block.prose, 0, end.start()) if end else None
    if end is None or sentence is None or not sentence[1].strip():
        return None
    words = sentence[1].strip(" \t*_\u00a0\u202f\ufffc")
    # Instructions may follow “Pour s’inscrire :”; at the very end nothing does.
    if not REACHED.search(words) and not (is_last and HERE.search(words)):
        return None
    start = sentence.start(1) + len(sentence[1]) - len(sentence[1].lstrip())
    return start, end.end() - len(end[0]) + end[0].index(":") + 1


def _has_link_behind(survey: Survey, block: Block, index: int, start: int) -> bool:
    """Whether the sentence has its link within: “[The slides](…), for those who came:”."""
    first = survey.span(block, start, start + 1).start
    return any(one.block == index and one.span.start >= first for one in survey.links)
