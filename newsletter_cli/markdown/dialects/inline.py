"""Marks of other programs within a line: `==x==`, `1^er^`, `![](x =200x)`, `{.class}`, `:tada:`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.dialects.marks import BUTTON_CLASS, MARK

LONGEST = 500  # characters between two marks
ATTRIBUTE = r"(?:[.#][\w:-]+|[\w:-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|“[^“”\n]*”|[^\s{}\"']+)|-)"
ATTRIBUTES = Pattern(rf"\{{:?[ \t]*(?P<inside>{ATTRIBUTE}(?:[ \t]+{ATTRIBUTE})*)[ \t]*\}}")
SIZE_ATTRIBUTE = Pattern(r"(?<![\w:-])(?P<name>width|height)=[\"'“]?(?P<value>\d{1,5}(?:px|%)?)(?![\w.])")
BUTTON = Pattern(rf"(?:\A|[ \t]){BUTTON_CLASS}")
ATTRIBUTE_LINE = Pattern(rf"{ATTRIBUTES.pattern}[ \t]*(?:\n|\Z)")
BRACKETED = Pattern(rf"\[(?P<words>[^\[\]\n]{{1,{LONGEST}}})\](?={ATTRIBUTES.pattern})", signs=("]{",))
QUOTED = r"(?:\"[^\"\n]*\"|'[^'\n]*')"
SIZED_IMAGE = Pattern(
    r"!\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\([ \t]*(?:<[^<>\n]*>|[^\s<>]+)"
    rf"(?:[ \t]+{QUOTED})?(?P<size>[ \t]+=(?P<width>\d{{1,5}}(?:px|%)?)?(?:x(?P<height>\d{{1,5}}(?:px|%)?)?)?)"
    rf"(?:[ \t]+{QUOTED})?[ \t]*\)",
    re.DOTALL,
)
CONTENTS = frozenset(("[toc]", "[[toc]]", "[[_toc_]]", "@[toc]", "${toc}", "{{toc}}", "{:toc}", "[table of contents]"))
ABBREVIATION = Pattern(r"\*\[[^\[\]\n]+\]:[ \t]*[^\n]*(?:\n|\Z)")
EMOJI = re.compile(r":(?P<name>[a-z0-9_+-]*[a-z+][a-z0-9_+-]*|100|1234):(?![\w/])")
FORMULA = Pattern(r"(?<!\$)\$\$(?!\$)(?=\S|\n)(?:[^$\\]|\\.){1,2000}\$\$(?!\$)", re.DOTALL)


def add_inline_rules(parser: MarkdownIt) -> None:
    """Has the parser understand these marks."""
    ruler = parser.inline.ruler
    ruler.before("link", "dialect_contents", _contents)
    ruler.before("image", "dialect_sized_image", _sized_image)
    ruler.after("link", "dialect_bracketed", _bracketed)
    ruler.before("emphasis", "dialect_abbreviation", _abbreviation)
    ruler.before("linkify", "dialect_emoji", _emoji)
    ruler.before("escape", "dialect_formula", _formula)
    ruler.before("escape", "dialect_attributes", _attributes)
    for kind, mark, tag, pattern in (
        ("highlight", "==", "mark", r"(?<![\w={])==(?=[^\s=])(?P<words>(?:[^=]|=(?!=)){1,500}?)(?<=\S)==(?![\w=])"),
        ("insert", "++", "ins", r"(?<![\w+{])\+\+(?=[^\s+])(?P<words>(?:[^+]|\+(?!\+)){1,500}?)(?<=\S)\+\+(?![\w+])"),
        ("superscript", "^", "sup", r"(?<=[\w)\]*])\^(?P<words>[\w+\-−–.,()]{1,20})\^"),
        ("subscript", "~", "sub", r"(?<=[\w)\]*])~(?P<words>[\w+\-−–()]{1,12})~(?!~)"),
    ):
        ruler.before("strikethrough", f"dialect_{kind}", _pair(kind, mark, tag, pattern))


def _pair(kind: str, mark: str, tag: str, source: str) -> Callable[[StateInline, bool], bool]:
    """The rule of words between two marks."""

    @cache
    def pattern() -> re.Pattern[str]:
        return re.compile(source)

    def rule(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(mark, state.pos):
            return False
        found = pattern().match(state.src, state.pos, state.posMax)
        if found is None:
            return False
        if not silent:
            _wrapped(state, found, kind, tag)
        state.pos = found.end()
        return True

    return rule


def _wrapped(state: StateInline, found: re.Match[str], kind: str, tag: str) -> None:
    """The words of `found`, with their own marks, in an element."""
    _flush(state)
    state.push(f"{tag}_open", tag, 1).meta[MARK] = kind
    whole = state.posMax
    state.pos, state.posMax = found.span("words")
    state.md.inline.tokenize(state)
    state.posMax = whole
    state.push(f"{tag}_close", tag, -1)


def _flush(state: StateInline) -> None:
    # Before the position moves: the text before the mark ends here.
    if state.pending:
        state.pushPending()


def _nothing(state: StateInline, kind: str, end: int) -> None:
    """A mark that is not shown, up to `end`."""
    _flush(state)
    state.push("text_special", "", 0).meta[MARK] = kind
    state.pos = end


def _contents(state: StateInline, silent: bool) -> bool:
    """`[TOC]`, alone: an e-mail has its own table of contents."""
    if state.pos and state.src[state.pos - 1] != "\n":
        return False
    after = state.src.find("\n", state.pos, state.posMax)
    end = state.posMax if after < 0 else after
    if end - state.pos > 30 or state.src[state.pos : end].strip().lower() not in CONTENTS:
        return False
    if "TOC" in state.env.get("references", {}):
        return False
    if not silent:
        _nothing(state, "toc", end)
    state.pos = end
    return True


def _sized_image(state: StateInline, silent: bool) -> bool:
    """`![Words](picture.png =200x100)`, also `=50%x`: the library's own rule, once the size is out of the way."""
    if not state.src.startswith("![", state.pos):
        return False
    close = state.src.find(")", state.pos)
    if close < 0 or " =" not in state.src[state.pos : state.posMax]:
        return False
    found = SIZED_IMAGE.match(state.src, state.pos, state.posMax)
    if found is None or not (found["width"] or found["height"]):
        return False
    typed, (start, end) = state.src, found.span("size")
    state.src = typed[:start] + " " * (end - start) + typed[end:]
    count = len(state.tokens)
    is_image = image(state, silent)
    state.src = typed
    for token in state.tokens[count:] if is_image else ():
        if token.type == "image":
            token.meta[MARK] = "image-size"
            token.attrs |= {name: found[name] for name in ("width", "height") if found[name]}
    return is_image


