"""The announcement for one network, from its template; what is too long loses its least important lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.i18n import _
from newsletter_cli.render.announce.dress import Dress, Written
from newsletter_cli.render.announce.facts import Facts
from newsletter_cli.render.announce.networks import Network
from newsletter_cli.render.gaps import Gap
from newsletter_cli.render.templating import render_template
from newsletter_cli.render.theme import Theme

ELLIPSIS = "…"
# So many of what was left out are tried once more.
MOST_TRIES = 40
EMPTY_LINES = re.compile(r"\n{3,}")


class PieceKind(StrEnum):
    """What can be left out, the least important first."""

    OFFER = "job"
    LINE = "lead"
    SECTION = "section"
    PLACE = "place"
    OFFERS = "jobs"
    HASHTAGS = "hashtags"
    DATE = "date"
    SUMMARY = "summary"
    FIRST_DATE = "first date"
    TITLE = "title"


class Piece(Struct, frozen=True, kw_only=True):
    """One thing that can be left out: the `index`-th of its kind, and what it says."""

    kind: PieceKind
    index: int
    text: str


class Announcement(Struct, frozen=True, kw_only=True):
    """The text for a network, how long it is by its rule, and what was left out for it. Ends with a newline."""

    network: Network
    text: str
    length: int
    left_out: tuple[Piece, ...] = ()

    @property
    def shown(self) -> str:
        """What readers see of it before they ask for more."""
        return self.text.strip() if self.network.shown is None else self.text.strip()[: self.network.shown]

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "network": self.network.name,
            "text": self.text,
            "length": self.length,
            "limit": self.network.limit,
            "left_out": [{"kind": one.kind.value, "text": one.text} for one in self.left_out],
        }


class Writer(Struct, frozen=True, kw_only=True):
    """Writes for one network. `templates` are those of all networks by name; `hashtags` without `#`.

    `gaps` are where a template wrote what has no value.
    """

    facts: Facts
    network: Network
    templates: Theme
    hashtags: tuple[str, ...] = ()
    is_posted: bool = False
    gaps: list[Gap] | None = None

    def write(self) -> Announcement:
        """The text, within the network's limit. Raises `RenderError` for a template with a fault, or one that says too
        much by itself.
        """
        pieces = _pieces(self.facts, self.hashtags)
        count = self._fewest(len(pieces), lambda count: self._text(pieces[:count]))
        if count is not None:
            left_out = self._filled(pieces[:count])
            return self._made(self._text(left_out), left_out)
        words = self.facts.heading.split(" ")
        missing = self._fewest(len(words), lambda gone: self._text(pieces, _shortened(words, gone)))
        if missing is None:
            raise self._too_long(self._text(pieces, ""))
        title = Piece(kind=PieceKind.TITLE, index=0, text=" ".join(words[len(words) - missing :]))
        return self._made(self._text(pieces, _shortened(words, missing)), (*pieces, title))

    def _fewest(self, most: int, write: Callable[[int], str]) -> int | None:
        """The fewest to leave out for the text to fit; `None` where it does not even without all of them."""
        if not self._fits(write(most)):
            return None
        if self._fits(write(0)):
            return 0
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._fits(write(middle)) else (middle, high)
        return high

    def _filled(self, left_out: Sequence[Piece]) -> Sequence[Piece]:
        """What stays left out, once the most important of it that still has room is back."""
        for piece in list(reversed(left_out))[:MOST_TRIES]:
            fewer = [one for one in left_out if one is not piece]
            if not _is_part_of_any(piece, fewer) and self._fits(self._text(fewer)):
                left_out = fewer
        return left_out

    def _fits(self, text: str) -> bool:
        return self.network.length(text.strip()) <= self.network.limit

    def _made(self, text: str, left_out: Sequence[Piece]) -> Announcement:
        kinds = dict.fromkeys(one.kind for one in left_out)
        # A template need not say all that it could.
        told = [kind for kind in kinds if self._text(()) != self._text([one for one in left_out if one.kind is kind])]
        is_cut = any(one.kind is PieceKind.TITLE for one in left_out)
        return Announcement(
            network=self.network,
            text=text,
            length=self.network.length(text.strip()),
            left_out=tuple(
                one
                for one in left_out
                if (one.kind in told or (is_cut and one.kind is PieceKind.TITLE))
                and not (one.kind is PieceKind.PLACE and _is_part_of_any(one, left_out))
            ),
        )

    def _too_long(self, text: str) -> RenderError:
        message = _(
            "the announcement for {network} has {length} of {limit} characters, with nothing in it that could go"
        )
        if self.network.is_counted_in_octets:
            message = _(
                "the announcement for {network} has {length} of {limit} bytes, with nothing in it that could go"
            )
        return RenderError(
            message.format(
                network=self.network.title, length=self.network.length(text.strip()), limit=self.network.limit
            ),
            file=self.templates.places[self.network.template],
            hint=_("say less in the template, or shorten the post's address: [post] url and slug"),
        )

    def _text(self, left_out: Sequence[Piece], heading: str | None = None) -> str:
        dress = self.network.dress_for(is_posted=self.is_posted)
        gone = {(one.kind, one.index) for one in left_out}
        context = _context(self.facts, self.hashtags, dress, gone)
        if heading is not None:
            context["heading"] = heading
            context["title"] = heading
        text = render_template(self.templates, self.network.template, context, gaps=self.gaps, dress=dress)
        lines = [line.rstrip(" ") for line in text.splitlines()]
        return EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n") + "\n"


def _is_part_of_any(piece: Piece, others: Sequence[Piece]) -> bool:
    """Whether the piece goes with another one: the place with its date, a line with its section."""
    whole = {
        PieceKind.OFFER: (PieceKind.OFFERS, 0),
        PieceKind.LINE: (PieceKind.SECTION, piece.index),
        PieceKind.PLACE: (PieceKind.DATE if piece.index else PieceKind.FIRST_DATE, piece.index),
    }.get(piece.kind)
    return any((one.kind, one.index) == whole for one in others)


def _shortened(words: Sequence[str], missing: int) -> str:
    kept = " ".join(words[: len(words) - missing]).rstrip(" ,;:.–—-\u00a0\u202f")
    return f"{kept}{ELLIPSIS}" if kept and missing else kept


def _pieces(facts: Facts, hashtags: Sequence[str]) -> tuple[Piece, ...]:
    """What can be left out, in this order: of several of a kind, the last one first."""
    titles = [one.title for one in facts.dates]
    texts = {
        PieceKind.OFFER: [one.title for one in facts.offers],
        PieceKind.LINE: [one.line for one in facts.sections],
        PieceKind.SECTION: [one.title for one in facts.sections],
        PieceKind.PLACE: [one.place for one in facts.dates],
        PieceKind.OFFERS: ["" if not facts.offers else _offers(facts)],
        PieceKind.HASHTAGS: [" ".join(f"#{one}" for one in hashtags)],
        PieceKind.DATE: ["", *titles[1:]],
        PieceKind.SUMMARY: [facts.summary],
        PieceKind.FIRST_DATE: titles[:1],
    }
    return tuple(
        Piece(kind=kind, index=index, text=text)
        for kind, found in texts.items()
        for index, text in reversed(list(enumerate(found)))
        if text
    )


def _offers(facts: Facts) -> str:
    count = len(facts.offers)
    return facts.announce.jobs_one if count == 1 else facts.announce.jobs.format(count=count)


def _context(facts: Facts, hashtags: Sequence[str], dress: Dress, gone: set[tuple[PieceKind, int]]) -> dict[str, Any]:
    def has(kind: PieceKind, index: int = 0) -> bool:
        return (kind, index) not in gone

    dates = [
        {
            "title": one.title, "when": one.when, "short": one.short, "url": one.url,
            "place": one.place if has(PieceKind.PLACE, index) else "",
        }
        for index, one in enumerate(facts.dates)
        if has(PieceKind.DATE if index else PieceKind.FIRST_DATE, index)
    ]  # fmt: skip
    has_offers = bool(facts.offers) and has(PieceKind.OFFERS)
    # The address in a sentence of the language, neither of them escaped.
    read = facts.words.text("announce_read", url=facts.url) if facts.url else ""
    return {
        "heading": facts.heading,
        "newsletter": facts.newsletter,
        "title": facts.title,
        "number": facts.number,
        "date": facts.day,
        "summary": facts.summary if has(PieceKind.SUMMARY) else "",
        "url": Written(facts.url),
        "read": Written(read),
        "contents": list(facts.contents),
        "events": dates,
        "jobs_heading": _offers(facts) if has_offers else "",
        "jobs": [
            {"title": one.title, "employer": one.employer, "url": one.url}
            for index, one in enumerate(facts.offers)
            if has_offers and has(PieceKind.OFFER, index)
        ],
        "sections": [
            {
                "title": one.title, "topics": list(one.topics),
                "line": one.line if has(PieceKind.LINE, index) else "",
            }
            for index, one in enumerate(facts.sections)
            if has(PieceKind.SECTION, index)
        ],
        "hashtags": Written(" ".join(f"#{one}" for one in hashtags) if has(PieceKind.HASHTAGS) else ""),
        "words": {"contents": facts.words.announce_contents, "dates": facts.announce.dates},
    }  # fmt: skip
