"""Whether every word that was typed reaches the readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.origins import squeezed
from newsletter_cli.check.subjects.renditions import Renditions, SaidWords
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.model import Finding, Level


@rule(
    "words-lost",
    Level.ERROR,
    _("Words that were typed do not reach the readers"),
    why="""
        A word of a section is in its file and not in the e-mail, or not in its plain text: something before it has
        taken it away, such as raw HTML without an end, or the theme does not show it. The first word that is missing is
        named. Spaces, quotation marks and dashes do not count; what is taken out on purpose (`html-dropped`) is no
        loss.
    """,
    bad="a theme whose template leaves the editorial out.",
    good="a theme that shows all that it is given.",
)
def words_lost(renditions: Renditions) -> Iterator[Finding]:
    """One finding for the first word that the e-mail has not, and for the first that the text has not."""
    if not renditions.said:
        return
    seen = set()
    wanted = [squeezed(one.words) for one in renditions.said]
    for name, shown in (
        (_("the e-mail"), squeezed("".join(renditions.body.itertext()))),
        (_("the plain text"), renditions.squeezed_text),
    ):
        found = _first_lost(renditions.said, wanted, shown)
        if found is not None and found[0].place not in seen:
            said, word = found
            seen.add(said.place)
            yield words_lost.at(
                said.place,
                _("“{word}” is not in {rendition}: “{words}”").format(
                    word=shorten(word, 30), rendition=name, words=shorten(said.words, 50)
                ),
                suggestion=_("look at what stands before it: raw HTML without an end, or the theme"),
                subject=word,
            )


def _first_lost(said: Sequence[SaidWords], squeezed_words: Sequence[str], shown: str) -> tuple[SaidWords, str] | None:
    """The first piece that is not there, and its first word that is not: both have the same order, nearly always."""
    position = 0
    for one, wanted in zip(said, squeezed_words, strict=True):
        if not wanted:
            continue
        found = shown.find(wanted, position)
        if found < 0:
            # Notes stand elsewhere.
            found = shown.find(wanted)
        if found >= 0:
            position = found + len(wanted)
            continue
        # The cells of a table stand side by side in the text, their lines one below the other.
        word = next((word for word in one.words.split() if squeezed(word) not in shown), None)
        if word is not None:
            return one, word
    return None
