"""Where another `nl` comes first on the PATH, or none of ours is on it, the demonstration and `nl doctor` say so."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.inside import call
from tests.workspaces import NL, environment, make_workspace, write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs are made here as on POSIX")
OURS = Path(NL).parent


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A folder of the PATH with an `nl` that numbers lines; it is never started."""
    program = write(tmp_path / "theirs" / "nl", "#!/bin/sh\ntouch started\n")
    program.chmod(0o755)
    return program.parent


def said(program: str, *folders: Path, cwd: Path, command: str = "doctor") -> str:
    needed = [Path(found).parent for found in (shutil.which("git"),) if found]
    kept = cwd / "kept"
    kept.mkdir(exist_ok=True)
    for folder in needed:
        if not (kept / "git").exists():
            (kept / "git").symlink_to(folder / "git")
    env = environment(PATH=os.pathsep.join(map(str, [*folders, kept])), TMPDIR=str(cwd))
    done = call(command, cwd=cwd, env=env, program=str(OURS / program))
    assert not (cwd / "started").exists()
    return done.out + done.err


def test_the_doctor_tells_which_name_starts_this_program(theirs: Path, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "letter").root
    here, there = OURS, theirs
    another = f"“nl” is another program on your PATH: {there / 'nl'}"
    assert f"! program: {another}\n  → type in its place: newsletter\n" in said("nl", there, here, cwd=root)
    assert f"! program: {another}\n  → type in its place: {OURS / 'newsletter'}\n" in said("nl", there, cwd=root)
    assert "! program: there is no “nl” on your PATH\n  → type in its place: " in said("nl", cwd=root)
    assert "✓ program: “nl” starts this program\n" in said("nl", here, there, cwd=root)
    assert f"✓ program: you type newsletter; {another}\n" in said("newsletter", there, here, cwd=root)


def test_a_link_to_it_and_another_copy_are_this_program(theirs: Path, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "letter").root
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "nl").symlink_to(NL)
    # As the launchers of Windows: a program, and behind it the script.
    copied = write(tmp_path / "copied" / "nl", b"MZ\x00\xff" * 9000 + b"from newsletter_cli.__main__ import main")
    copied.chmod(0o755)
    for folder in ("linked", "copied"):
        assert "✓ program: “nl” starts this program" in said("nl", tmp_path / folder, theirs, cwd=root)


@pytest.mark.long
def test_the_demonstration_ends_with_what_can_be_typed(theirs: Path, tmp_path: Path) -> None:
    told = said("nl", theirs, cwd=tmp_path, command="demo")
    assert told.endswith(
        f"“nl” is another program on your PATH: {theirs / 'nl'}; type in its place: {OURS / 'newsletter'}\n"
    )
    assert "on your PATH" not in said("newsletter", theirs, OURS, cwd=tmp_path, command="demo")
