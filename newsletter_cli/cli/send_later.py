"""`nl send --at`: ordered now, sent at its moment."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Protocol

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.cli.options import refuse_idle
from newsletter_cli.cli.send_watcher import CommandLineWatcher

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter_cli.flows.clearance.schedule import Clock, Order
    from newsletter_cli.flows.clearance.timer_kind import Timer
    from newsletter_cli.flows.sending.job import SendOptions
    from newsletter_cli.workspace.folder import Workspace


class Sends(Protocol):
    """The send itself."""

    def __call__(self, options: SendOptions, *, is_confirmed: bool) -> None:
        """Send it now; `is_confirmed`: somebody was asked already."""
        ...


def parse_times(workspace: Workspace, at: str | None, late_up_to: str | None, send_by: str | None) -> dict[str, Any]:
    """What is typed of times, as `SendOptions` has it; a length of time to send by begins when the send does.

    Raises `UsageError`.
    """
    from newsletter_cli.flows.clearance.moment import parse_at
    from newsletter_cli.flows.clearance.schedule import WallClock
    from newsletter_cli.flows.sending.words import parse_duration, parse_send_by

    news = workspace.config.newsletter
    now = WallClock().now()
    moment = None if at is None else parse_at(at, language=news.language, timezone=news.timezone, now=now)
    return {
        "at": moment,
        "late_up_to_seconds": None if late_up_to is None else parse_duration(late_up_to),
        "send_by": None if send_by is None else parse_send_by(send_by, news.timezone, begins=moment or now),
    }


def refuse_idle_times(
    *, at: str | None, late_up_to: str | None, timer: Timer | None, is_dry: bool, is_sure: bool, as_json: bool
) -> None:
    """Raises `UsageError` for options that would do nothing."""
    if at is None and (late_up_to is not None or timer is not None):
        raise UsageError(_("--late-up-to and --print go with --at"), hint=as_called('nl send --at "thursday 9:30"'))
    if is_dry:
        idle = {"--late-up-to": late_up_to is not None, "--print": timer is not None}
        refuse_idle("--dry-run", idle, hint='nl send --dry-run --at "thursday 9:30"')
    if timer is not None:
        refuse_idle("--print", {"--yes": is_sure, "--json": as_json}, hint='nl send --at "thursday 9:30" --print cron')


def order(
    workspace: Workspace,
    issue: int,
    options: SendOptions,
    *,
    is_sure: bool,
    as_json: bool,
    send: Sends,
    clock: Clock | None = None,
) -> None:
    """Check, ask, wait, and `send`. A moment that is just over, as it is for a timer's line, is sent at once.

    Raises what a send raises, `SendHeld` for a moment that was missed, `UsageError` for one that never was meant.
    """
    from newsletter_cli.flows.clearance.schedule import WallClock, refuse_late
    from newsletter_cli.flows.clearance.waiting import only_one_waiting

    clock = clock or WallClock()
    moment, late = _reachable(issue, options, clock)
    if moment <= clock.now():
        refuse_late(issue, moment, now=clock.now(), late_up_to_seconds=late)
        send(_now(options), is_confirmed=False)
        return
    try:
        # Before anything is asked: whoever comes second is told so at once.
        with only_one_waiting(workspace.private_folder(""), issue, moment):
            ordered = _check(workspace, issue, options)
            _ask(ordered, moment, clock, is_sure=is_sure, is_quiet=as_json)
            _wait(issue, moment, late, clock, is_quiet=as_json)
    except KeyboardInterrupt:
        with contextlib.suppress(BrokenPipeError):
            console.warn(
                _("nothing was sent, and nothing waits any more. To order it again: {command}").format(
                    command=options.whole_command(issue)
                )
            )
        raise
    send(_now(options), is_confirmed=True)


def refuse_past_order(options: SendOptions) -> None:
    """Raises `UsageError` for a dry run of a moment that is over or too far away."""
    from newsletter_cli.flows.clearance.moment import refuse_unreachable
    from newsletter_cli.flows.clearance.schedule import WallClock

    if options.at is not None:
        refuse_unreachable(options.at, now=WallClock().now())


def show_timer(workspace: Workspace, issue: int, options: SendOptions, timer: Timer) -> None:
    """Check, and print the line; nothing is ordered yet. Raises what `order` raises."""
    from newsletter_cli.flows.clearance.timers import make_start, timer_lines

    assert options.at is not None
    refuse_past_order(options)
    start = make_start(workspace, issue, options, options.at)
    ordered = _check(workspace, issue, options)
    for warning in ordered.warnings:
        console.warn(warning)
    for line in timer_lines(timer, start):
        console.say_path("", line)


def _now(options: SendOptions) -> SendOptions:
    return replace(options, at=None, late_up_to_seconds=None)


def _reachable(issue: int, options: SendOptions, clock: Clock) -> tuple[datetime, float]:
    """The moment and how late it may be. One that is over is refused, unless it is said how late a send may begin."""
    from newsletter_cli.flows.clearance.moment import refuse_unreachable
    from newsletter_cli.flows.clearance.schedule import late_seconds

    assert options.at is not None
    late = late_seconds(options)
    if options.at > clock.now() or options.late_up_to_seconds is None:
        refuse_unreachable(options.at, now=clock.now())
    return options.at, late


def _check(workspace: Workspace, issue: int, options: SendOptions) -> Order:
    from newsletter_cli.flows.clearance.schedule import check_order

    with console.progress(_("Verifying messages")) as on_progress:
        ordered = check_order(workspace, issue, options, on_progress=on_progress)
    if ordered.dry_run.question is None:
        raise UsageError(
            _("nothing is left to send of issue {number}").format(number=issue),
            hint=_("how it stands: nl report {number}; for those who joined the list since: {command}").format(
                number=issue, command=f"{ordered.dry_run.command} --newcomers"
            ),
        )
    return ordered


def _ask(ordered: Order, moment: datetime, clock: Clock, *, is_sure: bool, is_quiet: bool) -> None:
    """Show what will be sent, and when; have it confirmed."""
    from newsletter_cli.flows.clearance.moment_telling import said_in_full

    when = said_in_full(moment, now=clock.now())
    assert ordered.dry_run.question is not None
    watcher = CommandLineWatcher(is_sure=is_sure, is_quiet=is_quiet, when=when)
    watcher.ask(replace(ordered.dry_run.question, notes=(*ordered.warnings, *ordered.dry_run.question.notes)))


def _wait(issue: int, moment: datetime, late: float, clock: Clock, *, is_quiet: bool) -> None:
    from newsletter_cli.console.countdown import Countdown
    from newsletter_cli.flows.clearance.moment_telling import said_short
    from newsletter_cli.flows.clearance.schedule import wait_for

    heading = _("issue {number} goes out on {moment}").format(number=issue, moment=said_short(moment))
    countdown = Countdown(heading, is_quiet=is_quiet)
    try:
        wait_for(issue, moment, late_up_to_seconds=late, clock=clock, watcher=countdown)
    finally:
        countdown.end()
    if not is_quiet:
        console.say(_("It is time: everything is checked again, then it goes."), style="dim")
