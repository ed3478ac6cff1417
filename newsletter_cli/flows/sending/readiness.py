"""Whether an issue may go out: assembled, not changed since, without faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.flows.sending.obstacles import SendProblem, refuse_unknown_rules
from newsletter_cli.model import Finding, Level
from newsletter_cli.workspace.folder import Workspace

MOST_NOTES = 3
# Rules that say that an issue is not written to its end.
UNFINISHED = frozenset({"section-draft", "section-empty", "section-missing", "subject-missing"})


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stops the issue from going out, and what the editor should know all the same."""

    problems: tuple[SendProblem, ...]
    notes: tuple[str, ...]


def look_over(workspace: Workspace, number: int, *, accepted: Sequence[str] = ()) -> Readiness:
    """Whether the issue may go out; rules in `accepted` do not stop it. Raises `UsageError` for a rule that is none."""
    # What checks and renders takes its time and memory: a send has it done in another process.
    from newsletter_cli.flows.check import Wanted, check_workspace

    refuse_unknown_rules(accepted)
    findings = check_workspace(workspace, number, Wanted(has_known_links=True)).findings
    problems = (*_build_problems(workspace, number), *_finding_problems(findings, accepted))
    return Readiness(problems, tuple(_warning_notes(findings, number)))


def _build_problems(workspace: Workspace, number: int) -> Iterator[SendProblem]:
    from newsletter_cli.flows.build_record import digest_sources, read_record
    from newsletter_cli.workspace.templates import read_looks

    again = f"nl assemble {number}"
    record = read_record(workspace, number)
    folder = workspace.name_of(workspace.build_folder(number))
    if record is None or not (workspace.build_folder(number) / "email.html").is_file():
        yield SendProblem(
            code="not-assembled",
            message=_("issue {number} is not assembled").format(number=number),
            hint=again,
            place=folder,
        )
        return
    if record.has_local_images:
        message = _("it was assembled with --local-images, for looking at only")
        yield SendProblem(code="local-images", message=message, hint=again, place=folder)
        return
    looks = read_looks(workspace)
    if record.digest != digest_sources(workspace, number, looks, has_local_images=False):
        yield SendProblem(
            code="stale", message=_("something has changed since it was assembled"), hint=again, place=folder
        )


def _warning_notes(findings: Iterable[Finding], number: int) -> Iterator[str]:
    """The warnings that are about the whole issue first: that it is not finished."""
    warnings = [one for one in findings if one.level is Level.WARNING]
    warnings.sort(key=lambda one: one.rule not in UNFINISHED)
    for one in warnings[:MOST_NOTES]:
        yield f"{one.place}: {one.message}"
    if (more := len(warnings) - MOST_NOTES) > 0:
        text = ngettext("{count} more warning: nl check {number}", "{count} more warnings: nl check {number}", more)
        yield text.format(count=more, number=number)


def _finding_problems(findings: Iterable[Finding], accepted: Sequence[str]) -> Iterator[SendProblem]:
    for finding in findings:
        if finding.level is Level.ERROR and finding.rule not in accepted:
            hint = _("fix it, then assemble again — or let this rule pass: --accept {rule}").format(rule=finding.rule)
            yield SendProblem(code=finding.rule, message=finding.message, hint=hint, place=finding.place)
