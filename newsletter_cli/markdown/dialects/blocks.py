"""Blocks of other programs: `:::info … :::`, `!!! note "Title"`, `=== "Tab"`, and `> [!NOTE]`.

A callout becomes a quotation whose first line, its title, is bold; what arranges a page is taken for what it holds.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.dialects.marks import LABEL, MARK, TITLE

KNOWN = frozenset(
    (
        "note",
        "tip",
        "important",
        "warning",
        "caution",
        "info",
        "danger",
        "success",
        "question",
        "example",
        "quote",
        "abstract",
        "hint",
        "attention",
        "error",
        "failure",
        "faq",
        "help",
        "cite",
        "summary",
        "tldr",
        "check",
        "done",
        "spoiler",
        "details",
        "primary",
        "secondary",
        "todo",
        "bug",
        "seealso",
    )
)
FENCE = Pattern(r"(?P<marks>:{3,})[ \t]*(?P<rest>[^\n]*?)(?:[ \t]*:{3,})?[ \t]*\Z")
ATTRIBUTES = Pattern(r"\{(?P<inside>[^{}\n]*)\}(?P<title>.*)\Z")
NAMED = Pattern(r"(?P<name>[A-Za-z][\w-]*)(?:\[(?P<bracketed>[^\[\]\n]*)\]|[ \t]+(?P<title>\S.*))?\Z")
ATTRIBUTE_TITLE = Pattern(r"\btitle=\"(?P<title>[^\"\n]*)\"")
CALLOUT_CLASS = Pattern(r"\.callout-(?P<kind>[a-z]+)")
QUOTED = r"[\"“”«][ \t\u00a0\u202f]*(?P<title>[^\"“”«»\n]*?)[ \t\u00a0\u202f]*[\"“”»]"
ADMONITION = Pattern(
    rf"(?P<marks>!!!|\?\?\?\+?)[ \t]+(?P<name>[A-Za-z][\w-]*)(?:[ \t]+inline(?:[ \t]+end)?)?(?:[ \t]+{QUOTED})?[ \t]*\Z"
)
TAB = Pattern(rf"===[!+]?[ \t]+{QUOTED}[ \t]*\Z")
ALERT_LINE = Pattern(r"\A\[!(?P<kind>[A-Za-z][A-Za-z-]*)\][+-]?(?:[ \t]+|(?=\n)|\Z)")


def add_block_rules(parser: MarkdownIt) -> None:
    """Has the parser understand these blocks."""
    ruler = parser.block.ruler
    ruler.before("fence", "dialect_container", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    ruler.before("fence", "dialect_admonition", _admonition)


def alert_of(text: str) -> re.Match[str] | None:
    """Where the first line of a quotation is `[!NOTE]`, perhaps with a title: up to where the title begins."""
    return ALERT_LINE.match(text) if text.startswith("[!") else None


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _is_indented(state: StateBlock, line: int) -> bool:
    """As far as code is."""
    return state.sCount[line] - state.blkIndent >= 4


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`:::` of HedgeDoc, Pandoc, Quarto, Docusaurus, up to the `:::` that closes it."""
    if not state.src.startswith(":::", state.bMarks[start] + state.tShift[start]) or _is_indented(state, start):
        return False
    found = FENCE.match(_line(state, start))
    if found is None or not found["rest"]:
        return False
    attributes, named = ATTRIBUTES.match(found["rest"]), NAMED.match(found["rest"])
    if attributes is None and named is None:
        return False
    last = _closing(state, start, end)
    is_known = named is not None and named["name"].lower() in KNOWN
    if last is None and not is_known and attributes is None:
        # “::: is three colons”
        return False
    if silent:
        return True
    title, label, is_callout = None, None, is_known
    if attributes is not None:
        kind = CALLOUT_CLASS.search(attributes["inside"])
        own = ATTRIBUTE_TITLE.search(attributes["inside"])
        is_callout = kind is not None
        title = own["title"] if own else None
        if kind is not None and title is None and not _begins_with_heading(state, start + 1, end):
            label = kind["kind"]
    elif named is not None:
        title = (named["bracketed"] or named["title"] or "").strip('"“”«» \u00a0\u202f') or None
    after = end if last is None else last
    _build(state, start, after, kind="containers", title=title, label=label, is_callout=is_callout)
    state.line = after if last is None else last + 1
    return True


def _closing(state: StateBlock, start: int, end: int) -> int | None:
    """The line that closes the container."""
    line = _closing_lines(state.src).get(start)
    return line if line is not None and line < end else None


@lru_cache(maxsize=4)
def _closing_lines(text: str) -> dict[int, int]:
    """For each line that opens a container, the one that closes it: looking for each anew is quadratic."""
    found: dict[int, int] = {}
    open_lines: list[int] = []
    code = ""
    for number, line in enumerate(text.split("\n")):
        stripped = line.lstrip(" \t>")
        if stripped.startswith(("```", "~~~")):
            code = "" if code and stripped.startswith(code) else code or stripped[:3]
        elif not code and stripped.startswith(":::") and (mark := FENCE.match(stripped)):
            if mark["rest"]:
                open_lines.append(number)
            elif open_lines:
                found[open_lines.pop()] = number
    return found


def _begins_with_heading(state: StateBlock, line: int, end: int) -> bool:
    while line < end and state.isEmpty(line):
        line += 1
    return line < end and _line(state, line).startswith("#")


def _admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`!!! note "Title"`, `??? note` and `=== "Tab"` of MkDocs, with the lines indented below."""
    first = state.src[state.bMarks[start] + state.tShift[start] :][:3] if not silent else ""
    if first not in ("!!!", "???", "===") or _is_indented(state, start):
        return False
    line = _line(state, start)
    found = ADMONITION.match(line) or TAB.match(line)
    if found is None:
        return False
    is_tab = first == "==="
    name = "" if is_tab else found["name"]
    after = start + 1
    while after < end and (state.isEmpty(after) or _is_indented(state, after)):
        after += 1
    while after > start + 1 and state.isEmpty(after - 1):
        after -= 1
    # “!!! Nouveauté”, and no more, is somebody's joy.
    if found["title"] is None and name.lower() not in KNOWN and after == start + 1:
        return False
    state.blkIndent += 4
    _build(
        state,
        start,
        after,
        kind="tabs" if is_tab else "admonitions",
        title=found["title"],
        label=name if found["title"] is None else None,
        is_callout=not is_tab,
    )
    state.blkIndent -= 4
    state.line = after
    return True


def _build(
    state: StateBlock, start: int, after: int, *, kind: str, title: str | None, label: str | None, is_callout: bool
) -> None:
    """The tokens of a block whose first line is `start`, and of what it holds up to `after`."""
    name, tag = ("blockquote", "blockquote") if is_callout else ("dialect", "div")
    parent, last = state.parentType, state.lineMax
    state.parentType, state.lineMax = "blockquote", after
    opening = state.push(f"{name}_open", tag, 1)
    opening.map = [start, after]
    opening.meta[MARK] = kind
    if title or label:
        state.push("paragraph_open", "p", 1).map = [start, start + 1]
        words = Token("inline", "", 0, content=title or label or "", children=[], map=[start, start + 1], block=True)
        words.level = state.level
        words.meta[TITLE if title else LABEL] = True
        state.tokens.append(words)
        state.push("paragraph_close", "p", -1)
    state.md.block.tokenize(state, start + 1, after)
    state.push(f"{name}_close", tag, -1)
    state.parentType, state.lineMax = parent, last
