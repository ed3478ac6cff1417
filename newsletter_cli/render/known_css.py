"""What CSS was read as, by its text: a theme has the same rules and styles each time, and cssutils takes long to read.

It takes long to load as well, so that whoever hands in what an earlier run has read never loads it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cache
from threading import RLock
from types import MappingProxyType
from typing import TypeVar

# As premailer has them: specificity, selector and declarations of each rule; name and value of each declaration.
Rules = tuple[tuple[tuple[int, ...], str, str], ...]
Style = tuple[tuple[str, str], ...]
Known = TypeVar("Known", Rules, Style)

NO_RULES: Mapping[str, Rules] = MappingProxyType({})
NO_STYLES: Mapping[str, Style] = MappingProxyType({})
# A preview of a theme that is being written sees a new sheet at each save.
MOST_SHEETS, MOST_STYLES = 16, 4_000
# Of loading cssutils, and of cssutils itself, which is not made for two threads.
_reading = RLock()


class KnownCss:
    """Sheets and style attributes as they were read; what is not known is read, and known from then on.

    `is_new`: whether something was read since.
    """

    def __init__(self, rules: Mapping[str, Rules] = NO_RULES, styles: Mapping[str, Style] = NO_STYLES):
        self.rules, self.styles, self.is_new = dict(rules), dict(styles), False

    def rules_of(self, sheet: str, read: Callable[[], Rules]) -> Rules:
        """The rules of a style sheet."""
        return self._known(self.rules, sheet, read, MOST_SHEETS)

    def style_of(self, declarations: str, read: Callable[[], Style]) -> Style:
        """The declarations of a style attribute, or of a rule."""
        return self._known(self.styles, declarations, read, MOST_STYLES)

    def _known(self, known: dict[str, Known], text: str, read: Callable[[], Known], most: int) -> Known:
        found = known.get(text)
        if found is None:
            with _reading:
                _quiet_cssutils()
                found = read()
                if len(known) >= most:
                    # The oldest half: what of it is still in use is read once more.
                    for old in list(known)[: most // 2]:
                        del known[old]
                known[text] = found
                self.is_new = True
        return found


# For whoever hands in nothing.
IN_PROCESS = KnownCss()


@cache
def _quiet_cssutils() -> None:
    """Has cssutils say nothing, and validate nothing.

    premailer has every inline style validated, to no effect but a log entry; compiling the patterns for it takes
    70 ms. Without profiles there is nothing to validate against.
    """
    import cssutils

    cssutils.log.setLevel(logging.CRITICAL)
    cssutils.profile.removeProfile(all=True)
