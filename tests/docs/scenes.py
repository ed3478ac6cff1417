"""What stands ready before a command of the documentation is run: the workspace that its page speaks of.

Each block of commands has a copy of one workspace of its own, `letter`, with two issues, a list and a repository of
Git; `BEFORE` says what else a block needs, by its page (without `docs/`, and without `fr/`: a French page is about the
same) and its first command.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from newsletter_cli.base.endpoint_key import format_key
from tests.after.endpoint.examples import KEY as ENDPOINT_KEY
from tests.deliver.server.serving import ThreadedServer
from tests.flows.bounces.messages import mbox, report
from tests.inside import call
from tests.pads.server import Docs, HedgeDoc
from tests.workspaces import git, write

DOCUMENT = "2a3f9f0c-6d3e-4f0b-9a52-0e2b7c4d1e88"
PEOPLE = (
    "email;name;group;ville\n"
    "ines@example.org;Inès;proof;Paris\n"
    "lea@example.org;Léa;proof;Paris\n"
    "jean@example.org;Jean;;Lyon\n"
)
# Some of the usual sections; the others are left out.
WRITTEN = {
    "agenda": "The walk begins at ten.",
    "portrait": "A spreadsheet of forty thousand lines.",
    "participer": "Come along.",
    "appel-a-idees": "Tell us of a project.",
}
POST = (
    '---\ntitle: "Letter #7"\ndate: 2026-10-01\n---\n\n'
    "Hello.\n\n## 1. Coming up\n\nA walk.\n\n## 2. Reading\n\nA book.\n"
)


@dataclass(kw_only=True)
class Scene:
    """A folder with a workspace in it, in which a block's commands are run; `language` is that of the page.

    `real` is what stands here for a name of the page: the address of a host, a token.
    """

    folder: Path
    language: str
    real: dict[str, str] = field(default_factory=dict)
    open: contextlib.ExitStack

    @property
    def root(self) -> Path:
        """The workspace."""
        return self.folder / "letter"

    def nl(self, *arguments: str) -> str:
        """Run `nl`, in English; what it said."""
        done = call(*arguments, cwd=self.root)
        assert done.status == 0, done.out + done.err
        return done.out

    def fails(self, *arguments: str) -> None:
        """Run `nl` where it ends with another status."""
        assert call(*arguments, cwd=self.root).status != 0

    def set(self, table: str, lines: str) -> None:
        """Add keys to a table of `newsletter.toml`."""
        path = self.root / "newsletter.toml"
        text = path.read_text("utf-8")
        path.write_text(
            text.replace(f"[{table}]\n", f"[{table}]\n{lines}\n", 1) if f"\n[{table}]\n" in text
            else f"{text}\n[{table}]\n{lines}\n",
            "utf-8",
        )  # fmt: skip

    def section(self, name: str, text: str) -> None:
        """A section of issue 2."""
        write(self.root / "sections" / "002" / f"{name}.md", text)


Preparation = Callable[[Scene], None]
BEFORE: dict[tuple[str, str], Preparation] = {}


def before(page: str, *first: str) -> Callable[[Preparation], Preparation]:
    """Registers a preparation for the blocks of a page that begin with one of these commands; every block without."""

    def register(prepare: Preparation) -> Preparation:
        BEFORE.update({(page, command): prepare for command in first or ("",)})
        return prepare

    return register


def make_letter(folder: Path) -> None:
    """The workspace that all blocks begin with: two issues, the first one published."""
    assert call("init", "letter", "--name", "Data news", "--language", "en", cwd=folder).status == 0
    root = folder / "letter"
    config = (root / "newsletter.toml").read_text("utf-8")
    for key in ("url", "reply_to"):
        config = re.sub(rf"^# {key} = ", f"{key} = ", config, flags=re.MULTILINE)
    write(root / "newsletter.toml", config)
    for number, day in (("1", "2026-11-17"), ("2", "2026-12-15")):
        assert call("new", number, "--date", day, cwd=root).status == 0
        sections = root / "sections" / f"00{number}"
        for path in sections.glob("[!_]*.md"):
            text = WRITTEN.get(path.stem)
            status = "ready" if text else "skip"
            write(path, f"---\nauthor: Inès\nstatus: {status}\n---\n{text or ''}\n")
        head = sections / "_issue.md"
        text = head.read_text("utf-8")
        for key in ("summary", "subject", "preheader"):
            text = re.sub(rf'^{key}: ""$', f'{key}: "The {key} of a quiet month, number {number}"', text, flags=re.M)
        write(head, f"{text.rstrip()}\n\nThe days are short.\n")
    write(root / "list.csv", PEOPLE)
    git(folder, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "Inès")
    git(root, "config", "user.email", "ines@example.org")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Two issues")


@before("guides/check.md", "nl check --since origin/main", 'nl check --since "$(git merge-base origin/main HEAD)"')
@before("guides/git.md")
def with_origin(scene: Scene) -> None:
    """The repository was cloned from another, and a section has been written since."""
    git(scene.root, "remote", "add", "origin", str(scene.folder / "origin.git"))
    git(scene.root, "push", "-q", "-u", "origin", "main")
    scene.section("agenda", "---\nauthor: Inès\nstatus: ready\n---\nThe walk begins at eleven.\n")


@before("guides/import.md", "nl import content/post/newsletter1.md")
@before("guides/import.md", "nl import pad.md --section agenda", 'nl import "Article d’Ada.docx" --section portrait')
@before(
    "guides/import.md", 'nl init old-letter --name "The old letter"', 'nl init old-letter --name "L\'ancienne lettre"'
)
def with_texts_to_import(scene: Scene) -> None:
    """Posts, a pad and a document lie about; no section but two has its text."""
    from docx import Document

    write(scene.root / "content" / "post" / "newsletter1.md", POST)
    write(scene.root / "letter7.md", POST)
    write(scene.root / "pad.md", "# Coming up\n\nA walk along the dune.\n")
    document = Document()
    document.add_paragraph("A spreadsheet of forty thousand lines.")
    document.save(str(scene.root / "Article d’Ada.docx"))
    for name in ("agenda", "portrait"):
        scene.section(name, "---\nauthor: Ada\nstatus: draft\n---\n")


@before("guides/import.md", "nl import news.md")
def with_a_broken_header(scene: Scene) -> None:
    """A post whose title holds a colon."""
    write(scene.root / "news.md", "---\ntitle: a: b\n---\n\n## Coming up\n\nA walk.\n")


@before("reference/commands.md", "nl pad 2", "nl pull 2")
@before("guides/pads.md")
def with_pads(scene: Scene) -> None:
    """Two sections are written on hosts of pads; one was changed there since it was fetched."""
    hedgedoc = scene.open.enter_context(HedgeDoc())
    docs = scene.open.enter_context(Docs())
    scene.set("check.links", "allow_private = true")
    scene.real["https://pad.example.org/agenda"] = hedgedoc.address("agenda-2")
    hedgedoc.pads["agenda-2"] = "The walk begins at ten.\n"
    docs.pads[DOCUMENT] = "A spreadsheet.\n"
    for name, address in (("agenda", hedgedoc.address("agenda-2")), ("portrait", docs.address(DOCUMENT))):
        scene.section(name, f"---\nauthor: Inès\nstatus: ready\npad: {address}\n---\n")
    scene.nl("pull", "2")
    hedgedoc.pads["agenda-2"] = "The walk begins at eleven.\n"


@before("reference/commands.md", "nl push 2 --dry-run")
def with_a_pad_that_can_be_written(scene: Scene) -> None:
    """Changed here since it was fetched, and nowhere else."""
    host = scene.open.enter_context(HedgeDoc())
    scene.set("check.links", "allow_private = true")
    host.pads["agenda-2"] = "The walk begins at ten.\n"
    scene.section("agenda", f"---\nauthor: Inès\nstatus: ready\npad: {host.address('agenda-2')}\n---\n")
    scene.nl("pull", "2")


@before("guides/sending.md")
@before("reference/commands.md", "nl send 2 --dry-run")
def with_a_build(scene: Scene) -> None:
    """Issue 2 is assembled, and there is another list."""
    scene.nl("assemble", "2", "--offline")
    write(scene.root / "members.csv", PEOPLE)


@before("guides/sending.md", "nl send 2 --afresh")
def with_a_send_that_was_stopped(scene: Scene) -> None:
    """Nobody was tried: the server did not answer."""
    with_a_build(scene)
    scene.fails("send", "2", "--yes", "--transport", "smtp://127.0.0.1:1")


@before("guides/sending.md", "nl assemble 2 --offline")
def with_a_mail_server(scene: Scene) -> None:
    """A mail server takes all messages."""
    with_a_build(scene)
    server = scene.open.enter_context(ThreadedServer(scene.folder / "record"))
    scene.real["smtp://127.0.0.1:2525"] = f"smtp://127.0.0.1:{server.port}"


@before("guides/sending.md", "nl report 2")
@before("guides/report.md")
@before("reference/commands.md", "nl report 2", "nl resolve 2 --show")
@before("reference/list.md", "nl list unsubscribe lea@example.org jean@example.org")
def with_a_send(scene: Scene) -> None:
    """Issue 2 went out; the token is the one of its first reader."""
    with_a_build(scene)
    scene.nl("send", "2", "--yes")
    message = next((scene.root / "state" / "outbox" / "new").iterdir()).read_text("utf-8")
    found = re.search(r"%20([a-z2-7]{24})>", message)
    assert found, message
    scene.real["gsdenuopzwpqtemcte2dmtgc"] = found[1]


@before("guides/after-the-send.md")
@before("reference/commands.md", "nl bounces imaps://bounces@imap.example.org/INBOX")
def with_something_that_came_back(scene: Scene) -> None:
    """Issue 2 went out; a server says that a mailbox is gone, of somebody who never was a reader."""
    with_a_build(scene)
    scene.nl("send", "2", "--yes")
    write(scene.root / "returns.mbox", mbox(report("bob@elsewhere.example", "a" * 24)))


@before("reference/list.md")
def with_a_managed_list(scene: Scene) -> None:
    """The list is kept by `nl`; Léa is on it under a former address."""
    (scene.root / "list.csv").rename(scene.root / "members.csv")
    scene.nl("list", "import", "members.csv", "--consent", "sign-up form")


@before("reference/list.md", "nl list move lea@old.example.org lea@example.org")
def with_a_former_address(scene: Scene) -> None:
    """Léa is on the list under a former address."""
    (scene.root / "list.csv").unlink()
    scene.nl("list", "add", "Léa <lea@old.example.org>", "--consent", "sign-up form")


@before("reference/list.md", "nl list suppression import state/left.csv")
def with_a_suppression_list(scene: Scene) -> None:
    """Somebody left, and that was written out."""
    with_a_managed_list(scene)
    scene.nl("list", "unsubscribe", "jean@example.org")
    scene.nl("list", "suppression", "export", "state/left.csv")


@before("reference/list.md", 'nl list import members.csv --consent "sign-up form, March 2026" --group readers')
def with_a_list_out_of_excel(scene: Scene) -> None:
    """Two hundred and fourteen rows as Excel writes them, three of them faulty."""
    rows = [[f"reader{number}@example.org", ""] for number in range(2, 216)]
    rows[17 - 2][0] = "reader17.example.org"
    rows[40 - 2][0] = rows[12 - 2][0]
    rows[93 - 2][1] = "peut-être"
    text = "Adresse mél;Désinscrit\r\n" + "".join(f"{';'.join(row)}\r\n" for row in rows)
    write(scene.root / "members.csv", text.encode("cp1252"))
    (scene.root / "list.csv").unlink()


@before("guides/sending.md", "nl state export ../state.age      # on the machine that has sent so far")
@before("guides/sending.md", "nl state export ../state.age      # sur la machine qui a envoyé jusqu'ici")
@before("reference/commands.md", "nl state export ../state.age")
def with_a_state(scene: Scene) -> None:
    """There is something to hand over."""
    with_a_managed_list(scene)


@before("reference/commands.md", "nl state import ../state.age")
def with_a_state_that_was_handed_over(scene: Scene) -> None:
    """What the other machine wrote."""
    with_a_managed_list(scene)
    scene.nl("state", "export", "../state.age")


@before("reference/commands.md", "nl import content/post/newsletter1.md --issue 1")
def with_texts_for_another_issue(scene: Scene) -> None:
    """The same texts, and issue 1 is not there yet."""
    with_texts_to_import(scene)
    shutil.rmtree(scene.root / "sections" / "001")


@before("reference/commands.md", "nl images 2 --dry-run")
def with_a_picture(scene: Scene) -> None:
    """A picture as a camera takes it, in a format that mail readers do not show."""
    from PIL import Image

    scene.section("portrait", "---\nauthor: Inès\nstatus: ready\n---\n![The pier at noon](images/pier.webp)\n")
    picture = scene.root / "sections" / "002" / "images" / "pier.webp"
    picture.parent.mkdir(exist_ok=True)
    Image.effect_noise((2400, 1600), 60).convert("RGB").save(picture)


@before("reference/commands.md", "nl trust")
def with_a_secret(scene: Scene) -> None:
    """A mail server, and the command that prints its password."""
    path = scene.root / "newsletter.toml"
    text = path.read_text("utf-8")
    write(path, text.replace("maildir:state/outbox", "smtps://mail.example.org:465", 1))
    scene.set("send.smtp", 'user = "lettre"\npassword_command = ["pass", "show", "smtp"]')


@before("guides/publish.md", "nl publish 2 --dry-run", "nl publish 2 --commit")
@before("reference/commands.md", "nl publish 2 --dry-run")
def with_a_site(scene: Scene) -> None:
    """A site lies in the repository of the workspace."""
    (scene.root / "site").mkdir()
    scene.set("site", 'folder = "site"\nprofile = "hugo"\nbase_url = "https://www.example.org"\narea = "actualites"')


@before("guides/archive.md")
@before("reference/commands.md", "nl archive --dry-run")
def with_an_issue_that_readers_have(scene: Scene) -> None:
    """Issue 2 went to its readers, through a mail server."""
    with_a_build(scene)
    server = scene.open.enter_context(ThreadedServer(scene.folder / "record"))
    scene.nl("send", "2", "--yes", "--transport", f"smtp://127.0.0.1:{server.port}")


@before(
    "guides/unsubscribe-endpoint.md",
    "nl serve --check --key-file endpoint.key",
    "nl serve --hooks --key-file endpoint.key",
)
@before("reference/commands.md", "nl serve --log unsubscribes.db --proxy 127.0.0.1")
def the_key_of_the_endpoint(scene: Scene) -> None:
    write(scene.root / "endpoint.key", format_key(ENDPOINT_KEY))
