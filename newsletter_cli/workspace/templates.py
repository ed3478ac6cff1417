"""Templates as texts: a workspace's own file of the same name wins over the shipped one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError, ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import config_error, line_of_path, parse_toml
from newsletter_cli.base.strict import Problem, nearest
from newsletter_cli.base.values import replace
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.model.colour import read_hex, written
from newsletter_cli.render.accent import nearest_accent, with_accent
from newsletter_cli.render.theme import TEMPLATE, Theme
from newsletter_cli.render.words import AnnounceWords, ArchiveWords, ProofWords, RemindWords, Words, parse_words
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.logo import Logo, find_logo
from newsletter_cli.workspace.shipped import shipped_templates
from newsletter_cli.workspace.theme_settings import EXTENDS, check_settings

THEME_FILE = "theme.toml"
ROOT_THEME = "default"
STATE_THEME = "dsfr"
# The folder of the templates of announcements.
ANNOUNCE = "announce"
ARCHIVE_FOLDER = "archive"


def _roots(workspace: Workspace) -> Iterator[Path]:
    own = workspace.templates
    shipped = shipped_templates()
    yield own
    # The package's own place has no link on the way.
    if own.resolve() != shipped:
        yield shipped


def _found(workspace: Workspace, *names: str) -> Path | None:
    """The first of the files that exists: every name in the workspace first, then among the shipped."""
    return next((root / name for root in _roots(workspace) for name in names if (root / name).is_file()), None)


def _name(workspace: Workspace, path: Path) -> str:
    return workspace.name_of(path)


def _read(workspace: Workspace, path: Path) -> str:
    """A template's text.

    Raises `ConfigError` for one of the workspace's own that leads out of it, or holds what Git left of a conflict.
    """
    name = _name(workspace, path)
    if path.is_relative_to(workspace.templates):
        refuse_outside(workspace.root, path, ConfigError, name=name, area="templates")
    try:
        return read_text(path, name=name)
    except ContentError as error:
        raise ConfigError(error.message, file=error.file, line=error.line, hint=error.hint) from None


class Looks(Struct, frozen=True):
    """The words, the theme and the logo that the configuration asks for."""

    words: Words
    theme: Theme
    logo: Logo | None = None


def read_looks(workspace: Workspace) -> Looks:
    """Read from disk.

    Raises `ConfigError`, also for an accent in which links could not be read, or a logo that cannot be shown.
    """
    config = workspace.config
    theme = read_theme(workspace, config.email.theme)
    if config.email.accent is not None:
        theme = _in_accent(workspace, theme, config.email.accent)
    return Looks(read_words(workspace, config.newsletter.language), theme, find_logo(workspace))


def _in_accent(workspace: Workspace, theme: Theme, accent: str) -> Theme:
    message = hint = None
    nearest_color = nearest_accent(theme, accent)
    if theme.name == STATE_THEME:
        message = _("email.accent does not go with the theme “{theme}”").format(theme=theme.name)
        hint = _("its colours are those of the State: take the line away, or another theme")
    elif nearest_color != written(read_hex(accent)):
        message = _("email.accent: links in {color} could not be read on the theme’s paper").format(color=accent)
        hint = _("the nearest colour that can be read: {color}").format(color=nearest_color)
    if message is None:
        return with_accent(theme, accent)
    text = read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE)
    raise config_error([Problem(path=("email", "accent"), message=message, hint=hint)], text, file=CONFIG_FILE)


def read_words(workspace: Workspace, language: str) -> Words:
    """The words of a language; of its primary language; English where there is neither. Raises `ConfigError`."""
    path = find_words(workspace, language) or _found(workspace, "words/en.toml")
    if path is None:
        raise ConfigError(_("the file of words is missing"), file="templates/words/en.toml")
    name = _name(workspace, path)
    return parse_words(_read(workspace, path), file=name)


def read_proof_words(words: Words, language: str) -> ProofWords:
    """The words of a proof: the newsletter's own, else the shipped ones of its language, else the English ones."""
    found = words.proof or _shipped_words(language).proof
    assert found is not None
    return found


