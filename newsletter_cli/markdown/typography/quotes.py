"""Quotation marks in pairs: which opens, and which closes it."""

from __future__ import annotations

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.typography.correction import OPAQUE

QUOTES = Pattern('["“”«»]')
OPENING_AFTER = frozenset("([{«“'’-–—/")
# Between straight marks: an option, a path, a file, a command. Who copies them would copy the marks.
CODE = Pattern(
    r"--?[A-Za-z][\w-]*(?:[= ].*)?|(?:\.{0,2}|~)/\S*|\S*(?:[\\_=*{}]|\$[A-Za-z])\S*|\S*(?:::|\(\))\S*"
    r"|\S*[a-z0-9]{2}\.[a-z][a-z0-9]{0,4}"
    r"|.*\s--?[A-Za-z][\w-]*(?:\s.*)?|[a-z]+ \.\.?"
)
LONGEST_CODE = 40  # characters
CLOSING_BEFORE = frozenset(")]}»”'’.,;:!?…-–—/")


def find_pairs(text: str) -> list[tuple[int, int]]:
    """Where each pair of `"` or `“ ”` opens and closes, in order; those within guillemets or another pair are left out.

    Straight ones around what looks like code are left out, too.
    None at all where they do not come out even: an inch, a quotation over two paragraphs, a slip.
    """
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for found in QUOTES.finditer(text):
        sign, at = found[0], found.start()
        is_opening = sign in "«“" if sign != '"' else _opens(text, at, is_open=any(one == '"' for one, _at in stack))
        if is_opening is None:
            return []
        if is_opening:
            stack.append((sign, at))
        elif not stack or (stack[-1][0], sign) not in (("«", "»"), ("“", "”"), ('"', '"')):
            return []
        else:
            opener, start = stack.pop()
            words = text[start + 1 : at]
            is_code = opener == '"' and len(words) <= LONGEST_CODE and CODE.fullmatch(words) is not None
            if opener != "«" and not stack and words.strip() and not is_code:
                pairs.append((start, at))
    return [] if stack else pairs


def _opens(text: str, at: int, *, is_open: bool) -> bool | None:
    """Whether the straight quotation mark opens; `None`: it is something else."""
    before, after = _seen(text, at, -1), _seen(text, at, 1)
    may_open = (before == "" or before.isspace() or before in OPENING_AFTER) and after != "" and not after.isspace()
    may_close = (after == "" or after.isspace() or after in CLOSING_BEFORE) and before != "" and not before.isspace()
    if may_open == may_close:
        # Between two marks of emphasis, or in the midst of a word.
        return not is_open if may_open else None
    if may_open == is_open:
        return None
    return may_open


def _seen(text: str, at: int, step: int) -> str:
    """The next character on one side, beyond marks of emphasis and what else is no prose; empty at the end."""
    position = at + step
    while 0 <= position < len(text) and text[position] == OPAQUE:
        position += step
    is_inside = 0 <= position < len(text)
    if not is_inside and abs(position - at) > 1:
        # Code or an address, perhaps; nothing is known of it.
        return ""
    return text[position] if is_inside else ""
