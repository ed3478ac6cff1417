"""What an editor sees of a send that waits for its moment: a countdown on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from typing import Any

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.console import streams
from newsletter_cli.console.escaping import escaped
from newsletter_cli.console.palette import STYLES

LIVE_SECONDS, PIPED_SECONDS = 1.0, 15.0
# A pipe is told at the beginning, and when so much is left.
MARKS_SECONDS = (*(days * 86400 for days in range(60, 0, -1)), 6 * 3600, 3600, 600, 60)


class Countdown:
    """`heading` says what is waited for; while `is_quiet`, nothing is shown."""

    def __init__(self, heading: str, *, is_quiet: bool):
        self._heading, self._is_quiet = heading, is_quiet
        self._is_live = not is_quiet and streams.is_terminal(sys.stdout)
        self._live: Any = None
        self._mark: float | None = None
        self.step_seconds = LIVE_SECONDS if self._is_live else PIPED_SECONDS

    def show(self, left_seconds: float) -> None:
        """So much is left."""
        if self._is_live:
            self._draw(left_seconds)
        elif not self._is_quiet:
            mark = next((one for one in reversed(MARKS_SECONDS) if left_seconds <= one), MARKS_SECONDS[0])
            if mark != self._mark:
                self._mark = mark
                console.say(_("{heading}: {time} left").format(heading=self._heading, time=clock_of(left_seconds)))

    def note_gap(self, seconds: float) -> None:
        """Time went by that was not waited for."""
        if not self._is_quiet:
            self.end()
            text = (
                _("this machine slept, or its clock was set: {time} went by at once")
                if seconds > 0
                else _("this machine’s clock was put back by {time}")
            )
            console.say(text.format(time=clock_of(abs(seconds))), style="dim")

    def end(self) -> None:
        """The countdown goes."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self, left_seconds: float) -> None:
        from rich.console import Group
        from rich.live import Live
        from rich.text import Text

        if self._live is None:
            self._live = Live(console=streams.rich_console(sys.stdout), auto_refresh=False, transient=True)
            self._live.start()
        line = Text.assemble(
            (clock_of(left_seconds), STYLES["figure"]), "  ", (escaped(self._heading), STYLES["strong"])
        )
        advice = Text("  " + _("Ctrl-C: leave; nothing is sent"), style=STYLES["dim"])
        self._live.update(Group(line, advice), refresh=True)


def clock_of(seconds: float) -> str:
    """`2 d 11:02:13`, `00:04:59`."""
    whole = int(seconds)
    days, rest = divmod(whole, 86400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return _("{count} d {clock}").format(count=days, clock=clock) if days else clock
