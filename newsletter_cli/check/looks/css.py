"""CSS as text → rules with their declarations (CSS Syntax 3, as far as e-mails go). What is broken is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
# What holds its own ends: strings, brackets.
CLOSED = r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\([^()]*\)|\[[^\[\]]*\]"""
PIECE = re.compile(rf"{CLOSED}|[{{}};]|[^{{}};\"'()\[\]]+|.", re.DOTALL)
DECLARATION_END = re.compile(rf"((?:{CLOSED}|\{{[^{{}}]*\}}|[^;\"'()\[\]{{}}]|.)*?)(?:;|\Z)", re.DOTALL)
NAME = re.compile(r"[\w-]+")
IMPORTANT = re.compile(r"\s*!\s*important\s*\Z", re.IGNORECASE)
# Rules within these hold under their condition; other at-rules (fonts, keyframes) style no element.
CONDITIONAL = re.compile(r"@(media|supports)(?![\w-])(.*)", re.IGNORECASE | re.DOTALL)


class Declaration(Struct, frozen=True, kw_only=True):
    """`name: value`, the name in small letters."""

    name: str
    value: str
    is_important: bool = False


class StyleRule(Struct, frozen=True, kw_only=True):
    """`selector { … }` within the conditions `media` and `supports` (the preludes of the at-rules around it)."""

    selector: str
    declarations: tuple[Declaration, ...]
    media: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def read_css(text: str) -> tuple[StyleRule, ...]:
    """The style rules of a sheet, in order."""
    pieces = iter(PIECE.findall(COMMENT.sub(" ", text)))
    return tuple(_read_block(pieces, (), ()))


def _read_block(pieces: Iterator[str], media: tuple[str, ...], supports: tuple[str, ...]) -> Iterator[StyleRule]:
    prelude = ""
    for piece in pieces:
        if piece == "}":
            return
        if piece == ";":
            prelude = ""
        elif piece != "{":
            prelude += piece
        else:
            prelude = prelude.strip()
            conditional = CONDITIONAL.fullmatch(prelude)
            if conditional:
                condition = conditional[2].strip().lower()
                if conditional[1].lower() == "media":
                    yield from _read_block(pieces, (*media, condition), supports)
                else:
                    yield from _read_block(pieces, media, (*supports, condition))
            else:
                inside = _read_inside(pieces)
                if prelude and not prelude.startswith("@"):
                    declarations = read_declarations(inside)
                    yield StyleRule(selector=prelude, declarations=declarations, media=media, supports=supports)
            prelude = ""


def _read_inside(pieces: Iterator[str]) -> str:
    depth, text = 1, []
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if not depth:
            break
        text.append(piece)
    return "".join(text)


@lru_cache(maxsize=4096)
def read_declarations(text: str) -> tuple[Declaration, ...]:
    """The declarations of a rule, or of a style attribute."""
    found = []
    for part in DECLARATION_END.findall(COMMENT.sub(" ", text)):
        name, _colon, typed = part.partition(":")
        name, typed = name.strip().lower(), typed.strip()
        value = IMPORTANT.sub("", typed)
        if value and NAME.fullmatch(name):
            found.append(Declaration(name=name, value=value, is_important=value != typed))
    return tuple(found)
