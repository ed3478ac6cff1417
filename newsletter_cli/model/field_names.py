"""The names of the fields of headers, as editors write them: in English, in French, with or without accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

SECTION_FIELDS = ("title", "author", "status", "events", "jobs", "after", "pad", "due")
EVENT_FIELDS = ("title", "start", "end", "repeat", "place", "url", "description", "revised")
JOB_FIELDS = ("title", "employer", "url", "reference", "deadline")
ISSUE_FIELDS = ("title", "slug", "date", "summary", "images", "subject", "preheader", "embed_images", "pad", "post")
# What else people call a field. Folded: small letters, no accents, one blank for `-` and `_`.
OTHER_NAMES = {
    "title": "titre titel titulo titolo",
    "author": "auteur auteure autrice auteurice auteurs auteures autrices authors redacteur redactrice autor autora "
    "autore",
    "status": "statut etat",
    "after": "apres",
    "events": "evenement evenements event agenda rendez-vous rdv",
    "jobs": "job emplois offre offres postes",
    "start": "debut commence date",
    "end": "fin",
    "repeat": "rrule repetition recurrence repete repeter",
    "revised": "revise revisee revision sequence",
    "place": "lieu endroit salle ou location",
    "url": "lien adresse site link",
    "description": "descriptif",
    "employer": "employeur employeuse organisme structure",
    "reference": "ref",
    "deadline": "echeance limite date-limite cloture",
    "summary": "resume chapo chapeau",
    "images": "image",
    "subject": "objet sujet",
    "preheader": "pre-en-tete pre-entete preentete accroche pre-header",
    "due": "echeance pour-le a-rendre rendre-le remise delai limite date-limite deadline",
    "pad": "pads bloc-notes bloc-note",
    "embed_images": "images-integrees integrer-les-images",
}
STATUS_WORDS = {
    "draft": "brouillon ebauche en-cours",
    "ready": "pret prete prets pretes fini finie termine terminee ok",
    "skip": "passer passe passee sauter saute sautee omis omise ignore ignoree rien",
}
# Those that stand in hardly any prose: they tell a header from a list of `Word: text` lines.
TELLING_FIELDS = frozenset(
    {"title", "author", "status", "slug", "summary", "subject", "preheader", "events", "jobs", "embed_images"}
)


def fold_name(name: str) -> str:
    """The name in small letters, without accents and invisible signs, with `-` between its words."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    return "-".join(letters.lower().replace("_", " ").replace("-", " ").split())


@lru_cache(maxsize=1024)
def field_named(name: str, known: tuple[str, ...]) -> str | None:
    """Which of the fields `known` here is meant by `name`; `None` for none of them."""
    return _fields_by_name(known).get(fold_name(name))


@lru_cache
def _fields_by_name(known: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in known:
        for name in (fold_name(field), *OTHER_NAMES.get(field, "").split()):
            found.setdefault(name, field)
    return found


def status_named(word: str) -> str | None:
    """Which status is meant by `word`: `prêt` is `ready`."""
    folded = fold_name(word)
    return next((status for status, words in STATUS_WORDS.items() if folded == status or folded in words.split()), None)


ALL_FIELDS = tuple(dict.fromkeys((*SECTION_FIELDS, *EVENT_FIELDS, *JOB_FIELDS, *ISSUE_FIELDS)))


def is_field(name: str) -> bool:
    """Whether the name is that of a field of some header."""
    return field_named(name, ALL_FIELDS) is not None


def is_telling(name: str) -> bool:
    """Whether the name is that of a field that hardly any prose begins a line with."""
    return field_named(name, ALL_FIELDS) in TELLING_FIELDS
