"""`sections/002/.pads/pictures.json`: which picture of the issue came from which address, tracked.

A pad goes on naming its own address: by this record the next pull takes it for the picture that is here, and neither
fetches it again nor calls it a change.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.workspace.bringing import Brought
from newsletter_cli.workspace.files import read_text, replace_file, storage_errors, write_new
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside

RECORD = ".pads/pictures.json"


def read_origins(workspace: Workspace, folder: Path) -> dict[str, str]:
    """The name in the issue's folder, by the address it came from. Raises `ContentError`."""
    path = folder / RECORD
    name = workspace.name_of(path)
    refuse_outside(workspace.root, path, ContentError, name=name, area="sections")
    if not path.is_file():
        return {}
    try:
        record = json.loads(read_text(path, name=name))
    except ValueError:
        record = None
    if not isinstance(record, dict) or not all(_is_name(value) for value in record.values()):
        raise ContentError(
            _("this is no record of pictures"),
            file=name,
            hint=_("mend it, or delete it: then nl pull --images fetches the pictures again"),
        )
    return dict(record)


def _is_name(value: object) -> bool:
    """Whether it is a path that stays in the issue's folder."""
    if not isinstance(value, str) or not value or "\\" in value or ":" in value:
        return False
    path = PurePosixPath(value)
    return not path.is_absolute() and ".." not in path.parts


def write_pictures(
    workspace: Workspace, folder: Path, pictures: Mapping[str, Brought], origins: Mapping[str, str]
) -> None:
    """Write the pictures that are not there yet, then the record, with what it knew before.

    A run that is killed in between fetches them again, under the same names. Raises `ContentError`, `StorageError`.
    """
    for one in pictures.values():
        target = folder / one.name
        name = workspace.name_of(target)
        refuse_outside(workspace.root, target, ContentError, name=name, area="sections")
        with contextlib.suppress(FileExistsError):
            write_new(target, one.content, name=name)
    record = folder / RECORD
    name = workspace.name_of(record)
    with storage_errors(name):
        record.parent.mkdir(exist_ok=True)
    known = {**origins, **{address: one.name for address, one in pictures.items()}}
    replace_file(record, record_text(known), name=name)


def record_text(origins: Mapping[str, str]) -> str:
    """The record as it is written."""
    return json.dumps(dict(sorted(origins.items())), ensure_ascii=False, indent=1) + "\n"
