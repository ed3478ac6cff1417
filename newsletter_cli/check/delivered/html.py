"""The HTML that arrived beside the one that was handed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.delivered.addresses import AddressChange, compare_address, normal, who_is
from newsletter_cli.check.delivered.difference import Difference
from newsletter_cli.check.delivered.page import Link, Page, Picture, read_page
from newsletter_cli.check.delivered.parsed import words_of
from newsletter_cli.check.delivered.signs import CHANGED, kind_of_change
from newsletter_cli.check.delivered.texts import compare_words

CUT = "html-clipped"
GONE_WITH_THE_END = frozenset({"link-lost", "picture-lost", "styles-lost", "outlook-parts-lost"})
Item = TypeVar("Item")
Pairs = Iterator[tuple[Item | None, Item | None]]


def compare_pages(was: str, now: str) -> Iterator[Difference]:
    """What is otherwise. The same page written down otherwise (quotes, entities, order of attributes) is the same."""
    place = _("the HTML")
    before, after = read_page(was), read_page(now)
    words = [*compare_words(before.words, after.words, place, is_page=True), *_ended(before, after, place)]
    kinds = {one.kind for one in words}
    found = [
        *words,
        *_links(before.links, after.links, place),
        *(one for one in _pictures(before.pictures, after.pictures, place) if one.kind not in kinds),
        *_fetched(before, after, place),
        *_styles(before, after, place),
    ]
    # What stood behind the cut is gone with it.
    yield from (one for one in found if CUT not in kinds or one.kind not in GONE_WITH_THE_END)
    if not found:
        yield from _elements(before, after, place)


def _ended(before: Page, after: Page, place: str) -> Iterator[Difference]:
    if before.is_ended and not after.is_ended and before.words == after.words:
        yield Difference(kind=CUT, message=_("the end is cut off"), place=place, was="</html>")


def _links(was: Sequence[Link], now: Sequence[Link], place: str) -> Iterator[Difference]:
    added: list[str] = []
    lost: list[str] = []
    changed: dict[tuple[str, str], list[tuple[Link, Link, AddressChange]]] = {}
    for before, after in _paired(was, now, lambda one: normal(one.href), lambda one: one.words):
        if before is None and after is not None:
            added.append(f"{after.words} → {after.href}")
        elif after is None and before is not None:
            lost.append(f"{before.words} → {before.href}")
        elif before is not None and after is not None and (change := compare_address(before.href, after.href)):
            key = change.host if change.kind == "link-rewritten" else " ".join(change.parameters)
            changed.setdefault((change.kind, key), []).append((before, after, change))
    if added:
        message = ngettext("{count} link was put in", "{count} links were put in", len(added))
        yield Difference(kind="link-added", message=message.format(count=len(added)), place=place, now=added[0])
    if lost:
        message = ngettext("{count} link is gone", "{count} links are gone", len(lost))
        yield Difference(kind="link-lost", message=message.format(count=len(lost)), place=place, was=lost[0])
    for changes in changed.values():
        before, after, change = changes[0]
        yield Difference(
            kind=change.kind, message=_told_links(change, len(changes)), place=place, was=before.href, now=after.href
        )


def _told_links(change: AddressChange, count: int) -> str:
    if change.kind == "link-rewritten":
        host = f"{change.host} ({change.who})" if change.who else change.host
        return ngettext(
            "{count} link was rewritten, and leads to {host}", "{count} links were rewritten, and lead to {host}", count
        ).format(count=count, host=host)
    if change.kind == "tracking-added":
        return ngettext(
            "{count} link got parameters that tell who followed it: {names}",
            "{count} links got parameters that tell who followed them: {names}",
            count,
        ).format(count=count, names=", ".join(dict.fromkeys(change.parameters)))
    return ngettext("{count} link is another", "{count} links are others", count).format(count=count)


def _pictures(was: Sequence[Picture], now: Sequence[Picture], place: str) -> Iterator[Difference]:
    lost: list[str] = []
    alts: dict[str, tuple[str, str]] = {}
    moved: dict[str, list[tuple[Picture, Picture]]] = {}
    for before, after in _paired(was, now, lambda one: normal(one.src), lambda one: one.alt):
        if before is None and after is not None:
            yield _put_in(after, place)
        elif after is None and before is not None:
            lost.append(_named(before))
        elif before is not None and after is not None:
            if change := compare_address(before.src, after.src):
                moved.setdefault(change.host, []).append((before, after))
            elif words_of(before.alt) != words_of(after.alt):
                kind = kind_of_change(before.alt, after.alt)
                alts.setdefault("alt-changed" if kind == CHANGED else kind, (before.alt, after.alt))
    if lost:
        message = ngettext("{count} picture is gone", "{count} pictures are gone", len(lost))
        yield Difference(kind="picture-lost", message=message.format(count=len(lost)), place=place, was=lost[0])
    for kind, (one, other) in alts.items():
        message = _("the words for those who do not see a picture are others")
        yield Difference(kind=kind, message=message, place=place, was=one, now=other)
    for host, pairs in moved.items():
        before, after = pairs[0]
        who = who_is(host)
        count = len(pairs)
        yield Difference(
            kind="picture-rewritten",
            message=ngettext(
                "{count} picture is fetched from elsewhere: {host}",
                "{count} pictures are fetched from elsewhere: {host}",
                count,
            ).format(count=count, host=(f"{host} ({who})" if who else host) or "–"),
            place=place,
            was=before.src,
            now=after.src,
        )


def _put_in(picture: Picture, place: str) -> Difference:
    if picture.is_hidden or (not picture.alt and "://" in picture.src):
        return Difference(
            kind="pixel-added",
            message=_("a picture that nobody sees was put in: by it somebody learns who opens the message"),
            place=place,
            now=picture.src,
        )
    return Difference(kind="picture-added", message=_("a picture was put in"), place=place, now=_named(picture))


def _named(picture: Picture) -> str:
    return f"{picture.alt} → {picture.src}" if picture.alt else picture.src


def _fetched(before: Page, after: Page, place: str) -> Iterator[Difference]:
    for one in (Counter(map(normal, after.fetched)) - Counter(map(normal, before.fetched))).elements():
        yield Difference(
            kind="remote-added",
            message=_("something is fetched when the message is opened, which was not before"),
            place=place,
            now=one,
        )


def _styles(before: Page, after: Page, place: str) -> Iterator[Difference]:
    if before.styles != after.styles:
        yield from _style_blocks("\n".join(before.styles), "\n".join(after.styles), place)
    lost = Counter(before.inline) - Counter(after.inline)
    if lost:
        count = lost.total()
        yield Difference(
            kind="styles-lost",
            message=ngettext(
                "the style of {count} element is lost or another",
                "the styles of {count} elements are lost or others",
                count,
            ).format(count=count),
            place=place,
            was=next(iter(lost)),
        )
    if len(after.conditional) < len(before.conditional):
        message = _("what stands there for Outlook alone is gone: its columns may fall apart")
        yield Difference(kind="outlook-parts-lost", message=message, place=place)


def _style_blocks(was: str, now: str, place: str) -> Iterator[Difference]:
    if not now:
        message = _("the style block is gone: no dark mode, no narrow layout on a telephone")
        yield Difference(kind="style-block-lost", message=message, place=place, was=was)
    elif len(now) < len(was) and was.startswith(now.rstrip("}")):
        message = _("the style block is cut off")
        yield Difference(kind="style-block-cut", message=message, place=place, was=was[len(now) :])
    elif not was:
        yield Difference(kind="style-block-added", message=_("a style block was put in"), place=place, now=now)
    else:
        end = next(
            (index for index, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now))
        )
        begin = max(0, end - 20)
        yield Difference(
            kind="style-block-changed",
            message=_("the style block is another"),
            place=place,
            was=was[begin : end + 60],
            now=now[begin : end + 60],
        )


def _elements(before: Page, after: Page, place: str) -> Iterator[Difference]:
    if before.elements == after.elements and before.inline == after.inline:
        if before.conditional != after.conditional:
            message = _("what stands there for Outlook alone is another")
            yield Difference(kind="outlook-parts-changed", message=message, place=place)
        return
    one, other = next(
        ((a, b) for a, b in zip(before.elements, after.elements, strict=False) if a != b),
        (" ".join(before.elements[len(after.elements) :][:1]), " ".join(after.elements[len(before.elements) :][:1])),
    )
    yield Difference(
        kind="markup-changed", message=_("elements or their attributes are others"), place=place, was=one, now=other
    )


def _paired(was: Sequence[Item], now: Sequence[Item], *keys: Callable[[Item], str]) -> Pairs[Item]:
    """Each with the one that it became; with `None` where it is gone, or was not there. By the first of the keys, and
    within what has no equal there by the next.
    """
    if not keys:
        yield from ((one, None) for one in was)
        yield from ((None, one) for one in now)
        return
    before, after = [keys[0](one) for one in was], [keys[0](one) for one in now]
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal" or (b - a == d - c):
            yield from zip(was[a:b], now[c:d], strict=True)
        else:
            yield from _paired(was[a:b], now[c:d], *keys[1:])
