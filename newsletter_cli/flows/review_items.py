"""What there is to review in an issue: findings with the ways to fix them, and how they follow when a text changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

from newsletter_cli.flows.fixing import make_edits
from newsletter_cli.flows.moved import Move
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Edit, Finding

MISSPELT = "misspelt"
# They are reviewed first, and also where nothing is proposed: whoever reads the sentence knows what to write.
LANGUAGE = (MISSPELT, "grammar", "name-spelt-twice", "language-slip", "capital-accent")
# Everybody types so, and the e-mail is corrected anyway: all its lines are one question, the last.
TYPOGRAPHY = "typography"
MOST_CHOICES = 3

Texts = Mapping[str, str]
Choice = tuple[Edit, ...]


class Item(Struct, frozen=True, kw_only=True):
    """What is asked at once: a finding, or all of a kind together."""

    findings: tuple[Finding, ...]

    @property
    def finding(self) -> Finding:
        """The one that is shown."""
        return self.findings[0]

    @property
    def count(self) -> int:
        """For how many findings it stands."""
        return len(self.findings)

    @property
    def is_language(self) -> bool:
        """Whether it is about how something is written."""
        return self.finding.rule in LANGUAGE

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The ways to fix it, the likeliest first; each is made whole or not at all."""
        edits = tuple(edit for finding in self.findings for edit in finding.edits)
        choices = [edits] if edits else []
        choices += [(edit,) for edit in self.finding.proposals]
        return tuple(dict.fromkeys(choices))[:MOST_CHOICES]


def find_items(findings: Iterable[Finding]) -> tuple[Item, ...]:
    """What can be reviewed of these: language first, then what else can be fixed, all typography in one at the end."""
    findings = list(findings)
    lines = tuple(finding for finding in findings if finding.rule == TYPOGRAPHY and finding.edits)
    items = [Item(findings=(finding,)) for finding in findings if finding.rule != TYPOGRAPHY]
    items = [item for item in items if item.choices or item.is_language]
    items.sort(key=lambda item: (not item.is_language, not is_list(item)))
    return (*items, Item(findings=lines)) if lines else tuple(items)


def words_of(item: Item) -> tuple[str, ...]:
    """The words that no dictionary has, where the finding is about such; of a list of them, all."""
    finding = item.finding
    return tuple((finding.subject or "").split("\n")) if finding.rule == MISSPELT and finding.subject else ()


def is_list(item: Item) -> bool:
    """Whether it is a list of words, and stands at no place."""
    return item.finding.line is None and len(words_of(item)) > 1


class Page:
    """A text by line and column (from 1, behind a byte order mark) and by offset (from 0)."""

    def __init__(self, text: str):
        self.text = text.removeprefix(BOM)
        self._starts = [0, *accumulate(map(len, split_lines(self.text)))]

    def offset(self, line: int, column: int = 1) -> int | None:
        """Where a place stands; `None` beyond the end of the text."""
        if not 1 <= line <= len(self._starts):
            return None
        found = self._starts[line - 1] + column - 1
        return found if found <= len(self.text) else None

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def stretch(self, finding: Finding) -> tuple[int, int] | None:
        """From where to where the words of a finding stand, whole words in any case; `None`: it is about no words."""
        if finding.line is None or finding.column is None or not finding.length:
            return None
        start = self.offset(finding.line, finding.column)
        if start is None:
            return None
        return self.whole_words(start, min(start + finding.length, len(self.text)))

    def whole_words(self, start: int, end: int) -> tuple[int, int]:
        """The stretch, no word of it cut."""
        text = self.text
        if text[start : start + 1].isalnum():
            while start and text[start - 1].isalnum():
                start -= 1
        if text[end - 1 : end].isalnum():
            while text[end : end + 1].isalnum():
                end += 1
        return start, end


def carry(items: Sequence[Item], texts: Texts, edits: Sequence[Edit]) -> tuple[Item, ...]:
    """The items as they stand after these edits of the texts; what was edited itself, or beside it, is left out."""
    current = dict(texts)
    # From the end of a text on: those before stand where they stood.
    for edit in sorted(edits, key=lambda one: (one.file, one.line, one.column), reverse=True):
        after = make_edits((edit,), current)
        if after:
            move = Move(current[edit.file], after[edit.file])
            items = [moved for item in items if (moved := _moved(item, edit.file, move)) is not None]
            current.update(after)
    return tuple(items)


def _moved(item: Item, file: str, move: Move) -> Item | None:
    """The item after a change to that file; `None` where nothing is left of it."""
    found = (one if one.file != file or one.line is None else move.moved(one) for one in item.findings)
    findings = tuple(one for one in found if one is not None)
    return Item(findings=findings) if findings else None
