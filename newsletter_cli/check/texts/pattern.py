"""Regular expressions that are compiled when they are first used: most texts never need most of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator


class Pattern:
    """What `re.compile` gives, later: compiling all that the rules look for takes longer than looking for it."""

    __slots__ = ("_compiled", "_flags", "_source")

    def __init__(self, source: str, flags: re.RegexFlag = re.NOFLAG):
        self._source = source
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        if self._compiled is None:
            self._compiled = re.compile(self._source, self._flags)
        return self._compiled

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match, as of `re.Pattern`."""
        return self.compiled.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match at `start`, as of `re.Pattern`."""
        return self.compiled.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match of all of it, as of `re.Pattern`."""
        return self.compiled.fullmatch(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Every match, as of `re.Pattern`."""
        return self.compiled.finditer(text, start, end)

    def split(self, text: str) -> list[str]:
        """The text cut at the matches, as of `re.Pattern`."""
        return [part or "" for part in self.compiled.split(text)]

    def sub(self, new: str, text: str) -> str:
        """The text with `new` for each match, as of `re.Pattern`."""
        return self.compiled.sub(new, text)

    def findall(self, text: str) -> list[str]:
        """What each match holds, as of `re.Pattern`."""
        return [found[0] for found in self.compiled.finditer(text)]
