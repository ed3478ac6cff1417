"""`nl demo`: the main job, on a temporary copy of the sample workspace."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.errors import StorageError
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.i18n import _
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import PRIVATE_MODE, open_workspace
from newsletter_cli.workspace.scaffold import write_schema
from newsletter_cli.workspace.shipped import sample_workspace

WHAT = {
    "email.html": _("the e-mail: open it in a browser"),
    "email.txt": _("its plain text"),
    "email.eml": _("both as a draft, for a mail program"),
    "post.md": _("the post for the site"),
    "agenda.ics": _("the calendar file"),
    "announce.txt": _("the announcement for the chat"),
}


def run_demo(place: Path | None = None) -> Iterator[str]:
    """The lines of the demonstration, as it goes on; in a new folder of `place`, else of the system's temporary one."""
    source = sample_workspace()
    if not (source / CONFIG_FILE).is_file():
        raise StorageError(_("the sample workspace is missing from this installation"), file=str(source))
    with storage_errors(str(place or tempfile.gettempdir())):
        root = Path(tempfile.mkdtemp(prefix="nl-demo-", dir=place)).absolute()
    with storage_errors(str(root)):
        shutil.copytree(source / "sections", root / "sections")
        shutil.copyfile(source / CONFIG_FILE, root / CONFIG_FILE)
        (root / "templates").mkdir()
        (root / "state").mkdir(mode=PRIVATE_MODE)
    write_schema(root)
    workspace = open_workspace(root)
    yield _("A sample newsletter, “{name}”, copied to {folder}").format(
        name=workspace.config.newsletter.name, folder=root
    )
    number = workspace.issue_numbers()[-1]
    assembled = assemble_issue(workspace, number, has_local_images=True)
    yield _("Issue {number} assembled, {count} sections, into {folder}:").format(
        number=number, count=assembled.section_count, folder=assembled.folder
    )
    for name, size in assembled.files.items():
        yield f"  {assembled.folder / name}  {size / 1000:.1f} kB  {WHAT.get(name, '')}"
    yield ""
    yield _("Go on from here:")
    for command in (f"cd {root}", "nl status", f"nl new {number + 1}", f"nl assemble {number + 1} --offline"):
        yield f"  {command}"
