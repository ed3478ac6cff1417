"""An effect seen from outside: the same command twice, without an option and with it, each in a fresh workspace."""

from __future__ import annotations

import contextlib
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from newsletter_cli.base.values import replace
from tests.inside import call
from tests.workspaces import tree

# What makes the workspace; what it gives stands in the arguments between braces: `{port}`.
Stage = Callable[[Path], None]
Surroundings = Callable[[Path], AbstractContextManager[Mapping[str, str]]]
Preparation = Callable[[Path, Mapping[str, str]], None]
# Empty until somebody is written into it.
DATABASES = (".db", ".db-wal", ".db-shm", ".lock")


@contextlib.contextmanager
def nothing_around(_folder: Path) -> Iterator[Mapping[str, str]]:
    yield {}


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an option does to a command.

    `shows` stands in what is seen only with it, `hides` only without it; `refused` is what an error of status 2 says,
    with a hint, where the option can do nothing. `then` is a command that shows what the first one did. `typed` is
    what somebody at the keyboard answers. `is_elsewhere`: it is run from the folder above the workspace, with `-C`.
    """

    option: str
    of: str
    stage: Stage
    shows: str = ""
    hides: str = ""
    refused: str = ""
    then: str = ""
    typed: str | None = None
    env: Mapping[str, str | None] = field(default_factory=dict)
    around: Surroundings = nothing_around
    needs_git: bool = False
    is_elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody sees of a command: what it says, and what it does to files."""

    status: int
    err: str
    whole: str
    has_changed_files: bool


class Stages:
    """Workspaces made once, then copied for each command; and what was seen of the commands without an option."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._made: dict[Stage, Path] = {}
        self._count = 0
        self._seen: dict[str, Seen] = {}

    def fresh(self, stage: Stage) -> Path:
        """A copy of its own, always of the same name."""
        if stage not in self._made:
            self._made[stage] = self._folder / f"stage-{len(self._made)}"
            self._made[stage].mkdir()
            stage(self._made[stage])
        self._count += 1
        root = self._folder / f"{self._count}" / "workspace"
        shutil.copytree(self._made[stage], root, symlinks=True)
        return root

    def without(self, effect: Effect) -> Seen:
        """The command without the option: the same for each of its options."""
        bare = repr(replace(effect, option="", shows="", hides=""))
        return self.once(bare, lambda: see(self, effect, is_given=False))

    def once(self, what: str, look: Callable[[], Seen]) -> Seen:
        """What is seen of it, looked at the first time alone."""
        if what not in self._seen:
            self._seen[what] = look()
        return self._seen[what]


def see(
    stages: Stages,
    effect: Effect,
    *,
    is_given: bool,
    prepare: Preparation = lambda root, surroundings: None,
    first: Sequence[str] = (),
) -> Seen:
    """The command, with the option or without it; `prepare` changes the workspace, `first` is a command before."""
    root = stages.fresh(effect.stage)
    folder, outer = (root.parent, ["-C", root.name]) if effect.is_elsewhere else (root, [])
    with effect.around(root.parent) as surroundings:
        prepare(root, surroundings)
        if first:
            before_it = call(*outer, *first, cwd=folder, env=effect.env)
            assert before_it.status == 0, before_it.out + before_it.err
        before = tree(folder)
        line = f"{effect.of} {effect.option if is_given else ''}"
        for name, value in surroundings.items():
            line = line.replace(f"{{{name}}}", value)
        # What one of them trusts is none of the others' business, nor of whoever runs the tests.
        env = {"NL_CONFIG_DIR": str(root.parent / "config"), **effect.env}
        done = call(*outer, *shlex.split(line), cwd=folder, typed=effect.typed, env=env)
        after = tree(folder)
        said = [f"status {done.status}", done.out, done.err, *_changes(before, after)]
        if effect.then:
            said.append(call(*shlex.split(effect.then), cwd=root).out)
    heard = root.parent / "heard.txt"
    if heard.is_file():
        said.append(heard.read_text("utf-8"))
    assert "Traceback" not in done.err, done.err
    assert "fault of nl" not in done.err, done.err
    whole = "\n".join(said).replace(str(root.parent), "…")
    return Seen(status=done.status, err=done.err, whole=whole, has_changed_files=_has_changed(before, after))


def _has_changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> bool:
    """Whether anything is there that was not, or is not what it was; looking makes databases, locks and state/."""
    made = [name for name in after.keys() - before.keys() if not name.endswith((*DATABASES, "state/"))]
    return bool(made) or any(after.get(name) != content for name, content in before.items() if not name.endswith("/"))


def _changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"== {name} is gone"
        elif after[name] != before.get(name):
            yield f"== {name.removeprefix('workspace/')}"
            # The databases are shown by the commands that read them.
            if not name.endswith(DATABASES):
                with contextlib.suppress(UnicodeDecodeError):
                    yield after[name].decode()


def watch(stages: Stages, effect: Effect) -> None:
    """Fails where the option makes no difference, or not the one it is there for."""
    given = see(stages, effect, is_given=True)
    if effect.refused:
        assert (given.status, given.has_changed_files) == (2, False), given.whole
        assert effect.refused in given.err, given.err
        assert "\n  → " in given.err, given.err
        return
    without = stages.without(effect)
    assert effect.shows or effect.hides, "a row says what the option shows, hides, or why it is refused"
    if effect.shows:
        assert effect.shows in given.whole, given.whole
        assert effect.shows not in without.whole, without.whole
    if effect.hides:
        assert effect.hides in without.whole, without.whole
        assert effect.hides not in given.whole, given.whole
