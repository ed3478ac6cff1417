"""The text of a header → its values, and the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.plain_toml import BrokenToml, load_toml
from newsletter_cli.markdown.frontmatter.header import Header, Path
from newsletter_cli.markdown.frontmatter.meant import meant_otherwise
from newsletter_cli.markdown.frontmatter.slips import HeaderSlip, fix_slips
from newsletter_cli.markdown.frontmatter.split import PELICAN_KEY, Document
from newsletter_cli.markdown.frontmatter.yaml_faults import HeaderFault
from newsletter_cli.markdown.frontmatter.yaml_header import compose_with_faults
from newsletter_cli.markdown.frontmatter.yaml_nodes import Composed, load_mapping
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Edit, Finding, Level

NEWLINE = re.compile(r"\r\n?")
TOML_KEY = Pattern(r"[ \t]*([\w-]+|\"[^\"]+\"|'[^']+')[ \t]*[=.]")
TOML_TABLE = Pattern(r"[ \t]*(\[\[?)[ \t]*([\w-]+|\"[^\"]+\"|'[^']+')")
# Deep enough for a field of an entry of a list: ("events", 0, "start").
MAX_PATH = 3


def parse_header(doc: Document, *, file: str) -> Header:
    """The header, read in one pass. Raises `FrontMatterError` with the line in the file, and others in its `also`."""
    header, faults = read_header(doc, file=file)
    if faults:
        faults[0].also = tuple(faults[1:])
        raise faults[0]
    return header


def read_header(doc: Document, *, file: str) -> tuple[Header, list[FrontMatterError]]:
    """What of the header can be read, and each fault that stands in the way of the rest."""
    if doc.style is None:
        return Header(file=file), []
    read = {"yaml": _parse_yaml, "toml": _parse_toml, "pelican": _parse_pelican}
    try:
        header, found = read[doc.style](doc, file)
    except HeaderFault as fault:
        header, found = Header(file=file, first_line=doc.header_line), [fault]
    return header, [_as_error(fault, doc, file) for fault in found]


def _as_error(fault: HeaderFault, doc: Document, file: str) -> FrontMatterError:
    line = doc.header_line + fault.line
    error = FrontMatterError(fault.message, file=file, line=line, hint=fault.hint)
    error.__cause__ = fault
    lines = NEWLINE.sub("\n", doc.header or "").split("\n")
    if fault.fixed is not None and fault.line < len(lines):
        error.edits = (Edit(file=file, line=line, column=1, old=lines[fault.line], new=fault.fixed),)
    return error


def _parse_yaml(doc: Document, file: str) -> tuple[Header, list[HeaderFault]]:
    text, slips = fix_slips(NEWLINE.sub("\n", doc.header or ""))
    composed, faults = compose_with_faults(text)
    lines = dict(_node_lines(composed, composed.root, (), doc.header_line)) if composed.root else {}
    typed = dict(_typed_nodes(composed.root, ())) if composed.root else {}
    findings = [_slip(file, doc.header_line, slip) for slip in slips]
    findings += (_indented_key(file, doc.header_line + line, key) for line, key in composed.dedented)
    fixed = {slip.line for slip in slips} | {fault.line for fault in faults}
    findings += meant_otherwise(composed, file=file, first_line=doc.header_line, but=fixed)
    values = {}
    try:
        values = {str(key): value for key, value in load_mapping(composed).items()}
    except HeaderFault as fault:
        faults.append(fault)
    return Header(
        file=file,
        values=values,
        typed=typed,
        lines=lines,
        findings=tuple(findings),
        first_line=doc.header_line,
    ), faults


def _slip(file: str, first_line: int, slip: HeaderSlip) -> Finding:
    line = first_line + slip.line
    return Finding(
        file=file,
        rule="front-matter-slip",
        level=Level.WARNING,
        message=slip.message,
        line=line,
        suggestion=_("it was read as: {line}").format(line=slip.new.strip()),
        edits=(Edit(file=file, line=line, column=1, old=slip.old, new=slip.new),),
    )


def _indented_key(file: str, line: int, key: str) -> Finding:
    return Finding(
        file=file,
        rule="front-matter-indented-key",
        level=Level.WARNING,
        message=_("the key “{key}” is indented; it was read as a key of its own").format(key=key),
        line=line,
        suggestion=_("remove the blanks at the start of the line"),
    )


def _node_lines(composed: Composed, node: Any, path: Path, first_line: int) -> Iterator[tuple[Path, int]]:
    if len(path) == MAX_PATH or node.id == "scalar":
        return
    if node.id == "mapping":
        entries = [(key.value, key, value) for key, value in node.value if key.id == "scalar"]
    else:
        entries = [(index, item, item) for index, item in enumerate(node.value)]
    for name, place, value in entries:
        yield (*path, name), first_line + composed.line_of(place)
        yield from _node_lines(composed, value, (*path, name), first_line)


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


def _parse_toml(doc: Document, file: str) -> tuple[Header, list[HeaderFault]]:
    try:
        values = load_toml(NEWLINE.sub("\n", doc.header or ""))
    except BrokenToml as error:
        last = max(len(split_lines(doc.header or "")), 1)
        raise HeaderFault(error.message, min(error.line or 1, last) - 1, error.hint) from error
    return Header(
        file=file,
        values=values,
        typed=dict(_typed_values(values, ())),
        lines=_toml_lines(doc),
        first_line=doc.header_line,
    ), []


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


def _parse_pelican(doc: Document, file: str) -> tuple[Header, list[HeaderFault]]:
    values: dict[str, str] = {}
    lines: dict[Path, int] = {}
    last = ""
    for index, line in enumerate(split_lines(doc.header or "")):
        key = PELICAN_KEY.match(line)
        if key is None:
            values[last] = f"{values[last]} {line.strip()}".strip()
            continue
        last = key["key"].lower()
        if last in values:
            raise HeaderFault(
                _("the key “{key}” stands twice in the header").format(key=key["key"]),
                index,
                _("keep one of the two lines"),
            )
        values[last] = key["value"].strip()
        lines[last,] = doc.header_line + index
    typed: dict[Path, str] = {(key,): value for key, value in values.items()}
    return Header(file=file, values=dict(values), typed=typed, lines=lines, first_line=doc.header_line), []
