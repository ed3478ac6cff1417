"""`nl check --review`: a review as a value, and what each key makes of it. What differs between two is then written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.values import replace
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.silence import silence
from newsletter_cli.flows.fixing import make_edits
from newsletter_cli.flows.review_items import MISSPELT, Item, Page, Texts, carry, find_items, is_list, words_of
from newsletter_cli.markdown.frontmatter.split import BOM, split_header
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Edit, Finding

# By what a terminal gives for them: Enter, the arrow to the right, the one to the left.
KEEP = ("k", "\r", "\n", " ", "\x1b[C", "\xe0M")
UNDO = ("u", "\x1b[D", "\xe0K", "\x7f", "\x08")
QUIT = ("q", "\x04", "\x1a")
HELP = ("?", "h")
ADD, SILENCE, TYPE = "w", "i", "e"


class Tally(Struct, frozen=True, kw_only=True):
    """How often each thing was done; `kept` are findings that were left as they are."""

    changed: int = 0
    kept: int = 0
    silenced: int = 0


class Review(Struct, frozen=True, kw_only=True):
    """Where a review stands.

    `texts` are the files as they are to be on disk, `words` the ones to be in the newsletter's own list, added in this
    review. `items[at]` is what is asked now. `past` are the reviews before, the last one last. `note` is what the last
    key did, or why it did nothing; `is_refused`: it did nothing.
    """

    texts: Texts
    items: tuple[Item, ...]
    at: int = 0
    words: tuple[str, ...] = ()
    tally: Tally = Tally()
    past: tuple[Review, ...] = ()
    note: str = ""
    is_refused: bool = False
    is_left: bool = False
    wants_help: bool = False

    @property
    def item(self) -> Item | None:
        """What is asked now; `None`: whether that is all, or the last is to be taken back."""
        return self.items[self.at] if self.at < len(self.items) else None

    @property
    def stretch(self) -> str:
        """The words that the finding is about, as they stand; empty: it is about no words."""
        return "" if self.item is None else stretch_of(self.item, self.texts)


def begin(findings: Iterable[Finding], texts: Texts) -> Review:
    """A review of what was found in these texts."""
    return Review(texts=dict(texts), items=find_items(findings))


def begin_again(old: Review, findings: Iterable[Finding], texts: Texts) -> Review:
    """A review of texts that somebody else has changed: what was decided already is not asked again."""
    decided = {_key(item, old.texts) for item in old.items[: old.at]}
    known = KnownWords(words=frozenset(old.words))
    items = [item for item in find_items(findings) if _key(item, texts) not in decided and not _is_known(item, known)]
    return Review(texts=dict(texts), items=tuple(items), words=old.words, tally=old.tally)


def press(review: Review, key: str) -> Review:
    """What a key makes of the review."""
    item = review.item
    key = key if len(key) > 1 else key.lower()
    review = replace(review, note="", is_refused=False, wants_help=False)
    if item is None:
        # The last one was answered: it may be taken back, too.
        return _undo(review) if key in UNDO else replace(review, is_left=True)
    if key.isdecimal() and 1 <= int(key) <= len(item.choices):
        return _choose(review, item.choices[int(key) - 1])
    act = KEYS.get(key)
    return (
        _refused(review, _("this key does nothing here: press ? for those that do"))
        if act is None
        else act(review, item)
    )


def type_instead(review: Review, words: str) -> Review:
    """The finding's words replaced by what was typed; nothing typed changes nothing.

    Of a list of words, those typed are wrong, and all the others are words of the newsletter.
    """
    item, old = review.item, review.stretch
    if item is not None and is_list(item):
        wrong = words.replace(",", " ").split()
        added = tuple(word for word in words_of(item) if word not in wrong)
        review = replace(review, note="", is_refused=False, wants_help=False)
        return _with_words(review, item, added) if wrong and added else _refused(review, _("nothing was changed"))
    if item is None or not old:
        return _refused(review, _("this is about no words that could be replaced"))
    words = " ".join(words.split())
    if not words or words == old:
        return _refused(review, _("nothing was changed"))
    page = Page(review.texts[item.finding.file])
    found = page.stretch(item.finding)
    assert found is not None
    line, column = page.place(found[0])
    edit = Edit(file=item.finding.file, line=line, column=column, old=page.text[found[0] : found[1]], new=words)
    return _choose(replace(review, note="", is_refused=False, wants_help=False), (edit,))


def stretch_of(item: Item, texts: Texts) -> str:
    """The words that a finding is about, as they stand in the texts."""
    text = texts.get(item.finding.file)
    page = Page(text) if text is not None else None
    found = page.stretch(item.finding) if page else None
    return page.text[found[0] : found[1]] if page and found else ""


def changed_texts(before: Review, after: Review) -> dict[str, str]:
    """The files to write, so that what is on disk is what `after` says."""
    return {file: text for file, text in after.texts.items() if before.texts.get(file) != text}


def _after(review: Review, *, tally: Tally | None = None, note: str = "") -> Review:
    """The review to go on with, which can be undone."""
    before = replace(review, note="")
    return replace(review, past=(*review.past, before), tally=tally or review.tally, note=note)


def _refused(review: Review, note: str) -> Review:
    return replace(review, note=note, is_refused=True)


def _help(review: Review, _item: Item) -> Review:
    return replace(review, wants_help=True)


def _leave(review: Review, _item: Item) -> Review:
    return replace(review, is_left=True)


def _keep(review: Review, item: Item) -> Review:
    if is_list(item):  # its words come one by one
        return replace(_after(review), at=review.at + 1)
    tally = replace(review.tally, kept=review.tally.kept + 1)
    # A word that is kept once is kept wherever it stands.
    words = words_of(item)
    following = tuple(one for one in review.items[review.at + 1 :] if not words or words_of(one) != words)
    return replace(
        _after(review, tally=tally, note=_("left as it is")),
        items=(*review.items[: review.at + 1], *following),
        at=review.at + 1,
    )


def _undo(review: Review, _item: Item | None = None) -> Review:
    if not review.past:
        return _refused(review, _("there is nothing to undo"))
    return replace(review.past[-1], note=_("undone"))


def _choose(review: Review, choice: tuple[Edit, ...]) -> Review:
    texts = make_edits(choice, review.texts)
    if not texts:
        return _refused(review, _("the text does not stand there any more"))
    following = carry(review.items[review.at + 1 :], review.texts, choice)
    note = _told(choice)
    tally = replace(review.tally, changed=review.tally.changed + 1)
    return replace(
        _after(review, tally=tally, note=note),
        texts={**review.texts, **texts},
        items=(*review.items[: review.at + 1], *following),
        at=review.at + 1,
    )


def _told(choice: tuple[Edit, ...]) -> str:
    if len(choice) == 1:
        return _("written")
    return ngettext("written at {count} place", "written at {count} places", len(choice)).format(count=len(choice))


def _add_words(review: Review, item: Item) -> Review:
    words = words_of(item)
    if not words:
        return _refused(review, _("only a word that no dictionary has can be added to the newsletter’s own words"))
    return _with_words(review, item, words)


def _with_words(review: Review, item: Item, words: tuple[str, ...]) -> Review:
    known = KnownWords(words=frozenset((*review.words, *words)))
    following = tuple(one for one in review.items[review.at + 1 :] if not _is_known(one, known))
    note = ngettext("added to words.txt: {words}", "added to words.txt: {words}", len(words)).format(
        words=", ".join(words)
    )
    return replace(
        _after(review, note=note),
        words=(*review.words, *words),
        items=(*review.items[: review.at + 1], *following),
        at=review.at + 1,
    )


def _is_known(item: Item, known: KnownWords) -> bool:
    words = words_of(item)
    return bool(words) and item.finding.rule == MISSPELT and all(map(known.has, words))


def _silence(review: Review, item: Item) -> Review:
    finding = item.finding
    text = review.texts.get(finding.file)
    why = _("no comment can stand there; ignore = […] under [check] in newsletter.toml silences the rule everywhere")
    if text is None or finding.line is None or item.count > 1 or finding.line < _body_line(text):
        return _refused(review, why)
    comment = f"<!-- nl: ignore {finding.rule} -->\n"
    edit = Edit(file=finding.file, line=finding.line, column=1, old="", new=comment)
    texts = make_edits((edit,), review.texts)
    moved = replace(finding, line=finding.line + 1)
    # Within code, say, it would be no comment but shown to readers.
    if not texts or moved in silence((moved,), texts, (), (finding.rule,)).findings:
        return _refused(review, why)
    following = carry(review.items[review.at + 1 :], review.texts, (edit,))
    silenced = silence([one.finding for one in following], texts, (), (finding.rule,)).findings
    kept = tuple(one for one in following if one.finding in silenced)
    tally = replace(review.tally, silenced=review.tally.silenced + 1)
    return replace(
        _after(review, tally=tally, note=_("a comment above the line silences {rule} there").format(rule=finding.rule)),
        texts={**review.texts, **texts},
        items=(*review.items[: review.at + 1], *kept),
        at=review.at + 1,
    )


def _body_line(text: str) -> int:
    try:
        return split_header(text, styles=("yaml", "toml")).body_line
    except FrontMatterError:
        return len(text) + 1


def _key(item: Item, texts: Mapping[str, str]) -> tuple[str, str, str, str]:
    """By what a finding is told again after the lines have moved."""
    finding = item.finding
    lines = split_lines(texts.get(finding.file, "").removeprefix(BOM))
    line = lines[finding.line - 1].strip() if finding.line and finding.line <= len(lines) else ""
    return finding.file, finding.rule, finding.message, line


KEYS: dict[str, Callable[[Review, Item], Review]] = {
    **dict.fromkeys(KEEP, _keep),
    **dict.fromkeys(UNDO, _undo),
    **dict.fromkeys(QUIT, _leave),
    **dict.fromkeys(HELP, _help),
    ADD: _add_words,
    SILENCE: _silence,
}
