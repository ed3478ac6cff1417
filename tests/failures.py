"""What goes wrong on purpose: the disk refuses, somebody interrupts, a process is killed at one step of its writing."""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import newsletter_cli
from tests.workspaces import SIGKILL, environment

# What a kill may fall before or after: the calls that change a disk.
STEPS = ("open", "mkdir", "rename", "replace", "link", "unlink", "rmdir", "fsync")
UNIMPORTANT = ("/state/cache", "/state/links", os.devnull)


def refuse(*arguments: object, **options: object) -> None:
    raise OSError(28, "No space left on device")


def interrupt(*arguments: object, **options: object) -> None:
    raise KeyboardInterrupt


def nth(function: Callable[..., Any], count: int, failure: Callable[..., None]) -> Callable[..., Any]:
    """`function`, failing at its `count`th call."""
    calls = []

    def call(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        return failure() if len(calls) == count else function(*arguments, **options)

    return call


def fork() -> int:
    """A copy of this process: 0 in the copy, its number here. Not on Windows."""
    if sys.platform != "win32":
        return os.fork()
    raise NotImplementedError


def cpu_seconds_of_children() -> float:
    """The work of all processes that were waited for, until now."""
    times = os.times()
    return times.children_user + times.children_system


def cpu_seconds(pid: int) -> float:
    """The work of one process until now, as Linux tells it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / getattr(os, "sysconf", lambda _name: 100)("SC_CLK_TCK")


def was_killed(status: int) -> bool:
    """Whether a process that was waited for had ended by a signal that it cannot hear."""
    if sys.platform != "win32":
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) in (SIGKILL, signal.SIGPROF)
    raise NotImplementedError


def run_killed(root: Path, *arguments: str, step: int = 0, after_cpu_seconds: float = 0) -> bool:
    """`nl` with these arguments in `root`, killed before its `step`th change of the disk; whether it came to that.

    Or `after_cpu_seconds` of its own work, however busy the machine is, by a signal that it cannot hear: as sudden as
    SIGKILL, and nobody has to wait for the instant.
    In a copy of this process, which spares the start of another one.
    """
    _import_all()
    child = fork()
    if child:
        return was_killed(os.waitpid(child, 0)[1])
    try:
        if after_cpu_seconds and sys.platform != "win32":
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, after_cpu_seconds)
        _become_nl(root, arguments, step)
    finally:
        os._exit(0)


@cache
def _import_all() -> None:
    """Once, rather than in each copy."""
    for module in pkgutil.walk_packages(newsletter_cli.__path__, "newsletter_cli."):
        importlib.import_module(module.name)


def _become_nl(root: Path, arguments: tuple[str, ...], step: int) -> None:
    from newsletter_cli.__main__ import main

    os.chdir(root)
    os.environ.clear()
    os.environ.update(environment())
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    sys.stdout = sys.stderr = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    left = step

    def killed_at_last(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            # Files that are opened to be read change nothing; what may be thrown away at any time does not matter.
            is_change = function is not os_open or arguments[1] & (os.O_CREAT | os.O_TRUNC)
            is_step = bool(is_change) and not any(name in str(arguments[0]) for name in UNIMPORTANT)
            left -= is_step
            if is_step and left == 0:
                os.kill(os.getpid(), SIGKILL)
            return function(*arguments, **options)

        return call

    os_open = os.open
    for name in STEPS:
        setattr(os, name, killed_at_last(getattr(os, name)))
    sys.argv = ["nl", *arguments]
    main()
