"""What `make demo` and `make test` do, where there is no `make`: `python scripts/dev.py demo`, `… test`.

Of the standard library alone. It makes the virtual environment first (`.venv`, with pinned and hashed requirements).
`tests/packaging/test_dev.py` compares its steps with those of the Makefile.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
READY = VENV / ".ready"
OLDEST = (3, 11)
# By their names: each is a program of the virtual environment, as in the Makefile.
SETUP = (
    "python -m pip install --quiet --require-hashes -r requirements/dev.txt",
    "python -m pip install --quiet --no-deps --no-build-isolation --editable .",
)
DEMO = ("nl demo",)
TEST = (
    "python -m tests.compiling",
    "ruff format --check .",
    "ruff check .",
    "lint-imports",
    "mypy",
    'python -m pytest -n auto --dist worksteal -m "not long"',
)
PROGRAMS = "scripts/system-programs"
NO_PROGRAMS = (
    "Not installed here, since scripts/system-programs wants bash, on Linux or macOS: Chromium, Node, PostgreSQL,\n"
    "Postfix, Dovecot… Tests that need one of them are skipped, and named at the end."
)


def set_up() -> None:
    """The virtual environment, made anew where what it needs has changed."""
    if sys.version_info < OLDEST:
        sys.exit("nl needs Python 3.11 or newer")
    needed = [ROOT / "requirements" / "dev.txt", ROOT / "pyproject.toml"]
    if READY.is_file() and all(one.stat().st_mtime <= READY.stat().st_mtime for one in needed):
        return
    if not (VENV / "pyvenv.cfg").is_file():
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    for step in SETUP:
        run(step)
    READY.touch()


def test(more: Sequence[str]) -> None:
    """Every check, and every test that does not take minutes."""
    if os.name != "nt" and shutil.which("bash"):
        call([str(ROOT / PROGRAMS)])
    else:
        print(NO_PROGRAMS)
    for step in TEST[:-1]:
        run(step)
    run(TEST[-1], more)


def run(step: str, more: Sequence[str] = ()) -> None:
    """A step, by a program of the virtual environment. Ends with its status where it fails."""
    program, *arguments = shlex.split(step)
    call([str(BIN / f"{program}{'.exe' if os.name == 'nt' else ''}"), *arguments, *more])


def call(command: Sequence[str]) -> None:
    """Run a program in the clone, shown as it is."""
    print("$", " ".join(command), flush=True)
    # Tests start hundreds of processes: each would compile every module anew.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    try:
        status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    except KeyboardInterrupt:
        status = 130
    if status:
        sys.exit(status)


def main() -> None:
    """Do what is named."""
    parser = argparse.ArgumentParser(description="What make demo and make test do, where there is no make.")
    parser.add_argument("what", choices=["setup", "demo", "test"])
    parser.add_argument("more", nargs=argparse.REMAINDER, help="further arguments, for pytest")
    chosen = parser.parse_args()
    set_up()
    if chosen.what == "demo":
        run(*DEMO)
    elif chosen.what == "test":
        test(chosen.more)


if __name__ == "__main__":
    main()
