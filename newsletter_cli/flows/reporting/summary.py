"""The line that says it all in one."""

from __future__ import annotations

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.flows.reporting.interface import CheckResult, View
from newsletter_cli.model import Level


def summary(checked: CheckResult, view: View) -> str:
    """How much was found, how much of it fixes itself, how much was silenced."""
    findings = checked.findings
    if findings:
        text = counts([finding.level for finding in findings])
        fixable = sum(finding.is_fixable for finding in findings)
        if fixable:
            fixed = ngettext("{count} can be fixed with {command}", "{count} can be fixed with {command}", fixable)
            text = _("{counts}; {fixed}").format(
                counts=text, fixed=fixed.format(count=fixable, command=f"{view.command} --fix")
            )
    elif not checked.number:
        text = _("There is no issue yet, and nothing to find. The first one: nl new 1")
    elif view.since is not None:
        text = _("Issue {number}: no new fault since {revision}.").format(number=checked.number, revision=view.since)
    else:
        text = _("Issue {number}: not a fault found. Well done.").format(number=checked.number)
    silenced = checked.rules_silenced
    if silenced:
        hushed = ngettext("{count} silenced", "{count} silenced", silenced).format(count=silenced)
        text = f"{text} ({hushed})"
    return text


def counts(levels: list[Level]) -> str:
    """“2 errors, 5 warnings, 3 notes”; levels that do not occur are left out."""
    errors, warnings, notes = (levels.count(level) for level in (Level.ERROR, Level.WARNING, Level.INFO))
    parts = [
        ngettext("{count} error", "{count} errors", errors).format(count=errors) if errors else "",
        ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings) if warnings else "",
        ngettext("{count} note", "{count} notes", notes).format(count=notes) if notes else "",
    ]
    return ", ".join(part for part in parts if part)
