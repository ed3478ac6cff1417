"""`nl proof`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.errors import NewsletterError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.mailing_list.options import ListFile, Yes
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, IssueNumber, Json, named_directory, open_to_act, refuse_idle
from newsletter_cli.cli.personal_file import warn_of_git
from newsletter_cli.cli.proof_received import run_received
from newsletter_cli.cli.send import Transport, Trust
from newsletter_cli.console import streams

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter_cli.flows.clearance.proof_values import ProofOptions, SentProof
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Send the issue to those who read it first: exactly what readers will get, marked as a proof, with what has "
    "changed since the last one. It never counts as the issue’s send."
)
EXAMPLE = "nl proof 2 --to lea@example.org,group:proof"

To = Annotated[
    list[str] | None,
    typer.Option(
        "--to",
        metavar=_("WHO"),
        help=_("Addresses, or group:NAME of the list, with commas between them; by default who got the last one."),
    ),
]


def run(
    number: IssueNumber = None,
    to: To = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar=_("TIME"), help=_("When an answer is wanted: friday, “friday 5pm”, 2026-12-17T18:00.")
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar=_("NAME"), help=_("Who sends it; by default the name that Git has."))
    ] = None,
    no_changes: Annotated[
        bool, typer.Option("--no-changes", help=_("Do not tell in it what has changed since the last proof."))
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help=_("Send it as a new proof although it is the same as the last one."))
    ] = False,
    received: Annotated[
        str | None,
        typer.Option(
            "--received",
            metavar=_("SOURCE"),
            help=_(
                "Send nothing: compare the proof that arrived with what was handed over. A .eml file, a folder, an "
                "mbox, a Maildir, imaps://USER@HOST/FOLDER, or mailbox: the one of the configuration."
            ),
        ),
    ] = None,
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help=_("Build and verify every message, and send none."))
    ] = False,
    is_sure: Yes = False,
    list_file: ListFile = None,
    transport: Transport = None,
    is_trusted: Trust = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from datetime import UTC, datetime

    from newsletter_cli.base.git import user_name
    from newsletter_cli.flows.clearance.proof_values import ProofOptions
    from newsletter_cli.flows.clearance.reviewers import parse_reviewers
    from newsletter_cli.flows.clearance.until import parse_until

    if received is not None:
        sending = {"--to": bool(to), "--until": until is not None, "--by": by is not None, "--no-changes": no_changes}
        sending |= {"--again": again, "--dry-run": is_dry, "--yes": is_sure, "--list": list_file is not None}
        sending |= {"--transport": transport is not None}
        refuse_idle("--received", sending, hint="nl proof --received SOURCE")
        workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not as_json)
        run_received(workspace, workspace.existing_issue(number), received, as_json=as_json)
    if is_dry:
        refuse_idle("--dry-run", {"--yes": is_sure}, hint="nl proof --dry-run")
    if as_json and not is_dry and not is_sure:
        raise UsageError(_("a proof asks first, and --json is for scripts"), hint=_("add --yes once you are sure"))
    workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not as_json)
    issue = workspace.existing_issue(number)
    options = ProofOptions(
        wanted=parse_reviewers(to or ()),
        transport=transport,
        list_file=list_file,
        until=None if until is None else parse_until(until, workspace.config, now=datetime.now(UTC)),
        by=user_name(workspace.root) if by is None else by.strip(),
        has_changes=not no_changes,
        is_again=again,
        directory=None if (named := named_directory(directory)) is None else str(named),
    )
    if is_dry:
        _run_dry(workspace, issue, options, as_json=as_json)
    else:
        _send(workspace, issue, options, is_sure=is_sure, as_json=as_json, directory=directory)


def _run_dry(workspace: Workspace, issue: int, options: ProofOptions, *, as_json: bool) -> None:
    from newsletter_cli.flows.clearance.proof import dry_proof
    from newsletter_cli.flows.clearance.proof_telling import dry_proof_lines

    done = dry_proof(workspace, issue, options)
    if as_json:
        console.show_json(done.as_dict(issue))
    else:
        for line in dry_proof_lines(issue, done):
            console.say(line)
    raise typer.Exit(1 if done.problems else 0)


def _send(
    workspace: Workspace,
    issue: int,
    options: ProofOptions,
    *,
    is_sure: bool,
    as_json: bool,
    directory: Path | None,
) -> None:
    from newsletter_cli.cli.proof_watcher import ProofWatcher
    from newsletter_cli.flows.clearance.proof import send_proof
    from newsletter_cli.flows.sending.transport import choose_transport

    watcher = ProofWatcher(is_sure=is_sure, is_quiet=as_json)
    try:
        done = send_proof(workspace, issue, options, watcher)
    except KeyboardInterrupt:
        watcher.end()
        text = _("Stopped at once: the next run will call in doubt what was under way.")
        console.warn(text if watcher.has_begun else _("nothing was sent"))
        raise
    with streams.lenient_output():
        _show(done, as_json=as_json)
        if (outbox := choose_transport(workspace, options.transport).folder) is not None:
            warn_of_git(workspace, outbox, is_folder=True)
    if done.exit_status == 0 and not as_json:
        say_next("proof", issue, directory=directory)
    raise typer.Exit(done.exit_status)


def _show(done: SentProof, *, as_json: bool) -> None:
    from newsletter_cli.flows.clearance.proof_telling import reviewer_rows, sent_proof_lines
    from newsletter_cli.flows.sending.telling import stopped_error

    if as_json:
        console.show_json(done.as_dict())
    else:
        title = _("Issue {number}, proof {proof}").format(number=done.issue, proof=done.dressed.number)
        console.show_table(title, (_("reviewer"), _("state"), _("answer")), reviewer_rows(done))
        for line in sent_proof_lines(done):
            console.say(line)
    stopped: NewsletterError | None = None if done.sent is None else stopped_error(done.sent)
    if stopped is not None:
        console.show_error(stopped)
