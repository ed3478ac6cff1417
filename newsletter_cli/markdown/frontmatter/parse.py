"""The values of a header, and the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import BrokenToml, load_toml
from newsletter_cli.markdown.frontmatter.split import PELICAN_KEY, Document
from newsletter_cli.markdown.frontmatter.yaml_header import Composed, HeaderFault, compose, load_mapping
from newsletter_cli.markdown.source import split_lines
from newsletter_cli.model import Finding, Level

Path = tuple[str | int, ...]

NEWLINE = re.compile(r"\r\n?")
TOML_KEY = re.compile(r"[ \t]*([\w-]+|\"[^\"]+\"|'[^']+')[ \t]*[=.]")
TOML_TABLE = re.compile(r"[ \t]*(\[\[?)[ \t]*([\w-]+|\"[^\"]+\"|'[^']+')")
# Deep enough for a field of an entry of a list: ("events", 0, "start").
MAX_PATH = 3


def parse_header(doc: Document, *, file: str) -> tuple[dict[str, Any], list[Finding]]:
    """The header's keys and plain values, in order, and what had to be mended to read them.

    Dates and times keep their offset; what only looks like a date stays text. Keys of a Pelican header
    are lower case, as Pelican reads them, and its values are text. Raises `FrontMatterError` with the
    line in the file.
    """
    try:
        if doc.style == "yaml":
            return _parse_yaml(doc, file)
        if doc.style == "toml":
            return _parse_toml(doc), []
        return {key: value for key, (value, _line) in _pelican_entries(doc).items()}, []
    except HeaderFault as fault:
        raise FrontMatterError(fault.message, file=file, line=doc.header_line + fault.line, hint=fault.hint) from fault


def key_lines(doc: Document) -> dict[Path, int]:
    """The line in the file of each key, of each item of a list, and of each key of an item.

    `("title",)`, `("events", 0)`, `("events", 0, "start")`. Empty when the header cannot be read.
    """
    try:
        if doc.style == "yaml":
            return _yaml_lines(doc)
        if doc.style == "toml":
            return _toml_lines(doc)
        return {(key,): line for key, (_value, line) in _pelican_entries(doc).items()}
    except HeaderFault:
        return {}


def typed_scalars(doc: Document) -> dict[Path, str]:
    """The values that are single values, as they were typed, by their path (as in `key_lines`).

    YAML reads `title: 12:30` as 750, `slug: 007` as 7 and `title: No` as false: where text is meant,
    this is the text. Empty values are left out. Empty when the header cannot be read.
    """
    try:
        if doc.style == "yaml":
            root: Any = _compose(doc).root
            return dict(_typed_nodes(root, ())) if root is not None else {}
        return dict(_typed_values(parse_header(doc, file="")[0], ()))
    except (HeaderFault, FrontMatterError):
        return {}


def _typed_nodes(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if node.id == "scalar":
        if not node.tag.endswith(":null"):
            yield path, node.value
    elif len(path) < MAX_PATH:
        pairs = ((key.value, value) for key, value in node.value if key.id == "scalar")
        for name, value in pairs if node.id == "mapping" else enumerate(node.value):
            yield from _typed_nodes(value, (*path, name))


def _typed_values(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, dict | list):
        yield path, str(value)
    elif len(path) < MAX_PATH:
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _typed_values(part, (*path, name))


def _compose(doc: Document) -> Composed:
    return compose(NEWLINE.sub("\n", doc.header or ""))


def _parse_yaml(doc: Document, file: str) -> tuple[dict[str, Any], list[Finding]]:
    composed = _compose(doc)
    values = load_mapping(composed)
    findings = [
        Finding(
            file=file,
            rule="front-matter-indented-key",
            level=Level.WARNING,
            message=_("the key “{key}” is indented; it was read as a key of its own").format(key=key),
            line=doc.header_line + line,
            suggestion=_("remove the blanks at the start of the line"),
        )
        for line, key in composed.dedented
    ]
    return {str(key): value for key, value in values.items()}, findings


def _yaml_lines(doc: Document) -> dict[Path, int]:
    composed = _compose(doc)
    lines: dict[Path, int] = {}

    def visit(node: Any, path: Path) -> None:
        if len(path) == MAX_PATH:
            return
        if node.id == "mapping":
            entries = [(key.value, key, value) for key, value in node.value if key.id == "scalar"]
        elif node.id == "sequence":
            entries = [(index, item, item) for index, item in enumerate(node.value)]
        else:
            return
        for name, place, value in entries:
            lines[*path, name] = doc.header_line + composed.line_of(place)
            visit(value, (*path, name))

    if composed.root is not None:
        visit(composed.root, ())
    return lines


def _parse_toml(doc: Document) -> dict[str, Any]:
    try:
        return load_toml(NEWLINE.sub("\n", doc.header or ""))
    except BrokenToml as error:
        last = max(len(split_lines(doc.header or "")), 1)
        raise HeaderFault(error.message, min(error.line or 1, last) - 1, error.hint) from error


def _toml_lines(doc: Document) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    counts: dict[str, int] = {}
    prefix: Path = ()
    for number, line in enumerate(split_lines(doc.header or ""), doc.header_line):
        if table := TOML_TABLE.match(line):
            name = table[2].strip("\"'")
            lines.setdefault((name,), number)
            prefix = (name,)
            if table[1] == "[[":
                prefix = (name, counts.get(name, 0))
                counts[name] = counts.get(name, 0) + 1
                lines.setdefault(prefix, number)
        elif key := TOML_KEY.match(line):
            lines.setdefault((*prefix, key[1].strip("\"'")), number)
    return lines


def _pelican_entries(doc: Document) -> dict[str, tuple[str, int]]:
    """Key → (value, line in the file)."""
    entries: dict[str, tuple[str, int]] = {}
    last = ""
    for index, line in enumerate(split_lines(doc.header or "")):
        key = PELICAN_KEY.match(line)
        if key is None:
            value, first = entries[last]
            entries[last] = (f"{value} {line.strip()}".strip(), first)
            continue
        last = key["key"].lower()
        if last in entries:
            raise HeaderFault(
                _("the key “{key}” stands twice in the header").format(key=key["key"]),
                index,
                _("keep one of the two lines"),
            )
        entries[last] = (key["value"].strip(), doc.header_line + index)
    return entries
