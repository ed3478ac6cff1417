"""`nl send`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import NewsletterError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.mailing_list.options import ListFile, Part, Yes
from newsletter_cli.cli.options import (
    Accept,
    Directory,
    IssueNumber,
    Json,
    named_directory,
    open_to_act,
    refuse_idle,
)
from newsletter_cli.cli.personal_file import warn_of_git
from newsletter_cli.cli.send_later import order, parse_times, refuse_idle_times, refuse_past_order, show_timer
from newsletter_cli.console import streams
from newsletter_cli.flows.clearance.timer_kind import Timer

if TYPE_CHECKING:
    from newsletter_cli.flows.sending.job import SendOptions
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Send an issue to the mailing list: at most once to each address, and nobody silently missed. "
    "Asks first, can be stopped with Ctrl-C, and goes on where it was when it is run again."
)
EXAMPLE = "nl send 2 --dry-run"

Transport = Annotated[
    str | None,
    typer.Option(
        "--transport",
        metavar="URL",
        help=_(
            "Where messages go: maildir:PATH, smtp://HOST:PORT, smtps://HOST, lasuite://HOST, graph://HOST; "
            "NL_TRANSPORT does the same."
        ),
    ),
]

Trust = Annotated[
    bool,
    typer.Option(
        "--trust", help=_("Trust what newsletter.toml runs and where it sends secrets, this time; see nl trust.")
    ),
]


def run(
    number: IssueNumber = None,
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help=_("Build and verify every message, and send none."))
    ] = False,
    is_sure: Yes = False,
    list_file: ListFile = None,
    part: Part = None,
    transport: Transport = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help=_("Stop after this many messages."))
    ] = None,
    accept: Accept = None,
    patience: Annotated[
        str | None,
        typer.Option(
            "--retry-deferred-for", metavar=_("TIME"), help=_("How long to wait for those who are put off: 30m, 4h.")
        ),
    ] = None,
    send_by: Annotated[
        str | None,
        typer.Option(
            "--send-by", metavar=_("TIME"), help=_("Until when it may go on: 2026-12-17T18:00, or 24h from now.")
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar=_("WHEN"), help=_("Send it then: 2026-12-03T09:30, “thursday 9:30”, “tomorrow 9am”.")
        ),
    ] = None,
    late_up_to: Annotated[
        str | None,
        typer.Option(
            "--late-up-to", metavar=_("TIME"), help=_("With --at: how late it may begin, where the machine slept: 2h.")
        ),
    ] = None,
    timer: Annotated[
        Timer | None,
        typer.Option("--print", help=_("With --at: print the line that has this machine’s own timer send it.")),
    ] = None,
    newcomers: Annotated[
        bool, typer.Option("--newcomers", help=_("Also send to those who joined the list since the send began."))
    ] = False,
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway",
            help=_(
                "Go on although it is late, sent by another ledger or under another number, a picture is not as it was "
                "approved, or the ledger is an older copy."
            ),
        ),
    ] = False,
    afresh: Annotated[
        bool,
        typer.Option(
            "--afresh",
            help=_("Use the message and the list as they are now, for everybody to whom nothing has been sent yet."),
        ),
    ] = False,
    is_distributed: Annotated[
        bool,
        typer.Option("--distributed", help=_("Plan it only, and leave the sending to nl worker, on any machine.")),
    ] = False,
    outbox: Annotated[
        Path | None,
        typer.Option("--outbox", metavar=_("DIR"), help=_("With --dry-run: write every message into this folder.")),
    ] = None,
    probe: Annotated[
        bool, typer.Option("--probe", help=_("With --dry-run: talk to the server as well, as far as NOOP."))
    ] = False,
    is_trusted: Trust = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.audience.select import parse_segment
    from newsletter_cli.flows.sending.job import SendOptions
    from newsletter_cli.flows.sending.words import parse_duration

    if not is_dry and (outbox is not None or probe):
        raise UsageError(_("--outbox and --probe go with --dry-run"), hint=as_called("nl send --dry-run --probe"))
    if is_dry:
        refuse_idle("--dry-run", {"--yes": is_sure}, hint="nl send --dry-run")
    if is_distributed:
        # Who stops after some messages, or waits for those put off, is a worker.
        idle = {"--limit": limit is not None, "--retry-deferred-for": patience is not None}
        refuse_idle("--distributed", idle, hint="nl send 2 --distributed")
    refuse_idle_times(at=at, late_up_to=late_up_to, timer=timer, is_dry=is_dry, is_sure=is_sure, as_json=as_json)
    if as_json and not is_dry and not is_sure:
        raise UsageError(_("a send asks first, and --json is for scripts"), hint=_("add --yes once you are sure"))
    workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not as_json)
    issue = workspace.existing_issue(number)
    options = SendOptions(
        list_file=list_file,
        transport=transport,
        segment=parse_segment(part) if part else None,
        accepted=tuple(accept or ()),
        limit=limit,
        patience_seconds=None if patience is None else parse_duration(patience),
        has_newcomers=newcomers,
        is_anyway=anyway,
        is_afresh=afresh,
        is_trusted=is_trusted,
        is_distributed=is_distributed,
        **parse_times(workspace, at, late_up_to, send_by),
        directory=None if (named := named_directory(directory)) is None else str(named),
    )
    if is_dry:
        refuse_past_order(options)
        _run_dry(workspace, issue, options, outbox=outbox, is_probing=probe, as_json=as_json)
    elif timer is not None:
        show_timer(workspace, issue, options, timer)
    elif options.at is not None:

        def send(options: SendOptions, *, is_confirmed: bool) -> None:
            # As everything is then: configuration, texts, list, trust.
            workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not (as_json or is_confirmed))
            _send(workspace, issue, options, is_sure=is_sure or is_confirmed, as_json=as_json)

        order(workspace, issue, options, is_sure=is_sure, as_json=as_json, send=send)
    else:
        _send(workspace, issue, options, is_sure=is_sure, as_json=as_json)


def _run_dry(
    workspace: Workspace, issue: int, options: SendOptions, *, outbox: Path | None, is_probing: bool, as_json: bool
) -> None:
    from newsletter_cli.flows.sending.dry_run import run_dry
    from newsletter_cli.flows.sending.telling import dry_run_lines

    folder = None if outbox is None else outbox.absolute()
    with console.progress(_("Verifying messages")) as on_progress:
        done = run_dry(workspace, issue, options, outbox=folder, is_probing=is_probing, on_progress=on_progress)
    if as_json:
        console.show_json(done.as_dict())
    else:
        for line in dry_run_lines(done):
            console.say(line)
    if folder is not None:
        warn_of_git(workspace, folder, is_folder=True)
    raise typer.Exit(1 if done.problems else 0)


def _send(workspace: Workspace, issue: int, options: SendOptions, *, is_sure: bool, as_json: bool) -> None:
    from newsletter_cli.cli.send_watcher import CommandLineWatcher
    from newsletter_cli.flows.sending.send import send_issue
    from newsletter_cli.flows.sending.telling import sent_lines, stopped_error
    from newsletter_cli.flows.sending.transport import choose_transport

    watcher = CommandLineWatcher(is_sure=is_sure, is_quiet=as_json)
    try:
        sent = send_issue(workspace, issue, options, watcher)
    except KeyboardInterrupt:
        watcher.end()
        if not watcher.has_begun:
            console.warn(_("nothing was sent"))
        else:
            text = _("Stopped at once: the next run will call in doubt what was under way. See: nl report {number}")
            console.warn(text.format(number=issue))
        raise
    stopped: NewsletterError | None = stopped_error(sent)
    with streams.lenient_output():
        if as_json:
            console.show_json(sent.as_dict())
        else:
            for line in sent_lines(sent):
                console.say(line)
        if (outbox := choose_transport(workspace, options.transport).folder) is not None:
            warn_of_git(workspace, outbox, is_folder=True)
        if stopped is not None:
            console.show_error(stopped)
    raise typer.Exit(sent.exit_status)
