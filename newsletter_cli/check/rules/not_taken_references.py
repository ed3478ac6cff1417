"""Markdown that did not take, within a line: references and notes without a definition, or without a call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Definition, Survey
from newsletter_cli.model import Finding, Level, Place

SCHEME = Pattern(r"(?:https?://|mailto:|www\.)", re.IGNORECASE)
REFERENCE = Pattern(r"(?<![\w\]\\])!?(?P<open>\[)(?P<words>[^\[\]\n]{1,200})\]\[(?P<label>[^\[\]\n]{0,600})\]")
PICTURE = Pattern(r"(?<![\w\\])!(?P<open>\[)(?P<words>[^\[\]\n]{1,200})\](?![(\[:]|[ \t\u00a0\u202f]+\()")
NOTE = Pattern(r"(?P<open>\[)\^(?P<label>[^\[\]\s]{1,60})\](?![:+*{?])")
# “[sic][…]”, “[3][4]”: remarks and numbers of sources, typed as such.
REMARK = Pattern(r"(?:sic|\W+|\d+)", re.IGNORECASE)
# `[^1] : ` with the blank that French wants before a colon; `[label]: address` right below a paragraph.
SPACED_DEFINITION = Pattern(
    r"(?P<label>\[(?P<note>\^?)[^\[\]\n]{1,60}\])(?P<blank>[ \t\u00a0\u202f]+):(?P<rest>[^\n]*)"
)
LATE_DEFINITION = Pattern(r"\[[^\[\]^\n]{1,60}\]:[ \t]+<?(?:https?://|mailto:)\S+[ \t]*")
CLOSED = Pattern(r"[ \u00a0\u202f]*<?(?:https?://|mailto:)\S+\s*")


@rule(
    "reference-undefined",
    Level.WARNING,
    _("A reference or a note is defined nowhere"),
    why="""
        `[words][label]`, `![picture][label]` or `[^note]` is called, and no section defines it: readers see the
        brackets. Or the definition did not take: a blank stands before its colon, as French has it (`[^1] : …`), or it
        stands right below a paragraph, where Markdown reads it as part of that. `--fix` writes these two, and
        `[words][https://…]`. “[sic]” and rows of numbers are left alone.
    """,
    bad="`The dune has moved by a metre.[^survey]`",
    good="""
        ```markdown
        The dune has moved by a metre.[^survey]

        [^survey]: Measured on 3 May.
        ```
    """,
    is_fixable=True,
)
def reference_undefined(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each that is left as text, and for each definition that is none (CommonMark 0.31, 4.7)."""
    for text in manuscript.all_texts:
        survey = text.survey
        for block in survey.blocks:
            if block.kind in ("html", "code") or "[" not in block.prose:
                continue
            late = set()
            if "]" in block.prose and ":" in block.text:
                for finding, line in _failed_definitions(survey, block):
                    late.add(line)
                    yield finding
            yield from _undefined(survey, block, late)


def _failed_definitions(survey: Survey, block: Block) -> Iterator[tuple[Finding, int]]:
    """With the offset at which the definition begins."""
    for index, (start, line, prose) in enumerate(block.text_lines):
        if not prose.startswith("["):
            continue
        spaced = SPACED_DEFINITION.match(line)
        if spaced and (spaced["note"] or CLOSED.fullmatch(spaced["rest"])):
            blank = (start + spaced.start("blank"), start + spaced.end("blank"))
            yield (
                reference_undefined.at(
                    survey.place_in(block, start, start + spaced.end("label")),
                    _("{label} defines nothing: a blank stands before the colon").format(label=spaced["label"]),
                    suggestion=_("write {label}: without the blank").format(label=spaced["label"]),
                    edits=survey.edits_in(block, *blank, "") if index == 0 or spaced["note"] else (),
                ),
                start,
            )
        elif index and LATE_DEFINITION.fullmatch(line):
            edits = survey.edits_in(block, start, start + 1, "\n[") if not block.depth and not block.is_quoted else ()
            yield (
                reference_undefined.at(
                    survey.place_in(block, start, start + len(line)),
                    _("{words} defines nothing: it is read as part of the paragraph above").format(words=shorten(line)),
                    suggestion=_("leave an empty line before it"),
                    edits=edits,
                ),
                start,
            )


def _undefined(survey: Survey, block: Block, late: set[int]) -> Iterator[Finding]:
    seen: set[int] = set()
    for pattern in (REFERENCE, PICTURE, NOTE):
        for found in pattern.finditer(block.text):
            opening = found.start("open")
            is_text = block.prose[opening] == "[" and block.prose[found.end() - 1] == "]"
            if not is_text or opening in late or opening in seen:
                continue
            seen.add(opening)
            if pattern is NOTE:
                yield _undefined_note(survey, block, found)
            elif not REMARK.fullmatch(found["words"]) and not found["words"].startswith(("^", "!")):
                yield _undefined_reference(survey, block, found)


