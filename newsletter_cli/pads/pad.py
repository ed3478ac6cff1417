"""What `nl pull` asks of a pad, whatever its host: a text or a refusal, both values; asking changes nothing there."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct


class PadText(Struct, frozen=True, kw_only=True):
    """What a pad held when it was asked. `text`: Markdown as a section may hold it, the host's own marks carried over,
    lines ended by `\\n`; a header or a title that the pad begins with is still there. `title`: as the host tells it,
    apart from the text. `updated`: the last change, with its zone, where the host tells.

    `notes`: in plain words, what could not be carried over as it is.
    """

    text: str
    title: str | None = None
    updated: datetime | None = None
    notes: tuple[str, ...] = ()


class PadRefusal(Struct, frozen=True, kw_only=True):
    """Why there is no text to take: `reason` as a part of a sentence, in plain words (“the pad asks for a sign-in”),
    `hint` with what to do. An empty pad is one, and so is whatever is no Markdown.
    """

    reason: str
    hint: str | None = None


class PadTakesNone(PadRefusal, frozen=True, kw_only=True):
    """The host takes no text from a program: a person has to paste it."""


class Pad(Protocol):
    """One pad. `host` is the name of its kind, for people: “HedgeDoc”."""

    @property
    def address(self) -> str:
        """Where people write: what stands under `pad:`."""
        ...

    @property
    def host(self) -> str:
        """The name of its kind."""
        ...

    def fetch(self) -> PadText | PadRefusal:
        """What it holds now, within some seconds. Several pads are asked at once, each in a thread of its own."""
        ...

    def write(self, text: str, *, over: str, is_rehearsal: bool = False) -> PadText | PadRefusal:
        """Put `text` in place of `over`, which is what the pad held a moment ago; what it holds then. A rehearsal goes
        the whole way but for the writing.

        A refusal where it holds something else by now, or where its host takes no text from a program (`PadTakesNone`).
        """
        ...


class OpenPad(Protocol):
    """Which pad lies at an address, by its kind of host; not a word goes over the wire."""

    def __call__(self, address: str) -> Pad | PadRefusal:
        """The pad; a refusal where the address is none that could be asked."""
        ...
