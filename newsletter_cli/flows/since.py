"""`nl check --since REV`: only what is new against a Git base.

Git is asked for the files of the workspace as they stood at the revision; they are written to a temporary folder and
checked there. Only commands that read are used: neither the work tree nor the index of the user is touched.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from msgspec import Struct, field

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.git import GitMissing, GitRefusal, find_top, open_git, run_git
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import library_reason
from newsletter_cli.base.values import replace
from newsletter_cli.check.reading import CONTENT_UNUSABLE
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Finding
from newsletter_cli.workspace.folder import Workspace

# What an issue is made of, relative to the workspace.
PARTS = (CONFIG_FILE, "sections", "templates")
LINK_MODE = "120000"
SUBMODULE_MODE = "160000"

Identity = tuple[str, ...]


class Known(Protocol):
    """The result of a check, as far as it matters here."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found."""

    @property
    def sources(self) -> Mapping[str, str]:
        """File → its whole text."""


class Base(Struct, frozen=True):
    """What had been there before.

    `findings` counts each by its identity, `texts` are those of the files; files by the names they have today.
    `note` says why nothing is known, where that is not plain.
    """

    findings: Counter[Identity] = field(default_factory=Counter)
    texts: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None

    def held(self, finding: Finding, line: str) -> bool:
        """Whether what the finding is about stood there: its line, or its subject (an address)."""
        text = self.texts.get(finding.file, "")
        if finding.subject is not None and finding.subject in text:
            return True
        # What is about no line (no network today) is about this run, whatever stood there.
        return bool(line) and any(line == one.strip() for one in split_lines(text))


def read_base(workspace: Workspace, number: int, revision: str, check: Callable[[Workspace, int], Known]) -> Base:
    """What `check` finds in the issue as it stood at the revision; nothing where it did not exist.

    `check` is given the workspace of that time, with the configuration of today. Raises `UsageError` where there is
    no Git, no repository, or no such revision.
    """
    git = _Git(workspace.root)
    commit = git.commit(revision)
    with tempfile.TemporaryDirectory(prefix="nl-since-") as folder:
        git.write_files(commit, Path(folder), number)
        then = replace(workspace, root=Path(folder).resolve())
        if number not in then.issue_numbers():
            return Base()
        return _base(check(then, number), git.renames(commit), revision)


def _base(known: Known, renames: Mapping[str, str], revision: str) -> Base:
    fault = next((finding for finding in known.findings if finding.rule == CONTENT_UNUSABLE.slug), None)
    if fault is not None:
        note = _("at {revision} the issue could not be read ({place}: {message}): everything counts as new")
        return Base(note=note.format(revision=revision, place=fault.place, message=fault.message))
    findings = [replace(finding, file=renames.get(finding.file, finding.file)) for finding in known.findings]
    texts = {renames.get(file, file): text.removeprefix(BOM) for file, text in known.sources.items()}
    return Base(Counter(identities(findings, texts)), texts)


def only_new(known: Known, base: Base, unseen: Collection[str] = ()) -> tuple[Finding, ...]:
    """The findings that the base did not have: for each one there, one here is left out.

    `unseen` are rules that say nothing without a network. The base cannot tell whether they applied; their findings
    are old where what they are about stood there already.
    """
    left = base.findings.copy()
    new = []
    texts = _texts(known.sources)
    for finding, identity in zip(known.findings, identities(known.findings, known.sources), strict=True):
        if left[identity] > 0:
            left[identity] -= 1
        elif finding.rule not in unseen or not base.held(finding, _line(finding, texts)):
            new.append(finding)
    return tuple(new)


def identities(findings: Sequence[Finding], sources: Mapping[str, str]) -> Iterator[Identity]:
    """What each finding is recognised by when lines have moved: file, rule, and its subject or the text of its line."""
    texts = _texts(sources)
    for finding in findings:
        if finding.subject is not None:
            yield finding.file, finding.rule, "subject", finding.subject
        elif line := _line(finding, texts):
            yield finding.file, finding.rule, "line", line
        else:
            yield finding.file, finding.rule, "message", finding.message


def _texts(sources: Mapping[str, str]) -> dict[str, list[str]]:
    return {file: split_lines(text.removeprefix(BOM)) for file, text in sources.items()}


def _line(finding: Finding, texts: Mapping[str, list[str]]) -> str:
    lines = texts.get(finding.file, [])
    return lines[finding.line - 1].strip() if finding.line and finding.line <= len(lines) else ""


