"""How `nl doctor --domain` shows what it found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.console.lines import Line

if TYPE_CHECKING:
    from newsletter_cli.check.domain.finding import DomainFinding
    from newsletter_cli.flows.sender_domain import DomainReport

# The mark of each standing, and its style.
MARKS = {"well": ("✓", "well"), "attention": ("!", "alert"), "wrong": ("✗", "wrong"), "unknown": ("?", "accent")}


def show_domain(
    start: Path,
    domain: str | None,
    *,
    selectors: tuple[str, ...],
    resolver: str | None,
    is_copying: bool,
    as_json: bool,
) -> None:
    """Ask, show, end with the status. Raises `UsageError`, `ConfigError`."""
    from newsletter_cli.flows.sender_domain import examine_sender

    report = examine_sender(start, domain, selectors=selectors, resolver=resolver)
    if as_json:
        console.show_json(report.as_dict())
    else:
        _show(report, with_letter=not is_copying)
    if is_copying:
        _copy(report)
    raise typer.Exit(2 if report.is_wrong else 0)


def _show(report: DomainReport, *, with_letter: bool) -> None:
    plan = report.plan
    console.say(_("What the DNS says of {domain}").format(domain=plan.domain), style="strong")
    told: set[str] = set()
    for one in report.findings:
        _show_finding(one, told)
    console.say()
    console.say(_verdict(report), style="strong")
    if report.letter is not None and with_letter:
        console.say()
        console.say(_("— To whoever runs the DNS of {domain}; read it before you send it —").format(domain=plan.domain),
                    style="strong")  # fmt: skip
        console.say()
        console.say_whole(report.letter)


def _show_finding(one: DomainFinding, told: set[str]) -> None:
    """What several findings have in common is said with the first."""
    mark, style = MARKS[one.standing]
    said = _("{subject}: {message}").format(subject=one.topic, message=one.message)
    console.say(Line((f"{mark} ", style), (said, ""), hang=2))
    if one.record:
        console.say(Line((f"    {one.record}", "dim"), hang=4))
    if one.means and one.means not in told:
        console.say(Line((f"    {one.means}", ""), hang=4))
    if one.hint and one.hint not in told:
        console.say_hint(one.hint)
    told |= {one.means, one.hint}


def _verdict(report: DomainReport) -> str:
    counts = {mark: sum(one.standing == mark for one in report.findings) for mark in MARKS}
    if counts["wrong"]:
        return _("Mail from {domain} is refused or goes to the spam folder in places.").format(
            domain=report.plan.domain
        )
    if counts["unknown"] == len(report.findings):
        return _("Nothing could be asked: nothing is known of {domain}, good or bad.").format(domain=report.plan.domain)
    if counts["unknown"]:
        return _("Nothing is wrong with what could be asked; the rest is not known.")
    if counts["attention"]:
        return _("Mail arrives; something could be better.")
    return _("Providers can tell that the mail is yours.")


def _copy(report: DomainReport) -> None:
    from newsletter_cli.console.clipboard import copy_text

    if report.letter is None:
        console.warn(_("Nothing was copied: there is nothing to ask the administrator for."))
        return
    said = (
        _("In the clipboard: the text for the administrator.")
        if copy_text(report.letter.strip("\n"))
        else _("Handed to your terminal, which puts it into the clipboard if it can: the text for the administrator.")
    )
    console.warn(said)
