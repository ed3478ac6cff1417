"""`nl demo`: the main job, on a temporary copy of the sample workspace: assembled, sent into a folder, reported."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import StorageError
from newsletter_cli.base.i18n import _, shown_kilobytes
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.program_name import said_of_the_name
from newsletter_cli.flows.sending.job import Question, SendOptions
from newsletter_cli.flows.sending.report import report_issue
from newsletter_cli.flows.sending.send import send_issue
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import PRIVATE_MODE, Workspace, open_workspace
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


# Names that do not exist, at a domain that will never (RFC 2606); a spreadsheet's faults included.
SAMPLE_LIST = """email;prénom;nom;statut;groupe
ines@example.org;Inès;Moreau;confirmed;proof
malik@example.org;Malik;Benali;confirmed;proof
camille@example.org;Camille;Martin;confirmed;
Théo <theo@example.org>;;;confirmed;
jeanne@example.org;Jeanne;d’Arcy-O’Neill;confirmed;
CAMILLE@example.org;Camille;Martin;confirmed;
ancien@example.org;Paul;Durand;unsubscribed;
pas-encore@example.org;Lou;Petit;unconfirmed;
sans-arobase.example.org;Zoé;Blanc;confirmed;
"""


def run_demo(place: Path | None = None) -> Iterator[str]:
    """The lines of the demonstration, as it goes on; in a new folder of `place`, else of the system's temporary one."""
    source = sample_workspace()
    if not (source / CONFIG_FILE).is_file():
        raise StorageError(_("the sample workspace is missing from this installation"), file=str(source))
    with storage_errors(str(place or tempfile.gettempdir())):
        root = Path(tempfile.mkdtemp(prefix="nl-demo-", dir=place)).absolute()
    with storage_errors(str(root)):
        (root / "list.csv").write_text(SAMPLE_LIST, encoding="utf-8")
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
    assembled = assemble_issue(workspace, number)
    yield _("Issue {number} assembled, {count} sections, into {folder}:").format(
        number=number, count=assembled.section_count, folder=assembled.folder
    )
    for name, size in assembled.files.items():
        yield f"  {assembled.folder / name}  {shown_kilobytes(size)}  {WHAT.get(name, '')}"
    yield ""
    yield from _send(workspace, number)
    # Last: the post is not online, and whoever opens the e-mail wants to see its pictures.
    assemble_issue(workspace, number, has_local_images=True)
    yield ""
    yield _("Go on from here:")
    for command in (
        f"cd {root}",
        f"{called()} status",
        f"{called()} report {number}",
        f"{called()} new {number + 1}",
        f"{called()} assemble {number + 1} --offline",
    ):
        yield f"  {command}"
    message, fix = said_of_the_name()
    if fix is not None:
        yield ""
        yield _("{message}; {fix}").format(message=message[:1].upper() + message[1:], fix=fix)


class _NobodyAsks:
    """A demonstration asks nothing: its messages go into a folder of its own."""

    def ask(self, question: Question) -> None:
        """Nobody is asked."""

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None:
        """It takes no time."""

    def show(self) -> None:
        """It takes no time."""

    def end(self) -> None:
        """It takes no time."""


def _send(workspace: Workspace, number: int) -> Iterator[str]:
    outbox = workspace.root / "state" / "outbox"
    # Whatever the configuration or the environment says: a demonstration sends nothing.
    options = SendOptions(transport=f"maildir:{outbox}", list_file=str(workspace.root / "list.csv"))
    sent = send_issue(workspace, number, options, _NobodyAsks())
    yield _("Sent to the people of {list}, into a folder instead of a mail server: {folder}").format(
        list="list.csv", folder=outbox / "new"
    )
    report = report_issue(workspace, number)
    for name, count in report.rows():
        yield "  " + _("{name}: {count}").format(name=name, count=count)
    yield from (f"  {line}" for line in report.lines() if line)
    if not sent.report.is_complete:
        raise StorageError(_("the demonstration was not sent to everybody"), file=str(outbox))
