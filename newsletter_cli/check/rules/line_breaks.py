"""Line breaks of a pad, which Markdown takes for blanks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Survey
from newsletter_cli.model import Edit, Finding, Level

# A whole line in bold or italics: a question of an interview, a date.
SET_APART = Pattern(
    r"(?P<mark>\*{1,3}|_{1,3})(?=[^\s*_])[^*_\n]{1,150}(?<=\S)(?P=mark)[ \u00a0\u202f]?[:?!]?[ \t]*"
    r"|<(?P<tag>b|strong|u|em)>[^<>\n]{1,150}</(?P=tag)>[ \t]*"
)
GREETING = Pattern(
    r"(?:Bonjour|Bonsoir|Salut|Ch(?:er|ère|ers|ères)|Madame|Mesdames|Messieurs|Hello|Hi|Dear|Hallo|Liebe)\b"
    r"[^.!?\n]{0,60},[ \t]*"
)
# “Lieu : Tréso”, “**When**: at noon”.
LABELLED = Pattern(
    r"(?:[*_]{1,2})?[A-ZÀ-ÖØ-Ý][\w’'.-]*(?:[ ][\w’'.-]+){0,2}(?:[*_]{1,2})?[ \u00a0\u202f]?:(?:[*_]{1,2})?(?!//)"
    r"[ \u00a0\u202f]?\S.*"
)
LONGEST_LABELLED = 80  # characters: a longer line is a sentence with a colon, and may be wrapped
# Nobody wraps at such a width; several sentences on one line are a paragraph to their writer.
LONG = 140  # characters
SENTENCES = Pattern(r"\w[ \u00a0\u202f]?[.!?…][)»”]?[ ]+[«“(]?[ \u00a0]?[A-ZÀ-ÖØ-Ý]")
CAPITAL = Pattern(r"[ \t]*(?:[*_]{1,3}|\[|«[ \u00a0]?|[“\"])*(?:[A-ZÀ-ÖØ-Ý]|https?://|[\U0001F300-\U0001FAFF])")
ADDRESS_AT_END = Pattern(r"(?:^|.*\s)https?://[^\s<>()]+[ \t]*")
BEGINNING = Pattern(r"[ \t]*(?:[*_~`\[(«“\"!]|<[a-z])*[\wÀ-ÿ\U0001F000-\U0001FAFF]")


@rule(
    "line-break-lost",
    Level.WARNING,
    _("A line break is lost"),
    why="""
        A line ends where its writer meant a line break, as in a pad: a question in bold above its answer, a greeting,
        “Place: …” above “Time: …”, an address, a
        long line of several sentences. In Markdown a line's end is a blank, and readers see both lines as one. `--fix`
        writes `\\` at the line's end, which is a line break everywhere; or set `hard_breaks = true` under `[markdown]`
        for e-mail and text. A paragraph that is only wrapped is left alone.
    """,
    bad="""
        ```markdown
        **What brought you here?**
        I came by the sea.
        ```
    """,
    good="""
        ```markdown
        **What brought you here?**

        I came by the sea.
        ```
    """,
    is_fixable=True,
)
def line_break_lost(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each text, at its first such line, with how many there are."""
    if manuscript.has_hard_breaks:
        return
    for text in manuscript.all_texts:
        survey = text.survey
        places = [
            (block, start, end)
            for block in survey.blocks
            if block.kind == "paragraph" and "\n" in block.text
            for start, end in _lost_in(block)
        ]
        if not places:
            continue
        block, start, end = places[0]
        yield line_break_lost.at(
            survey.place_in(block, start, end),
            ngettext(
                "readers see “{words}” and the next line as one",
                "readers see “{words}” and the next line as one, and {more} more such lines below",
                len(places),
            ).format(words=shorten(block.text[start:end], 40), more=len(places) - 1),
            suggestion=_("leave a blank line between them, or end the line with \\; --fix writes that"),
            edits=[edit for place in places for edit in _edits(survey, *place)],
        )


def _lost_in(block: Block) -> Iterator[tuple[int, int]]:
    """The lines of a paragraph that were to end there, as offsets in its text."""
    for one, following in pairwise(block.text_lines):
        line = one.text
        is_broken = line.endswith(("  ", "\\")) or line.rstrip().endswith(("<br>", "<br/>", "<br />"))
        # What is all code, or mark-up of another program, is no prose.
        prose = one.prose.replace(NOT_PROSE, "").strip()
        may_end = prose and not is_broken and BEGINNING.match(following.text)
        if may_end and _is_to_end(line, following.text, prose, is_first=one.start == 0):
            yield one.start, one.end


def _is_to_end(line: str, following: str, prose: str, *, is_first: bool) -> bool:
    """Whether a line of a paragraph was to end there; `prose` is its prose, without mark-up and addresses."""
    text = line.strip()
    if SET_APART.fullmatch(text):
        return not following.lstrip()[:1].islower()
    if is_first and GREETING.fullmatch(text):
        return True
    if CAPITAL.match(following) and (ADDRESS_AT_END.fullmatch(text) or _is_whole_paragraph(text, prose)):
        return True
    return all(len(one) <= LONGEST_LABELLED and LABELLED.fullmatch(one.strip()) for one in (line, following))


def _is_whole_paragraph(text: str, prose: str) -> bool:
    ends_sentence = text.rstrip("*_)»”\u00a0\u202f ")[-1:] in (".", "!", "?", "…")
    return ends_sentence and len(prose) > LONG and SENTENCES.search(prose) is not None


def _edits(survey: Survey, block: Block, start: int, end: int) -> tuple[Edit, ...]:
    kept = block.text[start:end].rstrip(" \t")
    last = start + len(kept) - 1
    return survey.edits_in(block, last, end, kept[-1] + "\\")
