"""A release, from one place: the version in `newsletter_cli/__init__.py` and the part of `CHANGELOG.md`.

    python scripts/release.py make 1.2.3    sets the version (and the wheel's name on the pages), dates the changelog,
                                            commits, tags; pushes nothing
    python scripts/release.py notes         the changelog's part of this version
    python scripts/release.py check v1.2.3  whether a tag is this version, and the changelog has its part
    python scripts/release.py build         a wheel and an sdist into dist/, always of the same bytes

Of the standard library alone, but for `build`, which runs hatchling.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

VERSION_FILE = Path("newsletter_cli/__init__.py")
CHANGELOG = Path("CHANGELOG.md")
UNRELEASED = "## [Unreleased]"
ASSIGNED = re.compile(r'^__version__ = "(?P<version>[^"]+)"$', re.MULTILINE)
WHEEL = "newsletter_cli-{}-py3-none-any.whl"
NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?")


class Refused(Exception):
    """Why there is no release, and what to do."""


def current(root: Path) -> str:
    """The version as the source has it."""
    found = ASSIGNED.search((root / VERSION_FILE).read_text("utf-8"))
    if found is None:
        raise Refused(f"{VERSION_FILE} has no __version__")
    return found["version"]


def order(version: str) -> tuple[int, int, int, str, int]:
    """What versions are compared by: 1.2.3rc1 comes before 1.2.3."""
    found = NUMBERS.fullmatch(version)
    if found is None:
        raise Refused(f"{version} is no version: write it as 1.2.3 or 1.2.3rc1")
    major, minor, patch, stage, number = found.groups()
    return int(major), int(minor), int(patch), stage or "z", int(number or 0)


def part(changelog: str, heading: str) -> str:
    """What stands under a heading of the changelog. Raises `Refused`."""
    found = re.search(rf"^{re.escape(heading)}[^\n]*\n(?P<text>.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if found is None:
        raise Refused(f"{CHANGELOG} has no part “{heading}”")
    if not re.search(r"^- ", found["text"], re.MULTILINE):
        raise Refused(f"{CHANGELOG} says nothing under “{heading}”")
    return found["text"].strip() + "\n"


def notes(root: Path) -> str:
    """The notes of this version."""
    return part((root / CHANGELOG).read_text("utf-8"), f"## [{current(root)}]")


def check(root: Path, tag: str) -> None:
    """Refuse a tag that is not this version, and a version without a dated part. Raises `Refused`."""
    version = current(root)
    if tag != f"v{version}":
        raise Refused(f"the tag is {tag}, and the version is {version}: it should be v{version}")
    notes(root)
    if not re.search(
        rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", (root / CHANGELOG).read_text("utf-8"), re.M
    ):
        raise Refused(f"{CHANGELOG}: the part of {version} has no date")


def make(root: Path, version: str, day: date) -> None:
    """Set the version, date the changelog, commit and tag. Nothing is changed where anything stands in the way."""
    before = current(root)
    if order(version) < order(before):
        raise Refused(f"{version} comes before {before}, the version there is")
    if git(root, "status", "--porcelain"):
        raise Refused("there are changes that are not committed, or files that Git does not know: git status")
    if git(root, "tag", "--list", f"v{version}"):
        raise Refused(f"the tag v{version} exists already")
    changelog = (root / CHANGELOG).read_text("utf-8")
    if f"\n## [{version}]" in changelog:
        raise Refused(f"{CHANGELOG} has a part of {version} already")
    said = part(changelog, UNRELEASED)
    dated = changelog.replace(UNRELEASED, f"{UNRELEASED}\n\n## [{version}] - {day.isoformat()}", 1)
    source = (root / VERSION_FILE).read_text("utf-8")
    write(root / CHANGELOG, dated)
    write(root / VERSION_FILE, ASSIGNED.sub(f'__version__ = "{version}"', source))
    for path in sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")]):
        # The wheel, where a page says how to install it.
        text = path.read_text("utf-8")
        if path.name != CHANGELOG.name and WHEEL.format(before) in text:
            write(path, text.replace(WHEEL.format(before), WHEEL.format(version)))
    git(root, "commit", "--quiet", "--all", "--message", f"Release {version}")
    # `#` begins a heading here, and a comment for Git.
    git(root, "tag", "--annotate", "--cleanup=verbatim", "--message", f"nl {version}\n\n{said}", f"v{version}")
    print(f"Release {version} is committed and tagged here; nothing was pushed. To publish it:")
    print(f"  git push origin HEAD v{version}")
    print(f"To take it back: git tag --delete v{version}, then git reset --keep HEAD~1")


def build(root: Path) -> None:
    """Build both files, by the moment of the commit, so that they are the same anywhere."""
    shutil.rmtree(root / "dist", ignore_errors=True)
    moment = os.environ.get("SOURCE_DATE_EPOCH") or git(root, "log", "-1", "--format=%ct")
    python = next(
        (one for one in (root / ".venv/bin/python", root / ".venv/Scripts/python.exe") if one.is_file()), None
    )
    command = [str(python or sys.executable), "-m", "hatchling", "build"]
    subprocess.run(command, cwd=root, env={**os.environ, "SOURCE_DATE_EPOCH": moment}, check=True)


def git(root: Path, *arguments: str) -> str:
    """What Git says. Raises `Refused`."""
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 - whoever releases has Git on the PATH
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Refused(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def write(path: Path, text: str) -> None:
    """Replace a file as a whole; its lines end in LF on every system."""
    aside = path.with_name(f".{path.name}.tmp")
    aside.write_bytes(text.encode())
    aside.replace(path)


def main() -> None:
    """Do what is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    made = commands.add_parser("make")
    made.add_argument("version")
    made.add_argument("--date", type=date.fromisoformat, default=None)
    commands.add_parser("notes")
    commands.add_parser("check").add_argument("tag")
    commands.add_parser("build")
    chosen, root = parser.parse_args(), Path.cwd()
    try:
        if chosen.what == "make":
            make(root, chosen.version, chosen.date or datetime.now(UTC).date())
        elif chosen.what == "notes":
            sys.stdout.write(notes(root))
        elif chosen.what == "check":
            check(root, chosen.tag)
        else:
            build(root)
    except Refused as refusal:
        sys.exit(f"{refusal}")


if __name__ == "__main__":
    main()
