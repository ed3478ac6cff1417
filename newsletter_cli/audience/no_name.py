"""What stands in a column of names and is nobody's: what programs write for “nothing”, addresses, broken letters.

Somebody greeted as “nan” or “LÃ©a” is greeted better without a name.
"""

from __future__ import annotations

import re

from newsletter_cli.base.i18n import _

# As programs write them, letter by letter: Nan and Null are people's names, `nan` and `NULL` are nobody's.
_NOTHING = frozenset(
    (
        *("nan", "NaN", "NAN", "NaT", "None", "none", "NONE", "NULL", "null", "nil", "NA", "N/A", "n/a"),
        *("#N/A", "#NA", "<NA>", "<null>", "(null)", "(none)", "(blank)", "(empty)", "(vide)", "vide", "missing"),
        *("n.a.", "N.A.", "undefined", "Undefined", "unknown", "Unknown", "inconnu", "Inconnu", "xxx", "XXX"),
        *("FNAME", "LNAME", "first_name", "last_name", "firstname", "lastname", "prénom", "prenom", "Prénom", "Prenom"),
        *("nom", "Nom", "name", "Name", "true", "false", "TRUE", "FALSE"),
    )
)  # fmt: skip
# An address, a page, a mark of a template or of a program, a spreadsheet's error, the sign for letters lost.
_NOT_A_NAME = re.compile(r"@|://|\bwww\.|\[object|\{\{|\{%|\*\||%%|^#[A-ZÉ]+[/!?]|�|^[^\W\d_]+\.[a-z]{2,4}/")
# Nearly everybody's: letters of Western Europe, blanks, apostrophes, hyphens. No broken letter is among them.
_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-z0-9À-ÖØ-öø-ÿ '-]*")
_LETTER = re.compile(r"[^\W\d_]")


def is_no_name(text: str) -> bool:
    """Whether `text`, which is not empty, cannot be anybody's name."""
    if _PLAIN.fullmatch(text):
        return text in _NOTHING
    if text in _NOTHING or _NOT_A_NAME.search(text) or not _LETTER.search(text):
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
