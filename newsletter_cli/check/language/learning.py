"""Names that a newsletter teaches by itself: from what it published before, and from what this issue names anyway."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from newsletter_cli.check.language.guesses import is_one_slip
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.speller import Speller
from newsletter_cli.check.language.word_forms import WORD, plain_word
from newsletter_cli.check.subjects.manuscript import EarlierIssue, Manuscript

# A name is believed when it went out once. A word in small letters may be a slip that went out: it takes two issues.
ISSUES_FOR_A_WORD = 2
SHORTEST_IN_A_HOST = 4
NO_PROSE = re.compile(r"<!--.*?-->|```.*?```|`[^`\n]*`|<[^>\n]*>|\]\([^)\n]*\)|\S+://\S+|\S+@\S+", re.DOTALL)


def learnt_words(
    manuscript: Manuscript, unknown: Collection[str], spellers: Mapping[str, Speller], sent: Collection[int]
) -> KnownWords:
    """Those of the unknown words that are right in this newsletter; `sent` are the issues that went out by mail.

    A word that is one slip from one of the dictionary is never learnt: a fault that was published once would stay. Nor
    is anything from sections that are carried over from issue to issue.
    """
    wanted = {plain_word(word) for word in unknown}
    hosts = set(_hosts(manuscript))
    named = wanted & set(_named_in(manuscript))
    named |= {
        word
        for word in wanted - named
        if word.lower() in hosts and not any(one.has_accented(word) for one in spellers.values())
    }
    issues = _count_issues(manuscript, wanted - named, sent)
    # “backend” is near to English words; in a French letter it is no slip of one.
    own = spellers.get(manuscript.language.lower().partition("-")[0])
    judges = spellers.values() if own is None else (own,)
    sure = {
        word
        for word, count in issues.items()
        if count >= (1 if word[:1].isupper() else ISSUES_FOR_A_WORD) and not any(one.has_near(word) for one in judges)
    }
    return KnownWords(words=frozenset(named | {word for word in sure if not _is_slip_of(word, sure | named, issues)}))


def _is_slip_of(word: str, others: Collection[str], issues: Counter[str]) -> bool:
    """Whether a word in small letters is one slip from another that more issues have; a plural is none."""
    return word.islower() and any(
        is_one_slip(word, other) and issues[other] > issues[word] and word != f"{other}s" for other in others
    )


def _named_in(manuscript: Manuscript) -> Iterator[str]:
    """The words of authors, places and employers, which somebody typed into a header as names."""
    for section in manuscript.issue.published_sections:
        values = [section.author, *(event.place for event in section.events), *(job.employer for job in section.jobs)]
        for value in filter(None, values):
            yield from (plain_word(found[0]) for found in WORD.finditer(value) if found[0][:1].isupper())


def _hosts(manuscript: Manuscript) -> Iterator[str]:
    for text in manuscript.texts:
        for link in text.survey.links:
            try:
                host = urlsplit(link.href).hostname or ""
            except ValueError:
                continue
            yield from (part for part in re.split(r"[.-]", host.lower()) if len(part) >= SHORTEST_IN_A_HOST)


def _count_issues(manuscript: Manuscript, wanted: Collection[str], sent: Collection[int]) -> Counter[str]:
    """In how many issues that were published each word stands."""
    standing = {section.slug for section in manuscript.canonical if section.standing}
    counts: Counter[str] = Counter()
    for issue in manuscript.earlier:
        if issue.number in sent or _is_past(issue, manuscript):
            texts = " ".join(text for slug, text in issue.texts.items() if slug not in standing)
            words = {found[0] for found in WORD.finditer(NO_PROSE.sub(" ", texts))} if wanted else set()
            parts = {part for word in words for part in re.split(r"['’-]", word)} | {plain_word(word) for word in words}
            counts.update(parts & set(wanted))
    return counts


def _is_past(issue: EarlierIssue, manuscript: Manuscript) -> bool:
    """Whether its day is before this issue's: what `nl import` brought has no record of a send."""
    day = manuscript.issue.date
    return issue.date is not None and day is not None and issue.date < day.date()
