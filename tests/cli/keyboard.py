"""`nl` with somebody at the keyboard."""

from __future__ import annotations

import errno
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.forked import HAS_FORKS, Running, start_nl
from tests.waiting import patiently
from tests.workspaces import NL, environment, open_terminal, own_terminal


def start_at(terminal: int, *arguments: str, folder: Path, env: Mapping[str, str]) -> Running:
    """`nl` on a terminal that is its own: what is typed and Ctrl-C go there."""
    if HAS_FORKS:
        return start_nl(*arguments, env=env, folder=folder, terminal=terminal)
    return subprocess.Popen(
        [NL, *arguments], cwd=folder, stdin=terminal, stdout=terminal, stderr=terminal, close_fds=True,
        start_new_session=True, env=env, preexec_fn=own_terminal, text=True,  # noqa: PLW1509
    )  # fmt: skip


def at_keyboard(folder: Path, *arguments: str, typed: str = "", prompt: str, **env: str) -> tuple[int, str]:
    """Run `nl` on a terminal and type once the prompt is shown; the exit status and all that was shown."""
    return step_by_step(folder, *arguments, steps=[(prompt, typed)], env=env)


def step_by_step(
    folder: Path, *arguments: str, steps: Sequence[tuple[str, str]], env: Mapping[str, str]
) -> tuple[int, str]:
    """The same with several prompts, each with what is typed once it is shown behind the one before."""
    left, asked = list(steps), 0
    reader, terminal = open_terminal()
    process = start_at(terminal, *arguments, folder=folder, env=environment(**{"TERM": "xterm-256color", **env}))
    os.close(terminal)
    shown = b""

    def told() -> str:
        process.kill()
        process.wait()
        return f"nothing happens any more: {shown!r}"

    for left_seconds in patiently(told):
        if not select.select([reader], [], [], left_seconds)[0]:
            continue
        try:
            piece = os.read(reader, 4096)
        except OSError as error:
            assert error.errno == errno.EIO  # noqa: PT017
            break
        if not piece:
            break
        shown += piece
        while left and (at := shown.find(left[0][0].encode(), asked)) >= 0:
            asked = at + 1
            # The question is on the screen a moment before somebody listens to the answer.
            time.sleep(0.2)
            os.write(reader, left.pop(0)[1].encode())
    os.close(reader)
    return process.wait(), shown.decode()
