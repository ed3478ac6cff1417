"""`nl check`"""

from __future__ import annotations

import os
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called, called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import (
    Directory,
    IssueNumber,
    Json,
    NoLanguage,
    Offline,
    open_chosen_workspace,
    refuse_idle,
)

if TYPE_CHECKING:
    from newsletter_cli.flows.check import Checked, Wanted
    from newsletter_cli.flows.look import CheckRun
    from newsletter_cli.flows.reporting import View

HELP = _("Find the faults of an issue before your readers do: where they are, and what to do about them.")
EXAMPLE = "nl check 2 --offline"
# Which findings make it fail.
FAILING = {
    "error": frozenset({"error"}),
    "warning": frozenset({"error", "warning"}),
    "note": frozenset({"error", "warning", "info"}),
    "never": frozenset[str](),
}

Fix = Annotated[bool, typer.Option("--fix", help=_("Fix what is safe to fix; shows the changes first."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("With --fix: show the changes, make none."))]
Yes = Annotated[bool, typer.Option("--yes", help=_("With --fix: do not ask."))]
Browser = Annotated[bool, typer.Option("--browser", help=_("Look at the e-mail in Chromium, too."))]
Since = Annotated[
    str | None, typer.Option("--since", metavar=_("REV"), help=_("Only what is new since a Git revision: origin/main."))
]
All = Annotated[bool, typer.Option("--all", help=_("Show every finding, however many are alike."))]
Output = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar=_("FORMAT[:FILE]"),
        help=_("text (by default), json, github, gitlab, sarif or markdown; more than once with files."),
    ),
]
FailOn = Annotated[
    str, typer.Option("--fail-on", metavar=_("LEVEL"), help=_("Exit with 1 from: error, warning, note; or never."))
]
Review = Annotated[bool, typer.Option("--review", help=_("Go through the findings one by one, at the keyboard."))]
Rules = Annotated[bool, typer.Option("--rules", help=_("List the rules and stop."))]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help=_("Check links into the local network, too."))]


