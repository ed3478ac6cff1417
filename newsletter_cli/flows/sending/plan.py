"""What a send will do, up to its first message: what holds it, who waits, who is chosen now, with what message.

A send records it; a dry run does the same on a copy of the ledger, and tells. Whoever left the list between the freeze
and now does without, however long a send takes.
"""

from __future__ import annotations

from datetime import UTC, datetime

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import ListError, NotReady, SendHeld, UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.values import replace
from newsletter_cli.deliver.ledger.deciding import set_send_by, settle_left
from newsletter_cli.deliver.ledger.freeze import Frozen
from newsletter_cli.deliver.ledger.handing import go_on, is_paused, note_newsletter
from newsletter_cli.deliver.ledger.reading import FreezeRow, has_lost_names, read_freezes, read_report, read_template
from newsletter_cli.deliver.ledger.repeats import read_repeats
from newsletter_cli.deliver.ledger.sharing import recover
from newsletter_cli.deliver.ledger.waiting import (
    count_untried,
    count_waiting,
    read_ends,
    read_waiting_freezes,
    read_waiting_keys,
)
from newsletter_cli.deliver.message.splicing import sender_in
from newsletter_cli.flows.audience import suppression_of
from newsletter_cli.flows.clearance.gate import approval_notes, approval_problems, state_of_waiting
from newsletter_cli.flows.clearance.waiting import waiting_notes
from newsletter_cli.flows.sending.choosing import choose_and_freeze
from newsletter_cli.flows.sending.holds import find_holds
from newsletter_cli.flows.sending.job import Question, SendJob, SendOptions
from newsletter_cli.flows.sending.problems import SendProblem, refuse_unknown_rules


def plan_send(job: SendJob) -> tuple[Frozen | None, int]:
    """Have everything on record that is to be sent, with the editor's consent.

    What was frozen now, if anything; and how many deliveries an ended process left in doubt. Whatever stands in the
    way goes to `job.meet`. Raises `UsageError`, `ListError`, `LedgerError`, `ConfigError`.
    """
    options = job.options
    refuse_unknown_rules(options.accepted)
    _refuse_past(job)
    # Nobody else sends meanwhile: whatever is still called claimed or attempted was left by a process that is gone.
    # What waits to be asked again still waits where the answer is no.
    _returned, doubtful = recover(job.connection, job.number)
    job, unknown = _with_wishes(_with_repeats(job))
    holds = [] if options.is_anyway else [*find_holds(job), *unknown]
    job.meet([SendProblem.of("held", error) for error in holds])
    freezes, waiting = read_freezes(job.connection, job.number), count_waiting(job.connection, job.number)
    notes = settle_gone(job, freezes[-1]) if waiting else ()
    waiting = count_waiting(job.connection, job.number)
    untried = count_untried(job.connection, job.number) if options.is_afresh else 0
    frozen = None
    if _is_choice_wanted(freezes, waiting - untried, options):
        # A dry run goes on behind a hold; a send has ended there, and says nothing else.
        if freezes and not holds:
            refuse_narrowing(job.number, freezes[-1].segment, waiting - untried, options)
        _meet_unknowable(job)
        frozen = choose_and_freeze(job, waiting - untried, is_first=not freezes)
    if frozen is None and waiting:
        take_up_again(job, freezes[-1], waiting, notes)
    if waiting and options.send_by is not None:
        set_send_by(job.connection, job.number, timestamp(options.send_by))
    if not job.is_dry:
        go_on(job.connection, job.number)
        note_newsletter(job.connection, job.workspace.config.newsletter.name)
    return frozen, doubtful


def _with_repeats(job: SendJob) -> SendJob:
    """The job with a note where some may have the message already by another way, and would be in doubt."""
    repeats = read_repeats(job.connection, job.number)
    if not repeats.people or job.is_dry or repeats.way == job.way:
        return job
    note = ngettext(
        "{count} of them may have it: {transport} has not answered. Only the same transport with the same key can ask "
        "again, until {moment}; by this one, it is in doubt",
        "{count} of them may have it: {transport} has not answered. Only the same transport with the same key can ask "
        "again, until {moment}; by this one, they are in doubt",
        repeats.people,
    )
    moment = shown_moment(timestamp(datetime.fromtimestamp(repeats.until, UTC)))
    told = note.format(count=shown_count(repeats.people), transport=repeats.transport, moment=moment)
    return replace(job, notes=(*job.notes, told))


