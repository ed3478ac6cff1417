"""The language `nl` speaks to the editor (not the language of the newsletter).

Messages are written in English in the source, wrapped in `_()`, and translated by the gettext
catalogues under `locale/`. `NL_LANG` wins over the system's language, which is told as GNU gettext does; anything but
French is English.
"""

from __future__ import annotations

import gettext
import os
import sys
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from newsletter_cli.base.called import as_called

DOMAIN = "newsletter_cli"
LOCALE = Path(__file__).parent.parent / "locale"
# As the user has it: `translate_libraries` sets it to what was chosen by it.
_PREFERRED = os.environ.get("LANGUAGE", "")


def interface_language() -> str:
    """`fr` or `en`, from `NL_LANG`, else the locale variables, else (on Windows) the display language.

    `LANGUAGE`, a list by preference, goes before the locale, but not before the locale `C`: as with GNU gettext.
    """
    if chosen := os.environ.get("NL_LANG"):
        return _spoken(chosen) or "en"
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if locale not in ("", "C", "POSIX"):
        wanted = map(_spoken, _PREFERRED.split(":"))
        return next(filter(None, wanted), "") or _spoken(locale) or "en"
    return "en" if locale else _display_language()


def _spoken(wanted: str) -> str:
    """The language of `nl` that `fr_FR.UTF-8`, `en`… asks for; nothing where it has none of that name."""
    return next((one for one in ("fr", "en") if wanted.lower().startswith(one)), "")


def _display_language() -> str:
    language = "en"
    if sys.platform == "win32":
        import ctypes

        # Windows sets no LANG; primary language identifier 0x0C is French.
        if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 0x0C:
            language = "fr"
    return language


@lru_cache(maxsize=1)
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, languages=[interface_language()], fallback=True)


def translate_libraries() -> None:
    """Has the headings of typer's help ("Commands") looked up in our catalogue, in the editor's language."""
    os.environ["LANGUAGE"] = interface_language()
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)


def _(message: str) -> str:
    """The message in the editor's language, the commands in it as they are to be typed."""
    return as_called(_catalogue().gettext(message))


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message for `count` things, in the editor's language."""
    return as_called(_catalogue().ngettext(singular, plural, count))


def shown_count(count: int) -> str:
    """A number for people, its thousands set apart: `19 500`, `19,500`."""
    # Not the narrow space of French typography: Windows consoles in an old code page lack it.
    return f"{count:,}".replace(",", "\u00a0") if interface_language() == "fr" else f"{count:,}"


def shown_kilobytes(size_bytes: int) -> str:
    """A size for people: `26,3 ko`, `26.3 kB`."""
    figures = f"{size_bytes / 1000:.1f}"
    return _("{size} kB").format(size=figures.replace(".", ",") if interface_language() == "fr" else figures)


def shown_moment(moment: str) -> str:
    """A moment (ISO 8601) on the clock of this machine: `2026-11-28 16:22`; what is none stays as it is."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return moment
