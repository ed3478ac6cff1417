"""Sound YAML that is hardly what was meant: values that are cut, swallowed or set in the wrong quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.frontmatter.yaml_faults import quote_value
from newsletter_cli.markdown.frontmatter.yaml_nodes import Composed
from newsletter_cli.model import Edit, Finding, Level
from newsletter_cli.model.field_names import ALL_FIELDS, field_named, is_field

# Whose values are words for readers; a `#` behind a date or a status begins a comment that is meant as one.
TEXT_FIELDS = frozenset(
    {"title", "author", "slug", "summary", "subject", "preheader", "place", "description", "employer", "reference"}
)
# Long enough to hold a quotation of somebody, from its first word to its last.
LONG_TEXTS = frozenset({"description"})
COMMENT = Pattern(r"[ \t]+#(?P<words>[^\n]*)")
LONE_COMMENT = Pattern(r"[^\n]*?:[ \t]+#(?P<words>[^\n]*)")
# “# to be checked” is a comment, “#2”, “#OpenData” and “# 2” are text.
MEANT_AS_TEXT = Pattern(r"[^\s#!]|[ \t]+\d")
IN_QUOTES = re.compile(r"(?:[«“„‟‘‹]|<<)[\s\u00a0\u202f]*(?P<inner>[^«»“”„‹›\"]+?)[\s\u00a0\u202f]*(?:[»”“’›\"]|>>)")
LINE_OF_KEY = re.compile(r"^[ ]*(?:- +)?(?P<key>[^\W\d][\w-]*)[ ]*:(?: |$)", re.MULTILINE)
# `key: `, `- key: `, or the dash of an entry that is a text.
HEAD = Pattern(r"(?P<head>[ ]*(?:- +)*(?P<key>\"[^\"]*\"|'[^']*'|[^\s\"':#-][^:#\"]*?)[ ]*:[ \t]+|[ ]*- +)")
MAX_DEPTH = 3


class _Value(Struct, frozen=True, kw_only=True):
    """One value of the header that is no list or table, and the field it is of, if it is one of ours."""

    key: str
    node: Any
    field: str | None


def meant_otherwise(composed: Composed, *, file: str, first_line: int, but: Collection[int] = ()) -> Iterator[Finding]:
    """A finding for each value that YAML reads in another way than its editor meant it.

    `first_line` is the line of the file on which the header begins; lines in `but` (from 0) have changed since they
    were typed, and are not edited.
    """
    if composed.root is None:
        return
    lines = composed.text.split("\n")
    for value in _values(composed.root, 1):
        line = composed.line_of(value.node)
        found = next(filter(None, (look(composed, value, lines[line]) for look in LOOKS)), None)
        if found is None:
            continue
        rule, level, message, meant = found
        fixed = None if meant is None else _line_with(lines[line], value, meant)
        yield Finding(
            file=file,
            rule=rule,
            level=level,
            message=message,
            line=first_line + line,
            suggestion=_("write: {example}").format(example=fixed.strip()) if fixed else None,
            edits=()
            if fixed is None or line in but
            else (Edit(file=file, line=first_line + line, column=1, old=lines[line], new=fixed),),
        )


def _values(node: Any, depth: int, key: str = "") -> Iterator[_Value]:
    if node.id == "scalar":
        yield _Value(key=key, node=node, field=field_named(key, ALL_FIELDS))
    elif depth <= MAX_DEPTH:
        for child in node.value:
            if node.id != "mapping":
                yield from _values(child, depth + 1, key)
            elif child[0].id == "scalar" and (depth > 1 or child[0].value != "post"):
                yield from _values(child[1], depth + 1, child[0].value)


def _line_with(line: str, value: _Value, meant: str) -> str | None:
    """The line with the value in double quotes; `None` where key and value do not share a line."""
    found = HEAD.match(line)
    if found is None or (found["key"] or value.key).strip("\"'") != value.key:
        return None
    return found["head"] + quote_value(meant)


_Found = tuple[str, Level, str, str | None] | None


def _cut(composed: Composed, value: _Value, line: str) -> _Found:
    """A blank and `#`: the rest of the line is a comment."""
    node, text = value.node, composed.text
    if value.field not in TEXT_FIELDS and not (value.field == "images" and node.value):
        return None
    if node.style not in (None, "") or "#" not in line:
        return None
    start, end = node.start_mark.index, node.end_mark.index
    if node.value:
        comment = COMMENT.match(text, end)
        is_short = "\n" not in text[start:end]
        meant = f"{text[start:end]}{comment[0]}".strip() if comment and is_short else None
        left = node.value
    else:
        comment = LONE_COMMENT.fullmatch(line)
        meant = f"#{comment['words']}".strip() if comment else None
        left = ""
    if comment is None or not MEANT_AS_TEXT.match(comment["words"]):
        return None
    message = (
        _("“ #” begins a comment: of “{key}” only “{left}” is left")
        if left
        else _("“ #” begins a comment: of “{key}” nothing is left")
    ).format(key=value.key, left=left)
    return "front-matter-value-cut", Level.WARNING, message, meant


def _named(composed: Composed, value: _Value, line: str) -> _Found:
    """`&Co`: a name for the value, which nobody calls by it."""
    start, text = value.node.start_mark.index, composed.text
    found = re.compile(r"&([^\s,\[\]{}]+)").match(text, start)
    if found is None or found[1] in _called(text):
        return None
    message = _("“&” gives the value of “{key}” a name: “{name}” is taken out of it").format(
        key=value.key, name=found[0]
    )
    end = text.find("\n", start)
    return "front-matter-value-cut", Level.ERROR, message, text[start : end if end >= 0 else len(text)].strip()


@lru_cache(maxsize=4)
def _called(text: str) -> frozenset[str]:
    """The names by which values are called: `*base`."""
    return frozenset(re.findall(r"\*([^\s,\[\]{}]+)", text))


def _swallowed(composed: Composed, value: _Value, line: str) -> _Found:
    """A quote that is closed lines later, with other keys in between."""
    node = value.node
    if node.style not in ("'", '"'):
        return None
    inner = composed.text[node.start_mark.index : node.end_mark.index]
    _first, newline, rest = inner.partition("\n")
    key = next((found["key"] for found in LINE_OF_KEY.finditer(rest) if is_field(found["key"])), None)
    if not newline or key is None:
        return None
    message = _("the quote that opens the value of “{key}” is closed further down: “{other}” has become part of it")
    return "front-matter-value-cut", Level.ERROR, message.format(key=value.key, other=key), None


def _in_other_quotes(composed: Composed, value: _Value, line: str) -> _Found:
    """Guillemets or curly quotes around the whole value: to YAML they are letters."""
    if value.node.style not in (None, "") or value.field is None or value.field in LONG_TEXTS:
        return None
    found = IN_QUOTES.fullmatch(value.node.value)
    if found is None:
        return None
    message = _("the quotation marks around “{key}” are part of the text, and readers see them").format(key=value.key)
    return "front-matter-quotes", Level.WARNING, message, found["inner"]


def _empty_block(composed: Composed, value: _Value, line: str) -> _Found:
    """`title: |` over a line that is not indented."""
    if value.node.style not in ("|", ">") or value.node.value.strip() or value.field is None:
        return None
    message = _("the value of “{key}” is a block of lines (“{sign}”), and none is indented below it").format(
        key=value.key, sign=value.node.style
    )
    return "front-matter-value-cut", Level.WARNING, message, None


LOOKS = (_named, _cut, _swallowed, _in_other_quotes, _empty_block)
