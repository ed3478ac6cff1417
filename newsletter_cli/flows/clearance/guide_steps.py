"""The five steps of an issue: where each stands by what is known of it, and what to type for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from newsletter_cli.base.called import called
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.deliver.ledger.reading import Report
from newsletter_cli.flows.clearance.approval import NOT_APPROVED, ApprovalState
from newsletter_cli.flows.clearance.approval_telling import changed_words
from newsletter_cli.flows.clearance.moment_telling import said_short
from newsletter_cli.flows.clearance.proof_records import Proof
from newsletter_cli.model.delivery import DeliveryState

WRITE, CHECK, PROOF, APPROVE, SEND = "write", "check", "proof", "approve", "send"


PEOPLE_READ_FIRST = "group:proof"


class StepState(StrEnum):
    """`now`: the one to take; `next`: behind it; `optional`: nobody asked for it."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    OPTIONAL = "optional"


class Step(Struct, frozen=True, kw_only=True):
    """One of the five. `notes` say where it stands; `command` is what to type for it, without `nl`, or empty."""

    name: str
    state: StepState
    notes: tuple[str, ...] = ()
    command: str = ""


class GuideFacts(Struct, frozen=True, kw_only=True):
    """What is known of an issue. In words: `unwritten`, its texts that are not there yet; `lacking`, fields that it can
    do without; `unready`, what a send would stop at, among it `errors` findings;
    `unbuilt`, why what was made of it is not what it would be now. `warnings` stop nothing; `fixable`
    faults are mended by `--fix`. `content_hash` is that of
    what readers would see; empty where nobody knows. `waits_until`: an `nl send --at` waits here. `sent_elsewhere`:
    another ledger sent it, then. `has_reviewers`: `newsletter.toml` says who gets proofs, `has_bounces`: where what
    cannot be delivered comes back to.
    """

    number: int
    has_pads: bool = False
    unwritten: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    unready: tuple[str, ...] = ()
    errors: int = 0
    fixable: int = 0
    warnings: int = 0
    unbuilt: tuple[str, ...] = ()
    content_hash: str = ""
    proofs: tuple[Proof, ...] = ()
    is_approval_required: bool = False
    approval: ApprovalState = NOT_APPROVED
    report: Report | None = None
    is_embedded: bool = False
    unknown: str = ""
    waits_until: datetime | None = None
    sent_elsewhere: str = ""
    has_reviewers: bool = False
    has_bounces: bool = False

    @property
    def is_approval_wanted(self) -> bool:
        """Whether it is part of the way: it is asked for, or was given once."""
        return self.is_approval_required or self.approval.is_given


def make_steps(facts: GuideFacts) -> tuple[Step, ...]:
    """The five, of which at most one is now. What has gone out is done, whatever was left out on the way."""
    steps: list[Step] = []
    for make in (_write, _check, _proof, _approve, _send):
        step = make(facts)
        if has_gone_out(facts) and step.name != SEND and step.state is not StepState.DONE:
            step = Step(name=step.name, state=_past_state(step.name))
        elif step.state is StepState.NOW and any(one.state is StepState.NOW for one in steps):
            step = Step(name=step.name, state=StepState.NEXT, notes=step.notes, command=step.command)
        steps.append(step)
    return tuple(steps)


def has_gone_out(facts: GuideFacts) -> bool:
    """Whether it went to the whole list, or is on its way; a part of it is not that, nor a folder of this machine."""
    report = facts.report
    if facts.sent_elsewhere or report is None:
        return bool(facts.sent_elsewhere)
    is_rehearsal = bool(report.rehearsed) and report.rehearsed == report.counts[DeliveryState.SENT]
    return bool(report.freezes) and not report.parts and not is_rehearsal


def _past_state(name: str) -> StepState:
    return StepState.DONE if name in (WRITE, CHECK) else StepState.OPTIONAL


def _write(facts: GuideFacts) -> Step:
    command = f"pull {facts.number}" if facts.has_pads else f"preview {facts.number}"
    state = StepState.NOW if facts.unwritten else StepState.DONE
    return Step(name=WRITE, state=state, notes=(*facts.unwritten, *facts.lacking), command=command)


def _check(facts: GuideFacts) -> Step:
    told = []
    if facts.warnings:
        text = ngettext("{count} warning, which stops nothing", "{count} warnings, which stop nothing", facts.warnings)
        told.append(text.format(count=shown_count(facts.warnings)))
    if facts.fixable:
        text = ngettext("{count} can be fixed by itself", "{count} can be fixed by themselves", facts.fixable)
        told.append(text.format(count=shown_count(facts.fixable)))
    # Proof and approval are of the texts as they stand, and an approval writes the build anew.
    is_build_later = facts.is_approval_wanted and not facts.approval.stands
    is_stale = bool(facts.unbuilt) and not is_build_later
    if facts.errors or facts.fixable:
        command = f"check {facts.number} {'--fix' if facts.fixable else '--review'}"
    elif is_stale:
        command = f"assemble {facts.number}"
    else:
        command = "doctor" if facts.unready else f"check {facts.number}"
    is_done = not is_stale and not facts.unready and not facts.fixable
    notes = (*facts.unready, *(facts.unbuilt if is_stale else ()), *told)
    return Step(name=CHECK, state=StepState.DONE if is_done else StepState.NOW, notes=notes, command=command)


