"""Marks: what stands for the personal parts while an issue is rendered, once for everybody.

They are words of lower-case ASCII letters, so templates, MJML, the inlining of CSS, escaping and typography leave them
whole. Each begins with a letter that it holds nowhere else, so that no text beside one can be taken for a part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct

from newsletter_cli.base.tokens import TOKEN_LENGTH

FIRST = "q"
OTHERS = "abcdefghijklmnoprstuvwxyz"


class Marks(Struct, frozen=True, kw_only=True):
    """One mark for each personal part. `token` is as long as a token: addresses that hold it wrap alike."""

    token: str
    greeting: str
    subject: str
    preheader: str

    def __iter__(self) -> Iterator[str]:
        return iter((self.token, self.greeting, self.subject, self.preheader))


def choose_marks(*texts: str) -> Marks:
    """Marks that none of the texts holds, in any case; the same for the same texts."""
    content = "\0".join(texts).lower()
    token, greeting, subject, preheader = (_free_word(what, content) for what in Marks.__struct_fields__)
    return Marks(token=token, greeting=greeting, subject=subject, preheader=preheader)


def _free_word(what: str, content: str) -> str:
    return next(word for word in _words(what) if word not in content)


def _words(what: str) -> Iterable[str]:
    number = 0
    while True:
        digest = hashlib.sha256(f"{what} {number}".encode()).digest()
        yield FIRST + "".join(OTHERS[octet % len(OTHERS)] for octet in digest[: TOKEN_LENGTH - 1])
        number += 1
