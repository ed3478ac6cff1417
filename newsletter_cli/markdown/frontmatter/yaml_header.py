"""YAML headers: checked, fixed of one slip, every fault found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.values import replace
from newsletter_cli.markdown.frontmatter.yaml_faults import (
    INDENTED_KEY,
    HeaderFault,
    explain_tag,
    explain_toml_line,
)
from newsletter_cli.markdown.frontmatter.yaml_nodes import Composed, compose_nodes

# A header of a few hundred lines has a few thousand values; a bomb of aliases has billions.
MAX_VALUES = 20_000
# https://yaml.org/spec/1.1/#c-printable
NOT_PRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
ABOVE = Pattern(r"[ ]*(?:- +)*[^\s:#][^:#]*:[ ]+.*\S")
# A header has one slip of this kind, or a handful: beyond that it is broken.
MAX_REPAIRS = 20


def compose_with_faults(header: str) -> tuple[Composed, list[HeaderFault]]:
    """The nodes of as much of the header as can be read, and every fault that stands in the way of the rest.

    After a fault its line is read as it would be when put right, else left out with what belongs to it.
    """
    faults: list[HeaderFault] = []
    left_out: set[int] = set()
    text = header
    for _attempt in range(MAX_REPAIRS):
        try:
            return compose(text), sorted(faults, key=lambda one: one.line)
        except HeaderFault as fault:
            is_new = fault.line not in {one.line for one in faults} | left_out
            if is_new:
                faults.append(fault)
            lines = text.split("\n")
            if fault.is_whole or not 0 <= fault.line < len(lines) or fault.line in left_out:
                break
            if is_new and fault.fixed is not None:
                lines[fault.line] = fault.fixed
            else:
                left_out |= _leave_out(lines, fault.line)
            text = "\n".join(lines)
    return Composed(header, None), sorted(faults, key=lambda one: one.line)


def _leave_out(lines: list[str], line: int) -> set[int]:
    """Make comments of a line and of those that stand indented below it."""
    depth = len(lines[line]) - len(lines[line].lstrip(" "))
    end = line + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip(" ")) > depth:
        end += 1
    for index in range(line, end):
        lines[index] = "#"
    return set(range(line, end))


def compose(header: str) -> Composed:
    r"""The nodes of a header whose line ends are `\n`, fixed and checked. Raises `HeaderFault`."""
    if strange := NOT_PRINTABLE.search(header):
        raise HeaderFault(
            _("the header holds an invisible control character, U+{code:04X}").format(code=ord(strange[0])),
            line := header.count("\n", 0, strange.start()),
            _("delete the character; retyping the line is the surest way"),
            fixed=NOT_PRINTABLE.sub("", header.split("\n")[line]),
        )
    composed = _compose_fixed(header)
    if composed.root is not None:
        _check(composed)
    return composed


def _compose_fixed(header: str) -> Composed:
    try:
        return compose_nodes(header)
    except HeaderFault as fault:
        first = current = fault
    text, dedented = header, []
    for _attempt in range(MAX_REPAIRS):
        line = _misindented_line(text, current.line)
        if line is None:
            break
        lines = text.split("\n")
        key = INDENTED_KEY.match(lines[line])
        dedented.append((line, key["key"].strip("\"'") if key else ""))
        lines[line] = lines[line].lstrip(" ")
        text = "\n".join(lines)
        try:
            return replace(compose_nodes(text), dedented=tuple(dedented))
        except HeaderFault as fault:
            current = fault
    raise first


def _misindented_line(text: str, fault_line: int) -> int | None:
    """The line of a top-level key that stands indented, when that can be the fault on `fault_line`."""
    lines = text.split("\n")
    line = min(fault_line, len(lines) - 1)
    if not lines[line].startswith(" "):
        # ` title: X` over `date: Y`: YAML stumbles on the second line, the slip is on the first.
        line = next((index for index, text in enumerate(lines) if text.strip() and not text.startswith("#")), line)
    if not INDENTED_KEY.match(lines[line]):
        return None
    above = line - 1
    while above >= 0 and (not lines[above].strip() or lines[above][0] in " #"):
        above -= 1
    if above < 0:
        return line
    has_value = ABOVE.match(lines[above])
    has_items = lines[above + 1].lstrip().startswith("- ") or lines[above].startswith("- ")
    return line if has_value or has_items else None


def _check(composed: Composed) -> None:
    import yaml

    root = composed.root
    if not isinstance(root, yaml.MappingNode):
        lines = composed.text.split("\n")
        for number, line in enumerate(lines):
            if found := explain_toml_line(line, number):
                raise found
        raise HeaderFault(
            _("the header is not a list of `key: value` lines"),
            composed.line_of(root) if root else 0,
            _("write one `key: value` a line, such as `title: My newsletter`"),
            is_whole=True,
        )
    _count_values(composed, root, {}, set())
    _refuse_own_tags(composed, root)
    for mapping in _mappings(root, set()):
        seen: set[str] = set()
        for key, _value in mapping.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise HeaderFault(
                        _("the key “{key}” stands twice in the header").format(key=key.value),
                        composed.line_of(key),
                        _("keep one of the two lines"),
                    )
                seen.add(key.value)


def _refuse_own_tags(composed: Composed, root: Any) -> None:
    """`title: !important` is a text that somebody meant, and a tag to YAML."""
    lines = composed.text.split("\n")
    for mapping in _mappings(root, set()):
        for _key, value in mapping.value:
            if value.id == "scalar" and value.tag.startswith("!"):
                line = composed.line_of(value)
                raise explain_tag(value.tag, lines[line], line)


def _children(node: Any) -> list[Any]:
    if isinstance(node.value, str):
        return []
    return [child for item in node.value for child in (item if isinstance(item, tuple) else (item,))]


def _mappings(node: Any, seen: set[int]) -> Iterator[Any]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if node.id == "mapping":
        yield node
    for child in _children(node):
        yield from _mappings(child, seen)


def _count_values(composed: Composed, node: Any, known: dict[int, int], path: set[int]) -> int:
    """How many values the node holds once its aliases are written out."""
    if id(node) in known:
        return known[id(node)]
    if id(node) in path:
        raise HeaderFault(_("a value of the header contains itself"), composed.line_of(node), is_whole=True)
    path.add(id(node))
    total = 1 + sum(_count_values(composed, child, known, path) for child in _children(node))
    path.discard(id(node))
    if total > MAX_VALUES:
        if "*" in composed.text:
            raise HeaderFault(
                _("the header's aliases (`*name`) multiply beyond measure"), composed.line_of(node), is_whole=True
            )
        raise HeaderFault(
            _("the header holds more than {count} values").format(count=MAX_VALUES),
            composed.line_of(node),
            is_whole=True,
        )
    known[id(node)] = total
    return total
