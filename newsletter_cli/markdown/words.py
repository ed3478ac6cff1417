"""Tokens → their words, piece by piece: what has to stand in every rendition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from markdown_it.token import Token
from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.raw_html import UNSEEN

WORDS = ("text", "text_special", "code_inline", "softbreak", "hardbreak")
# Marks that leave words where they are, and add none.
LOOKS = ("em_open", "em_close", "strong_open", "strong_close")
HEADING_ATTRIBUTES = re.compile(r"\{[#.:][^{}]*\}\s*$")
# An address that is its own words is written anew in the plain text.
ADDRESS = re.compile(r"\s*\S*[/.@]\S*\s*")
HIDDEN = Pattern(
    r"<!--.*?(?:-->|\Z)|<[?!][^>]*(?:>|\Z)"
    r"|<(script|style|template|title|svg|math|select|datalist|iframe)\b[^>]*>.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")


class TypedWords(Struct, frozen=True, kw_only=True):
    """Words that stand one behind the other in every rendition; `line` of the part, from 0, in which they begin."""

    words: str
    line: int


def pieces_of(tokens: Sequence[Token]) -> Iterator[TypedWords]:
    """The pieces of the tokens as they are rendered, in order. Descriptions of images are none."""
    line = 0
    is_heading = False
    for token in tokens:
        line = token.map[0] if token.map else line
        is_heading = token.type == "heading_open" or (is_heading and token.type == "inline")
        if UNSEEN in token.meta:
            continue
        if token.type in ("fence", "code_block"):
            yield TypedWords(words=token.content, line=line)
        elif token.type == "html_block":
            for words in TAG.split(HIDDEN.sub("<br>", token.content)):
                yield TypedWords(words=unescape(words), line=line)
        elif token.type == "inline":
            pieces = list(_inline_pieces(token.children or []))
            if is_heading and pieces:
                pieces[-1] = HEADING_ATTRIBUTES.sub("", pieces[-1])
            yield from (TypedWords(words=words, line=line) for words in pieces)


def _inline_pieces(children: Sequence[Token]) -> Iterator[str]:
    said: list[str] = []
    is_bare = False
    for child in children:
        if child.type in LOOKS:
            continue
        if child.type in WORDS:
            if UNSEEN not in child.meta:
                said.append("\n" if child.type.endswith("break") else child.content)
            continue
        words = "".join(said)
        said.clear()
        if not is_bare and not (child.type == "link_close" and ADDRESS.fullmatch(words)):
            yield words
        is_bare = child.type == "link_open" and child.markup in ("linkify", "autolink")
    yield "".join(said)
