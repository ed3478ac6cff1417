"""The number or the title of an earlier issue, left in by copying."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, body_passages
from newsletter_cli.markdown.survey import NOT_PROSE
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="leftover-number", level=Level.WARNING, title=_("The number of an earlier issue is left in"))
GAP = r"[\s\ufffc]+"
# Words that present an issue as the present one.
WELCOME = re.compile(
    r"(?:\b(?:bienvenue dans|voici|cette|welcome to|here is|this is)(?:\s+(?:la|le|the))?|\A[\W_]*(?:la|le|the)?)"
    r"[\s\ufffc]*\Z",
    re.IGNORECASE,
)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each field that opens with the newsletter's title and another number, or is an earlier one's.

    In the editorial and the summary, where an earlier issue may well be spoken of, only what welcomes readers to it
    is reported, as info.
    """
    pattern = _title(manuscript.title_pattern)
    issue = manuscript.issue
    yield from _same_as_earlier(manuscript)
    if pattern is None:
        return
    for name in ("title", "subject"):
        found = pattern.match((getattr(issue, name) or "").strip())
        if found and name in issue.lines and int(found["number"]) != issue.number:
            yield _finding(manuscript, manuscript.field(name), found, level=Level.WARNING)
    for name in ("preheader", "summary"):
        yield from _in_words(manuscript, getattr(issue, name) or "", pattern, manuscript.field(name))
    for passage in body_passages(manuscript):
        if passage.text is not None and passage.text.section is None:
            yield from _in_words(manuscript, passage.prose, pattern, passage)


def _title(typed: str) -> re.Pattern[str] | None:
    """The title's pattern, the number to be read; `None` where it has none, or nothing else."""
    if typed.count("{number}") != 1 or not re.sub(r"\{\w+\}", "", typed).strip(" #-–°"):
        return None
    parts = re.split(r"(\{\w+\})", typed)
    fields = {"{number}": r"0*(?P<number>\d{1,6})(?!\w)", "{month}": r"[^\W\d_]+", "{year}": r"\d{4}"}
    words = (fields.get(part) or GAP.join(map(re.escape, re.split(r"\s+", part))) for part in parts)
    return re.compile("".join(words), re.IGNORECASE)


def _in_words(
    manuscript: Manuscript, words: str, pattern: re.Pattern[str], where: Place | Passage
) -> Iterator[Finding]:
    for found in pattern.finditer(words):
        if int(found["number"]) != manuscript.issue.number and WELCOME.search(words[: found.start()]):
            place = where if isinstance(where, Place) else where.place(*found.span())
            yield _finding(manuscript, place, found, level=Level.INFO)


def _finding(manuscript: Manuscript, place: Place, found: re.Match[str], *, level: Level) -> Finding:
    number = manuscript.issue.number
    return RULE.at(
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
        if name == "title" and (pattern := _title(manuscript.title_pattern)) and pattern.match(value):
            # Said already, by its number.
            continue
        what = (
            _("the slug “{value}” is that of issue {number}")
            if name == "slug"
            else _("the title “{value}” is that of issue {number}")
        )
        yield RULE.at(
            manuscript.field(name),
            what.format(value=value, number=former.number),
            suggestion=_("two posts of one slug overwrite each other: give this one its own")
            if name == "slug"
            else _("give this issue its own"),
        )
