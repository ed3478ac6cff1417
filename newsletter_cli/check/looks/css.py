"""CSS as text → rules with their declarations (CSS Syntax 3, as far as e-mails go). What is broken is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
STRING = r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\([^()]*\)"""
PIECE = re.compile(rf"{STRING}|[{{}};]|[^{{}};\"'()]+|.", re.DOTALL)
DECLARATION_END = re.compile(rf"((?:{STRING}|[^;\"'()]|.)*?)(?:;|\Z)", re.DOTALL)
IMPORTANT = re.compile(r"\s*!\s*important\s*\Z", re.IGNORECASE)
# Rules within these hold under their condition; other at-rules (fonts, keyframes) style no element.
CONDITIONAL = ("@media", "@supports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """`name: value`, the name in small letters."""

    name: str
    value: str
    is_important: bool = False


@dataclass(frozen=True, slots=True)
class StyleRule:
    """`selector { … }` within the conditions `media` (the preludes of the at-rules around it, without their names)."""

    selector: str
    declarations: tuple[Declaration, ...]
    media: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def read_css(text: str) -> tuple[StyleRule, ...]:
    """The style rules of a sheet, in order."""
    pieces = iter(PIECE.findall(COMMENT.sub(" ", text)))
    return tuple(_read_block(pieces, ()))


def _read_block(pieces: Iterator[str], media: tuple[str, ...]) -> Iterator[StyleRule]:
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
            name, _space, condition = prelude.partition(" ")
            if name.lower() in CONDITIONAL:
                inner = media if name.lower() == "@supports" else (*media, condition.strip().lower())
                yield from _read_block(pieces, inner)
            else:
                inside = _read_inside(pieces)
                if prelude and not prelude.startswith("@"):
                    yield StyleRule(prelude, read_declarations(inside), media)
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
    for part in DECLARATION_END.findall(text):
        name, colon, value = part.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon or not name or not value:
            continue
        is_important = IMPORTANT.search(value) is not None
        found.append(Declaration(name=name, value=IMPORTANT.sub("", value), is_important=is_important))
    return tuple(found)
