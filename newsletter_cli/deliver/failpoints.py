"""Where the tests of the promise end the process, as a power cut would.

`NL_FAILPOINT=NAME` or `NAME:COUNT` in the environment kills the process (SIGKILL: nothing is cleaned up) the COUNTth
time it reaches NAME. Without the variable, reaching one costs a comparison.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "NL_FAILPOINT"
_name, _colon, _count = os.environ.get(VARIABLE, "").partition(":")
_left = int(_count) if _count.isdigit() else 1


def reach(name: str) -> None:
    """This boundary has been reached."""
    if name != _name:
        return
    global _left  # noqa: PLW0603 - the process has one life
    _left -= 1
    if _left == 0:
        # Windows has no SIGKILL; there, os.kill with any number ends the process at once.
        os.kill(os.getpid(), getattr(signal, "SIGKILL", 9))
