"""Three texts → one: what stands here, what the pad holds, and what was fetched from it last.

What somebody wrote on either side stands in the result, or between the marks of a conflict.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from newsletter_cli.base.git import merge_texts
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.pads.body import plain_lines, trimmed

MergeResult = Literal["unchanged", "updated", "merged", "conflict"]
# What `nl new` writes for whoever writes: comments, at the top. A directive (`nl: ignore`) speaks of the line below it,
# and stays with that.
GUIDANCE = re.compile(r"<!--\s*nl:(?!\s*ignore)(?:(?!-->).)*-->[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL)
# How the same words may be set: `nl check --fix` puts blanks, apostrophes and quotation marks as books have them.
SETTINGS = (
    (re.compile(r"[\u00a0\u202f]"), " "),
    (re.compile(r"[‘’]"), "'"),
    (re.compile(r" ?» ?|« ?|[“”„]"), '"'),
    (re.compile(r" (?=[;:!?%€\"])|(?<=\") "), ""),
    (re.compile(r"\.\.\."), "…"),
)
BLANK = re.compile(r"[ \t]*(?:\r\n|\r|\n)")


class Merged(Struct, frozen=True, kw_only=True):
    """`unchanged`: the text is what stood here, to the byte. `updated`: nothing had been changed here. `merged`: both
    sides had changed. `conflict`: both had changed the same lines, `conflicts` times.
    """

    text: str
    result: MergeResult
    conflicts: int = 0


class _Own(Struct, frozen=True, kw_only=True):
    """A body as it stands here: guidance and blank lines, the lines that are merged, and how the last of them ends."""

    head: str
    guidance: tuple[str, ...]
    lines: tuple[str, ...]
    tail: str

    @property
    def core(self) -> str:
        """What is merged."""
        return trimmed(plain_lines("".join(self.lines)))


def merge_body(own: str, base: str | None, pad: str, *, newline: str, names: tuple[str, str]) -> Merged:
    """The body `own` with what has changed from `base` to `pad` (as `PadBody` has them), in its own line ends; new
    lines end as `newline`. Without a base, what differs is a conflict, unless there is nothing here yet. `names` are
    the two sides', for the marks.

    Raises `GitMissing`, `GitRefusal`.
    """
    mine = _split(own)
    core = mine.core
    base, pad = (_without_guidance(text, mine.guidance) for text in (base or "", pad))
    base, pad = _as_set_here(core, base, pad)
    if pad in (base, core):
        return Merged(text=own, result="unchanged")
    text, conflicts = (pad, 0) if core == base else merge_texts(core, base, pad, names=names)
    if text == core:
        return Merged(text=own, result="unchanged")
    result: MergeResult = "conflict" if conflicts else "updated" if core == base else "merged"
    return Merged(text=_put_back(mine, text, newline), result=result, conflicts=conflicts)


def written_parts(own: str, pad: str) -> tuple[str, str]:
    """What people wrote in the body `own` and in the pad: both without the guidance that stands above it."""
    mine = _split(own)
    return mine.core, _without_guidance(pad, mine.guidance)


def _split(text: str) -> _Own:
    guidance: list[str] = []
    position = 0
    while (found := GUIDANCE.match(text, position) or BLANK.match(text, position)) is not None and found[0]:
        if found.re is GUIDANCE:
            guidance.append(plain_lines(found[0]).strip())
        position = found.end()
    lines = split_lines(text[position:])
    count = len(lines)
    while count and not lines[count - 1].strip():
        count -= 1
    # With nothing below it, all of it is the head.
    head = text[:position] if count else text
    content = lines[:count]
    last = content[-1] if content else ""
    ending = last[len(last.rstrip("\r\n")) :]
    return _Own(
        head=head, guidance=tuple(guidance), lines=tuple(content), tail=ending + "".join(lines[count:]) if count else ""
    )


def _without_guidance(text: str, guidance: tuple[str, ...]) -> str:
    """The text without the comments at its top that stand here as well."""
    position = 0
    while (found := GUIDANCE.match(text, position) or BLANK.match(text, position)) is not None and found[0]:
        if found.re is GUIDANCE and found[0].strip() not in guidance:
            break
        position = found.end()
    return trimmed(text[position:])


def _as_set_here(own: str, base: str, pad: str) -> tuple[str, str]:
    """Base and pad, those of the base's lines that were only set otherwise here as they are set here: that is no change
    of words, and no reason for a conflict with what the pad changes on that line or the next.
    """
    written = set(own.split("\n"))
    before = set(base.split("\n"))
    here: dict[str, str] = {}
    for line in own.split("\n"):
        if line not in before:
            here.setdefault(_plainly_set(line), line)
    ways = {line: here[plain] for line in before - written if (plain := _plainly_set(line)) in here}
    if not ways:
        return base, pad
    base, pad = ("\n".join(ways.get(line, line) for line in text.split("\n")) for text in (base, pad))
    return base, pad


def _plainly_set(line: str) -> str:
    for signs, plain in SETTINGS:
        line = signs.sub(plain, line)
    return line


def _put_back(mine: _Own, core: str, newline: str) -> str:
    ends = {line.rstrip("\r\n"): line[len(line.rstrip("\r\n")) :] or newline for line in mine.lines}
    lines = core.removesuffix("\n").split("\n") if core else []
    head, tail = mine.head, mine.tail
    if not mine.lines:
        tail = newline
        if head and not head.endswith(("\r", "\n")):
            head += newline
        # A blank line between what stands above and the text.
        if not re.search(r"(?:\A|\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\Z", head):
            head += newline
    return head + "".join(line + ends.get(line, newline) for line in lines[:-1]) + "".join(lines[-1:]) + tail
