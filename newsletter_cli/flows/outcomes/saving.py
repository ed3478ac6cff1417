"""Where the report's page is written, and over what: a page of its own kind, and nothing else."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import AlreadyExists, StorageError, UsageError
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.flows.outcomes.page import MARK
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import refuse_outside

NAME = "report.html"
ENDINGS = (".html", ".htm")
# The mark stands at the page's beginning.
HEAD_BYTES = 4_000


def page_place(workspace: Workspace, number: int | None, told: str) -> Path:
    """Where the page goes: the file that was told, else `build/002/report.html`; for all issues `build/report.html`.

    Raises `UsageError` for a file that is no page by its name, or `StorageError` where `build/` leads elsewhere.
    """
    if told:
        path = Path(told).absolute()
        if path.suffix.lower() not in ENDINGS:
            raise UsageError(
                _("--html: {file} does not end in .html").format(file=told),
                hint=_("for instance: {command}").format(
                    command=as_called(f"nl report {number or '--all'} --html report.html")
                ),
            )
        return path
    folder = workspace.build_folder(number) if number is not None else workspace.root / "build"
    path = folder / NAME
    refuse_outside(workspace.root, path, StorageError, name=workspace.name_of(path))
    return path


def write_page(path: Path, page: str, *, name: str) -> None:
    """Write it, private, whole or not at all, over an older report. Raises `AlreadyExists`, `StorageError`."""
    refuse_others(path, name=name)
    with storage_errors(name):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent, is_alone=False)
        write_file(path, page.encode(), mode=PRIVATE_FILE)


def refuse_others(path: Path, *, name: str) -> None:
    """Raises `AlreadyExists` where another file has that name, `StorageError` where it cannot be read."""
    with storage_errors(name):
        if not path.exists():
            return
        is_ours = path.is_file() and MARK.encode() in _head(path)
    if not is_ours:
        raise AlreadyExists(
            _("there is another file of that name, which is no report"),
            file=name,
            hint=_("name another one, or move it out of the way"),
        )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
