"""`nl check`"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.cli.options import Directory, IssueNumber, Json, Offline, open_chosen_workspace
from newsletter_cli.errors import UsageError
from newsletter_cli.i18n import _
from newsletter_cli.strict import nearest

if TYPE_CHECKING:
    from newsletter_cli.flows.check import Checked
    from newsletter_cli.flows.reporting import View
    from newsletter_cli.flows.since import Base
    from newsletter_cli.model import Rule
    from newsletter_cli.workspace.folder import Workspace

HELP = _("Find every fault of an issue before a reader does: where it is, and what to do about it.")
EXAMPLE = "nl check 2 --offline"
# So wide is what a pipe gets.
PIPE_WIDTH = 80
NOTHING: Mapping[str, str] = MappingProxyType({})

Fix = Annotated[bool, typer.Option("--fix", help=_("Mend what is safe to mend; shows the changes first."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("With --fix: show the changes, make none."))]
Yes = Annotated[bool, typer.Option("--yes", help=_("With --fix: do not ask."))]
Browser = Annotated[bool, typer.Option("--browser", help=_("Look at the e-mail in Chromium, too."))]
Since = Annotated[
    str | None, typer.Option("--since", metavar="REV", help=_("Only what is new since a Git revision: origin/main."))
]
All = Annotated[bool, typer.Option("--all", help=_("Show every finding, however many are alike."))]
Output = Annotated[str, typer.Option("--format", metavar="FORMAT", help=_("text, json, github or sarif."))]
Rules = Annotated[bool, typer.Option("--rules", help=_("List the rules and stop."))]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help=_("Check links into the local network, too."))]


def run(
    number: IssueNumber = None,
    fix: Fix = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    offline: Offline = False,
    browser: Browser = False,
    since: Since = None,
    shows_all: All = False,
    output: Output = "text",
    as_json: Json = False,
    rules: Rules = False,
    allow_private: AllowPrivate = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.check import ALL_RULES

    output = _known_format("json" if as_json else output)
    if rules:
        _show_rules(ALL_RULES, as_json=output == "json")
        return
    if not fix and (dry_run or yes):
        raise UsageError(_("--dry-run and --yes go with --fix"), hint="nl check --fix --dry-run")
    workspace = open_chosen_workspace(directory)
    look = _Look(workspace, workspace.existing_issue(number), not offline, browser, allow_private)
    if since is not None:
        look = replace(look, base=look.at(since))
    view = _view(workspace, number, ALL_RULES, since=since, shows_all=shows_all)
    checked = look()
    if fix:
        is_quiet = output != "text"
        checked, is_done = _fix(look, checked, is_dry_run=dry_run, is_asking=not (yes or is_quiet), is_quiet=is_quiet)
    if not fix or is_done or output != "text":
        _show(checked, view, output)
    raise typer.Exit(checked.exit_status)


@dataclass(frozen=True, slots=True)
class _Look:
    """A check as its options want it."""

    workspace: Workspace
    number: int
    has_links: bool
    has_browser: bool
    allows_private: bool
    base: Base | None = None

    def __call__(self, overrides: Mapping[str, str] = NOTHING) -> Checked:
        from newsletter_cli.flows.check import Wanted, check_workspace

        with console.progress(_("Checking links")) as on_progress:
            # What is being mended is looked at again and again: a browser would take its time.
            has_browser = self.has_browser and not overrides
            wanted = Wanted(self.has_links, has_browser, self.allows_private, on_progress)
            checked = check_workspace(self.workspace, self.number, wanted, overrides=overrides)
        return checked if self.base is None else self._less(checked, self.base)

    def _less(self, checked: Checked, base: Base) -> Checked:
        from newsletter_cli.check.rules.links import RULES
        from newsletter_cli.flows.since import only_new

        unseen = {module.RULE.slug for module in RULES}
        return replace(checked, findings=only_new(checked, base, unseen))

    def at(self, revision: str) -> Base:
        """What was there at a revision, as far as it can be known without a network."""
        from newsletter_cli.flows.check import Wanted, check_workspace
        from newsletter_cli.flows.since import read_base

        def check(workspace: Workspace, number: int) -> Checked:
            return check_workspace(workspace, number, Wanted(has_browser=self.has_browser))

        base = read_base(self.workspace, self.number, revision, check)
        if base.note:
            console.warn(base.note)
        return base


def _fix(look: _Look, checked: Checked, *, is_dry_run: bool, is_asking: bool, is_quiet: bool) -> tuple[Checked, bool]:
    """What is found after the mending, and whether it was done."""
    from newsletter_cli.flows.fixing import mend, write_mended
    from newsletter_cli.flows.reporting.diff import diff_lines, mended_lines

    # What has been looked at is not looked at again.
    mended = mend(lambda texts: look(texts).findings if texts else checked.findings, checked.sources)
    if mended.texts and not is_quiet:
        console.show_lines(diff_lines(checked.sources, mended.texts))
        console.say()
    is_done = not is_dry_run
    if is_done and mended.texts and is_asking and console.is_interactive():
        is_done = console.confirm(_("Write these changes?"))
    if is_done and mended.texts:
        write_mended(look.workspace.root, checked.sources, mended.texts)
        checked = look()
    if not is_quiet:
        if is_done or is_dry_run:
            console.show_lines(mended_lines(mended.rules_mended, is_dry_run=is_dry_run))
            console.say()
        else:
            console.say(_("Nothing was changed."))
    return checked, is_done


def _show(checked: Checked, view: View, output: str) -> None:
    from newsletter_cli.flows.reporting import FORMATS

    console.show_lines(FORMATS[output](checked, view))


def _view(
    workspace: Workspace, number: str | None, rules: Sequence[Rule], *, since: str | None, shows_all: bool
) -> View:
    from newsletter_cli.flows.reporting import View
    from newsletter_cli.flows.since import prefix_in_repository

    width = console.terminal_width()
    return View(
        width=width or PIPE_WIDTH,
        has_styles=console.has_styles(),
        is_wrapped=width is not None,
        shows_all=shows_all,
        command="nl check" if number is None else f"nl check {number}",
        since=since,
        file_prefix=prefix_in_repository(workspace.root),
        rules=rules,
    )


def _known_format(wanted: str) -> str:
    from newsletter_cli.flows.reporting import FORMATS

    if wanted in FORMATS:
        return wanted
    close = nearest(wanted, list(FORMATS))
    raise UsageError(
        _("there is no format “{format}”").format(format=wanted),
        hint=_("did you mean “{key}”?").format(key=close)
        if close
        else _("choose one of: {choices}").format(choices=", ".join(FORMATS)),
    )


def _show_rules(rules: Sequence[Rule], *, as_json: bool) -> None:
    if as_json:
        listed = [
            {"slug": rule.slug, "level": rule.level, "fixable": rule.is_fixable, "title": rule.title} for rule in rules
        ]
        console.show_json({"rules": listed})
        return
    names = console.level_names()
    rows = [(rule.slug, names[rule.level], "✓" if rule.is_fixable else "", rule.title) for rule in rules]
    console.show_table(_("Rules"), (_("rule"), _("level"), _("--fix"), _("what is wrong")), rows)
