"""What a host's reader is given, and what it gives."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from newsletter_cli.base.web.address import WebAddress
from newsletter_cli.base.web.asking import Answer
from newsletter_cli.pads.pad import PadRefusal, PadText


class Read(Struct, frozen=True, kw_only=True):
    """An answer, the page of the pad for people, and whether a line's end is a line break in the newsletter."""

    answer: Answer
    page: WebAddress
    has_hard_breaks: bool


Reader = Callable[[Read], PadText | PadRefusal]
