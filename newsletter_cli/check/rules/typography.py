"""How French and English are set: spaces, quotation marks, accents on capitals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urlsplit

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, all_passages, body_passages
from newsletter_cli.markdown.survey import Span, Survey
from newsletter_cli.markdown.typography import Correction, correct, correct_capitals
from newsletter_cli.model import Edit, Finding, Level, Place

# A preposition is shown with what follows.
CAPITAL_WORD = Pattern(r"A \w+(?:['’]\w+)?|\w+")


@rule(
    "capital-accent",
    Level.INFO,
    _("A capital lacks its accent"),
    why="""
        A French capital has lost its accent, in a word that is nothing without it, or in the preposition that begins
        a sentence. Names are left alone, and a letter that stands for itself: vitamin A. `--fix` writes it.
    """,
    bad="`A l’agenda de l’Ecole`.",
    good="`À l’agenda de l’École`.",
    is_fixable=True,
)
def capital_accent(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each, in French; only words that are nothing without the accent."""
    for passage in all_passages(manuscript) if manuscript.is_french else ():
        for one in correct_capitals(passage.prose, manuscript.language):
            found = CAPITAL_WORD.match(passage.prose, one.start)
            end = found.end() if found else one.end
            word = passage.prose[one.start : end]
            if _is_site(passage, one.start, word):
                continue
            yield capital_accent.at(
                passage.place(one.start, end),
                _("“{word}” lacks the accent of its capital").format(word=word),
                suggestion=_("write “{word}”").format(word=one.new + word[1:]),
                edits=passage.edits(one.start, one.end, one.new),
            )


def _is_site(passage: Passage, start: int, word: str) -> bool:
    """Whether the word is what a site calls itself: `[Ecrans](https://www.ecrans.fr/)`."""
    if passage.text is None or passage.block is None:
        return False
    at = passage.text.survey.span(passage.block, start, start + 1).start
    return any(
        link.span.start <= at < link.span.end and word.lower() in (urlsplit(link.href).hostname or "").split(".")
        for link in passage.text.survey.links
        if link.text.strip() == word
    )


WHOLE_REFERENCE = re.compile(r"\]\[[^\]]+\]\Z")


@rule(
    "typography",
    Level.INFO,
    _("A line is not set as books are"),
    why="""
        A line has spaces that may break, straight apostrophes or quotation marks, three dots, double spaces. Readers
        of the e-mail never see them: it is set properly in any case. The post keeps what was typed; `--fix` corrects
        the sources. One finding for each line says how many of each.
    """,
    bad='`L\'atelier "données" : 10% de places en plus...`',
    good="""
        `L’atelier « données » : 10 % de places en plus…`, with spaces that do not break before the colon and the sign
        and inside the guillemets.
    """,
    is_fixable=True,
)
def typography(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each line, with what is to be fixed in it; bodies only."""
    for survey, passages in groupby(body_passages(manuscript), key=_survey):
        labels = _labels(survey)
        placed = [
            (one, span)
            for passage in passages
            for one in correct(passage.prose, manuscript.language, manuscript.typography)
            for span in (_span(passage, one),)
            if not any(_overlap(span, label) for label in labels)
        ]
        # The cells of a row are passages of their own.
        placed.sort(key=lambda pair: pair[1].start)
        for _line, group in groupby(placed, key=lambda pair: survey.line_of(pair[1].start)):
            yield _finding(survey, list(group))


def _survey(passage: Passage) -> Survey:
    assert passage.text is not None
    return passage.text.survey


def _labels(survey: Survey) -> list[Span]:
    """Links whose words are the name of their definition: other words would lead nowhere."""
    return [
        link.span
        for link in survey.links
        if link.kind == "reference" and not WHOLE_REFERENCE.search(survey.source.text[link.span.start : link.span.end])
    ]


def _span(passage: Passage, one: Correction) -> Span:
    """Where the correction stands in the source; an insertion takes the character before with it, to hold on to."""
    assert passage.block is not None
    start = one.start - 1 if one.start == one.end else one.start
    return _survey(passage).span(passage.block, start, one.end)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _finding(survey: Survey, group: list[tuple[Correction, Span]]) -> Finding:
    # The first is shown: from it to the last would underline the whole line.
    correction, span = group[0]
    first = survey.place(span)
    is_insertion = correction.start == correction.end
    return typography.at(
        Place(
            file=first.file,
            line=first.line,
            column=(first.column or 1) + is_insertion,
            length=max(1, correction.end - correction.start),
        ),
        _("typography: {faults}").format(faults=_faults(Counter(one.kind for one, _span in group))),
        suggestion=_("the e-mail is corrected in any case; --fix corrects the source, too"),
        edits=tuple(_edits(survey, group)),
    )


def _edits(survey: Survey, group: list[tuple[Correction, Span]]) -> Iterator[Edit]:
    changes: list[tuple[Span, str]] = []
    for one, span in group:
        old = survey.source.text[span.start : span.end]
        new = one.new if one.start != one.end else old + one.new
        if changes and changes[-1][0].end > span.start:
            # An insertion right behind another change: both in one.
            before, words = changes.pop()
            changes.append((Span(start=before.start, end=span.end), words + one.new))
        else:
            changes.append((span, new))
    for span, new in changes:
        yield from survey.edits(span, new)


def _faults(counts: Counter[str]) -> str:
    texts = {
        "space": ngettext("{count} space that must not break", "{count} spaces that must not break", counts["space"]),
        "quote": ngettext("{count} quotation mark", "{count} quotation marks", counts["quote"]),
        "apostrophe": ngettext("{count} straight apostrophe", "{count} straight apostrophes", counts["apostrophe"]),
        "ellipsis": ngettext("{count} time “...” for “…”", "{count} times “...” for “…”", counts["ellipsis"]),
        "double-space": ngettext("{count} double space", "{count} double spaces", counts["double-space"]),
    }
    return ", ".join(text.format(count=counts[kind]) for kind, text in texts.items() if counts[kind])
