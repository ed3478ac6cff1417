"""The person of last month's portrait, still named in this month's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.passages import Passage, body_passages
from newsletter_cli.markdown.survey import NOT_PROSE
from newsletter_cli.model import Finding, Level, Rule, Section

RULE = Rule(slug="leftover-name", level=Level.WARNING, title=_("Somebody of the last portrait is still named"))
# A section of portraits, by its name or its title.
PORTRAIT = re.compile(
    r"portrait|interview|entretien|rencontre|profil|invitee?s?\b|meet\b|spotlight|guest|people|visage", re.IGNORECASE
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Images, addresses and tags: an `alt` is no introduction.
MARKUP = re.compile(r"!?\[[^\]]*\]\([^)]*\)|<[^<>]*>|https?://\S+")
WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zà-öø-ÿ][\w’'-]*"
NAME = re.compile(rf"(?<![\w’'-]){WORD}(?:[ \u00a0]+(?:de|du|van|von|la|le|d’|d'))?[ \u00a0]+[A-ZÀ-ÖØ-Þ][\w’'-]+")
INTRODUCTION_PARAGRAPHS = 3
# “After Ada Lovelace last month, …”, “Ada Lovelace, whom you met in January, …”
RECALLED = re.compile(
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


def check(manuscript: Manuscript) -> Iterator[Finding]:
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
        if not PORTRAIT.search(_plain(section.slug)) and not PORTRAIT.search(_plain(section.title)):
            continue
        names = _names(manuscript, section, former[section.slug])
        if names:
            yield from _in_title(manuscript, section, names)
            yield from _in_introduction(manuscript, text, names)


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _names(manuscript: Manuscript, section: Section, former: str) -> frozenset[str]:
    """The people whom the former text introduces: not those of the frame, nor any that older issues have as well."""
    blocks = re.split(r"\n\s*\n", COMMENT.sub("", former.replace("\r\n", "\n")).strip())
    introduction = [words for one in blocks if (words := MARKUP.sub(" ", one).strip())][:INTRODUCTION_PARAGRAPHS]
    found = {
        " ".join(name.split())
        for words in introduction
        for name in NAME.findall(words)
        if name.split()[0] not in NO_FIRST_NAME.split()
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
            yield RULE.at(manuscript.field("title", section), _message(name), suggestion=_suggestion())


def _in_introduction(manuscript: Manuscript, text: Text, names: frozenset[str]) -> Iterator[Finding]:
    passages = [one for one in body_passages(manuscript) if one.text is text][:INTRODUCTION_PARAGRAPHS]
    for passage in passages:
        for found in NAME.finditer(passage.prose):
            name = " ".join(found[0].split())
            if name in names and not _is_recalled(passage, found.start()):
                level = Level.WARNING if _is_strong(passage, name) else Level.INFO
                yield RULE.at(passage.place(*found.span()), _message(name), suggestion=_suggestion(), level=level)


def _message(name: str) -> str:
    return _("“{name}” was introduced here in the last issue").format(name=name)


def _suggestion() -> str:
    return _("name the person of this issue")


def _is_recalled(passage: Passage, start: int) -> bool:
    """Whether the sentence speaks of the last issue."""
    before = re.split(r"[.!?]\s", passage.prose[:start])[-1]
    after = re.split(r"[.!?](?:\s|\Z)", passage.prose[start:])[0]
    return RECALLED.search((before + after).replace(NOT_PROSE, " ")) is not None


def _is_strong(passage: Passage, name: str) -> bool:
    assert passage.text is not None
    return any(
        run.is_strong and name in " ".join(run.text.split()) for run in passage.text.survey.runs_of(passage.index)
    )
