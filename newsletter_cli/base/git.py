"""Asking Git about the repository a workspace lies in. Every call of Git's is made here, and none changes it; those of
`git_commit.py` go through `run_git`.

The repository may come from anybody, with its `.git/config`: what could run a program is turned off.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from newsletter_cli.base.programs import find_program

# What a configuration can have run while a repository is only read. A folder of the work tree that merely looks like
# a bare repository would bring a configuration of its own.
SAFE_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.sshCommand": "false",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
}
MOST_CONFLICTS = 127
# Where Git says which repository it works in: to a hook, for instance.
REPOSITORY_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")


class GitMissing(Exception):
    """There is no Git on this machine."""


class GitRefusal(Exception):
    """Git's own words."""


def find_top(root: Path) -> Path | None:
    """The top of the work tree that the folder lies in; told without Git."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)


def run_git(
    folder: Path,
    *arguments: str,
    statuses: tuple[int, ...] = (0,),
    top: Path | None = None,
    said: bytes = b"",
    index: Path | None = None,
) -> bytes:
    """What a command of Git's prints, started in `folder`. `statuses`: those that are answers.

    `top`: that of the work tree to ask about, whatever a hook's environment or the repository itself says. `said` is
    what it reads from its standard input; `index` is a file in the place of the repository's own index. Raises
    `GitMissing`, `GitRefusal`.
    """
    environment = _environment(top)
    if index is not None:
        environment = {**environment, "GIT_INDEX_FILE": str(index)}
    done = subprocess.run(  # noqa: S603 - a list of arguments, through no shell
        [*_program(), *arguments],
        cwd=folder,
        env=environment,
        input=said,
        capture_output=True,
        check=False,
    )
    if done.returncode not in statuses:
        raise GitRefusal(done.stderr.decode("utf-8", "replace").strip().partition("\n")[0])
    return done.stdout


def merge_texts(ours: str, base: str, theirs: str, *, names: tuple[str, str]) -> tuple[str, int]:
    """What became of a text that two sides have changed since `base`, and how many conflicts are marked in it, each
    side by its name of `names`. Lines end with `\\n`; no repository is asked. Raises `GitMissing`, `GitRefusal`.
    """
    with tempfile.TemporaryDirectory(prefix="nl-merge-") as name:
        folder = Path(name)
        for file, text in (("ours", ours), ("base", base), ("theirs", theirs)):
            (folder / file).write_bytes(text.encode())
        labels = ("-L", names[0], "-L", "base", "-L", names[1])
        done = subprocess.run(  # noqa: S603 - a list of arguments, through no shell
            # Somebody may have chosen other marks for their own merges.
            [*_program(), "-c", "merge.conflictStyle=merge", "merge-file", "-p", *labels, "ours", "base", "theirs"],
            cwd=folder,
            # Whatever folder for such files the system names, it belongs to no repository.
            env=_without_repository(_environment()) | {"GIT_CEILING_DIRECTORIES": str(folder.parent)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    # As many as there are conflicts, 127 at most; above, or a signal, it is no answer.
    if not 0 <= done.returncode <= MOST_CONFLICTS:
        raise GitRefusal(done.stderr.decode("utf-8", "replace").strip().partition("\n")[0])
    return done.stdout.decode(), done.returncode


def open_git(folder: Path, *arguments: str, stdin: IO[bytes]) -> subprocess.Popen[bytes]:
    """The same, its answers read one after the other. Raises `GitMissing`."""
    return subprocess.Popen(  # noqa: S603 - a list of arguments, through no shell
        [*_program(), *arguments],
        cwd=folder,
        env=_environment(),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def first_tracked(root: Path, name: str) -> str | None:
    """A file that Git tracks at or below `name` in `root`, whatever its case; `None` for none, or where Git cannot say.

    Raises `GitMissing`, `GitRefusal`.
    """
    tracked = run_git(root, "ls-files", "-z", "--", f":(icase){name}", top=find_top(root))
    first = tracked.partition(b"\0")[0]
    return os.fsdecode(first) if first else None


def is_ignored(root: Path, name: str) -> bool:
    """Whether Git leaves it alone. Raises `GitMissing`, `GitRefusal`."""
    # 1 is a plain no.
    return bool(run_git(root, "check-ignore", "--no-index", "--", name, statuses=(0, 1), top=find_top(root)))


def is_committed(root: Path, name: str) -> bool:
    """Whether the last commit has a file of that name. Raises `GitMissing`, `GitRefusal`: without any commit, too."""
    return bool(run_git(root, "ls-tree", "-z", "HEAD", "--", name, top=find_top(root)))


def names_ignored(top: Path, names: Iterable[str]) -> set[str]:
    """Of names seen from the top of the work tree, those that `git add` leaves alone: ignored, and not tracked either.

    All are asked about in one go. Raises `GitMissing`, `GitRefusal`.
    """
    asked = b"".join(os.fsencode(name) + b"\0" for name in names)
    return _split(run_git(top, "check-ignore", "-z", "--stdin", statuses=(0, 1), top=top, said=asked))


def names_tracked(top: Path, names: Iterable[str]) -> set[str]:
    """The files that Git tracks among these names, or below them. Raises `GitMissing`, `GitRefusal`."""
    literal = [f":(top,literal){name}" for name in names]
    return _split(run_git(top, "ls-files", "-z", "--", *literal, top=top)) if literal else set()


def files_taken(folder: Path, patterns: Iterable[str]) -> set[str]:
    """What below `folder` Git tracks, or would with `git add -A`; `patterns` as `*.csv`, whatever their case.

    Names are seen from the folder. Raises `GitMissing`, `GitRefusal`.
    """
    # In a folder below the top, Git's own `icase` finds nothing that is not tracked.
    wanted = [re.sub("[a-z]", lambda letter: f"[{letter[0]}{letter[0].upper()}]", pattern) for pattern in patterns]
    options = ("-z", "--cached", "--others", "--exclude-standard")
    return _split(run_git(folder, "ls-files", *options, "--", *wanted, top=find_top(folder)))


def user_name(root: Path) -> str:
    """The name that Git would put on a commit made here, as the user has told it; empty where it knows none."""
    try:
        return run_git(root, "config", "--get", "user.name", statuses=(0, 1)).decode("utf-8", "replace").strip()
    except (GitMissing, GitRefusal):
        return ""


def _split(answer: bytes) -> set[str]:
    return {os.fsdecode(name) for name in answer.split(b"\0") if name}


def _program() -> list[str]:
    program = find_program("git")
    if program is None:
        raise GitMissing
    settings = [part for key, value in SAFE_SETTINGS.items() for part in ("-c", f"{key}={value}")]
    return [program, "--no-pager", *settings]


def _environment(top: Path | None = None) -> Mapping[str, str]:
    environment = {
        **os.environ,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        # A clone without all its objects fetches what is asked for, with whatever program its remote names.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "LC_ALL": "C",
    }
    if top is not None:
        environment = _without_repository(environment) | {"GIT_DIR": str(top / ".git"), "GIT_WORK_TREE": str(top)}
    # A hook of Git's is told of its index as seen from where it runs.
    elif "GIT_INDEX_FILE" in environment:
        environment["GIT_INDEX_FILE"] = os.path.abspath(environment["GIT_INDEX_FILE"])  # noqa: PTH100 - links stay
    return environment


def _without_repository(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in REPOSITORY_VARIABLES}
