"""Themes, and the templates of pages and announcements, as texts: a workspace's own file of the same name wins."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import config_error, line_of_path, parse_toml
from newsletter_cli.base.strict import Problem, nearest
from newsletter_cli.base.values import replace
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.model.colour import read_hex, written
from newsletter_cli.render.accent import nearest_accent, with_accent
from newsletter_cli.render.theme import TEMPLATE, Theme
from newsletter_cli.render.words import Words
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.logo import Logo, find_logo
from newsletter_cli.workspace.shipped import shipped_templates
from newsletter_cli.workspace.template_files import (
    files_in,
    folders_in,
    read_template,
    read_template_folder,
    template_roots,
)
from newsletter_cli.workspace.theme_settings import EXTENDS, check_settings
from newsletter_cli.workspace.wording import read_words

THEME_FILE = "theme.toml"
ROOT_THEME = "default"
STATE_THEME = "dsfr"
# The folder of the templates of announcements.
ANNOUNCE = "announce"
ARCHIVE_FOLDER = "archive"


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


def read_archive_theme(workspace: Workspace, theme: Theme) -> Theme:
    """The templates of the archive's pages, in the colours of the newsletter's theme. Raises `ConfigError`.

    `unread` are the workspace's own files there that nothing reads.
    """
    own = read_template_folder(workspace, ARCHIVE_FOLDER)
    return replace(theme, name=ARCHIVE_FOLDER, files=own.files, places=own.places, unread=own.unread)


def read_announce_templates(workspace: Workspace) -> Theme:
    """The templates of announcements, by name; a workspace's own wins. Raises `ConfigError`.

    `unread` are the workspace's own files there that nothing reads.
    """
    own = read_template_folder(workspace, ANNOUNCE)
    return Theme(name=ANNOUNCE, files=own.files, places=own.places, settings={}, unread=own.unread)


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
    folders = [folder for root in template_roots(workspace) for folder in folders_in(workspace, root / "themes")]
    return sorted({folder.name for folder in folders})


def _read_one_theme(
    workspace: Workspace, theme: str, files: dict[str, str], places: dict[str, str], unread: list[str]
) -> _Layer:
    folders = [root / "themes" / theme for root in template_roots(workspace)]
    layer: _Layer | None = None
    for folder in folders:
        for path in files_in(workspace, folder):
            if path.name in files:
                continue
            if path.suffix not in (".j2", ".css", ".toml"):
                if path.is_relative_to(workspace.templates):
                    unread.append(workspace.name_of(path))
                continue
            text = read_template(workspace, path)
            if path.name != THEME_FILE:
                files[path.name] = text
                places[path.name] = workspace.name_of(path)
            else:
                name = workspace.name_of(path)
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
