"""A small newsletter that is ready to go, whoever is asked about it, and the messages that a folder got."""

from __future__ import annotations

import email
import email.policy
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from copy import copy
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from typing import Any

from newsletter_cli.audience.select import parse_segment
from newsletter_cli.base.errors import UsageError
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.sending.dry_run import DryRun, run_dry
from newsletter_cli.flows.sending.job import Question, SendOptions, Sent
from newsletter_cli.flows.sending.report import IssueReport, report_issue
from newsletter_cli.flows.sending.send import send_issue
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.deliver.server.oracle import read_states
from tests.workspaces import make_workspace, write

CONFIG = """\
[newsletter]
name = "Tidings"
language = "en"

[post]
url = "https://www.example.org/{slug}/"

[sender]
name = "Tidings"
address = "letter@example.org"
reply_to = "desk@example.org"

[[sections]]
slug = "news"
title = "News"

"""
TEXTS = {
    "_issue.md": '---\ntitle: "Tidings #1"\ndate: 2026-06-11\n---\nGood morning.\n',
    "news.md": "---\nauthor: Grace\n---\nSomething [happened](https://example.org/a).\n",
}
PEOPLE = """\
email;name;groups
ada@example.org;Ada;proof
ben@example.org;Ben;
cleo@example.org;Cleo;
"""
ADDRESSES = ("ada@example.org", "ben@example.org", "cleo@example.org")
FAULTY = {"news.md": "---\nauthor: Grace\n---\nSee [this page]().\n"}

# What an assembly has written, by all that it was made from.
KEPT = tempfile.TemporaryDirectory(prefix="nl-assembled-")
ASSEMBLED: dict[str, Path] = {}


class Editor:
    """Who is asked before a send; says yes unless told otherwise."""

    def __init__(self, *, is_willing: bool = True):
        self.is_willing = is_willing
        self.questions: list[Question] = []

    def ask(self, question: Question) -> None:
        self.questions.append(question)
        if not self.is_willing:
            raise UsageError("nothing was sent")

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None: ...

    def show(self) -> None: ...

    def end(self) -> None: ...


class Newsletter:
    """Issue 1 in a workspace of its own, assembled, its list in `list.csv`; sends go to `state/outbox`."""

    def __init__(
        self,
        root: Path,
        *,
        config: str = "",
        texts: Mapping[str, str] | None = None,
        people: str | None = PEOPLE,
        files: Mapping[str, bytes] | None = None,
        is_assembled: bool = True,
    ):
        self.root = root
        make_workspace(root, CONFIG + config, {1: {**TEXTS, **(texts or {})}})
        for name, content in (files or {}).items():
            write(root / "sections" / "001" / name, content)
        if people is not None:
            self.list(people)
        if is_assembled:
            self._be_assembled(repr((config, sorted((texts or {}).items()), sorted((files or {}).items()))))

    def _be_assembled(self, made_from: str) -> None:
        """As `assemble` does; where that was done before to a newsletter of the same texts, its files are copied."""
        there = set(self.root.rglob("*"))
        if made_from in ASSEMBLED:
            shutil.copytree(ASSEMBLED[made_from], self.root, symlinks=True, dirs_exist_ok=True)
            return
        self.assemble()
        made = Path(KEPT.name) / str(len(ASSEMBLED))
        for path in sorted(set(self.root.rglob("*")) - there):
            target = made / path.relative_to(self.root)
            if path.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                target.chmod(path.stat().st_mode)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target)
        ASSEMBLED[made_from] = made

    def copied(self, root: Path) -> Newsletter:
        """The same in another folder, with all that became of it."""
        shutil.copytree(self.root, root, symlinks=True)
        other = copy(self)
        other.root = root
        return other

    @property
    def workspace(self) -> Workspace:
        """Read anew each time: the configuration may have been changed."""
        return open_workspace(self.root)

    @property
    def state(self) -> Path:
        return self.root / "state"

    def configure(self, config: str) -> None:
        write(self.root / "newsletter.toml", CONFIG + config)

    def write(self, name: str, text: str) -> None:
        write(self.root / "sections" / "001" / name, text)

    def list(self, people: str) -> None:
        write(self.root / "list.csv", people)

    def assemble(self, **how: Any) -> None:
        assemble_issue(self.workspace, 1, **how)

    def dry(
        self, *, to: str | None = None, outbox: Path | None = None, is_probing: bool = False, **options: Any
    ) -> DryRun:
        segment = parse_segment(to) if to else None
        wanted = SendOptions(segment=segment, **options)
        return run_dry(self.workspace, 1, wanted, outbox=outbox, is_probing=is_probing)

    def send(self, *, to: str | None = None, editor: Editor | None = None, **options: Any) -> Sent:
        segment = parse_segment(to) if to else None
        return send_issue(self.workspace, 1, SendOptions(segment=segment, **options), editor or Editor())

    def report(self) -> IssueReport:
        return report_issue(self.workspace, 1)

    def states(self) -> dict[str, str]:
        """What the ledger says of each address; nothing where nothing was frozen."""
        return read_states(self.state, 1)

    # A sequence: within this class `list` is the method above.
    def messages(self, folder: str = "state/outbox") -> Sequence[EmailMessage]:
        """What was sent into a Maildir, in the order of the list."""
        return [parse(path) for path in sorted((self.root / folder / "new").glob("*"))]

    def written_to(self) -> Sequence[str]:
        """The addresses of those messages."""
        return [address_of(message) for message in self.messages()]


def parse(path: Path) -> EmailMessage:
    """A message of a file, without a single defect."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not [part.defects for part in message.walk() if part.defects]
    return message


def address_of(message: EmailMessage) -> str:
    (to,) = message["To"].addresses
    return str(to.addr_spec)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """The text of the part, its lines put together again."""
    part = message.get_body((kind,))
    assert isinstance(part, MIMEPart)
    return " ".join(str(part.get_content()).split())
