"""A send that others make, as it goes: a table that changes on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter_cli import console
from newsletter_cli.base.i18n import _, shown_count
from newsletter_cli.console import streams
from newsletter_cli.console.sending import RATE_SECONDS

# Who, how many of their messages were taken.
Counted = tuple[str, int]


class FollowDisplay:
    """What `show` is told, with the speed of the last seconds; all of it is left standing at the `end`."""

    def __init__(self, title: str):
        self._title = title
        self._is_live = streams.is_terminal(sys.stdout)
        self._live: Any = None
        self._marks: list[tuple[float, dict[str, int]]] = []
        self._told = ""

    def show(self, counts: Mapping[str, int], sent: int, senders: Sequence[Counted]) -> None:
        """`counts`: how many are in each state, by its name; `sent` in all; and the senders that are alive."""
        now = time.monotonic()
        self._marks.append((now, {"": sent, **dict(senders)}))
        while len(self._marks) > 2 and now - self._marks[0][0] > RATE_SECONDS:
            del self._marks[0]
        if self._is_live:
            self._draw(counts, senders)
            return
        line = ", ".join(f"{name} {shown_count(count)}" for name, count in counts.items() if count)
        line += f" · {self._rate('')}"
        if line != self._told:
            console.say(_("{issue}: {figures}").format(issue=self._title, figures=line))
        self._told = line

    def end(self) -> None:
        """It is over, or nobody looks any more."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _rate(self, who: str) -> str:
        (start, before), (end, after) = self._marks[0], self._marks[-1]
        speed = (after.get(who, 0) - before.get(who, 0)) / (end - start) if end > start and who in before else 0.0
        return _("{count} a second").format(count=shown_count(round(max(0.0, speed))))

    def _draw(self, counts: Mapping[str, int], senders: Sequence[Counted]) -> None:
        from rich.live import Live
        from rich.table import Table

        table = Table(title=self._title, title_justify="left", box=None, pad_edge=False)
        table.add_column("")
        table.add_column(_("how many"), justify="right")
        table.add_column(_("speed"), justify="right")
        for name, count in counts.items():
            if count:
                table.add_row(name, shown_count(count), "")
        table.add_row(_("in all"), "", self._rate(""), style="bold")
        for who, sent in senders:
            table.add_row(who, shown_count(sent), self._rate(who), style="dim")
        if self._live is None:
            self._live = Live(console=streams.rich_console(sys.stdout), auto_refresh=False)
            self._live.start()
        self._live.update(table, refresh=True)
