"""How the work grows with the text. The one place where tests measure time: that of the processor, against itself."""

from __future__ import annotations

import time
from collections.abc import Callable

# Ten times the text: ten times the work where it is linear, a hundred times where it is quadratic.
MOST = 40
LEAST_SECONDS = 0.005


def grows_with_the_text(work: Callable[[str], object], text_of: Callable[[int], str], size: int) -> bool:
    """Whether ten times `size` takes no more than about ten times the work: not its square."""
    work(text_of(1))  # what is compiled and imported on first use
    return _seconds(work, text_of(10 * size)) < MOST * max(_seconds(work, text_of(size)), LEAST_SECONDS)


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    work(text)
    return time.thread_time() - began
