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

# A name is believed when it went out once. A word in small letters may be a slip that went out: it takes two issues, or
# three times in one.
ISSUES_FOR_A_WORD = 2
TIMES_FOR_A_WORD = 3
SHORTEST_IN_A_HOST = 4
NO_PROSE = re.compile(
    r"<!--.*?-->|```.*?```|`[^`\n]*`|<[^>\n]*>|\]\([^)\n]*\)|\b[a-z]{2,8}://\S+|[\w.+-]+@[\w.-]+", re.DOTALL
)


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
    issues, times = _count(manuscript, wanted - named, sent)
    # “backend” is near to English words; in a French letter it is no slip of one.
    own = spellers.get(manuscript.language.lower().partition("-")[0])
    judges = spellers.values() if own is None else (own,)
    sure = {
        word
        for word in issues
        if (word[:1].isupper() or issues[word] >= ISSUES_FOR_A_WORD or times[word] >= TIMES_FOR_A_WORD)
        and not any(one.has_near(word) for one in judges)
    }
    return KnownWords(words=frozenset(named | {word for word in sure if not _is_slip_of(word, sure | named, times)}))


def _is_slip_of(word: str, others: Collection[str], times: Counter[str]) -> bool:
    """Whether a word in small letters is one slip from another that stands there more often; a plural is none."""
    return word.islower() and any(
        is_one_slip(word, other) and times[other] > times[word] and word != f"{other}s" for other in others
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


def _count(manuscript: Manuscript, wanted: Collection[str], sent: Collection[int]) -> tuple[Counter[str], Counter[str]]:
    """In how many issues that were published each word stands, and how often in all of them."""
    standing = {section.slug for section in manuscript.canonical if section.standing}
    issues: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for issue in manuscript.earlier:
        if wanted and (issue.number in sent or _is_past(issue, manuscript)):
            texts = " ".join(text for slug, text in issue.texts.items() if slug not in standing)
            found = Counter(part for word in WORD.findall(NO_PROSE.sub(" ", texts)) for part in _parts(word))
            here = {word: found[word] for word in wanted if word in found}
            issues.update(here.keys())
            times.update(here)
    return issues, times


def _parts(word: str) -> set[str]:
    """The word, and what stands in it behind an apostrophe or a hyphen."""
    plain = plain_word(word)
    return {plain, *re.split(r"['-]", plain)}


def _is_past(issue: EarlierIssue, manuscript: Manuscript) -> bool:
    """Whether its day is before this issue's: what `nl import` brought has no record of a send."""
    day = manuscript.issue.date
    return issue.date is not None and day is not None and issue.date < day.date()
