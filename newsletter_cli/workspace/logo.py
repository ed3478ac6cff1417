"""The logo of the masthead: the file that `email.logo` names, and what the build calls it.

It lies in `templates/`, with all else that the look is made from: the preview watches that folder, and nobody's
address stands there.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import NoReturn

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import config_error, line_of_path
from newsletter_cli.base.strict import Problem, nearest
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.model import Place
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.images import IMAGE_SUFFIXES
from newsletter_cli.workspace.inside import is_inside

KEY = ("email", "logo")
AREA = "templates"
# Beside the pictures of the issue, in a folder that none of them has.
BUILD_FOLDER = "masthead"


class Logo(Struct, frozen=True, kw_only=True):
    """`name` is its path in the build, `path` the file, `place` where `newsletter.toml` names it."""

    name: str
    path: Path
    place: Place


def find_logo(workspace: Workspace) -> Logo | None:
    """The configured logo; `None` where there is none.

    Raises `ConfigError`, with the line, for a file that is not there, lies elsewhere, or is of no kind that is shown.
    """
    typed = workspace.config.email.logo
    if typed is None:
        return None
    path = workspace.root / typed
    suffix = path.suffix.lower()
    if not path.is_relative_to(workspace.templates) or not is_inside(workspace.root, path, area=AREA):
        message = _("email.logo is not in templates/: {file}").format(file=typed)
        _refuse(workspace, message, _('put the picture there: logo = "templates/{name}"').format(name=path.name))
    if suffix in (".svg", ".svgz"):
        message = _("{name} is an SVG drawing, which many mail readers do not show").format(name=path.name)
        _refuse(workspace, message, _("save it as PNG, twice as wide as it is shown"))
    if suffix not in IMAGE_SUFFIXES:
        message = _("email.logo: {name} is not a picture that mail readers know").format(name=path.name)
        _refuse(workspace, message, _("save it as PNG or JPEG"))
    # As it is called: Windows and macOS find Logo.png as logo.png, a server or a colleague's machine does not.
    name = unicodedata.normalize("NFC", path.relative_to(workspace.templates).as_posix())
    there = _pictures(workspace.templates)
    if name not in there:
        same = next((one for one in there if one.casefold() == name.casefold()), None)
        close = same or nearest(name, list(there))
        hint = _("put the file there, or fix the name; big and small letters count")
        if close is not None:
            hint = _("did you mean “{key}”?").format(key=f"{AREA}/{close}")
        _refuse(workspace, _("email.logo: there is no file {name}").format(name=typed), hint)
    line = line_of_path(read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE), KEY)
    build_name = f"{BUILD_FOLDER}/{name.rpartition('/')[2]}"
    return Logo(name=build_name, path=there[name], place=Place(file=CONFIG_FILE, line=line))


def _pictures(folder: Path) -> dict[str, Path]:
    """The pictures in it by their name from there on, as people type it: a Mac takes accents apart."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file())
    return {unicodedata.normalize("NFC", path.relative_to(folder).as_posix()): path for path in found}


def _refuse(workspace: Workspace, message: str, hint: str) -> NoReturn:
    text = read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE)
    error: ConfigError = config_error([Problem(path=KEY, message=message, hint=hint)], text, file=CONFIG_FILE)
    raise error
