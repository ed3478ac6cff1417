"""What an editor sees of a send: the question before it, how it goes, how it ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any, Protocol

from newsletter_cli import console
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.console import streams
from newsletter_cli.console.escaping import escaped
from newsletter_cli.console.lines import hold
from newsletter_cli.console.palette import BAR, STYLES

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
    # How many messages are waited for, once the send is to end.
    stopping: int

    @property
    def sent_by_pace(self) -> Mapping[str, int]:
        """How many were sent under each pacing rule."""
        ...

    @property
    def done(self) -> int:
        """How many are over."""
        ...


class SendDisplay:
    """The live display of a send: rich on a terminal, a line every few seconds elsewhere.

    `waiting` deliveries by pacing rule, at the beginning.
    """

    def __init__(self, counts: Counts, waiting: Mapping[str, int]):
        self._counts, self._waiting = counts, dict(waiting)
        self._is_live = streams.is_terminal(sys.stdout)
        self._live: Any = None
        self._is_stop_told = False
        self._told_failure = ""
        self._shown_at = time.monotonic()
        self._marks: list[tuple[float, int, dict[str, int]]] = [(self._shown_at, 0, {})]

    def show(self) -> None:
        """The counts have changed."""
        now = time.monotonic()
        is_news = self._counts.stopping and not self._is_stop_told
        if not is_news and now - self._shown_at < (LIVE_SECONDS if self._is_live else PIPED_SECONDS):
            return
        self._shown_at = now
        self._note_speed(now)
        if self._is_live:
            self._draw()
        else:
            console.say(self._line())
            failure = self._counts.last_failure
            if failure and failure != self._told_failure:
                console.say("  " + escaped(failure))
            self._told_failure = failure
            if is_news:
                console.say(self._advice())
        self._is_stop_told = bool(self._counts.stopping)

    def end(self) -> None:
        """The send has ended: the display goes, the report follows."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self) -> None:
        if self._live is None:
            from rich.live import Live

            # What is over in an instant needs no display: this is its first moment.
            self._live = Live(console=streams.rich_console(sys.stdout), auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(self._drawn(), refresh=True)

    def _note_speed(self, now: float) -> None:
        self._marks.append((now, self._counts.done, dict(self._counts.sent_by_pace)))
        while len(self._marks) > 2 and now - self._marks[0][0] > RATE_SECONDS:
            del self._marks[0]

    @property
    def _per_second(self) -> float:
        (start, first, _before), (end, last, _after) = self._marks[0], self._marks[-1]
        return max(0.0, (last - first) / (end - start)) if end > start else 0.0

    @property
    def _seconds_left(self) -> float:
        """By the speed of the last seconds; where one provider takes longer than all the rest, that is how long."""
        (start, _first, before), (end, _last, after) = self._marks[0], self._marks[-1]
        counts, speed = self._counts, self._per_second
        if not speed:
            return 0.0
        seconds = (counts.total - counts.done) / speed
        for pace, waiting in self._waiting.items():
            sent = after.get(pace, 0)
            own = (sent - before.get(pace, 0)) / (end - start)
            if own:
                seconds = max(seconds, (waiting - sent) / own)
        return seconds

    def _figures(self) -> str:
        counts = self._counts
        figures = [
            (ngettext("sent", "sent", counts.sent), counts.sent),
            (ngettext("put off", "put off", counts.deferred), counts.deferred),
            (ngettext("refused", "refused", counts.refused), counts.refused),
            (ngettext("in doubt", "in doubt", counts.in_doubt), counts.in_doubt),
        ]
        return ", ".join(
            f"{name} {shown_count(count)}" for index, (name, count) in enumerate(figures) if count or not index
        )

    def _pace(self) -> str:
        counts = self._counts
        if counts.deferred and counts.done >= counts.total:
            return _("waiting to try those put off again")
        speed = _("{count} a second").format(count=shown_count(round(self._per_second)))
        seconds = self._seconds_left
        if counts.stopping or seconds <= 0:
            return speed
        return f"{speed} · {_('about {time} left').format(time=duration(seconds))}"

    def _line(self) -> str:
        counts = self._counts
        return f"{shown_count(counts.done)}/{shown_count(counts.total)} · {self._figures()} · {self._pace()}"

    def _advice(self) -> str:
        stopping = self._counts.stopping
        if not stopping:
            return _("Ctrl-C: stop after the messages under way")
        return ngettext(
            "Stopping: waiting for the answer to {count} message. A second Ctrl-C would leave it in doubt.",
            "Stopping: waiting for the answers to {count} messages. A second Ctrl-C would leave them in doubt.",
            stopping,
        ).format(count=shown_count(stopping))

    def _drawn(self) -> Any:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        counts, line, muted = self._counts, self._line(), STYLES["dim"]
        # The line changes its length, and must not push itself onto a second one.
        room = (console.terminal_width() or console.PIPED_WIDTH) - len(line) - 4
        bar = ProgressBar(total=max(1, counts.total), completed=counts.done, width=max(10, min(40, room)), **BAR)
        grid = Table.grid(padding=(0, 2))
        grid.add_row(bar, hold(line))
        rows: list[Any] = [grid]
        providers = Table.grid(padding=(0, 2))
        for pace, waiting in list(self._waiting.items())[:MOST_LINES]:
            sent = f"{shown_count(counts.sent_by_pace.get(pace, 0))}/{shown_count(waiting)}"
            providers.add_row(Text("  " + escaped(pace or _("all others")), style=muted), Text(sent, style=muted))
        if len(self._waiting) > 1:
            rows.append(providers)
        if counts.last_failure:
            rows.append(Text("  " + escaped(counts.last_failure), style=STYLES["alert"]))
        rows.append(Text("  " + self._advice(), style=STYLES["strong"] if counts.stopping else muted))
        return Group(*rows)


def duration(seconds: float) -> str:
    """A length of time for people: `40 s`, `12 min`, `3 h 20 min`."""
    if round(seconds) < 60:
        return _("{count} s").format(count=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    return _("{hours} h {minutes:02d} min").format(hours=minutes // 60, minutes=minutes % 60)
