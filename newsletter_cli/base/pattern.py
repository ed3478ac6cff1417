"""Regular expressions that are compiled when they are first needed: most texts never need most of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator


class Pattern:
    """What `re.compile` gives, later: compiling all that nl looks for takes longer than looking for it.

    `signs`: each match holds one of these, as they stand; a text without any of them is not looked at closely. `rough`:
    wherever the pattern matches something, so does this one, which is quicker to compile.
    """

    __slots__ = ("_compiled", "_flags", "_rough", "_source", "signs")

    def __init__(
        self,
        source: str,
        flags: re.RegexFlag = re.NOFLAG,
        *,
        signs: tuple[str, ...] = (),
        rough: str = "",
    ):
        self._source = source
        self._flags = flags
        self.signs = signs
        self._rough = Pattern(rough) if rough else None
        self._compiled: re.Pattern[str] | None = None

    @property
    def pattern(self) -> str:
        """Its source, as of `re.Pattern`."""
        return self._source

    @property
    def rough(self) -> str:
        """The source of the quicker pattern; empty where there is none."""
        return self._rough.pattern if self._rough else ""

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        if self._compiled is None:
            self._compiled = re.compile(self._source, self._flags)
        return self._compiled

    def is_absent(self, text: str) -> bool:
        """Whether a text certainly has no match; where it is not certain yet, no."""
        if self.signs:
            for sign in self.signs:
                if sign in text:
                    break
            else:
                return True
        return self._compiled is None and self._rough is not None and self._rough.search(text) is None

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match, as of `re.Pattern`."""
        return None if self.is_absent(text) else self.compiled.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match at `start`, as of `re.Pattern`."""
        return None if self.is_absent(text) else self.compiled.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match of all of it, as of `re.Pattern`."""
        return None if self.is_absent(text) else self.compiled.fullmatch(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Every match, as of `re.Pattern`."""
        return iter(()) if self.is_absent(text) else self.compiled.finditer(text, start, end)

    def split(self, text: str) -> list[str]:
        """The text cut at the matches, as of `re.Pattern`."""
        return [text] if self.is_absent(text) else [part or "" for part in self.compiled.split(text)]

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with `new` for each match, as of `re.Pattern`."""
        return text if self.is_absent(text) else self.compiled.sub(new, text)

    def findall(self, text: str) -> list[str]:
        """What each match holds, as of `re.Pattern`."""
        return [found[0] for found in self.finditer(text)]
