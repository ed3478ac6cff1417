"""A commit of a few files on a branch of their own, made beside whatever else somebody has changed or staged.

The commit is put together from what the last one holds and the given contents, in an index of its own: nothing of the
work tree is read, no filter, hook or signing program runs (`commit-tree`, `hash-object --no-filters`, and the settings
of `git.py`), and nothing is pushed. Git's own messages are its reasons: `GitRefusal`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base.git import GitRefusal, names_ignored, run_git

UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG", "rebase-merge", "rebase-apply")
# As the old value of a branch: there must be none.
NOTHING = ""
HEADS = "refs/heads/"


class Hindrance(StrEnum):
    """Why no commit can be made."""

    NO_COMMIT = "no-commit"
    DETACHED = "detached"
    UNDER_WAY = "under-way"
    BAD_NAME = "bad-name"
    BRANCH_EXISTS = "branch-exists"
    NOBODY = "nobody"
    IGNORED = "ignored"
    FILTERED = "filtered"


class Uncommittable(Exception):
    """Why, and what it is about: a file, a branch, what is under way."""

    def __init__(self, hindrance: Hindrance, about: str = ""):
        super().__init__(hindrance, about)
        self.hindrance, self.about = hindrance, about


class Ready(Struct, frozen=True, kw_only=True):
    """A repository in which a commit can be made: the branch it goes to, whether that is new, the commit below it, and
    the remote that the branch of before is pushed to, if there is any.
    """

    top: Path
    branch: str
    is_new: bool
    parent: str
    remote: str | None


def ready_to_commit(top: Path, branch: str, names: Iterable[str]) -> Ready:
    """Look whether the files of those names, seen from the top, can be committed on the branch: a new one, or the one
    that is checked out. Raises `Uncommittable`, `GitMissing`, `GitRefusal`.
    """
    current = _said(top, "symbolic-ref", "-q", "HEAD", statuses=(0, 1)).removeprefix(HEADS)
    if not current:
        raise Uncommittable(Hindrance.DETACHED)
    parent = _said(top, "rev-parse", "--verify", "-q", "HEAD^{commit}", statuses=(0, 1, 128))
    if not parent:
        raise Uncommittable(Hindrance.NO_COMMIT)
    for name in UNDER_WAY:
        if os.path.lexists(top / _said(top, "rev-parse", "--git-path", name)):
            raise Uncommittable(Hindrance.UNDER_WAY, name.partition("_")[0].partition("-")[0].lower())
    try:
        _said(top, "check-ref-format", "--branch", branch)
    except GitRefusal:
        raise Uncommittable(Hindrance.BAD_NAME, branch) from None
    is_new = branch != current
    if is_new and _said(top, "for-each-ref", "--format=%(refname)", HEADS + branch):
        raise Uncommittable(Hindrance.BRANCH_EXISTS, branch)
    try:
        _said(top, "var", "GIT_COMMITTER_IDENT")
        _said(top, "var", "GIT_AUTHOR_IDENT")
    except GitRefusal:
        raise Uncommittable(Hindrance.NOBODY) from None
    names = list(names)
    for ignored in sorted(names_ignored(top, names)):
        raise Uncommittable(Hindrance.IGNORED, ignored)
    # Git LFS for one: what is committed without its filter is not what the site's other clones expect.
    answers = run_git(top, "check-attr", "-z", "--stdin", "filter", top=top, said=_joined(names)).split(b"\0")
    for file, value in zip(answers[0::3], answers[2::3], strict=False):
        if value not in (b"unspecified", b"unset"):
            raise Uncommittable(Hindrance.FILTERED, os.fsdecode(file))
    return Ready(top=top, branch=branch, is_new=is_new, parent=parent, remote=_remote(top, current))


def commit_files(ready: Ready, contents: Mapping[str, bytes], message: str) -> str | None:
    """Commit the contents on the branch, and have it checked out; the commit's name, or `None` where the last one has
    them all. Names are seen from the top. The repository's index has these files afterwards, all else stays as it is
    there. Raises `GitMissing`, `GitRefusal`.
    """
    top = ready.top
    entries = b""
    for name, content in contents.items():
        blob = run_git(top, "hash-object", "-w", "--no-filters", "--stdin", top=top, said=content).strip()
        entries += b"100644 " + blob + b"\t" + os.fsencode(name) + b"\0"
    with tempfile.TemporaryDirectory(prefix="nl-commit-") as folder:
        index = Path(folder) / "index"
        run_git(top, "read-tree", ready.parent, top=top, index=index)
        run_git(top, "update-index", "-z", "--add", "--index-info", top=top, index=index, said=entries)
        tree = run_git(top, "write-tree", top=top, index=index).decode().strip()
    if tree == _said(top, "rev-parse", f"{ready.parent}^{{tree}}"):
        return None
    made = run_git(top, "commit-tree", tree, "-p", ready.parent, top=top, said=message.encode()).decode().strip()
    # What can fail because another Git is at work comes first: until the branch is there, nothing has happened.
    run_git(top, "update-index", "-z", "--add", "--index-info", top=top, said=entries)
    run_git(top, "update-ref", HEADS + ready.branch, made, NOTHING if ready.is_new else ready.parent, top=top)
    if ready.is_new:
        run_git(top, "symbolic-ref", "HEAD", HEADS + ready.branch, top=top)
    return made


def _remote(top: Path, branch: str) -> str | None:
    configured = _said(top, "config", "--get", f"branch.{branch}.remote", statuses=(0, 1))
    known = _said(top, "remote").split()
    return configured or ("origin" if "origin" in known else next(iter(known), None))


def _said(top: Path, *arguments: str, statuses: tuple[int, ...] = (0,)) -> str:
    return run_git(top, *arguments, statuses=statuses, top=top).decode("utf-8", "replace").strip()


def _joined(names: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(name) + b"\0" for name in names)
