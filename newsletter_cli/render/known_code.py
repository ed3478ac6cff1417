"""The parts of code, by language and text: Pygments takes longer to load than a section to be rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

# The class of each part ("" for none) and its length.
Pieces = tuple[tuple[str, int], ...]

NOTHING: Mapping[str, Pieces] = MappingProxyType({})
MOST_BLOCKS = 200


class KnownCode:
    """Blocks of code whose parts have been found; `is_new`: whether some were since it was made."""

    def __init__(self, blocks: Mapping[str, Pieces] = NOTHING):
        self.blocks, self.is_new = dict(blocks), False

    def pieces_of(self, language: str, text: str, find: Callable[[], Pieces]) -> Pieces:
        """The parts of a block; `find` finds those that are not known."""
        key = f"{language}\n{text}"
        found = self.blocks.get(key)
        if found is None:
            found = find()
            while len(self.blocks) >= MOST_BLOCKS:
                self.blocks.pop(next(iter(self.blocks)), None)
            self.blocks[key] = found
            self.is_new = True
        return found


# For whoever hands in nothing.
CODE_IN_PROCESS = KnownCode()
