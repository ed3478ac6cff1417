"""People of an earlier issue who are still named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.letters import without_accents
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.organisations import is_organisation
from newsletter_cli.check.texts.passages import Passage, body_passages
from newsletter_cli.markdown.survey import NOT_PROSE
from newsletter_cli.model import Finding, Level, Section

# A section of portraits, by its name or its title.
PORTRAIT = Pattern(
    r"portrait|interview|entretien|rencontre|profil|invitee?s?\b|meet\b|spotlight|guest|people|visage", re.IGNORECASE
)
COMMENT = Pattern(r"<!--.*?-->", re.DOTALL)
# Images, addresses and tags: an `alt` is no introduction.
MARKUP = Pattern(r"!?\[[^\]]*\]\([^)]*\)|<[^<>]*>|https?://\S+")
WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zà-öø-ÿ][\w’'-]*"
NAME = Pattern(rf"(?<![\w’'-]){WORD}(?:[ \u00a0]+(?:de|du|van|von|la|le|d’|d'))?[ \u00a0]+[A-ZÀ-ÖØ-Þ][\w’'-]+")
INTRODUCTION_PARAGRAPHS = 3
# “After Ada Lovelace last month, …”, “Ada Lovelace, whom you met in January, …”
RECALLED = Pattern(
    r"\bapr[eè]s\b|derni[eè]re?|pr[eé]c[eé]den|mois pass|rencontr[eé]e? (?:en|le mois|dans)\b|d[eé]j[aà] rencontr"
    r"|\blast\b|previous|\bafter\b|follow|\byou met\b|\bmet in\b"
    r"|\b(?:en|in) (?:janvier|f[eé]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[eé]cembre"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
# Words that begin a sentence or an institution's name, no first names.
NO_FIRST_NAME = (
    "Le La Les Un Une Des Ce Cette Ces Chaque Pour Au Aux En Dans Avec Nous Vous Il Elle Haute Grand Grande Nouvelle "
    "Data The This Each In For We Our New Programme Direction Ministère Institut Assemblée Machine Open Big"
)
# “Elle travaille chez France Télévisions”: where somebody works.
AT_WORK = Pattern(
    r"\b(?:chez|à|au|aux|at|for|pour|dans|in|joined|rejoint|intégré)[\s\ufffc]+(?:l['’]|la\s|les\s|the\s)?\Z",
    re.IGNORECASE,
)


@rule(
    "leftover-name",
    Level.WARNING,
    _("Somebody of the last portrait is still named"),
    why="""
        Somebody whom the last issue's portrait introduced is named again, in bold, in the introduction of this one's,
        or in its title. A note where the name is not in bold: two people may have a friend in common. Only sections
        that are portraits by their name or title are looked at; authors are left alone, and so is a sentence that
        recalls the last issue.
    """,
    bad="""
        , the month after Zélie's portrait:

        ```markdown
        Meet **Zélie Marchand**, who grows palms on a roof.
        ```
    """,
    good="`After Zélie Marchand last month, meet **Omar Belkacem**, who grows palms on a roof.`",
)
def leftover_name(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each name that the last issue's portrait introduced and this one's introduction has again.

    A warning where it stands in bold or in the section's title, else info: two portraits may have a friend in common.
    Authors, standing sections and sentences that recall the last issue are left alone.
    """
    if not manuscript.earlier:
        return
    former = manuscript.earlier[0].texts
    for text in manuscript.texts:
        section = text.section
        if section is None or text.is_standing or section.slug not in former:
            continue
        if not PORTRAIT.search(without_accents(section.slug)) and not PORTRAIT.search(without_accents(section.title)):
            continue
        names = _names(manuscript, section, former[section.slug])
        if names:
            yield from _in_title(manuscript, section, names)
            yield from _in_introduction(manuscript, text, names)


def _names(manuscript: Manuscript, section: Section, former: str) -> frozenset[str]:
    """The people whom the former text introduces: not those of the frame, nor any that older issues have as well."""
    blocks = re.split(r"\n\s*\n", COMMENT.sub("", former.replace("\r\n", "\n")).strip())
    introduction = [words for one in blocks if (words := MARKUP.sub(" ", one).strip())][:INTRODUCTION_PARAGRAPHS]
    found = {
        " ".join(name.split())
        for words in introduction
        for name in NAME.findall(words)
        if name.split()[0] not in NO_FIRST_NAME.split() and not is_organisation(name)
    }
    own = " ".join(
        [manuscript.newsletter_name, section.author or "", *(one.author or "" for one in _sections(manuscript))]
    )
    older = " ".join(one.texts.get(section.slug, "") for one in manuscript.earlier[1:])
    return frozenset(name for name in found if name not in own and name not in older)


def _sections(manuscript: Manuscript) -> tuple[Section, ...]:
    return manuscript.issue.published_sections


def _in_title(manuscript: Manuscript, section: Section, names: frozenset[str]) -> Iterator[Finding]:
    for name in sorted(names):
        if name in " ".join(section.title.split()) and "title" in section.lines:
            yield leftover_name.at(
                manuscript.field("title", section), _name_message(name), suggestion=_name_suggestion()
            )


def _in_introduction(manuscript: Manuscript, text: Text, names: frozenset[str]) -> Iterator[Finding]:
    passages = [one for one in body_passages(manuscript) if one.text is text][:INTRODUCTION_PARAGRAPHS]
    for passage in passages:
        for found in NAME.finditer(passage.prose):
            name = " ".join(found[0].split())
            is_work = AT_WORK.search(passage.prose[max(0, found.start() - 30) : found.start()]) is not None
            if name in names and not is_work and not _is_recalled(passage, found.start()):
                level = Level.WARNING if _is_bold(passage, name) else Level.INFO
                yield leftover_name.at(
                    passage.place(*found.span()), _name_message(name), suggestion=_name_suggestion(), level=level
                )


def _name_message(name: str) -> str:
    return _("“{name}” was named here in the last issue: an oversight?").format(name=name)


def _name_suggestion() -> str:
    return _("name the person of this issue")


def _is_recalled(passage: Passage, start: int) -> bool:
    """Whether the sentence speaks of the last issue."""
    before = re.split(r"[.!?]\s", passage.prose[:start])[-1]
    after = re.split(r"[.!?](?:\s|\Z)", passage.prose[start:])[0]
    return RECALLED.search((before + after).replace(NOT_PROSE, " ")) is not None


def _is_bold(passage: Passage, name: str) -> bool:
    assert passage.text is not None
    return any(
        run.is_strong and name in " ".join(run.text.split()) for run in passage.text.survey.runs_of(passage.index)
    )
