"""What earlier runs have found out: whoever renders with it is quicker, and renders the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import jinja2
from msgspec import Struct

from newsletter_cli.render.known_code import CODE_IN_PROCESS, KnownCode
from newsletter_cli.render.known_css import IN_PROCESS, KnownCss

MOST_CALENDARS = 16


class Calendars:
    """Calendars by all that they are written from; here for as long as the process runs."""

    def __init__(self) -> None:
        self._written: dict[str, bytes] = {}

    def written(self, made_from: str, write: Callable[[], bytes]) -> bytes:
        """The calendar that `write` makes; `made_from` has all that it depends on."""
        key = hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        found = self._written.get(key) or self.read(key)
        if found is None:
            found = write()
            self.keep(key, found)
        while len(self._written) >= MOST_CALENDARS:
            self._written.pop(next(iter(self._written)), None)
        self._written[key] = found
        return found

    def read(self, key: str) -> bytes | None:
        """What an earlier run has kept."""
        return None

    def keep(self, key: str, calendar: bytes) -> None:
        """Keep it for a later one."""


CALENDARS = Calendars()


class Kept(Struct, frozen=True, kw_only=True):
    """`templates`: where compiled templates are; `css`: what CSS was read as; `calendars`: those written before;
    `code`: the parts of code that were found.
    """

    templates: jinja2.BytecodeCache | None = None
    css: KnownCss = IN_PROCESS
    calendars: Calendars = CALENDARS
    code: KnownCode = CODE_IN_PROCESS