def _undefined_note(survey: Survey, block: Block, found: re.Match[str]) -> Finding:
    return reference_undefined.at(
        survey.place_in(block, *found.span()),
        _("the note {label} is called and defined nowhere").format(label=found[0]),
        suggestion=_("write it on a line of its own: {label}: its text").format(label=found[0]),
    )


def _undefined_reference(survey: Survey, block: Block, found: re.Match[str]) -> Finding:
    label = found.groupdict().get("label") or found["words"]
    if SCHEME.match(label) and not any(sign.isspace() for sign in label):
        opening = found.start("label") - 1
        return reference_undefined.at(
            survey.place_in(block, *found.span()),
            _("“{words}” is no link: its address stands in brackets").format(words=shorten(found["words"])),
            suggestion=_("put the address in parentheses: [words](https://…)"),
            edits=survey.edits_in(block, opening, found.end(), f"({label})"),
        )
    return reference_undefined.at(
        survey.place_in(block, *found.span()),
        _("the reference [{label}] is defined nowhere").format(label=shorten(label)),
        suggestion=_("define it on a line of its own: [{label}]: https://…").format(label=shorten(label, 30)),
    )


# Addresses, anchors and files; `[//]: #` is a way to write a comment.
LEADS_SOMEWHERE = Pattern(r"<|#|\w[\w+.-]*:|[^\s]*[/.#@]")
CALLED = Pattern(r"\[\^([^\[\]\s]{1,60})\](?!:)")


@rule(
    "definition-unused",
    Level.WARNING,
    _("A note or a reference is never called"),
    why="""
        A footnote that no text calls is in no rendition: its words are lost. So is a line such as `[Update]: tomorrow`,
        which Markdown reads as the definition of a link. A note where an address is defined and not used.
    """,
    bad="""
        ```markdown
        The dune has moved by a metre.

        [^survey]: Measured on 3 May.
        ```
    """,
    good="""
        ```markdown
        The dune has moved by a metre.[^survey]

        [^survey]: Measured on 3 May.
        ```
    """,
)
def definition_unused(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each footnote and each link definition that no text of the issue makes use of."""
    texts = [text.survey for text in manuscript.all_texts]
    if not any(survey.footnotes or survey.definitions for survey in texts):
        return
    titles = " ".join(section.title for section in manuscript.issue.published_sections)
    notes = {label for survey in texts for label in _called_notes(survey)} | set(CALLED.compiled.findall(titles))
    labels = {link.label for survey in texts for link in survey.links if link.label}
    pictures = {image.src for survey in texts for image in survey.images if image.kind == "reference"}
    for text in manuscript.texts:
        yield from _unused_notes(text, notes)
        unused = [
            one
            for one in text.survey.definitions
            if not (one.label in labels or one.href in pictures or f"[{one.label}]" in titles.upper())
        ]
        yield from _unused_definitions(text.survey, [one for one in unused if one.address != "#"])


def _called_notes(survey: Survey) -> Iterator[str]:
    for block in survey.blocks:
        if "[^" in block.text and block.kind not in ("html", "code"):
            for found in CALLED.finditer(block.text):
                if block.prose[found.start()] == NOT_PROSE:
                    yield found[1]


def _unused_notes(text: Text, called: set[str]) -> Iterator[Finding]:
    for note in text.survey.footnotes:
        if note.label not in called:
            yield definition_unused.at(
                Place(file=text.survey.source.file, line=note.line),
                _("the note [^{label}] is called nowhere: readers do not get it").format(label=note.label),
                suggestion=_("call it where it belongs: words[^{label}]").format(label=note.label),
            )


def _unused_definitions(survey: Survey, unused: Sequence[Definition]) -> Iterator[Finding]:
    addresses = [one for one in unused if LEADS_SOMEWHERE.match(one.address)]
    if addresses:
        label = shorten(addresses[0].label.lower(), 30)
        yield definition_unused.at(
            Place(file=survey.source.file, line=addresses[0].line),
            ngettext(
                "the reference [{label}] is used nowhere",
                "{count} references are used nowhere, [{label}] is the first",
                len(addresses),
            ).format(label=label, count=len(addresses)),
            suggestion=_("use it where it belongs, [words][{label}], or take it out").format(label=label),
            level=Level.INFO,
        )
    for one in unused:
        if one not in addresses:
            yield definition_unused.at(
                Place(file=survey.source.file, line=one.line),
                _("“[{label}]: {words}” is read as the address of a link, and vanishes").format(
                    label=shorten(one.label.lower(), 30), words=shorten(one.address, 30)
                ),
                suggestion=_("write a backslash before the first bracket if readers are to see the line"),
            )
