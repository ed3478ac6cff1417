"""The workspace: a folder with a `newsletter.toml`, and where everything in it stands."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field

from newsletter_cli.base.errors import ConfigError, ContentError, UsageError, WorkspaceNotFound
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import LEFTOVERS
from newsletter_cli.base.trust import CommandGuard, NeverRuns, PermittedCommand
from newsletter_cli.config import CONFIG_FILE, Config
from newsletter_cli.config.reader import read_config
from newsletter_cli.workspace.files import read_text, storage_errors
from newsletter_cli.workspace.inside import refuse_outside

ISSUE_FILE = "_issue.md"
ISSUE_NUMBER = re.compile(r"0*[1-9][0-9]{0,5}")
PRIVATE_MODE = 0o700
# What is read and written here must be here.
OWN_PLACES = (CONFIG_FILE, "sections", "templates", "build", "state")
# What a new workspace keeps out of Git: people, whatever their file is called, then results and leftovers.
IGNORED_PEOPLE = (
    "list.csv", "state/", "outbox/", "/*.csv", "/*.CSV", "/*.tsv", "/*.xls", "/*.xlsx", "/*.ods", "/*.vcf", "*.eml"
)  # fmt: skip
IGNORED_RESULTS = ("build/",)
GITIGNORE = "\n".join(
    ("# People: lists, reports, messages", *IGNORED_PEOPLE, "# Results", *IGNORED_RESULTS,
     "# What a killed run leaves", LEFTOVERS, "")
)  # fmt: skip
GITATTRIBUTES_FILE = ".gitattributes"
GITATTRIBUTES = """\
# The same line ends for everybody, on Windows too: else a whole file is in conflict
* text=auto
# Two people add words: both are kept
words.txt merge=union
"""


class SecretUse(Struct, frozen=True, kw_only=True):
    """Where the configuration sends a secret of this user: the key that says so; which secret, and where it goes."""

    key: str
    words: tuple[str, ...]


class Workspace(Struct, frozen=True):
    """A workspace on disk. `root` is absolute. `commands` decides whether what its configuration names may run:
    nothing does unless whoever opened the workspace came to act, not to look.
    """

    root: Path
    config: Config
    commands: CommandGuard = field(default_factory=NeverRuns)

    def permitted(self, key: str, words: Sequence[str]) -> PermittedCommand | None:
        """The command under a key of the configuration; `None` where there is none. Raises `NotTrusted`."""
        return self.commands.permit(key, words) if words else None

    def permit_secret(self, use: SecretUse | None) -> None:
        """May a secret of this user go where the configuration says? `None`: none does. Raises `NotTrusted`."""
        if use is not None:
            self.commands.permit_secret(self.root, use.key, use.words)

    @property
    def templates(self) -> Path:
        """The workspace's own themes, skeletons and words."""
        return self.root / "templates"

    def issue_folder(self, number: int) -> Path:
        """Where the issue's section files stand: the folder that exists, else the usual name.

        Raises `ContentError` where two folders have that number.
        """
        sections = self.root / "sections"
        found = sorted(name for name in self._folder_names() if int(name) == number and (sections / name).is_dir())
        if len(found) > 1:
            one, other = (f"sections/{name}" for name in found[:2])
            raise ContentError(
                _("{one} and {other} are both issue {number}").format(one=one, other=other, number=number),
                file=one,
                hint=_("move what you want to keep into one of them, and remove the other"),
            )
        return sections / (found[0] if found else folder_name(number))

    def section_folders(self) -> tuple[Path, ...]:
        """`sections/` and all folders in it."""
        sections = self.root / "sections"
        return (sections, *(path for path in sections.rglob("*/") if path.is_dir()))

    def build_folder(self, number: int) -> Path:
        """Where the issue's renditions are written."""
        return self.root / "build" / folder_name(number)

    def private_folder(self, name: str) -> Path:
        """A folder of that name in `state/`, which nobody else can look into. Raises `StorageError`."""
        folder = self.root / "state" / name
        with storage_errors(self.name_of(folder)):
            folder.mkdir(parents=True, exist_ok=True)
            # On Windows chmod changes nothing; the folder's own access list protects it there.
            (self.root / "state").chmod(PRIVATE_MODE)
        return folder

    def issue_numbers(self) -> list[int]:
        """The numbers of the issues that exist, ascending."""
        return sorted(set(map(int, self._issue_folder_names())))

    def name_of(self, path: Path) -> str:
        """The path as an editor of this workspace knows it: relative, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)

    def existing_issue(self, wanted: str | None) -> int:
        """The number of an issue that exists; the latest when none is wanted.

        Raises `UsageError` for what is no number, or an issue that does not exist.
        """
        numbers = self.issue_numbers()
        if wanted is None:
            if not numbers:
                raise UsageError(_("there is no issue yet"), hint=_("start one: nl new 1"))
            return numbers[-1]
        number = parse_issue_number(wanted)
        if number not in numbers:
            existing = ", ".join(str(known) for known in numbers) or "–"
            raise UsageError(
                _("there is no issue {number}").format(number=number),
                hint=_("issues here: {issues}; start a new one: nl new {number}").format(
                    issues=existing, number=number
                ),
            )
        return number

    def _issue_folder_names(self) -> list[str]:
        """Without a question to the disk for each: the preview wants them at each of its own."""
        try:
            with os.scandir(self.root / "sections") as entries:
                return [one.name for one in entries if ISSUE_NUMBER.fullmatch(one.name) and _is_folder(one)]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _folder_names(self) -> list[str]:
        sections = self.root / "sections"
        if not sections.is_dir():
            return []
        return [name for name in os.listdir(sections) if ISSUE_NUMBER.fullmatch(name)]  # noqa: PTH208 - no stat each


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def folder_name(number: int) -> str:
    """`2` → `002`."""
    return f"{number:03d}"


def parse_issue_number(text: str) -> int:
    """`2` or `002` → 2. Raises `UsageError`."""
    if not ISSUE_NUMBER.fullmatch(text):
        raise UsageError(_("“{text}” is no issue number").format(text=text), hint=_("give a number from 1 on"))
    return int(text)


def find_workspace(start: Path) -> Workspace:
    """The workspace that `start` lies in. Raises `WorkspaceNotFound`, or `ConfigError` for a faulty configuration."""
    start = start.absolute()
    if not start.is_dir():
        raise WorkspaceNotFound(
            _("there is no folder {folder}").format(folder=start), hint=_("paths are seen from the folder you are in")
        )
    root = find_root(start)
    if (root / CONFIG_FILE).is_file():
        return open_workspace(root)
    raise WorkspaceNotFound(
        _("no {file} in {folder} or above").format(file=CONFIG_FILE, folder=start),
        hint=_("make a workspace here: nl init — or name one: nl -C FOLDER …"),
    )


def find_root(start: Path) -> Path:
    """The folder with a `newsletter.toml` that `start` lies in, whatever it holds; without one, `start` itself."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if (folder / CONFIG_FILE).is_file()), start)


def open_workspace(root: Path) -> Workspace:
    """The workspace whose `newsletter.toml` stands in `root`.

    Raises `ConfigError` for all that is wrong with it, also where one of its own folders is a link that leads out.
    """
    workspace, fault = look_into_workspace(root)
    if fault is not None or workspace is None:
        raise fault or ConfigError(CONFIG_FILE)
    return workspace


def look_into_workspace(root: Path) -> tuple[Workspace | None, ConfigError | None]:
    """The workspace as far as its `newsletter.toml` is right, and all that is wrong with that. Raises `ConfigError`
    where nothing of it can be read.
    """
    from newsletter_cli.workspace.judging import judge

    for name in OWN_PLACES:
        refuse_outside(root, root / name, ConfigError, name=name)
    try:
        text = read_text(root / CONFIG_FILE, name=CONFIG_FILE)
    except ContentError as error:
        raise ConfigError(error.message, file=error.file, line=error.line, hint=error.hint) from None
    read = read_config(text, judge=lambda config: judge(config, root))
    return None if read.config is None else Workspace(root, read.config), read.fault
