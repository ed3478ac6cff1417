"""Typography of a finished tree: its text is corrected block by block, across bold and links, its code left alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from lxml import html
from msgspec import Struct, field

from newsletter_cli.markdown.bare import is_bare
from newsletter_cli.markdown.shape import FLOW
from newsletter_cli.markdown.typography.correct import correct, correct_text
from newsletter_cli.markdown.typography.correction import OPAQUE, Correction, TypographyRules, apply_corrections

VERBATIM = frozenset(("code", "kbd", "samp", "tt", "var", "pre"))


def correct_tree(root: html.HtmlElement, language: str, rules: TypographyRules) -> None:
    """Correct the texts and the images' `alt` of a sanitised tree, in place.

    Code, bare addresses and what says to be in another language (`lang`) stay as they are.
    """
    _Setter(language, rules).block(root)


class _Piece(Struct):
    """A text of the tree: that of an element, or what follows it; without an element, a stand-in."""

    text: str
    element: html.HtmlElement | None = None
    is_tail: bool = False


class _Setter(Struct):
    language: str
    rules: TypographyRules
    pieces: list[_Piece] = field(default_factory=list)

    def block(self, element: html.HtmlElement) -> None:
        self._flush()
        if element.tag not in VERBATIM and self._is_ours(element):
            self._inside(element)
        self._flush()

    def _inside(self, element: html.HtmlElement) -> None:
        if element.text:
            self.pieces.append(_Piece(element.text, element))
        for child in element:
            if child.tag in FLOW or child.tag == "pre":
                self.block(child)
            elif child.tag == "br":
                self.pieces.append(_Piece("\n"))
            elif not isinstance(child.tag, str) or child.tag in VERBATIM or not self._is_ours(child):
                self.pieces.append(_Piece(OPAQUE))
            elif child.tag == "img":
                self._image(child)
            elif child.tag == "a" and is_bare(child):
                self.pieces.append(_Piece(OPAQUE))
            else:
                self._inside(child)
            if child.tail:
                self.pieces.append(_Piece(child.tail, child, is_tail=True))

    def _image(self, image: html.HtmlElement) -> None:
        alt = image.get("alt")
        if alt:
            image.set("alt", correct_text(alt, self.language, self.rules))
        self.pieces.append(_Piece(OPAQUE))

    def _is_ours(self, element: html.HtmlElement) -> bool:
        own = element.get("lang")
        return own is None or own.lower().partition("-")[0] == self.language.lower().partition("-")[0]

    def _flush(self) -> None:
        if not self.pieces:
            return
        pieces, self.pieces = self.pieces, []
        corrections = correct("".join(piece.text for piece in pieces), self.language, self.rules)
        if corrections:
            _apply(pieces, _within(pieces, corrections))


def _within(pieces: list[_Piece], corrections: list[Correction]) -> list[Correction]:
    """The corrections that do not reach over the edge of an element; half a pair of quotation marks is none."""
    edges = [0, *accumulate(len(piece.text) for piece in pieces)]
    crossing = [one for one in corrections if bisect_left(edges, one.end) > bisect_right(edges, one.start)]
    if not crossing:
        return corrections
    has_broken_quote = any(one.kind == "quote" for one in crossing)
    return [one for one in corrections if one not in crossing and not (has_broken_quote and one.kind == "quote")]


def _apply(pieces: list[_Piece], corrections: list[Correction]) -> None:
    """Each correction in its piece; an insertion between two stands outside of the element that ends there."""
    start = 0
    left = iter(corrections)
    one = next(left, None)
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        end = start + len(piece.text)
        # What ends here has no part in the space behind it: “<a>le site</a> !”.
        is_left_open = following is not None and following.is_tail and following.element is not None
        own: list[Correction] = []
        while one is not None and one.end <= end:
            if is_left_open and one.start == one.end == end:
                break
            own.append(Correction(start=one.start - start, end=one.end - start, new=one.new, kind=one.kind))
            one = next(left, None)
        if own and piece.element is not None:
            new = apply_corrections(piece.text, own)
            if piece.is_tail:
                piece.element.tail = new
            else:
                piece.element.text = new
        start = end
