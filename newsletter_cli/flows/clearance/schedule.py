"""A send that is ordered for later: what can be known now is known now, and one process waits. The moment is that of
the clock on the wall, looked at again and again: a laptop sleeps, a clock is set.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct

from newsletter_cli.base.errors import NewsletterError, SendHeld, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.flows.clearance.moment_telling import said_distance, said_length, said_short, seconds_until
from newsletter_cli.flows.sending.dry_run import DryRun, run_dry
from newsletter_cli.flows.sending.job import SendOptions, find_missing_means
from newsletter_cli.flows.sending.problems import refuse_obstacles
from newsletter_cli.flows.sending.transport import choose_transport
from newsletter_cli.workspace.folder import Workspace

# A machine that wakes up in the evening must not mail then what was meant for the morning.
LATE_SECONDS = 3600.0
MOST_LATE_SECONDS = 7 * 86400.0
# More than this at once, and the machine slept or its clock was set.
GAP_SECONDS = 60.0


class Clock(Protocol):
    """The clock on the wall, and a way to let time pass."""

    def now(self) -> datetime:
        """The moment it is, with its zone."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        ...


class WallClock:
    """This machine's."""

    def now(self) -> datetime:
        """The moment it is."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        time.sleep(seconds)


class WaitWatcher(Protocol):
    """Who is shown how long it still is. `step_seconds`: how often."""

    step_seconds: float

    def show(self, left_seconds: float) -> None:
        """So much is left."""
        ...

    def note_gap(self, seconds: float) -> None:
        """So much more went by at once than was waited for; less than nothing where the clock was put back."""
        ...


class Order(Struct, frozen=True, kw_only=True):
    """A send ordered for later. `dry_run` is what it would do, as of then; `warnings` do not stop it."""

    dry_run: DryRun
    warnings: tuple[str, ...] = ()


def check_order(
    workspace: Workspace,
    number: int,
    options: SendOptions,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Order:
    """All that can be known before the moment: the send's own plan as of then, every message built and verified, every
    secret read, the mail server asked. Nothing is recorded.

    A server that does not answer now may do so then: that is a warning. Raises what a send raises.
    """
    chosen = choose_transport(workspace, options.transport)
    # A dry run asks no person; somebody who orders a send is there to be asked.
    refuse_obstacles(number, tuple(find_missing_means(workspace, chosen)))
    done = run_dry(workspace, number, options, on_progress=on_progress)
    refuse_obstacles(number, done.problems)
    warnings = []
    try:
        chosen.probe()
    except NewsletterError as error:
        warnings.append(_("the mail server cannot be used now: {reason}").format(reason=error))
    return Order(dry_run=done, warnings=tuple(warnings))


def late_seconds(options: SendOptions) -> float:
    """How late the send may begin. Raises `UsageError`."""
    seconds = LATE_SECONDS if options.late_up_to_seconds is None else options.late_up_to_seconds
    if seconds > MOST_LATE_SECONDS:
        raise UsageError(
            _("--late-up-to: {count} days at most").format(count=int(MOST_LATE_SECONDS // 86400)),
            hint=_("a send that begins later than that is another send; say so yourself then"),
        )
    return seconds


def refuse_late(number: int, moment: datetime, *, now: datetime, late_up_to_seconds: float) -> None:
    """Raises `SendHeld` where the moment is over for longer than a send may begin late."""
    late = -seconds_until(moment, now=now)
    if late > late_up_to_seconds:
        raise SendHeld(
            _("issue {number} was to go out on {moment}, {time}: it was not sent").format(
                number=number, moment=said_short(moment), time=said_distance(-late)
            ),
            hint=_("to send it now: nl send {number}; at another moment: --at; later than {time}: --late-up-to").format(
                number=number, time=said_length(late_up_to_seconds)
            ),
        )


def wait_for(number: int, moment: datetime, *, late_up_to_seconds: float, clock: Clock, watcher: WaitWatcher) -> None:
    """Wait until the clock shows the moment. Raises `SendHeld` where it is over for too long when that is seen."""
    now = clock.now()
    while (left := seconds_until(moment, now=now)) > 0:
        watcher.show(left)
        step = min(left, watcher.step_seconds)
        clock.sleep(step)
        then = clock.now()
        gap = seconds_until(then, now=now) - step
        if abs(gap) > GAP_SECONDS:
            watcher.note_gap(gap)
        now = then
    refuse_late(number, moment, now=now, late_up_to_seconds=late_up_to_seconds)
