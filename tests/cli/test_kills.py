"""A command that writes, killed at any step: nothing is half there, and the same command completes it."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.leftovers import LEFTOVERS
from tests.failures import cpu_seconds_of_children, run_killed
from tests.inside import call
from tests.pads.server import HedgeDoc
from tests.pictures import png
from tests.workspaces import make_workspace, tree, write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

POST = "---\ntitle: Tidings 1\nslug: tidings-1\ndate: 2026-05-01\n---\nHello.\n\n## News\nOne.\n\n## Sundries\nTwo.\n"
ABOUT = "---\nauthor: Ada\n---\nWho we are ![us](images/us.png).\n"
FAULTY = "---\nauthor: Ada\n---\nAu 19ème siècle , *un\n\nLe 1er  mai ...\n"
COMMANDS = {
    "new": ("new", "--date", "2026-07-01"),
    "new-again": ("new", "2", "--date", "2026-07-01"),
    "import": ("import", "post.md", "--issue", "4"),
    "import-learn": ("import", "post.md", "--learn"),
    "assemble": ("assemble",),
    "fix": ("check", "--fix"),
    "pull": ("pull", "--allow-private"),
    "init": ("init", "--name", "Tidings", "--language", "en"),
    "list-import": ("list", "import", "people.csv", "--consent", "asked at the door"),
    "list-add": ("list", "add", "ada@example.org", "--consent", "asked at the door"),
}
# Those that take many steps are not killed at each of them by `make test`. A file takes two to four steps (open, fsync,
# link or rename, unlink), and these strides share no factor with that: in the long run each of them is met.
STRIDES = {"new": 5, "assemble": 7, "fix": 5, "pull": 5, "list-import": 3}
# At random instants: so many in all by `make test`, so many of each command by `make test-long`.
FEW_KILLS = 40
MANY_KILLS = int(os.environ.get("NL_KILLS", "100"))
# Changed here and in the pad, on neighbouring lines, since it was fetched.
SITE = HedgeDoc()
SITE.pads["about"] = "- one\n- two\n- 3\n"
SEED = int(os.environ.get("NL_SEED", "1"))


# Of the session: workers that take tests from each other come back to a module.
@pytest.fixture(scope="session", autouse=True)
def site() -> Iterator[None]:
    with SITE:
        yield


@pytest.fixture(params=COMMANDS)
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def prepare(root: Path, command: str) -> Path:
    """A workspace in which the command has something to do."""
    if command == "init":
        root.mkdir()
        return root
    issue = {"_issue.md": "---\ntitle: One\ndate: 2026-06-11\n---\n", "about.md": ABOUT, "news.md": FAULTY}
    make_workspace(root, issues={} if command == "import-learn" else {1: issue})
    if command != "import-learn":
        write(root / "sections/001/images/us.png", png())
    if command == "pull":
        about = f"---\npad: {SITE.address('about')}\n---\n"
        write(root / "sections/001/about.md", f"{about}\n- un\n- two\n- three\n")
        write(root / "sections/001/.pads/about.md", "- one\n- two\n- three\n")
    if command == "new-again":
        write(root / "sections/002/news.md", "Mine.\n")
    if command == "assemble":
        write(root / "build/001/email.html", "the last one")
    write(root / "post.md", POST)
    write(root / "people.csv", "email;name\nada@example.org;Ada\nno address;Ben\n")
    return root


def lasting(root: Path) -> dict[str, bytes]:
    """What is there but for the private state, whose databases look after themselves, and what Git leaves out."""
    return {
        name: content for name, content in tree(root).items() if not name.startswith("state/") and not is_left(name)
    }


def is_left(name: str) -> bool:
    return any(fnmatch(part, LEFTOVERS) for part in name.split("/"))


def assert_whole(now: dict[str, bytes], before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Each file is the old one or the new one; nothing else is there."""
    for name, content in now.items():
        assert name.endswith("/") or content in {before.get(name), after.get(name)}, name


def people(root: Path) -> tuple[list[tuple[str, ...]], set[bytes]]:
    """Who is on the list, as another command finds it, and the rows that wait for somebody to put them right."""
    found = json.loads(call("list", "show", "--json", cwd=root).out or "[]")
    refused = {path.read_bytes() for path in (root / "state" / "rejects").glob("*.csv")}
    return [(one["address"], one["name"], one["status"]) for one in found], refused


class Trial:
    """A command that is killed again and again, each time on a copy of the same workspace."""

    def __init__(self, folder: Path, command: str):
        self.folder = folder
        self.command = command
        self.start = prepare(folder / "start", command)
        self.before = lasting(self.start)
        whole = shutil.copytree(self.start, folder / "whole")
        before = cpu_seconds_of_children()
        assert not run_killed(whole, *COMMANDS[command])
        # How long it takes is no matter of truth: an instant that comes too late kills nothing.
        self.seconds = cpu_seconds_of_children() - before
        self.after = lasting(whole)
        self.people = people(whole) if self.is_about_people else None
        assert (self.after != self.before) == (not self.is_about_people)
        assert self.people is None or self.people[0]

    @property
    def is_about_people(self) -> bool:
        """Whether what it writes is the private list alone."""
        return self.command.startswith("list")

    def kill(self, **when: Any) -> bool:
        """Kill it once, look at what is there, run it again; whether it was killed indeed."""
        arguments = COMMANDS[self.command]
        root = shutil.copytree(self.start, self.folder / "killed")
        is_killed = run_killed(root, *arguments, **when)
        told = f"{self.command} {when} NL_SEED={SEED}"
        assert_whole(lasting(root), self.before, self.after)
        # `nl new` that had come to its end would begin another issue.
        if self.is_about_people or lasting(root) != self.after:
            run_killed(root, *arguments)
            assert self.command == "init" or not [name for name in tree(root) if is_left(name)], told
        assert lasting(root) == self.after, told
        assert not self.is_about_people or people(root) == self.people, told
        shutil.rmtree(root)
        return is_killed

    def kill_at_random(self, kills: int) -> int:
        """At so many instants, from the beginning to the end; how many came before the end."""
        chance = random.Random(f"{self.command} {SEED}")
        return sum(self.kill(after_cpu_seconds=self.seconds * chance.uniform(0.01, 1.0)) for _turn in range(kills))


# Of each kind one: a folder, a rendition, files that are there already, two that belong together, the private list. The
# others are killed at each of their steps by `make test-long`.
@pytest.mark.parametrize("command", ["new", "assemble", "fix", "pull", "list-import"])
def test_killed_at_some_steps_and_run_again(tmp_path: Path, command: str) -> None:
    trial = Trial(tmp_path, command)
    for step in itertools.count(1, STRIDES[command]):
        if not trial.kill(step=step):
            break


@pytest.mark.long
def test_killed_at_each_step_and_run_again(tmp_path: Path, command: str) -> None:
    trial = Trial(tmp_path, command)
    for step in itertools.count(1):
        if not trial.kill(step=step):
            break


def test_killed_at_any_instant_and_run_again(tmp_path: Path, command: str) -> None:
    place = list(COMMANDS).index(command)
    Trial(tmp_path, command).kill_at_random(FEW_KILLS // len(COMMANDS) + (place < FEW_KILLS % len(COMMANDS)))


@pytest.mark.long
def test_killed_at_very_many_instants_and_run_again(
    tmp_path: Path, command: str, record_property: Callable[[str, object], None]
) -> None:
    killed = Trial(tmp_path, command).kill_at_random(MANY_KILLS)
    record_property("killed", f"{killed} of {MANY_KILLS}")
