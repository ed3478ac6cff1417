"""What stands in the way of a send, as values: a send refuses because of them, a dry run tells them.

Among them what the issue itself has against it: not assembled, changed since, with faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from newsletter_cli.audience.fault import ListFault
from newsletter_cli.audience.select import Segment
from newsletter_cli.base.called import called
from newsletter_cli.base.errors import NewsletterError, NotReady, UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.base.strict import nearest
from newsletter_cli.model import Finding, Level
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.flows.read import Sources

# What `--accept` lets pass besides rules: recipients for whom no message can be made do without.
UNBUILDABLE = "unbuildable"
# About what was made of the texts, and not about them: an approval makes it anew.
OF_A_BUILD = frozenset({"not-assembled", "local-images", "stale"})


class SendProblem(Struct, frozen=True, kw_only=True):
    """What stops a send. `code` is for scripts. `row` is the row of the list, where it is about one recipient; `more`
    others like it are not told one by one. `details` are lines to be looked at. `error` is what a
    send ends with, where that is no fault of issue or list.
    """

    code: str
    message: str
    hint: str | None = None
    place: str | None = None
    row: int | None = None
    more: int = 0
    details: tuple[str, ...] = ()
    error: NewsletterError | None = None

    @classmethod
    def of(cls, code: str, error: NewsletterError) -> SendProblem:
        """The problem that the error tells of."""
        return cls(code=code, message=error.message, hint=error.hint, place=error.place, error=error)

    def as_dict(self) -> dict[str, Any]:
        """The problem for scripts."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "place": self.place,
            "row": self.row,
        }

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


# Whoever is told of what stands in the way: raises (a send), or notes it and has the work go on (a dry run).
Meets = Callable[[Sequence[SendProblem]], None]


def refuse_obstacles(number: int, problems: Sequence[SendProblem], *, last: NotReady | None = None) -> None:
    """Raises the error of the first of them, the others in its `also`; `last` is what is said in the end, where it was
    no send that was refused.
    """
    if not problems:
        return
    errors = [one.error or _not_ready(one) for one in problems]
    more = [
        NotReady(
            ngettext("{count} more row like this", "{count} more rows like this", one.more).format(
                count=shown_count(one.more)
            )
        )
        for one in problems
        if one.more
    ]
    if problems[0].error is None:
        more.append(
            last
            or NotReady(
                _("issue {number} was not sent").format(number=number),
                hint=_("see all of it, and what a send would do: nl send {number} --dry-run").format(number=number),
            )
        )
    errors[0].also = (*errors[1:], *more)
    raise errors[0]


def _not_ready(problem: SendProblem) -> NotReady:
    row = "" if problem.row is None else _(" (row {row})").format(row=problem.row)
    error = NotReady(problem.message + row, file=problem.place, hint=problem.hint)
    error.details = problem.details
    return error


def nobody_chosen(list_name: str, segment: Segment | None) -> NotReady:
    """There is nobody to be written to."""
    if segment is None:
        return NotReady(
            _("nobody on the list can be written to"), file=list_name, hint=_("see why: nl list stats, nl list check")
        )
    return NotReady(
        _("nobody on the list is in {part}").format(part=segment),
        file=list_name,
        hint=_("see who is: nl list show --to {part}; the groups there are: nl list stats").format(part=segment),
    )


def list_problems(faults: Iterable[ListFault], list_name: str) -> Iterator[SendProblem]:
    """The faults of the list as what stops a send."""
    for one in faults:
        place = list_name if one.row is None else f"{list_name}:{one.row}"
        yield SendProblem(code=one.rule, message=one.message, hint=one.hint, place=place)


def refuse_unknown_rules(accepted: Iterable[str]) -> None:
    """Raises `UsageError` for the name of no rule."""
    if not accepted:
        return
    from newsletter_cli.check.catalogue import ALL_RULES

    slugs = [*(rule.slug for rule in ALL_RULES), UNBUILDABLE]
    for slug in accepted:
        if slug not in slugs:
            close = nearest(slug, slugs)
            raise UsageError(
                _("there is no rule “{slug}”").format(slug=slug),
                hint=_("did you mean “{key}”?").format(key=close)
                if close
                else _("they are listed by: nl check --rules"),
            )


MOST_NOTES = 3
# Rules that say that an issue is not written to its end.
UNFINISHED = frozenset({"section-draft", "section-empty", "section-missing", "subject-missing"})


class Readiness(Struct, frozen=True):
    """What stops the issue from going out, and what the editor should know all the same.

    `sources` is what was looked at, as far as it can be used: what goes out is made from it.
    """

    problems: tuple[SendProblem, ...]
    notes: tuple[str, ...]
    sources: Sources | None


def look_over(workspace: Workspace, number: int, *, accepted: Sequence[str] = ()) -> Readiness:
    """Whether the issue may go out; rules in `accepted` do not stop it. Raises `UsageError` for a rule that is none."""
    # What checks and renders takes its time and memory: a send has it done in another process.
    from newsletter_cli.flows.check import Wanted, examine

    refuse_unknown_rules(accepted)
    rendered, checked = examine(workspace, number, Wanted(has_known_links=True))
    findings = checked.findings
    problems = (*_build_problems(workspace, number), *finding_problems(findings, accepted))
    sources = None if rendered is None else rendered.sources
    return Readiness(problems, tuple(_warning_notes(findings, number)), sources)


def _build_problems(workspace: Workspace, number: int) -> Iterator[SendProblem]:
    from newsletter_cli.flows.build_record import digest_sources, read_record
    from newsletter_cli.workspace.templates import read_looks

    again = f"{called()} assemble {number}"
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


def finding_problems(findings: Iterable[Finding], accepted: Sequence[str]) -> Iterator[SendProblem]:
    """The findings that stop an issue from going out: those of level error whose rule was not accepted."""
    from newsletter_cli.check.reading import CONTENT_UNUSABLE

    for finding in findings:
        if finding.rule == CONTENT_UNUSABLE.slug:  # no message can be made of it, whoever accepts it
            yield SendProblem(
                code=finding.rule, message=finding.message, hint=finding.suggestion or "", place=finding.place
            )
        elif finding.level is Level.ERROR and finding.rule not in accepted:
            hint = _("fix it, then assemble again — or let this rule pass: --accept {rule}").format(rule=finding.rule)
            yield SendProblem(code=finding.rule, message=finding.message, hint=hint, place=finding.place)
