"""What is wrong with the files of a theme, seen without rendering them: each fault with its own file and line.

mrml passes on what it does not know, and names no line for what it cannot read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePath

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.remembering import remembered
from newsletter_cli.base.strict import nearest
from newsletter_cli.render.mjml_tags import ANY, known_tags
from newsletter_cli.render.theme import INLINED_CSS, TEMPLATE, Theme

# Jinja's marks, then what is no markup: comments, styles.
JINJA = Pattern(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SILENT = Pattern(r"<!--.*?-->|(?<=<mj-style>).*?(?=</mj-style>)|(?<=<style>).*?(?=</style>)", re.DOTALL)
TAG = Pattern(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = Pattern(r"([^\s=\"'/]+)\s*(?:=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
STRAY = Pattern(r"<(?![A-Za-z/!?])")
NAMED = re.compile(r"\{%[-+]?\s*(?:include|import|from|extends)\s+(?:(['\"])(.*?)\1|([^%]*))")
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# What HTML's own attributes are called in MJML.
HTML_NAMES = {"class": "css-class", "style": "css-class", "bgcolor": "background-color", "valign": "vertical-align"}
MEANT_FOR_TEMPLATE = Pattern(r"mjml|j2|jinja|css|html?$|txt$")
# So alike are names of which one is a slip of the other.
ALIKE = 0.8


class ThemeFaultKind(StrEnum):
    """What a fault is about; the rules on themes have one for each."""

    TAG = "tag"
    ATTRIBUTE = "attribute"
    UNUSED = "unused"
    MARKUP = "markup"
    EMPTY = "empty"


class ThemeFault(Struct, frozen=True, kw_only=True):
    """A fault of a theme: the file as the user knows it, the line, what is wrong and what to do."""

    kind: ThemeFaultKind
    file: str
    line: int | None
    message: str
    hint: str | None = None


def scan_theme(theme: Theme) -> Iterator[ThemeFault]:
    """Tags and attributes that MJML does not know, and files that nothing reads. The shipped files have none."""
    for name in own_files(theme):
        if name.endswith(".mjml.j2"):
            yield from _scan_tags(theme.places[name], theme.files[name])
    yield from _unused_files(theme)


def own_files(theme: Theme) -> list[str]:
    """The files that the workspace itself has; the shipped ones are known by an absolute place."""
    return [name for name, place in theme.places.items() if not PurePath(place).is_absolute()]


def find_broken_markup(file: str, text: str) -> ThemeFault | None:
    """The first place at which a file cannot be read as markup: for a theme that could not be converted."""
    lines, plain = _Lines(text), _without_jinja(text)
    found = [*_strays(lines, plain), *_unbalanced(lines, plain)]
    if not found:
        return None
    line, message, hint = min(found, key=lambda one: one[0])
    return ThemeFault(kind=ThemeFaultKind.MARKUP, file=file, line=line, message=message, hint=hint)


class _Lines:
    """From a place in a text to its line."""

    def __init__(self, text: str):
        self._ends = [found.end() for found in re.finditer("\n", text)]

    def of(self, place: int) -> int:
        return bisect_right(self._ends, place) + 1


@remembered(texts=32, longest=20_000)
def _without_jinja(text: str) -> str:
    """The markup alone, each sign at its place: what Jinja writes is letters, what it does is nothing."""

    def blank(found: re.Match[str]) -> str:
        sign = "x" if found[0].startswith("{{") else " "
        return re.sub(r"[^\n]", sign, found[0])

    return SILENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), JINJA.sub(blank, text))


def _scan_tags(file: str, text: str) -> Iterator[ThemeFault]:
    tags = known_tags()
    lines, plain = _Lines(text), _without_jinja(text)
    for found in TAG.finditer(plain):
        is_end, tag, inner = found.groups()
        name = tag.lower()
        # A name that Jinja writes is any.
        if not name.startswith("mj") or "xxxx" in name:
            continue
        if name not in tags:
            if name.startswith(("mj-", "mjml")) and not is_end:
                yield _unknown(ThemeFaultKind.TAG, file, lines.of(found.start()), f"<{tag}>", nearest(name, list(tags)))
            continue
        known = tags[name]
        # What Jinja writes between the attributes cannot be told apart from their names.
        if is_end or ANY in known:
            continue
        for one in ATTRIBUTE.finditer(inner):
            if one[2] is None or "xx" in one[1] or one[1] in known or one[1].startswith("data-"):
                continue
            line = lines.of(found.start(3) + one.start())
            close = HTML_NAMES.get(one[1]) or nearest(one[1], sorted(known), cutoff=0.7)
            yield _unknown(ThemeFaultKind.ATTRIBUTE, file, line, f"{one[1]}=", close, tag=tag)


def _unknown(
    kind: ThemeFaultKind, file: str, line: int, what: str, close: str | None, *, tag: str | None = None
) -> ThemeFault:
    message = (
        _("MJML knows no tag {what}: it reaches readers as it stands").format(what=what)
        if tag is None
        else _("MJML knows no {what} of <{tag}>: it does nothing").format(what=what.rstrip("="), tag=tag)
    )
    hint = _("did you mean “{key}”?").format(key=close) if close else "https://documentation.mjml.io/"
    return ThemeFault(kind=kind, file=file, line=line, message=message, hint=hint)


def _unused_files(theme: Theme) -> Iterator[ThemeFault]:
    """Files that no template asks for, and those that are not read at all though their name is nearly one that is."""
    asked = [found for text in theme.files.values() for found in NAMED.finditer(text)]
    # One that is named by an expression may be any of them.
    is_open = any(found[2] is None for found in asked)
    used = {TEMPLATE, INLINED_CSS, *(found[2] for found in asked if found[2])}
    for name in own_files(theme):
        close = nearest(name, sorted(used - {name}), cutoff=ALIKE)
        if name not in used and (close or not is_open):
            yield _unused(theme.places[name], close)
    stems = {name.partition(".")[0]: name for name in sorted(used)}
    for place in theme.unread:
        # As an editor or a system renames what it saves: footer.mjml, footer.mjml.j2.txt. Pictures, notes are neither.
        stem, _dot, suffixes = PurePath(place).name.lower().partition(".")
        close = nearest(stem, list(stems), cutoff=ALIKE) if MEANT_FOR_TEMPLATE.search(suffixes) else None
        if close:
            yield _unused(place, stems[close])


def _unused(place: str, close: str | None) -> ThemeFault:
    return ThemeFault(
        kind=ThemeFaultKind.UNUSED,
        file=place,
        line=None,
        message=_("no template reads this file"),
        hint=_("did you mean “{key}”?").format(key=close)
        if close
        else _('name it where it belongs: {% include "…" %}; or take it away'),
    )


Trouble = tuple[int, str, str]


def _strays(lines: _Lines, plain: str) -> Iterator[Trouble]:
    for found in STRAY.finditer(plain):
        yield lines.of(found.start()), _("a “<” begins no tag here"), _("as a sign of its own it is written &lt;")
    for found in TAG.finditer(plain):
        for one in ATTRIBUTE.finditer(found[3]) if not found[1] else ():
            if one[2] is not None and one[2][0] not in "\"'":
                line = lines.of(found.start(3) + one.start())
                yield line, _("the value of {what} stands without quotes").format(what=one[1]), f'{one[1]}="…"'


def _unbalanced(lines: _Lines, plain: str) -> Iterator[Trouble]:
    stack: list[tuple[str, int]] = []
    for found in TAG.finditer(plain):
        is_end, name, inner = found[1], found[2].lower(), found[3]
        line = lines.of(found.start())
        if not is_end:
            if name not in VOID and not inner.rstrip().endswith("/"):
                stack.append((name, line))
        elif stack and stack[-1][0] == name:
            stack.pop()
        elif any(opened == name for opened, _line in stack):
            yield _left_open(stack[-1])
            return
        else:
            yield line, _("</{tag}> ends what was never begun").format(tag=name), _("take it out, or begin it before")
            return
    if stack:
        yield _left_open(stack[-1])


def _left_open(opened: tuple[str, int]) -> Trouble:
    name, line = opened
    return (
        line,
        _("<{tag}> is never closed").format(tag=name),
        _("close it where it ends: {tag}").format(tag=f"</{name}>"),
    )
