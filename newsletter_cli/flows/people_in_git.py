"""Files with people in them that Git has, or would take with the next `git add -A`: Git itself is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from newsletter_cli.base.git import GitMissing, GitRefusal, files_taken, find_top, names_ignored, names_tracked
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.privacy import ADDRESS, SUPPRESSION_HEADER
from newsletter_cli.check.reading import PEOPLE_IN_GIT
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.flows.people_files import places_with_people
from newsletter_cli.model import Finding, Level, Place
from newsletter_cli.workspace.folder import Workspace

# What somebody puts beside the newsletter, whatever it is called, and how much of it is read.
TABLES = ("*.csv", "*.tsv", "*.vcf")
TEXTS = ("*.txt",)
MESSAGES = ("*.eml",)
LOOKED_AT_BYTES = 65_536
# A folder of messages is known by a few of them.
FEW = 5
TO_SOMEBODY = re.compile(rb"^To:[^\r\n]*@", re.IGNORECASE | re.MULTILINE)
MAGIC = Pattern(r"([\\*?\[])")


class Exposed(Struct, frozen=True, kw_only=True):
    """A file, or a folder, whose people Git `is_tracked` already, or would take. `ignoring` is the line to add to
    `gitignore`.
    """

    name: str
    is_tracked: bool
    is_inside: bool
    ignoring: str
    gitignore: str

    @property
    def message(self) -> str:
        """What is wrong."""
        text = (
            _("Git has {file}, which names people")
            if self.is_tracked
            else _("Git would take {file}, which names people")
        )
        return text.format(file=self.name)

    @property
    def fix(self) -> str:
        """What to do."""
        text = _("add a line “{line}” to {gitignore}, or keep it in state/")
        if self.is_tracked:
            text = _(
                "git rm -r --cached {file} takes it out, the file stays; then add a line “{line}” to {gitignore} and "
                "commit; what was pushed before stays in the history"
            )
        # As it is typed, on every system.
        typed = f'"{self.name}"' if " " in self.name else self.name
        return text.format(file=typed, line=self.ignoring, gitignore=self.gitignore)


def find_exposed(workspace: Workspace) -> tuple[Exposed, ...]:
    """Everything with people in it that Git has or would take: what is configured, what `nl` wrote, and lists and
    messages that lie about in the workspace. Outside Git nothing. Raises `GitMissing`, `GitRefusal`.
    """
    places = places_with_people(workspace)
    found = list(_asked(workspace, places))
    if find_top(workspace.root) is not None:
        found += _lying_about(workspace, {workspace.root / one.name.rstrip("/") for one in found})
    return tuple(found)


def exposure_of(workspace: Workspace, path: Path, *, is_folder: bool = False) -> Exposed | None:
    """The same for one file that is written now; `None` where Git leaves it alone, or cannot be asked."""
    try:
        return next(iter(_asked(workspace, {path: is_folder})), None)
    except (GitMissing, GitRefusal, OSError):
        return None


def people_findings(workspace: Workspace) -> Iterator[Finding]:
    """What `nl check` says of them. Where Git cannot be asked, `nl doctor` tells."""
    yield from _among_issues(workspace)
    try:
        exposed = find_exposed(workspace)
    except (GitMissing, GitRefusal, OSError):
        return
    for one in exposed:
        yield PEOPLE_IN_GIT.at(
            Place(file=one.name if one.is_inside else CONFIG_FILE),
            one.message,
            suggestion=one.fix,
            # What is only lying about harms nobody yet.
            level=Level.ERROR if one.is_tracked else Level.WARNING,
            subject=one.name,
        )


def _among_issues(workspace: Workspace) -> Iterator[Finding]:
    """What names people, and lies where the files of an issue are: those go to its readers."""
    for path in places_with_people(workspace):
        if path.is_relative_to(workspace.root / "sections") and path.exists():
            name = workspace.name_of(path)
            yield PEOPLE_IN_GIT.at(
                Place(file=name),
                _("{file} names people, and lies among an issue’s files: it is left out of what readers get").format(
                    file=name
                ),
                suggestion=_("move it into state/, and change whatever names it"),
                level=Level.WARNING,
                subject=name,
            )


def _asked(workspace: Workspace, places: Mapping[Path, bool]) -> Iterator[Exposed]:
    """Those of the places that Git has or would take; each repository is asked about all of its own at once."""
    by_top: dict[Path, dict[str, tuple[Path, bool]]] = {}
    state = workspace.root / "state"
    for path, is_folder in places.items():
        # Of a link, Git takes the link.
        real = path.resolve()
        top = find_top(real if is_folder else real.parent)
        if top is not None and (path == state or not path.is_relative_to(state)):
            by_top.setdefault(top, {}).setdefault(real.relative_to(top).as_posix(), (path, is_folder))
    for top, named in by_top.items():
        # Of a folder, what will be in it.
        samples = {name: f"{name}/new/x.eml" if is_folder else name for name, (_path, is_folder) in named.items()}
        ignored = names_ignored(top, samples.values())
        open_names = [name for name, sample in samples.items() if sample not in ignored]
        folders = [name for name, (path, is_folder) in named.items() if is_folder and path.is_dir()]
        tracked = names_tracked(top, dict.fromkeys((*open_names, *folders)))
        for name, (path, is_folder) in named.items():
            is_tracked = any(one == name or one.startswith(f"{name}/") for one in tracked)
            if is_tracked or name in open_names:
                yield _exposed(workspace, path, top, is_folder=is_folder, is_tracked=is_tracked)


def _exposed(workspace: Workspace, path: Path, top: Path, *, is_folder: bool, is_tracked: bool) -> Exposed:
    real, root = path.resolve(), workspace.root.resolve()
    is_inside = real.is_relative_to(root)
    base = root if is_inside else top
    end = "/" if is_folder else ""
    name = real.relative_to(root).as_posix() if is_inside else str(path)
    return Exposed(
        name=name + end,
        is_tracked=is_tracked,
        is_inside=is_inside,
        ignoring="/" + MAGIC.sub(r"\\\1", real.relative_to(base).as_posix()) + end,
        gitignore=".gitignore" if is_inside else str(base / ".gitignore"),
    )


def _lying_about(workspace: Workspace, told: Iterable[Path]) -> Iterator[Exposed]:
    """Lists and messages in the workspace that nobody has told `nl` of."""
    root, known = workspace.root.resolve(), set(told)
    names = sorted(files_taken(root, (*TABLES, *TEXTS, *MESSAGES)))
    seen: Counter[PurePosixPath] = Counter()
    found: dict[str, bool] = {}
    for name in names:
        path, folder = root / name, PurePosixPath(name).parent
        if known.isdisjoint((path, *path.parents)):
            is_message = name.lower().endswith(".eml")
            seen[folder] += is_message
            if (seen[folder] <= FEW or not is_message) and _names_people(path):
                # A folder of messages is one thing to fix.
                found[f"{folder}/" if is_message and folder.parts else name] = is_message and bool(folder.parts)
    tracked = names_tracked(find_top(root) or root, [_from_top(root, name) for name in found]) if found else set()
    for name, is_folder in found.items():
        from_top = _from_top(root, name).rstrip("/")
        yield _exposed(
            workspace,
            root / name.rstrip("/"),
            root,
            is_folder=is_folder,
            is_tracked=any(one == from_top or one.startswith(f"{from_top}/") for one in tracked),
        )


def _from_top(root: Path, name: str) -> str:
    return (root / name).relative_to(find_top(root) or root).as_posix()


def _names_people(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        # Spreadsheets write UTF-16, too.
        data = file.read(LOOKED_AT_BYTES).replace(b"\0", b"")
    suffix = path.suffix.lower()
    if suffix == ".eml":
        return TO_SOMEBODY.search(re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]) is not None
    text = data.decode("latin-1")
    if suffix != ".txt":
        return text.startswith(SUPPRESSION_HEADER) or _has_address(text)
    # A text may well name somebody to write to; a list has one on most of its lines.
    lines = [line for line in text.splitlines() if line.strip()]
    holding = sum(_has_address(line) for line in lines)
    return holding > 1 and holding * 2 >= len(lines)


def _has_address(text: str) -> bool:
    # The sign first: without one, the pattern takes a hundred times as long to find nothing.
    return "@" in text and ADDRESS.search(text) is not None
