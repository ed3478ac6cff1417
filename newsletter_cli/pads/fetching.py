"""All pads at once: whoever waits, waits for the slowest of them, and not for ever."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping

from newsletter_cli.base.i18n import _
from newsletter_cli.pads.pad import Pad, PadRefusal, PadText

# Each adapter has limits of its own, for one answer; this is for all of them, whatever they do.
PATIENCE_SECONDS = 120.0
AT_ONCE = 8
# Ctrl-C on Windows ends no wait, but is heard between two.
PAUSE_SECONDS = 0.1

Answer = PadText | PadRefusal


def fetch_all(
    pads: Mapping[str, Pad],
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> dict[str, Answer]:
    """What each pad holds, by the names given. Raises what an adapter raises, which is a fault of `nl`."""
    waiting: queue.SimpleQueue[tuple[str, Pad]] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[str, Answer | BaseException]] = queue.SimpleQueue()
    for item in pads.items():
        waiting.put(item)

    def work() -> None:
        while True:
            try:
                name, pad = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                answers.put((name, pad.fetch()))
            except BaseException as error:  # told to whoever waits
                answers.put((name, error))

    # Daemons: one that hangs keeps nobody from leaving.
    for _number in range(min(AT_ONCE, len(pads))):
        threading.Thread(target=work, daemon=True).start()
    found: dict[str, Answer] = {}
    deadline = time.monotonic() + patience_seconds
    while len(found) < len(pads) and time.monotonic() < deadline:
        try:
            name, answer = answers.get(timeout=min(PAUSE_SECONDS, patience_seconds))
        except queue.Empty:
            continue
        if isinstance(answer, BaseException):
            raise answer
        found[name] = answer
        on_progress(len(found), len(pads))
    late = PadRefusal(
        reason=_("no answer within {count} s").format(count=round(patience_seconds)),
        hint=_("is the site up? Run this again later"),
    )
    return {name: found.get(name, late) for name in pads}