def _with_wishes(job: SendJob) -> tuple[SendJob, list[SendHeld]]:
    """The job once it is known who left by the endpoint, where there is one; or why that is not known."""
    if job.workspace.config.endpoint.url is None or job.to_list is not None:
        return job, []
    from newsletter_cli.flows.syncing.before_send import fetch_wishes

    wishes = fetch_wishes(job)
    return replace(job, notes=wishes.notes), [] if wishes.held is None else [wishes.held]


def _is_choice_wanted(freezes: tuple[FreezeRow, ...], waiting: int, options: SendOptions) -> bool:
    """Whether people are to be chosen now: at first, when asked to, and for another part than the last one.

    While somebody waits, the whole list is no other part: the plain command goes on where the send was.
    """
    if not freezes or options.has_newcomers or options.is_afresh:
        return True
    is_other = freezes[-1].segment != str(options.segment or "")
    return is_other and not (waiting and options.segment is None)


def _refuse_past(job: SendJob) -> None:
    if job.options.send_by is not None and job.options.send_by < job.now():
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


def refuse_narrowing(number: int, part: str, waiting: int, options: SendOptions) -> None:
    """Who waits already, of `part`, would be written to as well: another part cannot be asked for meanwhile."""
    if not waiting or options.segment is None or str(options.segment) == part:
        return
    raise UsageError(
        ngettext(
            "a send of issue {number} was begun and is not complete: {count} waits",
            "a send of issue {number} was begun and is not complete: {count} wait",
            waiting,
        ).format(number=number, count=shown_count(waiting)),
        hint=_("finish it first: {command}; where nothing was tried yet, --afresh chooses anew").format(
            command=f"{called()} send {number}" + (f" --to {part}" if part else "")
        ),
    )


def take_up_again(job: SendJob, frozen: FreezeRow, waiting: int, notes: tuple[str, ...] = ()) -> None:
    """Ask whether a send under way goes on."""
    number = job.number
    state = state_of_waiting(job, read_waiting_freezes(job.connection, number))
    job.meet(list(approval_problems(job, state)))
    report = read_report(job.connection, number)
    first, last = read_ends(job.connection, number)
    paused = [_("it was paused: this goes on with it, on every machine")] if is_paused(job.connection, number) else []
    note = _("it goes on with the message as it was when the send began ({moment}); later changes are not in it")
    job.watcher.ask(
        Question(
            issue=number,
            subject=frozen.subject,
            sender=sender_in(read_template(job.connection, frozen.id)),
            list_name=frozen.list_name,
            transport=job.transport,
            is_embedded=job.is_embedded,
            waiting=waiting,
            known=report.deliveries - waiting,
            excluded=report.excluded,
            first=first,
            last=last,
            is_resumed=True,
            limit=job.options.limit,
            notes=(
                *paused,
                note.format(moment=shown_moment(frozen.frozen_at)),
                *waiting_notes(job.workspace.root / "state", job.number),
                *job.notes,
                *notes,
                *approval_notes(job, state),
            ),
            approval=state,
        )
    )


def settle_gone(job: SendJob, freeze: FreezeRow) -> tuple[str, ...]:
    """Ask the list who is unsubscribed by now, and write to none of them; what the editor should know.

    Whoever gets onto the suppression list later still is left out at each message. Raises `LedgerError`.
    """
    notes, name = [], freeze.list_name
    count = _settle_suppressed(job)
    try:
        with job.open_audience() as audience:
            name = audience.source.name
            count += settle_left(job.connection, job.number, audience.read_gone())
    except ListError as error:
        # What was frozen can be sent without the list; the suppression list has all who left by their link.
        notes.append(_("the list cannot be read now, to see who has left it since: {reason}").format(reason=error))
    if count:
        text = ngettext("{count} person has left the list since", "{count} people have left the list since", count)
        notes.append(text.format(count=shown_count(count)))
    if name != freeze.list_name:
        notes.append(_("the people were chosen from {list} when the send began").format(list=freeze.list_name))
    return tuple(notes)


def _settle_suppressed(job: SendJob) -> int:
    if job.to_list is not None:
        return 0
    with job.open_state() as store:
        is_suppressed = suppression_of(store)
        if is_suppressed is None:
            return 0
        keys = [key for key in read_waiting_keys(job.connection, job.number) if is_suppressed(key)]
    return settle_left(job.connection, job.number, keys)
