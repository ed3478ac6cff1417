"""The text of a pad → what of it is the body of a section.

A pad may begin with a header (HedgeDoc has its own, and people paste whole section files) and with the section's title:
in the section, the first stands in its own header, and the second is set by `nl`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from msgspec import Struct

from newsletter_cli.base.conflicts import find_conflicts
from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.letters import letters_only
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.frontmatter import read_header, split_header
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.pads.pad import PadRefusal, PadText

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Controls and halves of signs: no editor types them, and not every file can hold them.
NO_TEXT = Pattern(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ud800-\udfff]")
HEADING = Pattern(r" {0,3}#{1,6}[ \t]+(?P<title>\S.*?)[ \t]*#*[ \t]*")
UNDERLINE = Pattern(r" {0,3}(?:=+|-+)[ \t]*")
NUMBER = re.compile(r"\W*\d{1,2}\s*[.)/:-]\s*")


class PadBody(Struct, frozen=True, kw_only=True):
    """The body: lines ended by `\\n`, no blank line at either end, empty or ended by a `\\n`.

    `notes`: in plain words, what was left out of the pad's text.
    """

    text: str
    notes: tuple[str, ...] = ()


def read_body(pad: PadText, titles: Collection[str], *, file: str) -> PadBody | PadRefusal:
    """What of a pad goes into the section `file`, whose title is one of `titles`; a refusal where nothing is left, or
    where it could not be merged.
    """
    if (found := NO_TEXT.search(pad.text)) is not None:
        line = pad.text.count("\n", 0, found.start()) + 1
        return PadRefusal(
            reason=_("its line {line} holds signs that belong to no text").format(line=line),
            hint=_("look at it in the pad, and type it anew"),
        )
    for conflict in find_conflicts(split_lines(pad.text), is_markdown=True):
        if not conflict.is_in_code:
            return PadRefusal(
                reason=_("the marks of a conflict stand in the pad itself, on line {line}").format(line=conflict.line),
                hint=_("keep there what is right, and delete the marks (<<<<<<<, =======, >>>>>>>)"),
            )
    body = body_of(pad.text, titles, file=file)
    if not COMMENT.sub("", body.text).strip():
        return PadRefusal(
            reason=_("the pad is empty"),
            hint=_("write there, or take “pad:” out of the header of {file}").format(file=file),
        )
    return body


def body_of(text: str, titles: Collection[str], *, file: str) -> PadBody:
    """The same, whatever the text: what was fetched earlier is read as what is fetched now."""
    text, notes = _without_header(plain_lines(text), file=file)
    lines = split_lines(text.strip("\n"))
    if (count := _title_lines(lines, titles)) > 0:
        notes.append(
            _("its first line, “{title}”, is the section's title, which nl sets by itself: it is left out").format(
                title=lines[0].strip().lstrip("#").strip()
            )
        )
        lines = lines[count:]
    return PadBody(text=trimmed("".join(lines)), notes=tuple(notes))


def plain_lines(text: str) -> str:
    """The text without a byte order mark, its lines ended by `\\n`."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def trimmed(text: str) -> str:
    """The lines of the text without blank ones before and behind, the last one ended."""
    lines = split_lines(text)
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    joined = "".join(lines)
    return joined if not joined or joined.endswith("\n") else f"{joined}\n"


def _without_header(text: str, *, file: str) -> tuple[str, list[str]]:
    try:
        document = split_header(text, styles=("yaml", "toml"))
        if document.header is None:
            return text, []
        header, _faults = read_header(document, file=file)
    except ContentError:
        # Opened and never closed: a line of dashes, most likely.
        return text, []
    keys = ", ".join(map(str, header.values)) or "–"
    note = _("the header at its top ({keys}) is left out: what is said of a section stands in the header of {file}")
    return document.body, [note.format(keys=keys, file=file)]


def _title_lines(lines: Sequence[str], titles: Collection[str]) -> int:
    """How many lines at the beginning are one of these titles, as a heading."""
    if not lines:
        return 0
    heading = HEADING.fullmatch(lines[0].rstrip("\n"))
    if heading is not None:
        return int(_is_title(heading["title"], titles))
    if len(lines) > 1 and UNDERLINE.fullmatch(lines[1].rstrip("\n")) and _is_title(lines[0], titles):
        return 2
    return 0


def _is_title(text: str, titles: Collection[str]) -> bool:
    known = {letters_only(title) for title in titles} - {""}
    return letters_only(text) in known or letters_only(NUMBER.sub("", text, count=1)) in known