def read_remind_words(words: Words, language: str) -> RemindWords:
    """The words of a reminder: the newsletter's own, else the shipped ones of its language, else the English ones."""
    found = words.remind or _shipped_words(language).remind
    assert found is not None
    return found


def read_announce_words(words: Words, language: str) -> AnnounceWords:
    """The words of an announcement: the newsletter's own, else the shipped ones of its language, else the English."""
    found = words.announce or _shipped_words(language).announce
    assert found is not None
    return found


def read_archive_words(words: Words, language: str) -> ArchiveWords:
    """The words of the archive: the newsletter's own, else the shipped ones of its language, else the English ones."""
    found = words.archive or _shipped_words(language).archive
    assert found is not None
    return found


def read_archive_theme(workspace: Workspace, theme: Theme) -> Theme:
    """The templates of the archive's pages, in the colours of the newsletter's theme. Raises `ConfigError`."""
    files: dict[str, str] = {}
    places: dict[str, str] = {}
    for root in _roots(workspace):
        folder = root / ARCHIVE_FOLDER
        for path in sorted(folder.glob("*.j2")) if folder.is_dir() else ():
            if path.name not in files and path.is_file():
                files[path.name], places[path.name] = _read(workspace, path), _name(workspace, path)
    return replace(theme, name=ARCHIVE_FOLDER, files=files, places=places)


def _shipped_words(language: str) -> Words:
    shipped = {path.stem: path for path in (shipped_templates() / "words").glob("*.toml")}
    path = shipped.get(language.partition("-")[0].lower(), shipped["en"])
    return parse_words(path.read_text("utf-8"), file=path.name)


def find_words(workspace: Workspace, language: str) -> Path | None:
    """The file of the words of a language, or of its primary one; its name in capitals or not: `ES.toml`."""
    primary = language.partition("-")[0].lower()
    for root in _roots(workspace):
        there = {path.name.casefold(): path for path in sorted((root / "words").glob("*.[tT][oO][mM][lL]"))}
        for name in dict.fromkeys((f"{language}.toml".casefold(), f"{primary}.toml")):
            if name in there:
                return there[name]
    return None


def speaks(words: Words, language: str) -> bool:
    """Whether the words are of that language, or of its primary one: else they are English for want of any."""
    primaries = [one.replace("_", "-").partition("-")[0].lower() for one in (words.language, language)]
    return primaries[0] == primaries[1]


def read_theme(workspace: Workspace, theme: str) -> Theme:
    """A theme with what it takes from those it extends. Raises `ConfigError` for one that does not exist."""
    files: dict[str, str] = {}
    places: dict[str, str] = {}
    unread: list[str] = []
    layers: dict[str, _Layer] = {}
    name: str | None = theme
    asker = CONFIG_FILE
    while name is not None:
        if name in layers:
            raise ConfigError(_("the theme “{theme}” extends itself").format(theme=name), file=asker)
        if name not in _theme_names(workspace):
            raise _unknown_theme(workspace, name, asker)
        layers[name] = own = _read_one_theme(workspace, name, files, places, unread)
        asker = own.file
        name = own.settings.get(EXTENDS)
        if not isinstance(name, str | None):
            problem = Problem(path=(EXTENDS,), message=_("“{key}” must be a text").format(key=EXTENDS))
            raise config_error([problem], own.text, file=own.file)
    # A theme that stands on its own, with a layout of its own, has the settings that its layout asks for.
    if ROOT_THEME in layers or TEMPLATE not in files:
        _check_layers(layers)
    return Theme(
        name=theme,
        files=files,
        places=places,
        settings=_merged([layer.settings for layer in layers.values()]),
        unread=tuple(unread),
    )


def read_announce_templates(workspace: Workspace) -> Theme:
    """The templates of announcements, by name; a workspace's own wins. Raises `ConfigError`.

    `unread` are the workspace's own files there that are no templates.
    """
    files: dict[str, str] = {}
    places: dict[str, str] = {}
    unread: list[str] = []
    for folder in (root / ANNOUNCE for root in _roots(workspace)):
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.name in files or not path.is_file() or path.name.startswith("."):
                continue
            if path.suffix != ".j2":
                unread.append(_name(workspace, path))
                continue
            files[path.name] = _read(workspace, path)
            places[path.name] = _name(workspace, path)
    return Theme(name=ANNOUNCE, files=files, places=places, settings={}, unread=tuple(unread))


