"""Slips of typing and of language that nobody means: “2ème”, “coeur”, “du du”, a blank before a comma."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, all_passages
from newsletter_cli.check.texts.slips import Slip, find_slips
from newsletter_cli.check.texts.wording import counted, shorten
from newsletter_cli.markdown.survey import NOT_PROSE
from newsletter_cli.model import Edit, Finding, Level, Place


@rule(
    "language-slip",
    Level.INFO,
    _("A slip of the pen"),
    why="""
        A slip of the pen: in French “1 décembre” for “1er décembre”, “2ème” for “2e”, “coeur” for “cœur”, a number
        broken over two lines; in English “a apple”; in both a small word written twice, a blank before a comma or a
        full stop, none behind it. Each is told once for a text. `--fix` writes what is certain; for the rest
        (“sur sur”, “2nde”) `--review` proposes what is right. Quotations in another language are left alone.
    """,
    bad="`Le 1 décembre , la 2ème édition à à Brest.`",
    good="`Le 1er décembre, la 2e édition à Brest.`",
    is_fixable=True,
)
def language_slip(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each slip of a text, at its first place; one for each place where somebody has to look."""
    language = manuscript.language.lower().partition("-")[0]
    if language not in ("fr", "en"):
        return
    found: dict[tuple[str, str, int], list[tuple[Passage, Slip, Place, str]]] = {}
    for passage in all_passages(manuscript):
        for slip in find_slips(passage.prose, language):
            words, right = _words_around(passage, slip)
            place = passage.place(slip.start, max(slip.end, slip.start + 1))
            # One that a person has to look at is a finding of its own.
            key = (place.file, words, 0 if slip.is_sure else len(found) + 1)
            found.setdefault(key, []).append((passage, slip, place, right))
    for (_file, words, _one), places in found.items():
        passage, slip, place, right = places[0]
        edits = [edit for one, its, _place, _right in places for edit in one.edits(its.start, its.end, its.new)]
        yield language_slip.at(
            place,
            counted(_("“{words}” looks like a slip").format(words=shorten(words)), len(places)),
            suggestion=_("write “{words}”").format(words=shorten(right)),
            edits=edits if slip.is_sure else (),
            proposals=() if slip.is_sure else (*edits, *_other(passage, slip)),
        )


def _other(passage: Passage, slip: Slip) -> tuple[Edit, ...]:
    return () if slip.other is None else passage.edits(slip.start, slip.end, slip.other)


def _words_around(passage: Passage, slip: Slip) -> tuple[str, str]:
    """The slip as it stands, and as it should, each with the words it belongs to."""
    prose = passage.prose
    if slip.is_doubled:
        return passage.words(slip.start, slip.end), slip.new
    first, last = slip.start, max(slip.end, slip.start + 1)
    while first > 0 and not prose[first - 1].isspace():
        first -= 1
    while last < len(prose) and not prose[last].isspace():
        last += 1
    if slip.new == "1er":
        last = next((at for at in range(last + 1, len(prose)) if not prose[at].isalpha()), len(prose))
    if not slip.new:
        first = prose.rfind(" ", 0, slip.start) + 1
    right = prose[first : slip.start] + slip.new + prose[slip.end : last]
    return passage.words(first, last).rstrip(";:"), " ".join(right.replace(NOT_PROSE, "").split()).rstrip(";:")
