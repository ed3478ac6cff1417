"""The message as a draft: what a reader gets of whom nothing is known, before there is a send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.message.fields import Unfillable, values_of_nobody
from newsletter_cli.deliver.message.parts import DraftParts, TemplateFault
from newsletter_cli.deliver.message.template import serialise, sort_out
from newsletter_cli.render.mime import Embedded


def build_draft(parts: DraftParts) -> Iterator[bytes]:
    """The message that a mail program opens ready to be sent, made by what makes a send's: its octets, piece by piece.

    No more than a piece of a picture is held at a time.

    A field shows its fallback, or its name where it has none. The same parts give the same octets. Raises
    `TemplateFault` where they make no message.
    """
    constants, patterns = sort_out(parts)
    nobody = values_of_nobody(parts.fallbacks)
    try:
        constants |= {part: pattern.fill(nobody, parts.fallbacks) for part, pattern in patterns.items()}
        pieces = serialise(parts, constants, {})
        encoded = [piece.encode() if isinstance(piece, str) else piece for piece in pieces]
    except Unfillable as fault:
        raise TemplateFault(str(fault)) from None
    except UnicodeError:
        raise TemplateFault(_("the message holds half of a character, which cannot be encoded")) from None
    return _octets(encoded)


def _octets(pieces: Iterable[bytes | Embedded]) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            yield from piece.encoded()
