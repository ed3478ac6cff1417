"""The words people write in a list for statuses, yes and no, groups. English and French."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newsletter_cli.base.i18n import _
from newsletter_cli.base.letters import without_accents
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.model.subscriber import SubscriberStatus

_STATUSES = {
    SubscriberStatus.CONFIRMED: "confirmed confirme confirmee active actif active inscrit inscrite abonne abonnee "
    "subscribed subscriber enabled valide regular premium gifted trialed member owner manager normal",
    SubscriberStatus.UNCONFIRMED: "unconfirmed pending waiting en_attente non_confirme non_confirmee a_confirmer "
    "unactivated invited unverified never_subscribed validating awaiting_confirmation en_cours_de_validation",
    SubscriberStatus.UNSUBSCRIBED: "unsubscribed unsub desinscrit desinscrite desabonne desabonnee opt_out opted_out "
    "optout removed supprime supprimee inactive inactif disabled blocklisted blacklisted nomail no_email suspended "
    "archived banned non_abonne non_inscrit not_subscribed do_not_contact ne_plus_contacter manual abgemeldet "
    "uitgeschreven disiscritto cancelled canceled deleted by_user by_moderator resilie resiliee parti partie retire "
    "retiree liste_noire opposition",
    SubscriberStatus.BOUNCED: "bounced bounce bouncing hard_bounce hard_bounced undeliverable cleaned en_erreur erreur "
    "rejete rejetee npai by_bounces soft_bounce soft_bounced invalide",
    SubscriberStatus.COMPLAINED: "complained complaint spam spam_complaint abuse plainte",
}
STATUSES = {word.replace("_", " "): status for status, words in _STATUSES.items() for word in words.split()}
_YES = "true 1 yes y oui o vrai x on ok ✓ ✔ ☑ checked coche ja wahr si sim verdadero vero da tak"
_NO = "false 0 no n non faux off ☐ ✗ - – null none nan nat never jamais unchecked nein nee nao falsch falso nie n_a"
YES = frozenset(_YES.split())
NO = frozenset(("", *(word.replace("_", " ") for word in _NO.split())))
FORBIDDEN = frozenset({"Cc", "Zl", "Zp", "Cs"})
# `* myContacts ::: Readers` is how Google Contacts writes labels.
GROUP_SEPARATOR = re.compile(r"[;,|\n]|:::")
# SQL and Grist hand numbers over: 1.0 is 1, 0.0 is 0.
WHOLE = re.compile(r"([01])\.0+")


def is_header_safe(text: str) -> bool:
    """Whether the text can stand in a mail header: no control character, line or paragraph end, lone surrogate."""
    return text.isprintable() or not any(unicodedata.category(letter) in FORBIDDEN for letter in text)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text for comparing: lower case, no accents, single blanks instead of anything but letters and digits."""
    letters = without_accents(text).casefold()
    return " ".join("".join(letter if letter.isalnum() or letter in "✓✔☑☐✗-–" else " " for letter in letters).split())


@lru_cache(maxsize=1024)
def parse_status(text: str) -> SubscriberStatus | None:
    """The status a word means; `None` when it means none."""
    return STATUSES.get(plain(text).replace("-", " "))


@lru_cache(maxsize=1024)
def parse_boolean(text: str) -> bool | None:
    """Yes or no; `None` when it is neither. An empty cell is no."""
    word = plain(WHOLE.sub(r"\1", text.strip()))
    return True if word in YES else False if word in NO else None


@lru_cache(maxsize=4096)
def parse_groups(text: str) -> tuple[str, ...]:
    """The groups of a cell, in order, each once: `proof; direction`."""
    names = (" ".join(part.split()).removeprefix("* ") for part in GROUP_SEPARATOR.split(text))
    return tuple(dict.fromkeys(name for name in names if name))


