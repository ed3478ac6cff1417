"""Slips of the keyboard in a YAML header that leave no doubt of what is meant: read as meant, and told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.model.field_names import is_field

# Blanks to the eye, letters to YAML: from a French keyboard, a word processor, a web page.
BLANK = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Not to be seen at all.
HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
STRANGE = re.compile(f"[{BLANK}{HIDDEN}\uff1a•–—*]|:[^\\s]|-[^\\s-]")
INDENT = re.compile(rf"(?P<indent>[ {BLANK}{HIDDEN}]*)(?P<rest>.*)", re.DOTALL)
# `– title: …` for `- title: …`; `-title: …`, too.
BULLET = re.compile(rf"(?P<bullet>(?:[–—•*]|-)[ {BLANK}]*)(?=(?P<key>[^\W\d][^:\uff1a]{{0,30}})[:\uff1a])")
KEY = re.compile(
    rf"(?P<dash>(?:- +)?)(?P<key>[^\W\d][\w{BLANK}{HIDDEN} -]{{0,40}}?)(?P<before>[ {BLANK}{HIDDEN}]{{0,20}})"
    rf"(?P<colon>[:\uff1a])(?P<after>[ {BLANK}{HIDDEN}]*)(?P<value>.*)",
    re.DOTALL,
)
BLOCK_SCALAR = re.compile(r"(?:[^#]*:|[ ]*(?:-[ ]+)*-)[ ]+[|>][+-]?\d?[+-]?[ ]*(?:#.*)?")
INVISIBLE = re.compile(f"[{BLANK}{HIDDEN}]")
# A value in quotes that does not end on its line: what follows is text until the same quote comes.
QUOTE = re.compile(
    r"""[ ]*(?:-[ ]+)*(?:[^\s"'#:][^"':]*:[ ]+|(?:"[^"]*"|'[^']*')[ ]*:[ ]+)?(?:[\[{][ ]*)?"""
    r"""(?P<quote>["'])(?P<rest>.*)"""
)
ESCAPED = {'"': re.compile(r"\\."), "'": re.compile("''")}


class HeaderSlip(Struct, frozen=True, kw_only=True):
    """What stood on a line (from 0 in the header), what it was read as, and why."""

    line: int
    old: str
    new: str
    message: str


def fix_slips(header: str) -> tuple[str, tuple[HeaderSlip, ...]]:
    """The header as it was meant, and what was changed in it, line by line."""
    lines = header.split("\n")
    slips = []
    for index, line in _lines_of_keys(lines):
        if STRANGE.search(line) and (found := _mended(line)) is not None and found[0] != line:
            lines[index] = found[0]
            slips.append(HeaderSlip(line=index, old=line, new=found[0], message=found[1]))
    return "\n".join(lines), tuple(slips)


def _lines_of_keys(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines but those of a literal or folded block, or within quotes, whose blanks are text."""
    depth: int | None = None
    quote = ""
    for index, line in enumerate(lines):
        if quote:
            quote = "" if quote in ESCAPED[quote].sub("", line) else quote
            continue
        indent = len(line) - len(line.lstrip(" "))
        if depth is not None and (indent > depth or not line.strip()):
            continue
        depth = indent if BLOCK_SCALAR.fullmatch(line) else None
        opened = QUOTE.match(line)
        if opened and opened["quote"] not in ESCAPED[opened["quote"]].sub("", opened["rest"]):
            quote = opened["quote"]
        if line.strip() and not line.lstrip().startswith("#"):
            yield index, line


def _mended(line: str) -> tuple[str, str] | None:
    """The line as it was meant and what was the matter with it, where there is a key of ours or an odd indentation."""
    found = INDENT.fullmatch(line)
    assert found
    indent = re.sub(f"[{HIDDEN}]", "", found["indent"])
    indent, rest, message = re.sub(f"[{BLANK}]", " ", indent), found["rest"], ""
    if indent != found["indent"]:
        message = _(
            "an invisible sign that is no ordinary blank (U+{code:04X}) stands at the start of the line"
        ).format(
            code=ord(INVISIBLE.search(found["indent"])[0])  # type: ignore[index]
        )
    bullet = BULLET.match(rest)
    if bullet and bullet["bullet"] != "- " and is_field(bullet["key"]) and not re.match(r"-\s", rest):
        message = message or _("an entry of a list begins with a dash and a blank, not with “{sign}”").format(
            sign=bullet["bullet"].strip()
        )
        rest = "- " + rest[bullet.end() :]
    key = KEY.fullmatch(rest)
    if key is None or not is_field(key["key"]):
        return (indent + rest, message) if message and rest.startswith("- ") else None
    name = INVISIBLE.sub(lambda sign: " " if re.match(f"[{BLANK}]", sign[0]) else "", key["key"])
    strange = INVISIBLE.search(key["before"] + key["after"]) or INVISIBLE.search(key["key"])
    if key["colon"] != ":":
        message = message or _("a full-width colon stands behind “{key}”").format(key=name)
    elif strange:
        message = message or (
            _("a no-break space stands before the colon of “{key}” (U+{code:04X})")
            if INVISIBLE.search(key["before"])
            else _("a no-break space stands after the colon of “{key}” (U+{code:04X})")
            if INVISIBLE.search(key["after"])
            else _("an invisible sign stands in the key “{key}” (U+{code:04X})")
        ).format(key=name, code=ord(strange[0]))
    elif key["value"] and not key["after"] and not key["value"].startswith("\t"):
        message = message or _("there is no blank after the colon of “{key}”").format(key=name)
    if not message:
        return None
    value = f" {key['value']}" if key["value"] else ""
    return f"{indent}{key['dash']}{name}:{value}", message
