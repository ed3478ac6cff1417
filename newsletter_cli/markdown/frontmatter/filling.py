"""Values put into a header that is there: only where it says nothing yet, and everything else to the byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from newsletter_cli.markdown.frontmatter.dump import dump_header
from newsletter_cli.markdown.frontmatter.parse import read_header
from newsletter_cli.markdown.frontmatter.split import BOM, split_header
from newsletter_cli.markdown.lines import dominant_newline, split_lines
from newsletter_cli.model.field_names import field_named

# `author:`, `"author":  # who writes it`
EMPTY_KEY = re.compile(r"(?P<key>[^:#]+?)\s*:[ \t]*(?P<comment>#[^\r\n]*)?[\r\n]*")


def fill_header(text: str, fields: Mapping[str, Any], *, file: str, known: tuple[str, ...]) -> str | None:
    """The text of a file with these fields in its header; `None` where that cannot be done by adding lines alone.

    A key that stands there without a value gets one, be it spelled otherwise (`auteur:`); the others are added at the
    end of the header. `known`: the fields that such a header has.
    """
    if not fields:
        return text
    newline = dominant_newline(text)
    mark = BOM if text.startswith(BOM) else ""
    document = split_header(text, file=file, styles=("yaml", "toml"))
    if document.style is None:
        return f"{mark}---{newline}{_dumped(fields, newline)}---{newline}{text.removeprefix(BOM)}"
    header, faults = read_header(document, file=file)
    if document.style != "yaml" or faults:
        return None
    lines = split_lines(text.removeprefix(BOM))
    spelled = {field_named(key, known) or key: key for key in header.values}
    added = {}
    for name, value in fields.items():
        if name not in spelled:
            added[name] = value
            continue
        index = header.line(spelled[name]) - 1
        found = EMPTY_KEY.fullmatch(lines[index])
        if found is None:
            return None
        comment = f"{found['comment']}{newline}" if found["comment"] else ""
        lines[index] = comment + _dumped({spelled[name]: value}, newline)
    fence = document.body_line - 2
    lines.insert(fence, _dumped(added, newline))
    filled = mark + "".join(lines)
    return filled if _says(filled, fields, file=file, known=known) else None


def _dumped(fields: Mapping[str, Any], newline: str) -> str:
    return dump_header(fields).replace("\n", newline)


def _says(text: str, fields: Mapping[str, Any], *, file: str, known: tuple[str, ...]) -> bool:
    """Whether the header says that now: a comment or a line that went on could have swallowed it."""
    header, faults = read_header(split_header(text, file=file, styles=["yaml"]), file=file)
    values = header.in_words_of(known).values
    return not faults and all(values.get(name) == value for name, value in fields.items())
