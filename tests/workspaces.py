"""What the tests of whole commands share: workspaces made in a line, and `nl` as a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.flows.manuscript import build_manuscript
from newsletter_cli.flows.read import read_sources
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parent.parent
NL = str(Path(sys.executable).parent / "nl")
CORPUS = ROOT / "tests" / "corpus" / "posts"
# Windows has neither: what needs them is skipped there, but the modules are read.
SIGKILL: int = getattr(signal, "SIGKILL", 9)
IS_ROOT = sys.platform != "win32" and os.geteuid() == 0

CONFIG = """\
[newsletter]
name = "Tidings"
language = "en"

[[sections]]
slug = "agenda"
title = "Coming up"

[[sections]]
slug = "news"
title = "News"

[[sections]]
slug = "about"
title = "About us"
new = false
standing = true
"""
ISSUE = {
    "_issue.md": '---\ntitle: "Tidings #1"\ndate: 2026-06-11\n---\nHello.\n',
    "agenda.md": "---\nauthor: Ada\nevents:\n  - title: Tea\n    start: 2026-06-18T16:00\n---\nCome along.\n",
    "news.md": "---\nauthor: Grace\n---\nSomething [happened](https://example.org/a).\n",
    "about.md": "Who we are.\n",
}


def make_workspace(
    root: Path, config: str = CONFIG, issues: Mapping[int, Mapping[str, str]] | None = None
) -> Workspace:
    """A workspace with these issues, each a mapping of file to text."""
    root.mkdir(parents=True, exist_ok=True)
    write(root / "newsletter.toml", config)
    for number, files in ({1: ISSUE} if issues is None else issues).items():
        for name, text in files.items():
            write(root / "sections" / f"{number:03d}" / name, text)
    return open_workspace(root)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


LOCKS = ("files.lock", "pull.lock")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by relative path; folders that are empty end in a slash.

    The locks by which those who write wait for each other are nobody's text, and left out.
    """
    found: dict[str, bytes] = {}
    for here, folders, names in os.walk(folder):
        path = Path(here)
        place = path.relative_to(folder).as_posix()
        files = [name for name in names if name not in LOCKS]
        if place != "." and not files and not folders:
            found[f"{place}/"] = b""
        prefix = "" if place == "." else f"{place}/"
        # No link is followed to what it leads to.
        found |= {f"{prefix}{name}": (path / name).read_bytes() for name in files if (path / name).is_file()}
        found |= {
            f"{prefix}{name}/": b""
            for name in folders
            if (path / name).is_symlink() and not any((path / name).iterdir())
        }
    return dict(sorted(found.items()))


def git(folder: Path, *arguments: str) -> None:
    """Git, as nobody in particular."""
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", *arguments],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


def environment(**extra: str) -> dict[str, str]:
    """A plain environment: English, no terminal, no network, nothing of the machine's that could change a result."""
    kept = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "COVERAGE_PROCESS_CONFIG", "COVERAGE_FILE",
            "NL_CACHE_DIR", "NL_CONFIG_DIR")  # fmt: skip
    return (
        {name: os.environ[name] for name in kept if name in os.environ}
        | {"NL_LANG": "en", "NL_OFFLINE": "1", "NL_NO_LANGUAGE": "1", "NL_PASSPHRASE": "three words more"}
        | extra
    )


def run(
    *arguments: str, env: Mapping[str, str] | None = None, prefix: Sequence[str] = (), **options: Any
) -> subprocess.CompletedProcess[str]:
    """`nl` with these arguments; nobody at the keyboard. A traceback fails the test, whatever else it looks at."""
    usual: dict[str, Any] = {"stdin": subprocess.DEVNULL, "timeout": PATIENCE_SECONDS, "errors": "surrogateescape"}
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [*prefix, NL, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment(**(env or {})),
        check=False,
        **(usual | options),
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def open_terminal() -> tuple[int, int]:
    """A pseudo-terminal: the end that somebody sits at, and the one that `nl` sees."""
    if sys.platform == "win32":
        pytest.skip("needs a terminal of POSIX")
    else:
        import pty

        return pty.openpty()


def own_terminal() -> None:
    """What a new process does first, so that Ctrl-C on its standard input reaches it."""
    if sys.platform != "win32":
        import fcntl
        import termios

        fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def obeying_permissions() -> list[str]:
    """What to put before a command so that permissions apply to it: root reads and writes everywhere."""
    if not IS_ROOT:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv, or a user who is not root")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def read_manuscript(workspace: Workspace, number: int) -> Manuscript:
    """The issue as its files stand, for the rules on content."""
    return build_manuscript(workspace, read_sources(workspace, number))
