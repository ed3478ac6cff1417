"""Numbers and paragraphs that were copied from an earlier issue and left in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, body_passages
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import NOT_PROSE
from newsletter_cli.model import Finding, Level, Place

GAP = r"[\s\ufffc]+"
# Words that present an issue as the present one.
WELCOME = Pattern(
    r"(?:\b(?:bienvenue dans|voici|cette|welcome to|here is|this is)(?:\s+(?:la|le|the))?|\A[\W_]*(?:la|le|the)?)"
    r"[\s\ufffc]*\Z",
    re.IGNORECASE,
)


@rule(
    "leftover-number",
    Level.WARNING,
    _("The number of an earlier issue is left in"),
    why="""
        The title or the subject begins with the newsletter's title and another issue's number; or the issue has the
        title or the slug of an earlier one, whose post it would overwrite. A note where the editorial, the summary or
        the preheader welcomes readers to another number. To speak of an earlier issue is fine.
    """,
    bad="""
        , in issue 2:

        ```yaml
        title: "Newsletter #1"
        ```
    """,
    good='`title: "Newsletter #2"`; and `In Newsletter #1 we asked you…` in the text.',
)
def leftover_number(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each field that opens with the newsletter's title and another number, or is an earlier one's.

    In the editorial and the summary, where an earlier issue may well be spoken of, only what welcomes readers to it
    is reported, as info.
    """
    pattern = _title_of_any_issue(manuscript.title_pattern)
    issue = manuscript.issue
    yield from _same_as_earlier(manuscript)
    if pattern is None:
        return
    for name in ("title", "subject"):
        found = pattern.match((getattr(issue, name) or "").strip())
        if found and name in issue.lines and int(found["number"]) != issue.number:
            yield _number_finding(manuscript, manuscript.field(name), found, level=Level.WARNING)
    for name in ("preheader", "summary"):
        yield from _in_words(manuscript, getattr(issue, name) or "", pattern, manuscript.field(name))
    for passage in body_passages(manuscript):
        if passage.text is not None and passage.text.section is None:
            yield from _in_words(manuscript, passage.prose, pattern, passage)


MARKS = r"(?:#|№|n[°ºo]\.?|num[ée]ro|nr\.?|no\.)"
NUMBER_MARK = re.compile(rf"{MARKS}[\s\u00a0\u202f]*\Z", re.IGNORECASE)


def _title_of_any_issue(typed: str) -> re.Pattern[str] | None:
    """The title's pattern, the number to be read; `None` where it has none, or nothing else."""
    if typed.count("{number}") != 1 or not re.sub(r"\{\w+\}", "", typed).strip(" #-–°"):
        return None
    # “#1” and “n° 1” are one number.
    before, after = typed.split("{number}")
    has_mark = NUMBER_MARK.search(before) is not None
    typed = NUMBER_MARK.sub(" ", before).rstrip() + " {mark}{number}" + after if has_mark else typed
    parts = re.split(r"(\{\w+\})", typed)
    fields = {
        "{mark}": rf"{MARKS}[\s\ufffc]*",
        "{number}": r"0*(?P<number>\d{1,6})(?!\w)",
        "{month}": r"[^\W\d_]+",
        "{year}": r"\d{4}",
    }
    words = (fields.get(part) or GAP.join(map(re.escape, re.split(r"\s+", part))) for part in parts)
    return re.compile("".join(words), re.IGNORECASE)


def _in_words(
    manuscript: Manuscript, words: str, pattern: re.Pattern[str], where: Place | Passage
) -> Iterator[Finding]:
    for found in pattern.finditer(words):
        if int(found["number"]) != manuscript.issue.number and WELCOME.search(words[: found.start()]):
            place = where if isinstance(where, Place) else where.place(*found.span())
            yield _number_finding(manuscript, place, found, level=Level.INFO)


def _number_finding(manuscript: Manuscript, place: Place, found: re.Match[str], *, level: Level) -> Finding:
    number = manuscript.issue.number
    return leftover_number.at(
        place,
        _("“{words}” stands in issue {number}").format(words=found[0].replace(NOT_PROSE, ""), number=number),
        suggestion=_("if this issue is meant, write {number}").format(number=number),
        level=level,
    )


def _same_as_earlier(manuscript: Manuscript) -> Iterator[Finding]:
    issue = manuscript.issue
    for name in ("slug", "title"):
        value = getattr(issue, name)
        former = next((one for one in manuscript.earlier if getattr(one, name) == value), None)
        if former is None or name not in issue.lines:
            continue
        if name == "title" and (pattern := _title_of_any_issue(manuscript.title_pattern)) and pattern.match(value):
            # Said already, by its number.
            continue
        what = (
            _("the slug “{value}” is that of issue {number}")
            if name == "slug"
            else _("the title “{value}” is that of issue {number}")
        )
        yield leftover_number.at(
            manuscript.field(name),
            what.format(value=value, number=former.number),
            suggestion=_("two posts of one slug overwrite each other: give this one its own")
            if name == "slug"
            else _("give this issue its own"),
        )


LEAST_WORDS = 12


@rule(
    "leftover-paragraph",
    Level.WARNING,
    _("A paragraph of the last issue is left in"),
    why="""
        A paragraph stood word for word in the last issue: the text was copied to begin with, and this part of it was
        never changed. A note where the newsletter has no issue before that: what stands in every one is meant. Standing
        sections are left alone, and so are short paragraphs.
    """,
    bad="the portrait of May, its second paragraph that of April.",
    good="a text of its own; what every issue repeats in a standing section.",
)
def leftover_paragraph(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each paragraph of twelve words or more that the last issue has, and the one before has not."""
    if not manuscript.earlier:
        return
    last, older = (
        {_words(one) for text in texts.values() for one in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))}
        for texts in (
            manuscript.earlier[0].texts,
            {str(at): text for at, one in enumerate(manuscript.earlier[1:3]) for text in one.texts.values()},
        )
    )
    for text in manuscript.texts:
        for block in text.survey.blocks if not text.is_standing else ():
            words = _words(block.text) if block.kind == "paragraph" else ()
            if len(words) >= LEAST_WORDS and words in last and words not in older:
                yield leftover_paragraph.at(
                    text.survey.place_in(block, 0, min(len(block.text), 60)),
                    _("“{words}” stood in issue {number} word for word").format(
                        words=shorten(block.text, 40), number=manuscript.earlier[0].number
                    ),
                    suggestion=_(
                        "write it anew, or take it out; what every issue repeats goes into a standing section"
                    ),
                    level=Level.WARNING if len(manuscript.earlier) > 1 else Level.INFO,
                )


def _words(text: str) -> tuple[str, ...]:
    """The words of a paragraph, whatever stands between them."""
    return tuple(re.findall(r"\w+", text.lower()))
