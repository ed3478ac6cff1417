"""What `nl doctor` says of reading for spelling and grammar: what is there, and how to get the rest."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _
from newsletter_cli.check.language.grammalecte import find_grammalecte
from newsletter_cli.check.language.reader import ReaderFailed
from newsletter_cli.check.language.readers import find_readers
from newsletter_cli.check.rules.language import LANGUAGES
from newsletter_cli.flows.diagnosis import Diagnosis, Health

SUBJECT = "language"
# Of these, more is said than that they are there.
OWN_WORDS = ("Hunspell", "Grammalecte")


def diagnose_language(language: str, *, is_wanted: bool) -> Iterator[Diagnosis]:
    """What is said of the newsletter's language; programs are started to tell their versions."""
    own = language.lower().partition("-")[0]
    if not is_wanted:
        yield _well(_("the texts are not read for spelling and grammar, as you wish"))
        return
    installed = find_readers(language)
    name_of_own = LANGUAGES.get(own, own)
    if own in installed.spellers:
        names = ", ".join(one.name for one in installed.spellers[own].dictionaries)
        message = _("{language}: spelling by Hunspell ({dictionaries})")
        yield _well(message.format(language=name_of_own, dictionaries=names))
    elif own in ("fr", "en"):
        message = _("{language}: no dictionary to tell misspelt words by").format(language=name_of_own)
        yield Diagnosis(subject=SUBJECT, health=Health.ATTENTION, message=message, hint=how_to_add("language"))
    if own == "fr":
        yield _grammalecte()
    if own == "en" and not any(one.name == "Harper" for one in installed.readers):
        message = _("English: no grammar; Harper is not installed")
        yield Diagnosis(subject=SUBJECT, health=Health.ATTENTION, message=message, hint=how_to_add("language"))
    others = [one.name for one in installed.readers if own in one.languages and one.name not in OWN_WORDS]
    for name in others:
        yield _well(_("{language}: read by {reader}").format(language=name_of_own, reader=name))
    if not any(own in one.languages for one in installed.readers) and own not in ("fr", "en"):
        yield _well(_("nothing installed reads {language} for spelling and grammar").format(language=name_of_own))


def _grammalecte() -> Diagnosis:
    program = find_grammalecte()
    if program is None:
        return Diagnosis(
            subject=SUBJECT,
            health=Health.ATTENTION,
            message=_("French: no grammar; Grammalecte is not installed"),
            hint=_(
                "on Debian and Ubuntu: apt install grammalecte-cli; elsewhere, unpack its command-line version from "
                "https://grammalecte.net and put that folder on PATH"
            ),
        )
    try:
        return _well(_("French: grammar by Grammalecte {version}").format(version=program.version()).rstrip())
    except ReaderFailed as failure:
        return Diagnosis(
            subject=SUBJECT,
            health=Health.WRONG,
            message=_("Grammalecte cannot be run: {reason}").format(reason=failure),
            hint=_("install it again"),
        )


def _well(message: str) -> Diagnosis:
    return Diagnosis(subject=SUBJECT, health=Health.WELL, message=message)
