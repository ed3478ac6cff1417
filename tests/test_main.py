"""The entry of `nl`: what becomes of a signal, whenever it comes."""

from __future__ import annotations

import subprocess
import sys

import pytest

# A weak reference's callback, where Python has no use for an exception; imports have such callbacks.
INTERRUPTED_WHILE_TIDYING = """
import signal, sys, time, weakref
from newsletter_cli.__main__ import end_as_by_hand

class Thing:
    pass

end_as_by_hand()
thing = Thing()
watched = weakref.ref(thing, lambda _: signal.raise_signal(signal.{name}))
try:
    del thing
    print("lost at first", flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("heard")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal of another process")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_that_comes_while_python_tidies_up_is_heard(name: str) -> None:
    code = INTERRUPTED_WHILE_TIDYING.format(name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert (done.stdout, done.stderr) == ("lost at first\nheard\n", "")
