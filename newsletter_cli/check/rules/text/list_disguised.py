"""Lines that begin with “•” or an emoji: a list to the eye, one long sentence to a screen reader and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.source import dominant_newline
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Survey
from newsletter_cli.model import Edit, Finding, Level, Rule

RULE = Rule(slug="list-disguised", level=Level.WARNING, title=_("Lines are a list in disguise"), is_fixable=True)
# Signs that are nothing but a bullet, and go; emoji may say something, and stay.
BULLET = "•‣⁃▪▫■□◦●○∙·→➔➜➝➞➤▶►▸–"
# Digits, © and the like are emoji to Unicode only with U+FE0F behind them: not these.
EMOJI = "\U0001f300-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u27bf\u2b00-\u2bff\u231a-\u231b\u23e9-\u23f3"
LINE = Pattern(
    f"(?P<bullet>[{BULLET}])\ufe0f?[ \\t\u00a0\u202f]*(?=\\S)"
    f"|(?P<emoji>[{EMOJI}][{EMOJI}\ufe0f\u200d\U0001f3fb-\U0001f3ff]*)[ \\t\u00a0\u202f]*(?=\\S)"
)
# `- 3. ` would be a list in the list, `- # ` a heading.
BLOCK_START = Pattern(r"\d+[.)](?:\s|$)|[-+*](?:\s|$)|>|#{1,6}(?:\s|$)|```|~~~|\[[ xX]\]|([-*_] *){3,}$")
CONTINUED = Pattern(r"[a-zà-öø-ÿœ(,;:]")


@dataclass(frozen=True, slots=True)
class _List:
    """Lines `first` to `last` of a block (indexes), those that begin an item, and whether text follows."""

    items: tuple[int, ...]
    last: int


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for two or more such lines in a row in a paragraph (RGAA 9.3; WCAG 2.2, 1.3.1).

    Mended, they are a list: a bullet becomes `-`, an emoji stays behind one, and not a byte of the text changes.
    Dialogue, which begins with dashes too, is left alone.
    """
    for text in manuscript.all_texts:
        survey = text.survey
        for block in survey.blocks:
            if block.kind != "paragraph" or "\n" not in block.text:
                continue
            lines, starts = _lines(block)
            for found in _lists(block, lines, starts):
                first = found.items[0]
                yield RULE.at(
                    survey.place_in(block, starts[first], starts[first] + len(lines[first])),
                    ngettext(
                        "{count} lines from “{words}” on are a list in disguise",
                        "{count} lines from “{words}” on are a list in disguise",
                        len(found.items),
                    ).format(count=len(found.items), words=shorten(lines[first], 30)),
                    suggestion=_("begin each of them with a dash and a blank, so that they become a real list"),
                    edits=_edits(survey, block, lines, starts, found),
                )


def _lines(block: Block) -> tuple[list[str], list[int]]:
    lines = block.text.split("\n")
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    return lines, starts


def _lists(block: Block, lines: Sequence[str], starts: Sequence[int]) -> Iterator[_List]:
    kinds = [
        _kind(line) if block.prose[start : start + 1] != NOT_PROSE else ""
        for line, start in zip(lines, starts, strict=True)
    ]
    index = 0
    while index < len(lines):
        if not kinds[index]:
            index += 1
            continue
        items = [index]
        last = index
        while last + 1 < len(lines):
            following = last + 1
            if kinds[following] == kinds[index]:
                items.append(following)
            elif kinds[following] or not CONTINUED.match(lines[following]):
                break
            last = following
        # A line may run on in the next; yet two beginnings make the list.
        if len(items) > 1 and not _is_dialogue([lines[item] for item in items]):
            yield _List(tuple(items), last)
        index = last + 1


def _kind(line: str) -> str:
    """The bullet a line begins with, or `emoji`: those of a list may differ."""
    found = LINE.match(line)
    return "" if found is None else found["bullet"] or "emoji"


def _is_dialogue(lines: Sequence[str]) -> bool:
    return lines[0].startswith("–") and any(line.rstrip(" \u00a0\u202f»").endswith(("?", "!")) for line in lines)


def _edits(survey: Survey, block: Block, lines: Sequence[str], starts: Sequence[int], found: _List) -> tuple[Edit, ...]:
    """Nothing is mended within a list or a quote, where a line may stand outside of what it belongs to."""
    if block.depth or block.is_quoted or block.is_note or not survey.is_exact:
        return ()
    newline = dominant_newline(survey.source.text)
    edits: list[Edit] = []
    for index in found.items:
        line = lines[index]
        mark = LINE.match(line)
        if mark is None or BLOCK_START.match(line[mark.end() :] if mark["bullet"] else line):
            return ()
        blank_line = newline if index == found.items[0] and index > 0 else ""
        old = mark[0] if mark["bullet"] else mark["emoji"]
        new = "- " if mark["bullet"] else f"- {old}"
        edits += survey.edits_in(block, starts[index], starts[index] + len(old), blank_line + new)
    if found.last + 1 < len(lines):
        # Otherwise it would be read as the last item's second line.
        after = starts[found.last + 1]
        edits += survey.edits_in(block, after, after + 1, newline + block.text[after])
    return tuple(edits)
