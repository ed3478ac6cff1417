"""What the programs that read for language found: misspelt words, words that do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.language.reader import Fault, FaultKind
from newsletter_cli.check.language.report import LanguageReport
from newsletter_cli.check.language.slips import may_be_slip
from newsletter_cli.check.rule import rule
from newsletter_cli.model import Edit, Finding, Level, Place

# From so many on, words that look like names are told in one list: in a newsletter without a list of its own words, and
# in one that has it.
MANY_WORDS, SOME_NAMES = 12, 3
LISTED_WORDS = 30
# The same slip is seldom made so many times.
OFTEN = 3
# How Grammalecte begins where it depends on what was meant.
CONDITIONS = ("Si ", "S’il ", "S'il ")
LANGUAGES = {
    "fr": _("French"),
    "en": _("English"),
    "de": _("German"),
    "es": _("Spanish"),
    "it": _("Italian"),
}


@rule(
    "misspelt",
    Level.WARNING,
    _("A word is in no dictionary"),
    why="""
        No dictionary of the passage's language has a word, nor has the newsletter's own list, `words.txt`. It is
        misspelt, or it is a name or a term that belongs into that list: `nl words add WORD`. An issue of a newsletter
        that has no such list yet gets one finding for all of its names and terms, the most frequent first; later,
        words with a capital that are near to none of the dictionary are told in one. Found where a program that reads
        the language is installed; `nl doctor` tells.
    """,
    bad="Le projet a été développpé par trois personnes.",
    good="Le projet a été développé par trois personnes.",
)
def misspelt(report: LanguageReport) -> Iterator[Finding]:
    """One finding for each place of each word; one for all that look like names, where there are many."""
    faults = [one for one in report.faults if one.kind is FaultKind.SPELLING]
    counts = report.unknown_words
    names = {one.words for one in faults if _looks_like_a_name(one, counts[one.words])}
    if report.has_own_words:
        names -= {one.words for one in faults if one.proposals or one.words.islower()}
    listed = names if len(names) >= (SOME_NAMES if report.has_own_words else MANY_WORDS) else set()
    for one in faults:
        if one.words not in listed or report.tells_each_word:
            yield misspelt.at(
                one.piece.place(one.start, one.end),
                _("“{word}” is in no dictionary").format(word=one.words),
                suggestion=_proposed(one) or _("if it is right: nl words add {word}").format(word=one.words),
                subject=one.words,
                proposals=_edits(one),
            )
    if listed:
        words = sorted(listed, key=lambda word: (-counts[word], word.lower()))
        shown = ", ".join(f"{word} ({counts[word]})" if counts[word] > 1 else word for word in words[:LISTED_WORDS])
        message = ngettext(
            "{count} word is in no dictionary, and may be a name or a term: {words}",
            "{count} words are in no dictionary, and may be names or terms: {words}",
            len(words),
        )
        yield misspelt.at(
            Place(file=report.file),
            message.format(count=len(words), words=shown + ("…" if len(words) > LISTED_WORDS else "")),
            suggestion=_("nl words list --add asks of each whether it is right; what is left is misspelt"),
            level=Level.INFO,
            # A review offers them all.
            subject="\n".join(words),
        )


def _looks_like_a_name(fault: Fault, count: int) -> bool:
    """Whether a word is more likely a name or a term than a slip: it has a capital, or stands there often."""
    word = fault.words
    if word.islower() or not (may_be_slip(word, count) and fault.proposals):
        return not word.islower() or count >= OFTEN
    # A slip is seldom in the first letter: Cartiflette is no tartiflette.
    return fault.proposals[0][:1].lower() != word[:1].lower()


@rule(
    "grammar",
    Level.WARNING,
    _("Words do not go together"),
    why="""
        A participle, an adjective or a verb does not agree with its word, a hyphen is missing, a word is taken for
        another that sounds alike. Only what is a fault is told, no taste and no style; the message is the reader's own.
        A note where the sentence may be read in another way. Found where a program that reads the language is
        installed; `nl doctor` tells.
    """,
    bad="J’ai rejoins le projet en mars.",
    good="J’ai rejoint le projet en mars.",
)
def grammar(report: LanguageReport) -> Iterator[Finding]:
    """One finding for each place where a reader is sure enough."""
    for one in report.faults:
        if one.kind is FaultKind.GRAMMAR:
            yield grammar.at(
                one.piece.place(one.start, one.end),
                _("“{words}”: {message}").format(words=one.words.strip(), message=one.message),
                suggestion=_proposed(one),
                level=Level.INFO if one.message.startswith(CONDITIONS) else None,
                subject=one.piece.text[max(0, one.start - 20) : one.end],
                proposals=_edits(one),
            )


def _proposed(fault: Fault) -> str | None:
    """What to write in its place."""
    if not fault.proposals:
        return None
    return _("write {proposals}").format(
        proposals=_(" or ").join(_("“{word}”").format(word=word) for word in fault.proposals)
    )


def _edits(fault: Fault) -> tuple[Edit, ...]:
    return tuple(edit for new in fault.proposals for edit in fault.piece.edits(fault.start, fault.end, new))


@rule(
    "language-unread",
    Level.INFO,
    _("Nobody here reads a language for faults"),
    why="""
        No program that reads the issue's language for spelling and grammar is installed, or the one that is failed
        (then it is a warning). Nothing is sent anywhere to be read.
    """,
    bad="an issue in French, and neither Grammalecte nor a dictionary on the machine.",
    good="""
        the extra `language`, and Grammalecte for French grammar; or `nl check --no-language`.
    """,
)
def language_unread(report: LanguageReport) -> Iterator[Finding]:
    """At most one for what nobody reads, and one for each reader that failed."""
    place = Place(file=report.file)
    for name, reason in report.failures.items():
        message = _("{reader} could not read the texts: {reason}") if reason else _("{reader} could not read the texts")
        yield language_unread.at(
            place,
            message.format(reader=name, reason=reason),
            suggestion=_("run it again; nl doctor tells what is installed"),
            level=Level.WARNING,
        )
    unread = [language for language in report.unread if not report.failures or language not in ("fr", "en")]
    if unread:
        names = _(", ").join(LANGUAGES.get(language, language) for language in unread)
        yield language_unread.at(
            place,
            _("nobody here reads {languages} for spelling and grammar").format(languages=names),
            suggestion=installation(unread),
        )


def installation(languages: list[str]) -> str:
    """How to get a reader for these languages."""
    wheels = how_to_add("language")
    if "fr" in languages:
        return _("{wheels} brings spelling; for French grammar, install grammalecte-cli").format(wheels=wheels)
    if "en" in languages:
        return wheels
    return _("a server of LanguageTool of your own reads it: languagetool under [check.language]")
