"""What stands in the way of a send, as values: a send refuses because of them, a dry run tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter_cli.audience.fault import ListFault
from newsletter_cli.audience.segment import Segment
from newsletter_cli.base.errors import NewsletterError, NotReady, UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.base.strict import nearest

# What `--accept` lets pass besides rules: recipients for whom no message can be made do without.
UNBUILDABLE = "unbuildable"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendProblem:
    """What stops a send. `code` is for scripts. `row` is the row of the list, where it is about one recipient; `more`
    others like it are not told one by one. `error` is what a send ends with, where that is no fault of issue or list.
    """

    code: str
    message: str
    hint: str | None = None
    place: str | None = None
    row: int | None = None
    more: int = 0
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


def refuse_obstacles(number: int, problems: Sequence[SendProblem]) -> None:
    """Raises the error of the first of them, the others in its `also`."""
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
            NotReady(
                _("issue {number} was not sent").format(number=number),
                hint=_("see all of it, and what a send would do: nl send {number} --dry-run").format(number=number),
            )
        )
    errors[0].also = (*errors[1:], *more)
    raise errors[0]


def _not_ready(problem: SendProblem) -> NotReady:
    row = "" if problem.row is None else _(" (row {row})").format(row=problem.row)
    return NotReady(problem.message + row, file=problem.place, hint=problem.hint)


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
