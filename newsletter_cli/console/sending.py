"""What an editor sees of a send: the question before it, how it goes, how it ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any, Protocol

from newsletter_cli import console
from newsletter_cli.i18n import _

LIVE_SECONDS, PIPED_SECONDS = 0.2, 5.0
RATE_SECONDS = 10.0
MOST_LINES = 8


class Counts(Protocol):
    """How a send is getting on, as the engine counts it."""

    total: int
    sent: int
    deferred: int
    refused: int
    in_doubt: int
    last_failure: str

    @property
    def sent_by_pace(self) -> Mapping[str, int]:
        """How many were sent under each pacing rule."""
        ...

    @property
    def done(self) -> int:
        """How many are over."""
        ...


class SendDisplay:
    """The live display: rich on a terminal, a line every few seconds elsewhere. Nothing where `is_quiet`."""

    def __init__(self, *, is_quiet: bool = False):
        self._is_quiet = is_quiet
        self._is_live = not is_quiet and console.is_terminal(sys.stdout)
        self._live: Any = None
        self._counts: Counts | None = None
        self._waiting: Mapping[str, int] = {}
        self._shown_at = 0.0
        self._marks: list[tuple[float, int, dict[str, int]]] = []

    def begin(self, counts: Counts, waiting: Mapping[str, int]) -> None:
        """The send begins; `waiting` deliveries by pacing rule."""
        self._counts, self._waiting = counts, dict(waiting)
        self._shown_at = time.monotonic()
        self._marks = [(self._shown_at, 0, {})]

    def show(self) -> None:
        """The counts have changed."""
        now = time.monotonic()
        if self._is_quiet or now - self._shown_at < (LIVE_SECONDS if self._is_live else PIPED_SECONDS):
            return
        self._shown_at = now
        self._note_speed(now)
        if self._is_live:
            self._draw()
        else:
            console.say(self._line())

    def end(self) -> None:
        """The send has ended: the display goes, the report follows."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self) -> None:
        if self._live is None:
            from rich.live import Live

            # What is over in an instant needs no display: this is its first moment.
            self._live = Live(console=console.rich_console(sys.stdout), auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(self._drawn(), refresh=True)

    def _note_speed(self, now: float) -> None:
        if self._counts is None:
            return
        self._marks.append((now, self._counts.done, dict(self._counts.sent_by_pace)))
        while len(self._marks) > 2 and now - self._marks[0][0] > RATE_SECONDS:
            del self._marks[0]

    @property
    def _per_second(self) -> float:
        (start, first, _before), (end, last, _after) = self._marks[0], self._marks[-1]
        return (last - first) / (end - start) if end > start else 0.0

    @property
    def _seconds_left(self) -> float:
        """By the speed of the last seconds; where one provider takes longer than all the rest, that is how long."""
        (start, _first, before), (end, _last, after) = self._marks[0], self._marks[-1]
        counts, speed = self._counts, self._per_second
        if counts is None or not speed:
            return 0.0
        seconds = (counts.total - counts.done) / speed
        for pace, waiting in self._waiting.items():
            sent = after.get(pace, 0)
            own = (sent - before.get(pace, 0)) / (end - start)
            if own:
                seconds = max(seconds, (waiting - sent) / own)
        return seconds

    def _figures(self) -> list[tuple[str, str]]:
        counts = self._counts
        if counts is None:
            return []
        figures = [
            (_("sent"), f"{counts.sent}"),
            (_("put off"), f"{counts.deferred}"),
            (_("refused"), f"{counts.refused}"),
            (_("in doubt"), f"{counts.in_doubt}"),
        ]
        return [one for index, one in enumerate(figures) if not index or one[1] != "0"]

    def _left(self) -> str:
        seconds = self._seconds_left
        return _("about {time} left").format(time=duration(seconds)) if seconds > 0 else ""

    def _line(self) -> str:
        counts = self._counts
        total = counts.total if counts else 0
        done = counts.done if counts else 0
        figures = ", ".join(f"{name} {value}" for name, value in self._figures())
        speed = _("{count} a second").format(count=f"{self._per_second:.0f}")
        pieces = [f"{done}/{total}", figures, speed, self._left()]
        return " · ".join(piece for piece in pieces if piece)

    def _drawn(self) -> Any:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        counts = self._counts
        total = counts.total if counts else 0
        grid = Table.grid(padding=(0, 2))
        grid.add_row(ProgressBar(total=max(1, total), completed=counts.done if counts else 0, width=40), self._line())
        rows: list[Any] = [grid]
        providers = Table.grid(padding=(0, 2))
        for pace, waiting in list(self._waiting.items())[:MOST_LINES]:
            sent = counts.sent_by_pace.get(pace, 0) if counts else 0
            providers.add_row(
                Text("  " + (pace or _("all others")), style="dim"), Text(f"{sent}/{waiting}", style="dim")
            )
        if len(self._waiting) > 1:
            rows.append(providers)
        if counts is not None and counts.last_failure:
            rows.append(Text("  " + console.CONTROL.sub(" ", counts.last_failure), style="yellow"))
        rows.append(Text("  " + _("Ctrl-C: stop after the messages under way"), style="dim"))
        return Group(*rows)


def duration(seconds: float) -> str:
    """A length of time for people: `40 s`, `12 min`, `3 h 20 min`."""
    if round(seconds) < 60:
        return _("{count} s").format(count=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    return _("{hours} h {minutes:02d} min").format(hours=minutes // 60, minutes=minutes % 60)
