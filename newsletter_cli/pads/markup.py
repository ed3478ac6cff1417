"""The mark-up of pads, as a section's Markdown has it: what people see in the pad is what readers are to see.

Most marks of pads (`==x==`, `:::info`, `1^er^`, `![](x =200x)`…) are understood as they stand (`markdown/dialects/`).
Here is what is not: line ends that are line breaks, embedded videos and pages, pictures by the pad's own path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token
from msgspec import Struct

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.web.address import WebAddress
from newsletter_cli.markdown.dialects import MARK
from newsletter_cli.markdown.frontmatter import split_header
from newsletter_cli.markdown.frontmatter.split import Style
from newsletter_cli.markdown.parser import SPAN, parse_blocks, parse_inline

EMBEDDED = Pattern(
    r"\{%[ \t]*(?P<what>youtube|vimeo|gist|pdf|figma|speakerdeck|slideshare|embed)[ \t]+"
    r"(?P<which>[^\s%{}<>]+)[ \t]*%\}",
    signs=("{%",),
)
ADDRESSES = {
    "youtube": "https://www.youtube.com/watch?v={which}",
    "vimeo": "https://vimeo.com/{which}",
    "gist": "https://gist.github.com/{which}",
    "speakerdeck": "https://speakerdeck.com/{which}",
    "slideshare": "https://www.slideshare.net/{which}",
}
OTHER_TAG = Pattern(r"\{%-?[ \t]*\w[^{}\n]*%\}", signs=("{%",))
DIAGRAMS = frozenset(
    ("mermaid", "graphviz", "flow", "sequence", "abc", "vega", "plantuml", "markmap", "geo", "csvpreview")
)
# `(@ref)`, as slides of HedgeDoc have it.
REFERENCE = Pattern(r"(?<![\w\])])\(@[A-Za-z][\w:-]*\)", signs=("(@",))
TAGS_LINE = Pattern(r"#{1,6}[ \t]+tags:(?:[ \t]*`[^`\n]*`)+[ \t]*", signs=("tags:",))
CODE = re.compile(r"(`+[^`]*`+)")
NO_BREAKS = re.compile(r"(?m)^breaks:[ \t]*false[ \t]*$")
PAD_IMAGE = Pattern(r"(?P<before>\]\([ \t]*<?|\bsrc=[\"'])(?=/(?:uploads|media)/)", signs=("](", "src="))
# A mark that has to be alone on its line: with `\` behind it, it would be prose.
ALONE = frozenset(("toc", "attributes", "abbreviations"))
LINE_BREAK = re.compile(r"(?:<br[ \t]*/?>|\\|[ ]{2})\Z", re.IGNORECASE)


MOST_NOTES = 20
YAML: tuple[Style, ...] = ("yaml",)


class Carried(Struct, frozen=True, kw_only=True):
    """The text, and what of it could not be carried over, each with its line."""

    text: str
    notes: tuple[str, ...]


def carry_over(text: str, *, origin: WebAddress, has_breaks: bool, has_hard_breaks: bool) -> Carried:
    """A pad's text as a section has it; the same text always comes to the same.

    `has_breaks`: whether the pad shows a line's end as a line break; `has_hard_breaks`: whether the newsletter does.
    """
    header, body, first_line = _parted(text)
    lines = body.split("\n")
    notes: list[str] = []
    for token in parse_blocks(body, {}):
        if token.map is None:
            continue
        if token.type == "fence":
            kind = token.info.strip().split(" ")[0].lower()
            if kind in DIAGRAMS:
                notes.append(_note(first_line + token.map[0], _("a diagram ({kind}) stays code").format(kind=kind)))
        elif token.type in ("inline", "html_block"):
            for number in range(token.map[0], min(token.map[1], len(lines))):
                lines[number] = _carried_line(lines[number], origin)
                notes += (_note(first_line + number, one) for one in _left_over(lines[number]))
    if has_breaks and not has_hard_breaks and not NO_BREAKS.search(header):
        for number in _broken_lines("\n".join(lines)):
            if not LINE_BREAK.search(lines[number]):
                lines[number] = lines[number].rstrip() + "\\"
    return Carried(text=header + "\n".join(lines), notes=_some(tuple(dict.fromkeys(notes))))


def _some(notes: tuple[str, ...]) -> tuple[str, ...]:
    """As many as somebody reads."""
    more = len(notes) - MOST_NOTES
    return notes if more <= 0 else (*notes[:MOST_NOTES], _("and {count} more such places").format(count=more))


def _parted(text: str) -> tuple[str, str, int]:
    """What stands before the body, the body, and its first line, from 1."""
    try:
        document = split_header(text, styles=YAML)
    except FrontMatterError:
        return "", text, 1
    return text[: len(text) - len(document.body)], document.body, document.body_line


def _carried_line(line: str, origin: WebAddress) -> str:
    pieces = CODE.split(line)
    for index in range(0, len(pieces), 2):
        carried = EMBEDDED.sub(_embedded, pieces[index])
        pieces[index] = PAD_IMAGE.sub(lambda found: f"{found['before']}{origin.scheme}://{origin.netloc}", carried)
    return "".join(pieces)


def _embedded(found: re.Match[str]) -> str:
    pattern, which = ADDRESSES.get(found["what"]), found["which"]
    if which.startswith(("https://", "http://")):
        return f"<{which}>"
    return found[0] if pattern is None else f"<{pattern.format(which=which)}>"


def _left_over(line: str) -> Iterator[str]:
    """What of a line is not understood, in plain words."""
    prose = " ".join(CODE.split(line)[::2])
    for pattern in (OTHER_TAG, REFERENCE):
        for found in pattern.finditer(prose):
            yield _("“{words}” is not understood here").format(words=found[0])
    if TAGS_LINE.fullmatch(line):
        yield _("the pad’s tags stand in the text: {words}").format(words=line.strip())


def _note(line: int, words: str) -> str:
    return _("line {line}: {words}").format(line=line, words=words)


def _broken_lines(body: str) -> Iterator[int]:
    """The lines, from 0, at whose ends the pad shows a line break and Markdown has a blank."""
    env: dict[str, object] = {}
    last = ""
    for token in parse_blocks(body, env):
        if token.type == "inline" and last == "paragraph_open" and token.map is not None and "\n" in token.content:
            number, counted = token.map[0], 0
            for start in _soft_breaks(token, env):
                number += token.content.count("\n", counted, start)
                counted = start
                yield number
        last = token.type


def _soft_breaks(token: Token, env: dict[str, object]) -> Iterator[int]:
    """Where in the content of a paragraph a line ends within prose."""
    before: Token | None = None
    for child in parse_inline(token.content, env):
        is_alone = before is not None and before.meta.get(MARK) in ALONE
        if child.type == "softbreak" and not is_alone:
            yield child.meta[SPAN].start
        before = child
