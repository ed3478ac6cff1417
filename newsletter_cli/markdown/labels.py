"""Where the words of a link end, `[…]`, in a time that grows with the text and no faster.

The parser's own reading goes on to the end of the text for each bracket: 40 kB of them took it 12 seconds.
"""

from __future__ import annotations

from types import SimpleNamespace

from markdown_it import MarkdownIt, helpers
from markdown_it.rules_inline import StateInline

# Brackets within brackets: an image within a link is 2.
MAX_OPEN = 16
# Where the parser keeps, for each place it has been at, the next one; no place has this number.
LAST_BRACKET = -1


def bound_labels(parser: MarkdownIt) -> None:
    """Have the parser read `[…]` by `parse_link_label`."""
    names = {name: getattr(helpers, name) for name in helpers.__all__}
    parser.helpers = SimpleNamespace(**{**names, "parseLinkLabel": parse_link_label})  # type: ignore[assignment]


def parse_link_label(state: StateInline, start: int, disable_nested: bool = False) -> int:
    """Where the `]` of the `[` at `start` stands; -1 where there is none, or where brackets are nested endlessly.

    `disable_nested`: no bracket may stand within.
    """
    if start >= _last_closing(state):
        return -1
    before, level, end = state.pos, 1, -1
    state.pos = start + 1
    while state.pos < state.posMax:
        sign = state.src[state.pos]
        if sign == "]":
            level -= 1
            if level == 0:
                end = state.pos
                break
        position = state.pos
        state.md.inline.skipToken(state)
        if sign == "[":
            # A bracket that is part of nothing else.
            if position == state.pos - 1:
                level += 1
                if level > MAX_OPEN:
                    break
            elif disable_nested:
                break
    state.pos = before
    return end


def _last_closing(state: StateInline) -> int:
    """The last `]` of the text, looked for once."""
    if LAST_BRACKET not in state.cache:
        state.cache[LAST_BRACKET] = state.src.rfind("]")
    return state.cache[LAST_BRACKET]