class _Git:
    """The repository a workspace lies in, read only."""

    def __init__(self, root: Path):
        # With GIT_DIR and the like in the environment, relative ones too, the folder we are in is what Git starts from.
        self.folder = Path.cwd() if "GIT_DIR" in os.environ else root
        try:
            top = Path(os.fsdecode(self._run("rev-parse", "--show-toplevel").rstrip(b"\r\n"))).resolve()
        except GitRefusal as refusal:
            raise UsageError(
                _("--since needs a Git repository, and Git sees none here: {reason}").format(
                    reason=library_reason(refusal)
                ),
                hint=_("run it in a clone of the repository that holds the workspace"),
            ) from None
        if not root.resolve().is_relative_to(top):
            raise UsageError(
                _("the workspace {folder} is not in the Git repository {repository}").format(
                    folder=root, repository=top
                ),
                hint=_("is GIT_DIR or GIT_WORK_TREE set in the environment?"),
            )
        self.prefix = PurePosixPath(root.resolve().relative_to(top).as_posix())

    def commit(self, revision: str) -> str:
        """The commit that a revision names. Raises `UsageError`."""
        try:
            # A name that begins with a dash stays a name.
            named = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except (GitRefusal, ValueError):
            raise UsageError(
                _("Git knows no revision “{revision}” here").format(revision=revision),
                hint=_("a branch, a tag or a commit of this clone; in CI, fetch the whole history first"),
            ) from None
        return named.decode("ascii").strip()

    def write_files(self, commit: str, target: Path, number: int) -> None:
        """What the issue is checked with, as it stood in the commit, byte for byte, below `target`."""
        entries = [entry for entry in self._entries(commit) if _is_needed(entry[2], number)]
        links = []
        for (mode, _identifier, name), content in zip(
            entries, self._contents([identifier for _mode, identifier, _name in entries]), strict=True
        ):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if mode == LINK_MODE:
                links.append((path, os.fsdecode(content)))
            else:
                path.write_bytes(content)
        for path, destination in links:
            # One that leads out of the workspace would show today's file, or anybody's.
            if (path.parent / destination).resolve().is_relative_to(target.resolve()):
                path.symlink_to(destination)

    def renames(self, commit: str) -> dict[str, str]:
        """File of the commit → the name that it has today, both relative to the workspace."""
        # Against the index: to compare with the work tree, Git would run the filters that a configuration names.
        options = ("--cached", "-M", "--diff-filter=R", "--name-status", "-z", "--no-ext-diff", "--no-textconv")
        found = self._run("diff-index", *options, commit, "--", *self._paths()).split(b"\0")
        fields = [os.fsdecode(part) for part in found if part]
        return {self._inside(fields[index + 1]): self._inside(fields[index + 2]) for index in range(0, len(fields), 3)}

    def _entries(self, commit: str) -> Iterator[tuple[str, str, str]]:
        listed = self._run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *self._names())
        for entry in listed.split(b"\0"):
            if entry:
                head, _tab, name = entry.partition(b"\t")
                mode, _kind, identifier = head.decode("ascii").split()
                if mode != SUBMODULE_MODE:
                    yield mode, identifier, self._inside(os.fsdecode(name))

    def _contents(self, identifiers: Sequence[str]) -> Iterator[bytes]:
        """One after the other: all the pictures of an issue need not be in memory at once."""
        with tempfile.TemporaryFile() as wanted:
            wanted.write("".join(f"{identifier}\n" for identifier in identifiers).encode("ascii"))
            wanted.seek(0)
            with open_git(self.folder, "cat-file", "--batch", stdin=wanted) as git:
                assert git.stdout is not None
                for identifier in identifiers:
                    said = git.stdout.readline().split()
                    if len(said) != 3:
                        raise UsageError(
                            _("Git has not got all of that revision ({identifier} is missing)").format(
                                identifier=identifier
                            ),
                            hint=_("a branch, a tag or a commit of this clone; in CI, fetch the whole history first"),
                        )
                    yield git.stdout.read(int(said[2]))
                    git.stdout.read(1)

    def _names(self) -> list[str]:
        return [str(self.prefix / part) for part in PARTS]

    def _paths(self) -> list[str]:
        # Seen from the top, and no signs with a meaning.
        return [f":(top,literal){name}" for name in self._names()]

    def _inside(self, name: str) -> str:
        return PurePosixPath(name).relative_to(self.prefix).as_posix()

    def _run(self, *arguments: str) -> bytes:
        try:
            return run_git(self.folder, *arguments)
        except GitMissing:
            raise UsageError(
                _("--since needs Git, which is not installed"), hint=_("install Git, or leave --since out")
            ) from None


def _is_needed(name: str, number: int) -> bool:
    """Whether the check of an issue looks at a file; of the other issues, at their texts only."""
    parts = PurePosixPath(name).parts
    if parts[0] != "sections" or len(parts) < 3:
        return True
    is_own = parts[1].isdecimal() and int(parts[1]) == number
    return is_own or name.lower().endswith(".md")


def prefix_in_repository(root: Path) -> str:
    """The way from the top of the repository to the workspace, with forward slashes; empty where they are one.

    Looked up without Git: reports are made where it is not installed, too.
    """
    root = root.resolve()
    top = find_top(root) or root
    relative = root.relative_to(top).as_posix()
    return "" if relative == "." else relative
