"""`sections/002/_approval.toml`: who approved an issue, when, and what. Committed with the issue.

All that readers see is pinned by hashes, part by part, picture by picture; the text stands there as it was approved, so
that what changed since can be shown. It names the approver and nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct, field

from newsletter_cli.base.errors import ConfigError, ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import parse_toml, quoted
from newsletter_cli.workspace.files import read_text, replace_file, storage_errors
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside

FILE = "_approval.toml"
Moment = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Filled = Annotated[str, msgspec.Meta(min_length=1)]


BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Approval(Struct, frozen=True, kw_only=True):
    """An approval. `at` is ISO 8601, UTC; `nl` the version it was given with, `accepted` the rules that were let pass.

    `parts`, `files` and `pictures` (on other sites) are SHA-256 by name, path or address; `texts` is what people read
    of the parts: subject, preheader, sender…, and the plain text.
    """

    by: Filled
    at: Moment
    hash: Hash
    nl: str = ""
    parts: Mapping[str, Hash] = field(default_factory=dict)
    files: Mapping[str, Hash] = field(default_factory=dict)
    pictures: Mapping[str, Hash] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def approval_name(workspace: Workspace, number: int) -> str:
    """`sections/002/_approval.toml`."""
    return workspace.name_of(_path(workspace, number))


def read_approval(workspace: Workspace, number: int) -> Approval | None:
    """The approval of an issue, whether or not it still stands; `None` where there is none.

    Raises `ContentError` (file and line) for a file that is no approval, `StorageError`.
    """
    path, name = _path(workspace, number), approval_name(workspace, number)
    if not path.is_file():
        return None
    refuse_outside(workspace.root, path, ContentError, name=name, area="sections")
    hint = _("approve it again: nl approve {number}").format(number=number)
    try:
        found = parse_toml(read_text(path, name=name), file=name)
        return msgspec.convert(found, Approval)
    except msgspec.ValidationError as error:
        key = re.search(r"`\$\.([^`]+)`|field `([^`]+)`", str(error))
        shown = next(filter(None, key.groups())) if key else ""
        message = _("this is no approval: “{key}” is not as nl writes it").format(key=shown)
        raise ContentError(message, file=name, hint=hint) from None
    except (ConfigError, ContentError) as error:
        raise ContentError(error.message, file=name, line=error.line, hint=hint) from None


def write_approval(workspace: Workspace, number: int, approval: Approval) -> None:
    """Write the approval of an issue, whole or not at all. Raises `StorageError`, `ContentError`."""
    path, name = _path(workspace, number), approval_name(workspace, number)
    refuse_outside(workspace.root, path, ContentError, name=name, area="sections")
    about = _(
        "nl wrote this: who approved issue {number}, and what. Commit it with the issue. Any change of what readers see"
        " withdraws it; nl approve {number} gives it anew."
    ).format(number=number)
    lines = [f"# {about}"]
    lines += [f"{key} = {quoted(getattr(approval, key))}" for key in ("by", "at", "hash", "nl")]
    if approval.accepted:
        lines.append(f"accepted = [{', '.join(map(quoted, approval.accepted))}]")
    for table in ("parts", "files", "pictures"):
        if values := getattr(approval, table):
            lines += ["", f"[{table}]", *(f"{_key(key)} = {quoted(value)}" for key, value in values.items())]
    lines += ["", "[texts]", *(f"{_key(key)} = {_text(value)}" for key, value in approval.texts.items())]
    replace_file(path, "\n".join(lines) + "\n", name=name)


def remove_approval(workspace: Workspace, number: int) -> bool:
    """Take the approval of an issue away; whether there was one. Raises `StorageError`."""
    path = _path(workspace, number)
    with storage_errors(approval_name(workspace, number)):
        was_there = path.is_file() or path.is_symlink()
        path.unlink(missing_ok=True)
    return was_there


def _path(workspace: Workspace, number: int) -> Path:
    return workspace.issue_folder(number) / FILE


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else quoted(name)


def _text(text: str) -> str:
    """A text of several lines as people read it, each line escaped where it must be."""
    if "\n" not in text:
        return quoted(text)
    lines = [quoted(line)[1:-1] for line in text.split("\n")]
    return '"""\n' + "\n".join(lines) + '"""'
