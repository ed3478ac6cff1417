"""`sections/002/_site.toml`: what `nl publish` wrote into the site for an issue. Committed with the issue.

What stands in the site as it was written here may be written anew; anything else is a person's, and is not. It names no
folder of anybody's machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct, field

from newsletter_cli.base.errors import ConfigError, ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import parse_toml, quoted
from newsletter_cli.workspace.files import read_text, replace_file
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside

FILE = "_site.toml"
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Published(Struct, frozen=True, kw_only=True):
    """What was written: `page` is the page's path in the site, `url` where it is read, as far as that is known.

    `files` has the hashes (`digests.py`) of each file, by its path in the site: the last, and the one before it, which
    may be there still where a run was stopped.
    """

    page: str
    url: str = ""
    files: Mapping[str, tuple[Hash, ...]] = field(default_factory=dict)


def published_name(workspace: Workspace, number: int) -> str:
    """`sections/002/_site.toml`."""
    return workspace.name_of(published_path(workspace, number))


def published_path(workspace: Workspace, number: int) -> Path:
    """The file itself, there or not."""
    return workspace.issue_folder(number) / FILE


def read_published(workspace: Workspace, number: int) -> Published | None:
    """What was written for an issue; `None` where nothing was.

    Raises `ContentError` (file and line) for a file that nl did not write so, `StorageError`.
    """
    path, name = published_path(workspace, number), published_name(workspace, number)
    if not path.is_file():
        return None
    refuse_outside(workspace.root, path, ContentError, name=name, area="sections")
    hint = _("remove it, then publish again: nl publish {number}; what is in the site is compared").format(
        number=number
    )
    try:
        return msgspec.convert(parse_toml(read_text(path, name=name), file=name), Published)
    except msgspec.ValidationError:
        raise ContentError(_("this does not say what was published, as nl writes it"), file=name, hint=hint) from None
    except (ConfigError, ContentError) as error:
        raise ContentError(error.message, file=name, line=error.line, hint=hint) from None


def write_published(workspace: Workspace, number: int, published: Published) -> None:
    """Write it, whole or not at all. Raises `StorageError`, `ContentError`."""
    path, name = published_path(workspace, number), published_name(workspace, number)
    refuse_outside(workspace.root, path, ContentError, name=name, area="sections")
    about = _(
        "nl wrote this: what of issue {number} is in the site. Commit it with the issue: a file of the site that is as "
        "it stands here may be written anew by nl publish."
    ).format(number=number)
    lines = [f"# {about}", f"page = {quoted(published.page)}", f"url = {quoted(published.url)}", "", "[files]"]
    lines += [f"{quoted(file)} = [{', '.join(map(quoted, known))}]" for file, known in published.files.items()]
    replace_file(path, "\n".join(lines) + "\n", name=name)