class _Layer(Struct, frozen=True, kw_only=True):
    """The `theme.toml` of one theme, as the editor knows it."""

    file: str
    text: str
    settings: dict[str, Any]


def _check_layers(layers: dict[str, _Layer]) -> None:
    path = shipped_templates() / "themes" / ROOT_THEME / THEME_FILE
    base = _parse_settings(read_text(path, name=path.name), path.name)
    for layer in layers.values():
        if problems := list(check_settings(layer.settings, base)):
            raise config_error(problems, layer.text, file=layer.file)


@lru_cache(maxsize=8)
def _parse_settings(text: str, file: str) -> dict[str, Any]:
    """Once for each text, as with words; nobody changes what is returned."""
    return parse_toml(text, file=file)


def _theme_names(workspace: Workspace) -> list[str]:
    folders = [path for root in _roots(workspace) for path in (root / "themes").glob("[!.]*") if path.is_dir()]
    return sorted({path.name for path in folders})


def _read_one_theme(
    workspace: Workspace, theme: str, files: dict[str, str], places: dict[str, str], unread: list[str]
) -> _Layer:
    folders = [root / "themes" / theme for root in _roots(workspace)]
    layer: _Layer | None = None
    for folder in folders:
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.name in files or not path.is_file():
                continue
            if path.suffix not in (".j2", ".css", ".toml"):
                if path.is_relative_to(workspace.templates):
                    unread.append(_name(workspace, path))
                continue
            text = _read(workspace, path)
            if path.name != THEME_FILE:
                files[path.name] = text
                places[path.name] = _name(workspace, path)
            else:
                name = _name(workspace, path)
                below = _parse_settings(text, name)
                # What a workspace's own file of a shipped theme lacks, the shipped one has: it may be older.
                layer = (
                    _Layer(file=name, text=text, settings=below)
                    if layer is None
                    else replace(layer, settings=_merged([layer.settings, below]))
                )
    return layer or _Layer(file=f"templates/themes/{theme}/{THEME_FILE}", text="", settings={})


def _unknown_theme(workspace: Workspace, theme: str, asker: str) -> ConfigError:
    known = _theme_names(workspace)
    close = nearest(theme, known)
    key = "email.theme" if asker == CONFIG_FILE else "extends"
    line = None
    if asker != CONFIG_FILE and (workspace.root / asker).is_file():
        line = line_of_path(read_text(workspace.root / asker, name=asker), (EXTENDS,))
    return ConfigError(
        _("{key}: there is no theme “{theme}”").format(key=key, theme=theme),
        file=asker,
        line=line,
        hint=_("did you mean “{key}”?").format(key=close)
        if close
        else _("choose one of: {choices}").format(choices=", ".join(known)),
    )


def _merged(layers: list[dict[str, Any]]) -> dict[str, Any]:
    """The nearest theme wins, table by table and key by key."""
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        for key, value in layer.items():
            below = merged.get(key)
            merged[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def read_skeleton(workspace: Workspace, slug: str, language: str, fields: dict[str, str]) -> str:
    """A section's skeleton in the newsletter's language (else English), its fields filled in."""
    primary = language.partition("-")[0].lower()
    # `_issue.md` is no section: a newsletter's own `_section.md` does not stand in for it.
    stems = (slug,) if slug.startswith("_") else (slug, "_section")
    names = [f"skeletons/{folder}{stem}.md" for stem in stems for folder in (f"{primary}/", "en/", "")]
    # A generic skeleton in the right language beats a special one in English.
    names = sorted(names, key=lambda name: f"/{primary}/" not in name)
    path = _found(workspace, *names)
    text = "" if path is None else _read(workspace, path)
    return Template(text).safe_substitute(fields)