def run(
    number: IssueNumber = None,
    fix: Fix = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    review: Review = False,
    offline: Offline = False,
    no_language: NoLanguage = False,
    browser: Browser = False,
    since: Since = None,
    shows_all: All = False,
    output: Output = None,
    fail_on: FailOn = "error",
    as_json: Json = False,
    rules: Rules = False,
    allow_private: AllowPrivate = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.cli.check_output import read_outputs
    from newsletter_cli.flows.reporting import FORMATS

    outputs = read_outputs(output or (), as_json=as_json)
    failing = _failing(fail_on)
    if rules:
        idle = {"N": number is not None, "--fix": fix, "--dry-run": dry_run, "--yes": yes, "--browser": browser,
                "--no-language": no_language and not os.environ.get("NL_NO_LANGUAGE"),
                "--review": review,
                "--since": since is not None, "--all": shows_all, "--allow-private": allow_private,
                "--fail-on": fail_on != "error", "--format": not outputs.is_plain}  # fmt: skip
        refuse_idle("--rules", idle, hint="nl check --rules")
        _show_rules(is_json=outputs.shown == "json")
        return
    if review:
        idle = {"--fix": fix, "--dry-run": dry_run, "--yes": yes, "--all": shows_all, "--json": as_json,
                "--fail-on": fail_on != "error",
                "--format": bool(output)}  # fmt: skip
        refuse_idle("--review", idle, hint="nl check --review")
        from newsletter_cli.cli.review import refuse_without_keyboard, run_review

        refuse_without_keyboard()
    if not fix and (dry_run or yes):
        raise UsageError(_("--dry-run and --yes go with --fix"), hint=as_called("nl check --fix --dry-run"))
    if dry_run:
        refuse_idle("--dry-run", {"--yes": yes}, hint="nl check --fix --dry-run")
    # In the environment, it is for whoever has no network, whatever they ask for.
    if offline and not os.environ.get("NL_OFFLINE"):
        refuse_idle("--offline", {"--allow-private": allow_private}, hint="nl check --allow-private")
    wanted = _wanted(
        each_word=review, offline=offline, no_language=no_language, browser=browser, allow_private=allow_private
    )
    look = _look(directory, number, since, wanted)
    outputs.refuse_sources(look.workspace)
    if review:
        run_review(look)
        return
    checked = look()
    is_quiet = outputs.shown != "text"
    is_shown = True
    if fix:
        checked, is_shown = _fix(look, checked, is_dry_run=dry_run, is_asking=not (yes or is_quiet), is_quiet=is_quiet)
    view = _view(look, number, since=since, shows_all=shows_all)
    outputs.write_files(checked, view)
    if is_shown:
        console.show_lines(FORMATS[outputs.shown](checked, view))
        if not is_quiet and checked.number in look.workspace.issue_numbers():
            say_next("check", checked.number, directory=directory, has_faults=checked.exit_status != 0)
    raise typer.Exit(int(any(finding.level in failing for finding in checked.findings)))


def _failing(wanted: str) -> frozenset[str]:
    """The levels that make a check fail. Raises `UsageError`."""
    if wanted not in FAILING:
        raise UsageError(
            _("--fail-on knows no “{level}”").format(level=wanted),
            hint=_("choose one of: {choices}").format(choices=", ".join(FAILING)),
        )
    return FAILING[wanted]


def _wanted(*, each_word: bool, offline: bool, no_language: bool, browser: bool, allow_private: bool) -> Wanted:
    from newsletter_cli.flows.check import Wanted

    return Wanted(
        has_links=not offline,
        has_language=not no_language,
        tells_each_word=each_word,
        has_browser=browser,
        allows_private=allow_private,
    )


def _look(directory: Path | None, number: str | None, since: str | None, wanted: Wanted) -> CheckRun:
    from newsletter_cli.flows.check import NO_ISSUE
    from newsletter_cli.flows.look import CheckRun

    workspace = open_chosen_workspace(directory)
    # A hook and CI look from the first commit on: that there is no issue yet is no fault.
    chosen = NO_ISSUE if number is None and not workspace.issue_numbers() else workspace.existing_issue(number)
    look = CheckRun(workspace, chosen, wanted, watched=lambda: console.progress(_("Checking links")))
    if since is None:
        return look
    look = look.since(since)
    if look.base is not None and look.base.note:
        console.warn(look.base.note)
    return look


def _fix(
    look: CheckRun, checked: Checked, *, is_dry_run: bool, is_asking: bool, is_quiet: bool
) -> tuple[Checked, bool]:
    """What is found after the fixing, and whether that is still to be shown."""
    from newsletter_cli.flows.fixing import is_unusable
    from newsletter_cli.flows.reporting.diff import diff_lines, fixed_lines

    fixed = look.fix(checked)
    if fixed.texts and not is_quiet:
        console.show_lines(diff_lines(checked.sources, fixed.texts))
        console.say()
    is_done = not is_dry_run
    if is_done and fixed.texts and is_asking and console.is_interactive():
        is_done = console.confirm(_("Write these changes?"))
    if is_done:
        checked = look.write(checked, fixed)
    if is_quiet:
        return checked, True
    if not (is_done or is_dry_run):
        console.say(_("Nothing was changed."))
        return checked, False
    console.show_lines(fixed_lines(fixed.rules_fixed, is_dry_run=is_dry_run))
    console.say()
    # Where nothing could be read, the changes alone would hide why.
    return checked, is_done or is_unusable(checked.findings)


def _view(look: CheckRun, number: str | None, *, since: str | None, shows_all: bool) -> View:
    from newsletter_cli.check.catalogue import ALL_RULES
    from newsletter_cli.cli.check_output import PIPE_WIDTH
    from newsletter_cli.flows.reporting import View
    from newsletter_cli.flows.since import prefix_in_repository

    typed = [f"{called()} check", number, f"--since {quote(since)}" if since else None]
    width = console.terminal_width()
    return View(
        width=width or PIPE_WIDTH,
        has_styles=console.has_styles(),
        is_wrapped=width is not None,
        shows_all=shows_all,
        command=" ".join(filter(None, typed)),
        since=since,
        file_prefix=prefix_in_repository(look.workspace.root),
        rules=ALL_RULES,
    )


def _show_rules(*, is_json: bool) -> None:
    from newsletter_cli.check.catalogue import ALL_RULES
    from newsletter_cli.flows.reporting.rules import rules_as_dict, rules_table

    if is_json:
        console.show_json(rules_as_dict(ALL_RULES))
    else:
        console.show_table(*rules_table(ALL_RULES))
