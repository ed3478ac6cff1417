"""`nl theme copy`, `nl words copy`: a shipped file as the beginning of one's own, where `nl` will look for it."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import AlreadyExists, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.config.settings import LANGUAGE_PATTERN
from newsletter_cli.workspace.files import read_text, write_new
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.shipped import shipped_templates
from newsletter_cli.workspace.templates import ANNOUNCE, THEME_FILE, read_theme

# A theme that is none of the shipped ones says whose files it takes.
EXTENDING = 'extends = "{theme}"\n'


class Copied(Struct, frozen=True, kw_only=True):
    """What was written, and from which shipped file; names relative to the workspace, and to the shipped templates."""

    file: str
    source: str

    def as_dict(self) -> dict[str, str]:
        """The result for scripts."""
        return {"file": self.file, "source": self.source}


def copy_theme_file(workspace: Workspace, name: str, theme: str | None = None) -> Copied:
    """The file that the theme in use takes from a shipped one, into the folder of the workspace's own.

    `theme` names the folder, else `email.theme`. Raises `UsageError` for a file that no shipped theme has,
    `AlreadyExists`, `ConfigError`.
    """
    target = theme or workspace.config.email.theme
    if not re.fullmatch(r"[\w-][\w.-]*", target):
        raise UsageError(
            _("“{theme}” is no name of a folder").format(theme=target), hint=as_called("nl theme copy footer.mjml.j2")
        )
    shipped = shipped_templates() / "themes"
    layers = _shipped_layers(workspace, target)
    known = {path.name: path for layer in reversed(layers) for path in sorted((shipped / layer).glob("*.*"))
             if path.suffix in (".j2", ".css", ".toml")}  # fmt: skip
    announce = shipped_templates() / ANNOUNCE
    announcements = {path.name: path for path in sorted(announce.glob("*.j2"))}
    told = announcements.get(name) or announcements.get(f"{name}.txt.j2")
    if told is not None:
        # Whatever the theme: announcements have none.
        path = workspace.templates / ANNOUNCE / told.name
        return _write(workspace, path, told, read_text(told, name=told.name))
    source = known.get(name) or known.get(f"{name}.mjml.j2")
    known |= announcements
    if source is None:
        close = nearest(name, list(known))
        raise UsageError(
            _("no shipped theme has a file {name}").format(name=name),
            hint=_("did you mean “{key}”?").format(key=close)
            if close
            else _("choose one of: {choices}").format(choices=", ".join(known)),
        )
    folder = workspace.templates / "themes" / target
    copied = _write(workspace, folder / source.name, source, read_text(source, name=source.name))
    if not (shipped / target).is_dir() and not (folder / THEME_FILE).exists():
        write_new(folder / THEME_FILE, EXTENDING.format(theme=layers[0]), name=workspace.name_of(folder / THEME_FILE))
    return copied


def _shipped_layers(workspace: Workspace, target: str) -> list[str]:
    """The shipped themes whose files the theme has, the nearest first."""
    shipped = shipped_templates() / "themes"
    if not (workspace.templates / "themes" / target / THEME_FILE).is_file() and not (shipped / target).is_dir():
        # It begins with what is in use.
        target = workspace.config.email.theme
    read_theme(workspace, target)  # raises for what cannot be read
    found: list[str] = []
    name = target
    while name:
        own = workspace.templates / "themes" / name / THEME_FILE
        path = own if own.is_file() else shipped / name / THEME_FILE
        if (shipped / name).is_dir():
            found.append(name)
        text = read_text(path, name=path.name) if path.is_file() else ""
        extends = re.search(r"""^extends\s*=\s*["']([^"']+)["']""", text, re.MULTILINE)
        name = extends[1] if extends else ""
    return found or ["default"]


def copy_words(workspace: Workspace, language: str) -> Copied:
    """The words of a language, to be changed; the English ones for a language that has none yet, to be translated.

    Raises `UsageError` for what is no language, `AlreadyExists`.
    """
    primary = language.replace("_", "-").partition("-")[0].lower()
    if not re.fullmatch(LANGUAGE_PATTERN, language.replace("_", "-").lower()):
        raise UsageError(_("“{language}” is no language").format(language=language), hint=as_called("nl words copy de"))
    shipped = shipped_templates() / "words"
    source = shipped / f"{primary}.toml"
    if not source.is_file():
        source = shipped / "en.toml"
    text = read_text(source, name=source.name)
    if source.stem != primary:
        text = text.replace(f'language = "{source.stem}"', f'language = "{primary}"', 1)
        text = re.sub(r"\A(?:#[^\n]*\n)+", _header(primary), text)
        # English patterns would set « Donnerstag 14 June »: the general rules of the language are better.
        text = text.partition("\n[dates]")[0]
    return _write(workspace, workspace.templates / "words" / f"{primary}.toml", source, text)


def _header(language: str) -> str:
    said = (
        _("Translate what stands between the quotes; what stands in braces stays as it is."),
        _("Dates follow the general rules of the language (CLDR); a table [dates] sets them otherwise."),
    )
    return "".join(f"# {line}\n" for line in said)


def _write(workspace: Workspace, path: Path, source: Path, text: str) -> Copied:
    name = workspace.name_of(path)
    refuse_outside(workspace.root, path, UsageError, name=name, area="templates")
    if path.exists():
        raise AlreadyExists(
            _("it is there already, and is left as it is"), file=name, hint=_("change it, or move it away first")
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, text, name=name)
    return Copied(file=name, source=source.relative_to(shipped_templates()).as_posix())
