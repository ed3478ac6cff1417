"""Templates as texts: a workspace's own file of the same name wins over the shipped one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

from newsletter_cli.config.strict import nearest
from newsletter_cli.errors import ConfigError
from newsletter_cli.i18n import _
from newsletter_cli.render.theme import Theme
from newsletter_cli.render.words import Words, parse_words
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.shipped import shipped_templates

THEME_FILE = "theme.toml"
MAX_EXTENDS = 8


def _roots(workspace: Workspace) -> Iterator[Path]:
    own = workspace.templates
    shipped = shipped_templates()
    yield own
    if own.resolve() != shipped.resolve():
        yield shipped


def _found(workspace: Workspace, *names: str) -> Path | None:
    """The first of the files that exists: every name in the workspace first, then among the shipped."""
    return next((root / name for root in _roots(workspace) for name in names if (root / name).is_file()), None)


def _name(workspace: Workspace, path: Path) -> str:
    return workspace.name_of(path)


def read_words(workspace: Workspace, language: str) -> Words:
    """The words of a language; of its primary language; English where there is neither. Raises `ConfigError`."""
    primary = language.partition("-")[0].lower()
    path = _found(workspace, f"words/{language}.toml", f"words/{primary}.toml") or _found(workspace, "words/en.toml")
    if path is None:
        raise ConfigError(_("the file of words is missing"), file="templates/words/en.toml")
    name = _name(workspace, path)
    return parse_words(read_text(path, name=name), file=name)


def read_theme(workspace: Workspace, theme: str) -> Theme:
    """A theme with what it takes from those it extends. Raises `ConfigError` for one that does not exist."""
    files: dict[str, str] = {}
    places: dict[str, str] = {}
    settings: list[dict[str, Any]] = []
    name: str | None = theme
    while name is not None:
        if len(settings) == MAX_EXTENDS:
            raise ConfigError(
                _("the theme “{theme}” extends itself").format(theme=theme),
                file=f"templates/themes/{name}/{THEME_FILE}",
            )
        own = _read_one_theme(workspace, name, files, places)
        settings.append(own)
        name = own.get("extends")
    return Theme(theme, files, places, _merged(settings))


def _read_one_theme(workspace: Workspace, theme: str, files: dict[str, str], places: dict[str, str]) -> dict[str, Any]:
    folders = [root / "themes" / theme for root in _roots(workspace)]
    if not any(folder.is_dir() for folder in folders) or "/" in theme or "\\" in theme or theme.startswith("."):
        raise _unknown_theme(workspace, theme)
    settings: dict[str, Any] = {}
    for folder in folders:
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.name in files or not path.is_file() or path.suffix not in (".j2", ".css", ".toml"):
                continue
            text = read_text(path, name=_name(workspace, path))
            if path.name != THEME_FILE:
                files[path.name] = text
                places[path.name] = _name(workspace, path)
            elif not settings:
                settings = _parse_settings(text, file=_name(workspace, path))
    return settings


def _parse_settings(text: str, *, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_("this is not valid TOML: {reason}").format(reason=error), file=file) from None


def _unknown_theme(workspace: Workspace, theme: str) -> ConfigError:
    known = sorted({path.name for root in _roots(workspace) for path in (root / "themes").glob("*") if path.is_dir()})
    close = nearest(theme, known)
    return ConfigError(
        _("email.theme: there is no theme “{theme}”").format(theme=theme),
        file="newsletter.toml",
        hint=_("did you mean “{key}”?").format(key=close)
        if close
        else _("choose one of: {choices}").format(choices=", ".join(known)),
    )


def _merged(settings: list[dict[str, Any]]) -> dict[str, Any]:
    """The nearest theme wins, table by table and key by key."""
    merged: dict[str, Any] = {}
    for layer in reversed(settings):
        for key, value in layer.items():
            merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    return merged


def read_skeleton(workspace: Workspace, slug: str, language: str, fields: dict[str, str]) -> str:
    """A section's skeleton in the newsletter's language (else English), its fields filled in."""
    primary = language.partition("-")[0].lower()
    names = [f"skeletons/{folder}{stem}.md" for stem in (slug, "_section") for folder in (f"{primary}/", "en/", "")]
    # A generic skeleton in the right language beats a special one in English.
    names = sorted(names, key=lambda name: f"/{primary}/" not in name)
    path = _found(workspace, *names)
    text = "" if path is None else read_text(path, name=_name(workspace, path))
    return Template(text).safe_substitute(fields)