def _proof(facts: GuideFacts) -> Step:
    again = f"proof {facts.number}"
    if not facts.proofs:
        is_wanted = facts.is_approval_required and not facts.approval.stands
        return Step(
            name=PROOF,
            state=StepState.NOW if is_wanted else StepState.OPTIONAL,
            notes=(_("nobody was sent one"),),
            command=again if facts.has_reviewers else f"{again} --to {PEOPLE_READ_FIRST}",
        )
    last = facts.proofs[-1]
    note = ngettext(
        "proof {number}, {moment}, to {count} reader", "proof {number}, {moment}, to {count} readers", last.addresses
    ).format(number=last.number, moment=shown_moment(last.at), count=shown_count(last.addresses))
    if not last.is_complete:
        left = _("{sent} of {count} have it").format(sent=last.sent, count=last.addresses)
        return Step(name=PROOF, state=StepState.NOW, notes=(note, left), command=again)
    notes = [note]
    if last.rehearsed:
        notes.append(_("into a folder of this machine: nobody has it in a mailbox"))
    if facts.content_hash and last.content_hash != facts.content_hash:
        notes.append(_("changed since; {command} would say what").format(command=f"{called()} {again}"))
    return Step(name=PROOF, state=StepState.DONE, notes=tuple(notes), command=again)


def _approve(facts: GuideFacts) -> Step:
    state, command = facts.approval, f"approve {facts.number}"
    known = state.approval
    if state.fault:
        return Step(name=APPROVE, state=StepState.NOW, notes=(state.fault,), command=command)
    if known is None:
        if facts.is_approval_required:
            return Step(name=APPROVE, state=StepState.NOW, notes=(_("nobody has approved it"),), command=command)
        return Step(name=APPROVE, state=StepState.OPTIONAL, notes=(_("none is required"),), command=command)
    by = _("by {name}, {moment}").format(name=known.by, moment=shown_moment(known.at))
    if state.stands:
        return Step(name=APPROVE, state=StepState.DONE, notes=(by,), command=command)
    changed = _("changed since: {names}").format(names=changed_words(state))
    return Step(name=APPROVE, state=StepState.NOW, notes=(by, changed), command=command)


def _send(facts: GuideFacts) -> Step:
    number = facts.number
    if facts.sent_elsewhere:
        note = _("it went out by another ledger, {moment}").format(moment=shown_moment(facts.sent_elsewhere))
        return Step(name=SEND, state=StepState.DONE, notes=(note,))
    if facts.unknown:
        note = _("whether it went out cannot be told: {reason}").format(reason=facts.unknown)
        return Step(name=SEND, state=StepState.NOW, notes=(note,), command="doctor")
    if facts.waits_until is not None:
        note = _("an nl send waits here until {moment}").format(moment=said_short(facts.waits_until))
        return Step(name=SEND, state=StepState.NOW, notes=(note,))
    report = facts.report
    if report is None or not report.freezes:
        is_seen = facts.approval.stands or any(one.content_hash == facts.content_hash for one in facts.proofs)
        command = f"send {number}" if is_seen else f"send {number} --dry-run"
        return Step(name=SEND, state=StepState.NOW, command=command)
    return _under_way(number, report, is_embedded=facts.is_embedded, has_bounces=facts.has_bounces)


def _under_way(number: int, report: Report, *, is_embedded: bool, has_bounces: bool) -> Step:
    counts = report.counts
    note = _("{sent} of {count} have it").format(
        sent=shown_count(counts[DeliveryState.SENT]), count=shown_count(report.deliveries)
    )

    def make(state: StepState, command: str, *more: str) -> Step:
        return Step(name=SEND, state=state, notes=(note, *more), command=command)

    if report.rehearsed and not is_embedded:
        rehearsed = _("{count} of them in a folder of this machine only").format(count=shown_count(report.rehearsed))
        return make(StepState.NOW, f"resolve {number} --rehearsed", rehearsed)
    if not report.is_complete:
        waiting = sum(counts[one] for one in (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.DEFERRED))
        return make(StepState.NOW, f"send {number}" if waiting else f"resolve {number} --show")
    if report.rehearsed:
        note = _("a rehearsal, {sent} of {count}: nothing has left this machine").format(
            sent=shown_count(counts[DeliveryState.SENT]), count=shown_count(report.deliveries)
        )
        return make(StepState.DONE, f"report {number}")
    if report.parts:
        part = _("only {parts}, so far").format(parts=", ".join(report.parts))
        return make(StepState.NOW, f"send {number}", part)
    if has_bounces:
        return make(StepState.DONE, f"report {number}", _("what comes back is sorted by nl bounces"))
    return make(StepState.DONE, f"report {number}")
