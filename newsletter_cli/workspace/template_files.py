"""The files of templates: where they lie, and what stands in them. A workspace's own of the same name wins."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from string import Template

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError, ContentError
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.shipped import shipped_templates


class TemplateFolder(Struct, frozen=True, kw_only=True):
    """The templates of a folder: texts and places by file name. `unread` are the workspace's own files there that are
    no templates, or that no template names under what they are called.
    """

    files: dict[str, str]
    places: dict[str, str]
    unread: tuple[str, ...]


def template_roots(workspace: Workspace) -> Iterator[Path]:
    """The folders of templates: the workspace's own, then the shipped one."""
    own = workspace.templates
    shipped = shipped_templates()
    yield own
    # The package's own place has no link on the way.
    if own.resolve() != shipped:
        yield shipped


def files_in(workspace: Workspace, folder: Path) -> tuple[Path, ...]:
    """The files of a folder of templates, by name; none where there is no such folder."""
    return _files(folder) if folder.is_relative_to(workspace.templates) else _shipped_files(folder)


def folders_in(workspace: Workspace, folder: Path) -> tuple[Path, ...]:
    """The folders in a folder of templates that are not hidden."""
    return _folders(folder) if folder.is_relative_to(workspace.templates) else _shipped_folders(folder)


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in sorted(folder.glob("*")) if path.is_file())


def _folders(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in folder.glob("[!.]*") if path.is_dir())


# What comes with the program stays as it is while it runs.
_shipped_files = lru_cache(maxsize=64)(_files)
_shipped_folders = lru_cache(maxsize=8)(_folders)
_shipped_text = lru_cache(maxsize=256)(read_text)


def find_template(workspace: Workspace, *names: str) -> Path | None:
    """The first of the files that exists: every name in the workspace first, then among the shipped."""
    return next((root / name for root in template_roots(workspace) for name in names if (root / name).is_file()), None)


def read_template(workspace: Workspace, path: Path) -> str:
    """A template's text.

    Raises `ConfigError` for one of the workspace's own that leads out of it, or holds what Git left of a conflict.
    """
    name = workspace.name_of(path)
    if path.is_relative_to(workspace.templates):
        refuse_outside(workspace.root, path, ConfigError, name=name, area="templates")
        read = read_text
    else:
        read = _shipped_text
    try:
        return read(path, name=name)
    except ContentError as error:
        raise ConfigError(error.message, file=error.file, line=error.line, hint=error.hint) from None


def read_template_folder(workspace: Workspace, name: str) -> TemplateFolder:
    """The templates (`.j2`) of a folder among the templates. Raises `ConfigError`."""
    files: dict[str, str] = {}
    places: dict[str, str] = {}
    unread: list[str] = []
    for folder in (root / name for root in template_roots(workspace)):
        for path in files_in(workspace, folder):
            if path.name in files or path.name.startswith("."):
                continue
            if path.suffix != ".j2":
                unread.append(workspace.name_of(path))
                continue
            files[path.name] = read_template(workspace, path)
            places[path.name] = workspace.name_of(path)
    # A name that no shipped template has, and that none takes up, was misspelt.
    known = {path.name for path in (shipped_templates() / name).glob("*.j2")}
    for own in files.keys() - known:
        if not any(own in text for other, text in files.items() if other != own):
            unread.append(places[own])
    return TemplateFolder(files=files, places=places, unread=tuple(sorted(unread)))


def read_skeleton(workspace: Workspace, slug: str, language: str, fields: dict[str, str]) -> str:
    """A section's skeleton in the newsletter's language (else English), its fields filled in."""
    primary = language.partition("-")[0].lower()
    # `_issue.md` is no section: a newsletter's own `_section.md` does not stand in for it.
    stems = (slug,) if slug.startswith("_") else (slug, "_section")
    names = [f"skeletons/{folder}{stem}.md" for stem in stems for folder in (f"{primary}/", "en/", "")]
    # A generic skeleton in the right language beats a special one in English.
    names = sorted(names, key=lambda name: f"/{primary}/" not in name)
    path = find_template(workspace, *names)
    text = "" if path is None else read_template(workspace, path)
    return Template(text).safe_substitute(fields)
