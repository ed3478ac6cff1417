"""A text that somebody hands in → the file of a section: its own header and comments kept, nothing written over."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.config import SectionSettings
from newsletter_cli.markdown.frontmatter import Header, dump_header, fill_header, parse_header, split_header
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import dominant_newline, split_lines
from newsletter_cli.markdown.source import publish
from newsletter_cli.model import Finding, Level, Status
from newsletter_cli.model.field_names import SECTION_FIELDS
from newsletter_cli.workspace.fields import ENTRY_FIELDS, read_status
from newsletter_cli.workspace.importing.headings import Heading, parse_headings
from newsletter_cli.workspace.importing.matching import match_sections, normalise_title

NOTHING: tuple[object, ...] = (None, "", [], {})


class SectionText(Struct, frozen=True, kw_only=True):
    """What the file of the section is to be.

    `has_text`: whether there is something in the section already that readers would see; `is_there`: whether that is
    this text.
    """

    text: str
    has_text: bool
    is_there: bool
    findings: tuple[Finding, ...]


def compose_section(
    incoming: str,
    *,
    name: str,
    existing: str | None,
    file: str,
    settings: SectionSettings,
    is_replacing: bool = False,
) -> SectionText:
    """The text of section file `file`, with what `incoming` (a file called `name`) says as its body.

    `existing` is what stands there now, header and all; with `is_replacing` its body goes, its header stays. Raises
    `FrontMatterError`.
    """
    document = split_header(incoming, file=name)
    header = parse_header(document, file=name).in_words_of(SECTION_FIELDS, ENTRY_FIELDS)
    known = _existing_header(existing, file)
    title, body, findings = _without_title(document.body, document.body_line, name, settings, known)
    fields = {key: value for key, value in header.values.items() if key in SECTION_FIELDS and value not in NOTHING}
    fields |= {key: header.text(key) for key in ("title", "author", "status") if key in fields}
    if title is not None:
        fields.setdefault("title", title)
    kept = {key: value for key, value in fields.items() if known.values.get(key) in NOTHING}
    findings += _left_keys(header, known, name, settings)
    if existing is None:
        text = _new_file(kept, body, dominant_newline(incoming))
    else:
        newline = dominant_newline(existing)
        body = newline.join(body.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        filled = fill_header(existing, kept, file=file, known=SECTION_FIELDS)
        if filled is None:
            findings += [_left_key(name, key, None, _("the section's header takes no new lines")) for key in kept]
        text = _joined(existing if filled is None else filled, body, newline, file, is_replacing=is_replacing)
    before = "" if existing is None else publish(_body_of(existing, file)).text.strip()
    return SectionText(
        text=text,
        has_text=bool(before),
        is_there=bool(before) and _plain(before) == _plain(publish(body).text),
        findings=(*header.findings, *findings, *_skipped(text, file)),
    )


def _skipped(text: str, file: str) -> list[Finding]:
    """That no reader gets what was put there. What is no status, the check tells."""
    with contextlib.suppress(ContentError):
        if read_status(_existing_header(text, file)) is Status.SKIP:
            return [
                Finding(
                    file=file,
                    rule="import-skipped",
                    level=Level.WARNING,
                    message=_("the section says status: skip, so no reader gets it"),
                    suggestion=_("status: ready when it is finished, status: skip to leave it out this time"),
                )
            ]
    return []


def _plain(text: str) -> str:
    return "\n".join(line.rstrip("\r\n") for line in split_lines(text.strip()))


def _existing_header(existing: str | None, file: str) -> Header:
    if existing is None:
        return Header(file=file)
    document = split_header(existing, file=file, styles=("yaml", "toml"))
    return parse_header(document, file=file).in_words_of(SECTION_FIELDS, ENTRY_FIELDS)


def _body_of(text: str, file: str) -> str:
    return split_header(text, file=file, styles=("yaml", "toml")).body


def _new_file(fields: Mapping[str, Any], body: str, newline: str) -> str:
    """A file that was not there: nobody has said yet that it is ready."""
    fields = {"status": Status.DRAFT.value, **fields}
    ordered = {key: fields[key] for key in SECTION_FIELDS if key in fields}
    return f"---\n{dump_header(ordered)}---\n\n".replace("\n", newline) + body.lstrip("\r\n")


def _joined(existing: str, body: str, newline: str, file: str, *, is_replacing: bool) -> str:
    """What stands there (comments for editors are all that can be left of its body), then the text."""
    before = _body_of(existing, file)
    head = existing[: len(existing) - len(before)]
    notes = "" if is_replacing else before.rstrip()
    parts = [one for one in (notes.lstrip("\r\n"), body.lstrip("\r\n")) if one]
    space = newline if head.strip(BOM) else ""
    return head + space + (newline * 2).join(parts)


def _without_title(
    body: str, body_line: int, name: str, settings: SectionSettings, known: Header
) -> tuple[str | None, str, list[Finding]]:
    """A title of the section's own that the first heading gives, the text without that heading, and what is said of it.

    The heading goes where it says the section's title; so does a lone one of the first level, which is about the whole
    text.
    """
    headings = parse_headings(body)
    lines = split_lines(body)
    if not headings or not headings[0].plain_title:
        return None, body, []
    first = headings[0]
    if publish("".join(lines[: first.start])).text.strip() or not _is_title(first, headings, settings, known):
        return None, body, []
    rest = "".join((*lines[: first.start], *lines[first.end :])).lstrip("\r\n")
    is_usual = normalise_title(first.plain_title) in _usual_titles(settings, known)
    message = (
        _("the heading “{title}” says the section's title, and is left out")
        if is_usual
        else _("the heading “{title}” becomes the section's title")
    )
    finding = Finding(
        file=name,
        rule="import-own-title",
        level=Level.INFO,
        message=message.format(title=first.plain_title),
        line=body_line + first.start,
    )
    return None if is_usual else first.title, rest, [finding]


def _is_title(first: Heading, headings: tuple[Heading, ...], settings: SectionSettings, known: Header) -> bool:
    is_alone = first.level == 1 and all(one.level > 1 for one in headings[1:])
    is_named = normalise_title(first.plain_title) in _usual_titles(settings, known)
    return is_named or is_alone or bool(match_sections([first.plain_title], [settings]))


def _usual_titles(settings: SectionSettings, known: Header) -> set[str]:
    titles = [settings.title, *settings.aliases, settings.slug]
    # A title of its own that the section has already: the text says it once more.
    own = known.values.get("title")
    return {normalise_title(str(one)) for one in ([*titles, own] if own else titles)}


def _left_keys(header: Header, known: Header, name: str, settings: SectionSettings) -> list[Finding]:
    found = []
    for key, value in header.values.items():
        if value in NOTHING:
            continue
        line = header.line(key)
        if key not in SECTION_FIELDS:
            if key == "title" or normalise_title(str(value)) == normalise_title(settings.title):
                continue
            found.append(_left_key(name, key, line, _("a section has no such field")))
        elif known.values.get(key) not in (*NOTHING, value):
            found.append(_left_key(name, key, line, _("the section says “{value}”").format(value=_short(known, key))))
    return found


def _short(header: Header, key: str) -> str:
    return header.typed.get((key,), key)


def _left_key(name: str, key: str, line: int | None, reason: str) -> Finding:
    return Finding(
        file=name,
        rule="import-key-left",
        level=Level.WARNING,
        message=_("“{key}” of the file's header does not come along: {reason}").format(key=key, reason=reason),
        line=line,
        suggestion=_("write it into the section's own header, if it is meant"),
    )
