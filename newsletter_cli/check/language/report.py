"""What was found in the language of an issue: what the rules on it are given, and what scripts get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from newsletter_cli.check.language.reader import Fault, FaultKind
from newsletter_cli.check.subjects.manuscript import Manuscript


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageReport:
    """All faults, in the order of the texts.

    `readers` are the names of those that read, by language. `unread` are languages of the issue that nothing installed
    reads, with how many words of each; `failures` are the last words of readers that failed, by name. `file` is the
    one that stands for the issue as a whole. `has_own_words`: the newsletter has a list of words of its own.
    `tells_each_word`: words that may be names are told at each of their places, too, and not in one list alone.
    """

    file: str = ""

    faults: tuple[Fault, ...] = ()
    readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    has_own_words: bool = False
    tells_each_word: bool = False

    @property
    def unknown_words(self) -> Counter[str]:
        """How often each word that no dictionary has stands in the issue, in the order of the texts."""
        return Counter(one.words for one in self.faults if one.kind is FaultKind.SPELLING)

    def as_dict(self) -> dict[str, Any]:
        """For `nl check --json`."""
        return {
            "readers": {language: list(names) for language, names in self.readers.items()},
            "unread": dict(self.unread),
            "failures": dict(self.failures),
            "unknown_words": dict(self.unknown_words.most_common()),
        }


def report_unread(manuscript: Manuscript, refused: Mapping[str, str]) -> LanguageReport:
    """What there is to say where nothing reads the issue; `refused` are readers that may not, with the reason."""
    own = manuscript.language.lower().partition("-")[0]
    count = sum(len(text.survey.source.text.split()) for text in manuscript.texts)
    return LanguageReport(file=manuscript.issue.editorial.file, unread={own: count}, failures=refused)
