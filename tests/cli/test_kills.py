"""A command that writes, killed at any step: nothing is half there, and the same command completes it."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from newsletter_cli.base.files import LEFTOVERS
from tests.failures import run_killed
from tests.pictures import png
from tests.workspaces import NL, SIGKILL, environment, make_workspace, run, tree, write

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
    "init": ("init", "--name", "Tidings", "--language", "en"),
    "list-import": ("list", "import", "people.csv", "--consent", "asked at the door"),
    "list-add": ("list", "add", "ada@example.org", "--consent", "asked at the door"),
}
# Those that take many steps, or long, are not killed at each of them, unless a long night is wanted (NL_KILLS). The
# strides are odd: a file is written in an even number of steps.
STRIDES = {"new": 3, "import": 3, "import-learn": 3, "init": 3, "assemble": 9, "fix": 9}


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


def test_killed_at_each_step_and_run_again(tmp_path: Path, command: str) -> None:
    start = prepare(tmp_path / "start", command)
    before = lasting(start)
    whole = shutil.copytree(start, tmp_path / "whole")
    assert not run_killed(whole, *COMMANDS[command])
    after = lasting(whole)
    assert (after != before) == (not command.startswith("list"))
    stride = 1 if "NL_KILLS" in os.environ else STRIDES.get(command, 1)
    for step in itertools.count(1, stride):
        root = shutil.copytree(start, tmp_path / str(step))
        if not run_killed(root, *COMMANDS[command], step=step):
            break
        assert_whole(lasting(root), before, after)
        # `nl new` that had come to its end would begin another issue.
        if lasting(root) != after:
            run_killed(root, *COMMANDS[command])
            assert command == "init" or not [name for name in tree(root) if is_left(name)], step
        assert lasting(root) == after, step
        shutil.rmtree(root)


@pytest.mark.skipif("NL_KILLS" not in os.environ, reason="the steps above are sure, and faster: NL_KILLS=100")
def test_killed_at_any_instant_and_run_again(
    tmp_path: Path, command: str, record_property: Callable[[str, object], None]
) -> None:
    kills = int(os.environ["NL_KILLS"])
    start = prepare(tmp_path / "start", command)
    before = lasting(start)
    whole = shutil.copytree(start, tmp_path / "whole")
    started = time.monotonic()
    run(*COMMANDS[command], cwd=whole)
    duration = time.monotonic() - started
    after = lasting(whole)
    chance = random.Random(command)
    killed = 0
    for turn in range(kills):
        root = shutil.copytree(start, tmp_path / str(turn))
        process = subprocess.Popen(
            [NL, *COMMANDS[command]],
            cwd=root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(duration * chance.uniform(0.4, 1.0))
        process.kill()
        killed += process.wait() == -SIGKILL
        assert_whole(lasting(root), before, after)
        if lasting(root) != after:
            run(*COMMANDS[command], cwd=root)
        assert lasting(root) == after
        shutil.rmtree(root)
    record_property("killed", f"{killed} of {kills}")