def _bracketed(state: StateInline, silent: bool) -> bool:
    """`[words]{.smallcaps}`: the words."""
    if state.src[state.pos] != "[":
        return False
    found = BRACKETED.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        _wrapped(state, found, "attributes", "span")
    state.pos = found.end()
    return True


def _attributes(state: StateInline, silent: bool) -> bool:
    """`{.class width=50%}` behind a picture, a link, bold words, code, or on a line of its own."""
    if state.src[state.pos] != "{":
        return False
    begins_line = state.pos == 0 or state.src[state.pos - 1] == "\n"
    if not begins_line and state.src[state.pos - 1] not in ")]>*_`~=":
        return False
    found = (ATTRIBUTE_LINE if begins_line else ATTRIBUTES).match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        last = state.tokens[-1] if state.tokens and not state.pending else None
        if last is not None and last.type == "image":
            last.attrs |= {one["name"]: one["value"] for one in SIZE_ATTRIBUTE.finditer(found["inside"])}
        if last is not None and last.type == "link_close" and BUTTON.search(found["inside"]):
            opening = next(one for one in reversed(state.tokens) if one.type == "link_open")
            opening.attrs["class"] = "button"
        _nothing(state, "attributes", found.end())
    state.pos = found.end()
    return True


def _abbreviation(state: StateInline, silent: bool) -> bool:
    """`*[HTML]: what it means`, a line of its own."""
    if not state.src.startswith("*[", state.pos) or (state.pos and state.src[state.pos - 1] != "\n"):
        return False
    found = ABBREVIATION.match(state.src, state.pos, state.posMax)
    if found is None or found[0].rstrip().endswith("*"):
        return False
    if not silent:
        _nothing(state, "abbreviations", found.end())
    state.pos = found.end()
    return True


def _emoji(state: StateInline, silent: bool) -> bool:
    """`:tada:`, of those that have a name."""
    if state.src[state.pos] != ":" or (state.pos and state.src[state.pos - 1].isalnum()):
        return False
    found = EMOJI.match(state.src, state.pos, state.posMax)
    sign = _emoji_named(found["name"]) if found else None
    if found is None or sign is None:
        return False
    if not silent:
        _flush(state)
        token = state.push("text_special", "", 0)
        token.content, token.meta[MARK] = sign, "emoji"
    state.pos = found.end()
    return True


@cache
def _emoji_named(name: str) -> str | None:
    # The table alone: what is built on it (rich.emoji) loads half of the library.
    from rich._emoji_codes import EMOJI

    sign = EMOJI.get(OTHER_NAMES.get(name, name))
    if sign is None:
        return None
    # Older signs are drawn as letters are, unless told otherwise (Unicode, TR51, 2.7).
    return sign + "\ufe0f" if len(sign) == 1 and ord(sign) < 0x3000 else sign


# Names that pads have and the table has not.
OTHER_NAMES = {"plus1": "thumbs_up", "fr": "france", "flag-fr": "france", "eu": "european_union"}


def _formula(state: StateInline, silent: bool) -> bool:
    """`$$ … $$`: shown as it was typed, for no mail reader draws it."""
    if not state.src.startswith("$$", state.pos):
        return False
    found = FORMULA.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        _flush(state)
        token = state.push("dialect_formula", "code", 0)
        token.content, token.meta[MARK] = found[0], "formula"
    state.pos = found.end()
    return True
