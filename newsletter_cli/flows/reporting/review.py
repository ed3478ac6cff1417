"""How a review looks in the terminal: one finding in its sentence, what may be done, and what was done at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.console import level_names
from newsletter_cli.flows.reporting.excerpt import cells, shown
from newsletter_cli.flows.reporting.interface import Line, View, plain
from newsletter_cli.flows.review import Review
from newsletter_cli.flows.review_items import Choice, Item, Page, Texts, is_list, words_of
from newsletter_cli.markdown.text_wrap import wrap
from newsletter_cli.model import Level

INDENT = "  "
MARGIN = INDENT * 3
LEAST_WIDTH = 40
# So many characters of a paragraph are shown on each side, at most.
REACH = 200
LONGEST_CHANGE = 60
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»’)*_]*\s+")
PARAGRAPH_END = re.compile(
    r"\r?\n[ \t>]*\r?\n|\r?\n(?=[ \t]*(?:[-*+#|]|\d+[.)])[ \t|])"
    r"|^(?:---|\+\+\+)[ \t]*\r?$\n",
    re.MULTILINE,
)
NO_WORDS = "–"


def item_lines(review: Review, view: View) -> Iterator[Line]:
    """What is asked now: the place, the reason, the sentence with its words marked, the proposals, the keys."""
    item = review.item
    if item is None:
        yield ()
        yield ((_("That was the last one."), "strong"),)
        yield from _key_lines(review, view)
        return
    finding = item.finding
    number = _("{number} of {count}").format(number=review.at + 1, count=len(review.items))
    yield ()
    is_short = cells(f"{number}  {finding.place}  {finding.rule}") < view.width
    yield ((number, "strong"), (f"  {finding.place}", ""), *(((f"  {finding.rule}", "dim"),) if is_short else ()))
    if not is_short:
        yield ((INDENT, ""), (finding.rule, "dim"))
    name = level_names()[finding.level]
    message = _whole(item)
    first, *rest = _wrapped(message, view, len(INDENT) + len(name) + 2)
    yield ((INDENT, ""), (name, finding.level.value), ("  ", ""), (first, "strong"))
    for line in rest:
        yield ((" " * (len(INDENT) + len(name) + 2), ""), (line, "strong"))
    if is_list(item):
        for line in _wrapped(", ".join(words_of(item)), view, len(MARGIN)):
            yield ((MARGIN, ""), (line, ""))
    yield from _sentence_lines(item, review.texts.get(finding.file, ""), view)
    # What to do with a word, the keys say.
    if finding.suggestion and not words_of(item) and not any(len(choice) == 1 for choice in item.choices):
        for line in _wrapped(f"→ {finding.suggestion}", view, len(INDENT * 2)):
            yield ((INDENT * 2, ""), (line, ""))
    for index, choice in enumerate(item.choices, 1):
        yield ((f"{INDENT * 2}{index}  ", "strong"), (_proposal(item, choice, review.texts), "well"))
    yield from _key_lines(review, view)


def _whole(item: Item) -> str:
    if is_list(item):
        return _("these words are in no dictionary, and may be names or terms of yours; the most frequent first")
    if item.count < 2:
        return item.finding.message
    return ngettext(
        "typography: {count} line is not set as books are; the e-mail is corrected in any case",
        "typography: {count} lines are not set as books are; the e-mail is corrected in any case",
        item.count,
    ).format(count=item.count)


def _key_lines(review: Review, view: View) -> Iterator[Line]:
    """The keys that do something with this finding, in as many lines as they need."""
    keys = [] if review.item is None else list(_keys_of(review, review.item))
    keys += [("u", _("undo"))] if review.past else []
    keys += [("q", _("quit")), ("?", "")]
    line: list[tuple[str, str]] = []
    for key, does in keys:
        taken = sum(cells(text) for text, _style in line)
        if line and taken + cells(f" · {key} {does}") > max(view.width, LEAST_WIDTH):
            yield tuple(line)
            line = []
        line += [(" · " if line else INDENT, "dim"), (key, "strong"), (f" {does}".rstrip(), "dim")]
    yield tuple(line)


def _keys_of(review: Review, item: Item) -> Iterator[tuple[str, str]]:
    count = len(item.choices)
    if count:
        yield "1" if count == 1 else f"1–{count}", _("accept")
    if is_list(item):
        yield "w", _("add all")
        yield "e", _("add all but some")
        yield "k", _("one by one")
        return
    if review.stretch:
        yield "e", _("edit")
    yield "k", _("keep")
    if words_of(item):
        yield "w", _("add word")
    yield "i", _("ignore here")


def help_lines(view: View) -> Iterator[Line]:
    """What each key does."""
    rows = [
        ("1 2 3", _("write the proposal of that number into the file")),
        ("e", _("write something else in the place of the words that are marked")),
        (_("k, Enter"), _("keep it as it is, and go on")),
        ("w", _("it is a word of this newsletter: add it to words.txt, and never ask again")),
        ("i", _("silence this rule on this line, by a comment above it")),
        ("u", _("take back the last step, as often as you like")),
        (_("q, Ctrl-C"), _("stop; everything is saved already")),
    ]
    room = max(cells(keys) for keys, _does in rows)
    yield ()
    for keys, does in rows:
        first, *rest = _wrapped(does, view, len(INDENT) + room + 2)
        yield ((f"{INDENT}{keys}{' ' * (room - cells(keys))}  ", "strong"), (first, ""))
        for line in rest:
            yield ((" " * (len(INDENT) + room + 2), ""), (line, ""))


def note_lines(review: Review, view: View) -> Iterator[Line]:
    """What the last key did, or why it did nothing."""
    mark, style = ("! ", "warning") if review.is_refused else ("✓ ", "well")
    first, *rest = _wrapped(review.note, view, len(INDENT) + len(mark))
    yield ((INDENT, ""), (mark, style), (first, ""))
    for line in rest:
        yield ((INDENT + " " * len(mark), ""), (line, ""))


def end_lines(review: Review) -> Iterator[Line]:
    """What was done, and what is left."""
    tally, left = review.tally, len(review.items) - review.at
    done = [
        ngettext("{count} changed", "{count} changed", tally.changed).format(count=tally.changed),
        ngettext("{count} word added", "{count} words added", len(review.words)).format(count=len(review.words)),
        ngettext("{count} silenced", "{count} silenced", tally.silenced).format(count=tally.silenced),
        ngettext("{count} kept", "{count} kept", tally.kept).format(count=tally.kept),
    ]
    yield ()
    yield ((", ".join(done), "strong"),)
    if left:
        yield plain(
            ngettext(
                "{count} is left; nl check --review goes on", "{count} are left; nl check --review goes on", left
            ).format(count=left)
        )


def _proposal(item: Item, choice: Choice, texts: Texts) -> str:
    """What a choice makes of the words: the new ones alone where they stand in the place of those that are marked."""
    if item.count > 1:
        return _("correct them all in the files")
    first = choice[0]
    page = Page(texts.get(first.file, ""))
    start = page.offset(first.line, first.column)
    is_word = start is not None and _is_plain(first.old) and _is_plain(first.new)
    old, new = first.old, first.new
    if is_word and start is not None:
        marked = page.stretch(item.finding) if first.file == item.finding.file else None
        low, high = page.whole_words(start, start + len(old))
        if marked and marked[0] <= low and high <= marked[1]:
            low, high = marked
        old, new = page.text[low:high], page.text[low:start] + new + page.text[start + len(old) : high]
    more = len(choice) - 1
    if not more:
        return shown(new) if is_word else f"{_short(old)} → {_short(new)}"
    change = f"{_short(old)} → {_short(new)}"
    return ngettext("{change}, and {count} more", "{change}, and {count} more", more).format(change=change, count=more)


def _is_plain(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST_CHANGE and "\n" not in text


def _short(text: str) -> str:
    if not text:
        return NO_WORDS
    line = shown(text.replace("\r\n", "\n").replace("\n", "⏎"), names_blanks=True)
    line = line if len(line) <= LONGEST_CHANGE else line[: LONGEST_CHANGE - 1] + "…"
    return f"“{line}”" if line != line.strip() else line


def _sentence_lines(item: Item, text: str, view: View) -> Iterator[Line]:
    """The sentence of the finding in lines of the terminal's width, with its words marked."""
    page = Page(text)
    finding = item.finding
    offset = page.offset(finding.line, finding.column or 1) if finding.line else None
    if offset is None or item.count > 1:
        return
    start, end = page.stretch(finding) or (offset, offset)
    first, last = sentence(page.text, start, end)
    width = max(view.width, LEAST_WIDTH) - len(MARGIN) - 1
    position = first
    while position < last:
        stop = _line_end(page.text, position, last, width)
        yield from _marked(page.text, position, stop, max(start, position), min(end, stop), view, finding.level)
        position = stop
        while position < last and page.text[position].isspace():
            position += 1


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """From where to where the sentence goes in which a stretch stands; not beyond its paragraph."""
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    first = low
    for pattern in (PARAGRAPH_END, SENTENCE_END):
        ends = [found.end() for found in pattern.finditer(text, first, start) if found.end() <= start]
        first = ends[-1] if ends else first
    last = high
    for pattern in (PARAGRAPH_END, SENTENCE_END):
        found = pattern.search(text, end, last)
        last = found.start() if found else last
    # What was cut at its reach begins and ends with a whole word.
    if first == low and low:
        first = next((at + 1 for at in range(low, start) if text[at].isspace()), start)
    if last == high and high < len(text):
        last = next((at for at in range(high - 1, end, -1) if text[at].isspace()), end)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _line_end(text: str, start: int, last: int, width: int) -> int:
    """Up to where the text from `start` fits into a line, cut at a blank."""
    if cells(shown(_flat(text[start:last]))) <= width:
        return last
    stop = blank = start
    while stop < last and cells(shown(_flat(text[start : stop + 1]))) <= width:
        if text[stop].isspace():
            blank = stop
        stop += 1
    return blank if blank > start else max(stop, start + 1)


def _flat(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _marked(text: str, first: int, last: int, start: int, end: int, view: View, level: Level) -> Iterator[Line]:
    if start >= end:
        yield ((MARGIN, ""), (shown(_flat(text[first:last])), ""))
        return
    before, words, after = (shown(_flat(text[a:b])) for a, b in ((first, start), (start, end), (end, last)))
    if view.has_styles:
        yield ((MARGIN, ""), (before, ""), (words, f"fault-{level.value}"), (after, ""))
        return
    yield ((MARGIN, ""), (before + words + after, ""))
    yield ((MARGIN, ""), (" " * cells(before) + "^" * max(cells(words), 1), level.value))


def _wrapped(text: str, view: View, taken: int) -> list[str]:
    return wrap(text.replace("\n", " "), max(view.width, LEAST_WIDTH) - taken) or [""]