# As programs write them, letter by letter: Nan and Null are people's names, `nan` and `NULL` are nobody's.
_NOTHING = frozenset(
    (
        *("nan", "NaN", "NAN", "NaT", "None", "none", "NONE", "NULL", "null", "nil", "NA", "N/A", "n/a"),
        *("#N/A", "#NA", "<NA>", "<null>", "(null)", "(none)", "(blank)", "(empty)", "(vide)", "vide", "missing"),
        *("n.a.", "N.A.", "undefined", "Undefined", "unknown", "Unknown", "inconnu", "Inconnu", "xxx", "XXX"),
        *("FNAME", "LNAME", "first_name", "last_name", "firstname", "lastname", "prénom", "prenom", "Prénom", "Prenom"),
        *("nom", "Nom", "NOM", "PRENOM", "PRÉNOM", "name", "Name", "true", "false", "TRUE", "FALSE", "True", "False"),
        *("VRAI", "FAUX", "vrai", "faux", "oui", "non", "Oui", "Non", "OUI", "NON", "yes", "no", "void", "na", "xx"),
        *("nc", "NC", "n.c", "n.c.", "N.C.", "N/C", "nd", "ND", "n.d.", "N.D.", "N/D", "S/O", "s/o", "N.A", "n.a"),
        *("test", "Test", "TEST", "tests", "essai", "azerty", "AZERTY", "qwerty", "asdf", "abc", "aaa", "tbd", "TBD"),
        *("todo", "TODO", "néant", "Néant", "NÉANT", "neant", "NEANT", "aucun", "aucune", "Aucune"),
        *("anonyme", "Anonyme", "anonymous", "Anonymous", "user", "User", "admin", "Admin", "username", "NoneType"),
        *("error", "Error", "erreur", "Erreur", "M.", "Mme", "Mme.", "MME", "Mlle", "Mr", "MR", "Mr.", "Mrs", "Mrs."),
        *("à compléter", "À compléter", "A compléter", "à renseigner", "À renseigner", "non renseigné"),
        *("Non renseigné", "non renseignée", "non communiqué", "Non communiqué", "non précisé"),
        *("sans nom", "Sans nom", "Non précisé", "inconnue", "Inconnue", "first name", "last name", "First name"),
        *("Last name", "First Name", "Last Name"),
    )
)  # fmt: skip
# These stand beside a name as little as for one: `Léa nan` is what two columns put together make.
_NEVER_IN_A_NAME = frozenset(("nan", "NaN", "NULL", "null", "undefined", "<NA>", "#N/A", "NoneType"))
# An address, a page, a login, a date, a mark of a template or of a program, a spreadsheet's error or formula, letters
# that were lost or written as HTML, mail or a program does.
_NOT_A_NAME = Pattern(
    r"@|://|\bwww\.|\[object|\{\{|\{%|\*\||%%|^[#$\[{<]|^%.+%$|^Err:\d|�|^[^\W\d_]+\.[a-z]{2,4}/"
    r"|^[a-z0-9]+(?:[._][a-z0-9]+)+$|^\d{4}-\d\d-\d\d|^[\d.,]+E[+-]?\d+$"
    r"|&(?:[A-Za-z]+|#\d+);|</|=\?[\w-]+\?[bBqQ]\?|%[0-9A-F]{2}%[0-9A-F]{2}|\\u[0-9a-fA-F]{4}|[^\W\d_]\?[^\W\d_]"
)
# Nearly everybody's: letters of Western Europe, blanks, apostrophes, hyphens. No broken letter is among them.
_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-z0-9À-ÖØ-öø-ÿ '-]*")
_LETTER = re.compile(r"[^\W\d_]")


def is_no_name(text: str) -> bool:
    """Whether `text`, which is not empty, cannot be anybody's name."""
    if text in _NOTHING:
        return True
    if " " in text:
        words = text.split()
        if (words[0] in _NOTHING and _NOTHING.issuperset(words)) or not _NEVER_IN_A_NAME.isdisjoint(words):
            return True
    if _PLAIN.fullmatch(text):
        return False
    if _NOT_A_NAME.search(text) or not _LETTER.search(text) or text.strip("-–—_.*?!/() ") in _NOTHING:
        return True
    return not text.isascii() and is_garbled(text)


def is_garbled(text: str) -> bool:
    """Whether the text is UTF-8 that somebody read as Windows-1252: `LÃ©a`."""
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8") != text
        except UnicodeError:
            continue
    return False


def no_name_note() -> str:
    """What is said of a row whose name is none."""
    return _("what stands for a name is none: it is not used")
