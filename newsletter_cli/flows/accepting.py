"""A proposal that somebody chose: put into its file, and taken back. Nothing but the files of one issue is touched."""

from __future__ import annotations

from msgspec import Struct

from newsletter_cli.base.errors import AlreadyExists, ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.flows.fixing import apply_edits, write_fixed
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Edit, Finding, Level
from newsletter_cli.workspace.files import read_any_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import is_inside, refuse_outside


class Accepted(Struct, frozen=True, kw_only=True):
    """What was put into a file of an issue. `way_back` puts the lines back as they were, while they stand unchanged."""

    number: int
    edit: Edit
    way_back: Edit


def accept(workspace: Workspace, number: int, edit: Edit) -> Accepted:
    """Write a proposal into its file of an issue, if its `old` still stands there.

    The file is written aside and renamed. Raises `AlreadyExists` where the text has changed, `ContentError` for what
    is no file of the issue or no text, `StorageError`.
    """
    before, after = _write(workspace, number, edit)
    return Accepted(number=number, edit=edit, way_back=_way_back(edit, before, after))


def take_back(workspace: Workspace, accepted: Accepted) -> None:
    """Put back what stood there before. Raises as `accept` does."""
    _write(workspace, accepted.number, accepted.way_back)


def _write(workspace: Workspace, number: int, edit: Edit) -> tuple[str, str]:
    """The text of the file before and after."""
    path, folder = workspace.root / edit.file, workspace.issue_folder(number)
    refuse_outside(workspace.root, path, ContentError, name=edit.file, area="sections")
    if path.suffix != ".md" or not path.is_relative_to(folder) or not is_inside(folder, path):
        raise ContentError(_("this is no file of issue {number}").format(number=number), file=edit.file)
    text = read_any_text(path, name=edit.file).text
    chosen = Finding(file=edit.file, rule="", level=Level.INFO, message="", edits=(edit,))
    texts, applied = apply_edits([chosen], {edit.file: text})
    if not applied:
        raise AlreadyExists(
            _("“{old}” does not stand there any more; nothing was changed").format(old=edit.old.strip()),
            file=edit.file,
            line=edit.line,
            hint=_("change it in your editor"),
        )
    write_fixed(workspace.root, {edit.file: text}, texts)
    return text, texts[edit.file]


def _way_back(edit: Edit, before: str, after: str) -> Edit:
    """Of whole lines: within one, another edit may have moved what stands behind it."""
    first = edit.line - 1
    old_lines, new_lines = split_lines(before.removeprefix(BOM)), split_lines(after.removeprefix(BOM))
    behind = len(old_lines) - (edit.line + len(split_lines(f"{edit.old}.")) - 1)
    return Edit(
        file=edit.file,
        line=edit.line,
        column=1,
        old="".join(new_lines[first : len(new_lines) - behind]),
        new="".join(old_lines[first : len(old_lines) - behind]),
    )
