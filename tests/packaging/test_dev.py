"""The README's two commands without `make` do what they do with it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import dev
from tests.workspaces import ROOT


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize(("target", "steps"), [("demo", dev.DEMO), ("test", dev.TEST)])
def test_its_steps_are_those_of_make(target: str, steps: tuple[str, ...]) -> None:
    # What would be done where nothing is there yet; `make` calls itself for some.
    told = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", target, "VENV=not-there", "ARGS="],
        cwd=ROOT, env={**os.environ, "MAKEFLAGS": ""}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    programs = [line.partition("not-there/bin/")[2] for line in told.splitlines() if line.startswith("not-there/bin/")]
    assert {tuple(shlex.split(one)) for one in (*dev.SETUP, *steps)} == {tuple(shlex.split(one)) for one in programs}
    assert (dev.PROGRAMS in told) is (target == "test")


def test_the_oldest_python_is_that_of_the_package() -> None:
    (oldest,) = re.findall(r'requires-python = ">=(\d+)\.(\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert tuple(map(int, oldest)) == dev.OLDEST


def test_where_everything_is_ready_the_demonstration_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "READY", tmp_path / "ready")
    monkeypatch.setattr(dev, "BIN", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path)
    (tmp_path / "pyvenv.cfg").touch()
    called: list[list[str]] = []
    monkeypatch.setattr(dev, "call", called.append)
    for _run in ("the first makes the environment", "the second finds it"):
        monkeypatch.setattr(sys, "argv", ["dev.py", "demo"])
        dev.main()
    program = str(tmp_path / ("nl.exe" if os.name == "nt" else "nl"))
    assert [one[1:3] for one in called] == [["-m", "pip"], ["-m", "pip"], ["demo"], ["demo"]]
    assert called[-1] == [program, "demo"]


def test_a_step_that_fails_ends_it_with_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "BIN", Path(sys.executable).parent)
    with pytest.raises(SystemExit) as ended:
        dev.run("python -c 'raise SystemExit(7)'")
    assert ended.value.code == 7
