"""What a send will do, up to its first message: what holds it, who waits, who is chosen now, with what message.

A send records it; a dry run does the same on a copy of the ledger, and tells.
"""

from __future__ import annotations

from datetime import UTC, datetime

from newsletter_cli.audience.managed import timestamp
from newsletter_cli.base.errors import NotReady, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.deciding import set_send_by
from newsletter_cli.deliver.ledger.freeze import Frozen
from newsletter_cli.deliver.ledger.reading import (
    FreezeRow,
    count_untried,
    count_waiting,
    has_lost_names,
    read_freezes,
)
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.flows.sending import choosing
from newsletter_cli.flows.sending.holding import find_holds
from newsletter_cli.flows.sending.job import SendJob, SendOptions
from newsletter_cli.flows.sending.leaving import settle_gone
from newsletter_cli.flows.sending.obstacles import SendProblem, refuse_unknown_rules


def plan_send(job: SendJob) -> tuple[Frozen | None, int]:
    """Have everything on record that is to be sent, with the editor's consent.

    What was frozen now, if anything; and how many deliveries an ended process left in doubt. Whatever stands in the
    way goes to `job.meet`. Raises `UsageError`, `ListError`, `LedgerError`, `ConfigError`.
    """
    options = job.options
    refuse_unknown_rules(options.accepted)
    _refuse_past(options)
    # Nobody else sends meanwhile: whatever is still called claimed or attempted was left by a process that is gone.
    _returned, doubtful = Records(job.connection, job.number).recover()
    if not options.is_anyway:
        job.meet([SendProblem.of("held", error) for error in find_holds(job)])
    freezes, waiting = read_freezes(job.connection, job.number), count_waiting(job.connection, job.number)
    notes = settle_gone(job, freezes[-1]) if waiting else ()
    waiting = count_waiting(job.connection, job.number)
    untried = count_untried(job.connection, job.number) if options.is_afresh else 0
    frozen = None
    if _is_choice_wanted(freezes, waiting - untried, options):
        if freezes:
            choosing.refuse_narrowing(job.number, freezes[-1].segment, waiting - untried, options)
        _meet_unknowable(job)
        frozen = choosing.choose_and_freeze(job, waiting - untried, is_first=not freezes)
    if frozen is None and waiting:
        choosing.take_up_again(job, freezes[-1], waiting, notes)
    if waiting and options.send_by is not None:
        set_send_by(job.connection, job.number, timestamp(options.send_by))
    return frozen, doubtful


def _is_choice_wanted(freezes: tuple[FreezeRow, ...], waiting: int, options: SendOptions) -> bool:
    """Whether people are to be chosen now: at first, when asked to, and for another part than the last one.

    While somebody waits, the whole list is no other part: the plain command goes on where the send was.
    """
    if not freezes or options.has_newcomers or options.is_afresh:
        return True
    is_other = freezes[-1].segment != str(options.segment or "")
    return is_other and not (waiting and options.segment is None)


def _refuse_past(options: SendOptions) -> None:
    if options.send_by is not None and options.send_by < datetime.now(UTC):
        raise UsageError(
            _("--send-by: that moment is past already"), hint=_("name a later one: 2026-12-17T18:00, or 24h")
        )


def _meet_unknowable(job: SendJob) -> None:
    """Nobody can tell any more who has the issue."""
    if has_lost_names(job.connection, job.number):
        error = NotReady(
            _("the names of those who got issue {number} were erased: nobody can tell who has it").format(
                number=job.number
            ),
            hint=_("it is old enough to be left alone ([list.retention] ledger_days); a new issue reaches everybody"),
        )
        job.meet([SendProblem.of("names-erased", error)])
