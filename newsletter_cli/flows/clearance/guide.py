"""The way of an issue in five steps: write, check, proof, approve, send. Where it stands, and what to type next.

This is the one answer: `nl status` shows all of it, other commands end with its next line.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from newsletter_cli.base.called import called
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.console.lines import Line
from newsletter_cli.deliver.ledger.reading import Report
from newsletter_cli.flows.clearance.approval import NOT_APPROVED, ApprovalState
from newsletter_cli.flows.clearance.approval_telling import changed_words
from newsletter_cli.flows.clearance.moment import said_short
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
    another ledger sent it, then. `has_reviewers`: `newsletter.toml` says who gets proofs.
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

    @property
    def is_approval_wanted(self) -> bool:
        """Whether it is part of the way: it is asked for, or was given once."""
        return self.is_approval_required or self.approval.is_given


class Guide(Struct, frozen=True, kw_only=True):
    """The five steps. `directory` is the folder that was named with `-C`, or empty. `has_gone_out`: to the whole list,
    or it is under way; `sent`: so many have it, of so many recipients; `unknown`: why nobody can tell.
    """

    steps: tuple[Step, ...]
    approval: ApprovalState
    has_gone_out: bool
    sent: tuple[int, int] | None = None
    unknown: str = ""
    directory: str = ""

    @property
    def now(self) -> Step | None:
        """The step to take; `None` where all is done."""
        return next((one for one in self.steps if one.state is StepState.NOW), None)

    @property
    def is_ready_to_go(self) -> bool:
        """Whether nothing is left but to send it."""
        return self.now is not None and self.now.name == SEND and not self.has_gone_out

    @property
    def next_command(self) -> str:
        """Exactly what to type; empty where there is nothing to be typed."""
        step = self.now or self.steps[-1]
        return self.typed(step.command)

    def typed(self, command: str) -> str:
        """The command of a step as it is typed here."""
        if not command:
            return ""
        return f"{called()} {f'-C {shlex.quote(self.directory)} ' if self.directory else ''}{command}"

    def as_dict(self) -> dict[str, Any]:
        """The guide for scripts."""
        return {
            "steps": [
                {
                    "step": one.name,
                    "state": one.state.value,
                    "notes": list(one.notes),
                    "command": self.typed(one.command) or None,
                }
                for one in self.steps
            ],
            "next": self.next_command or None,
            "approved": self.approval.as_dict(),
        }

    def lines(self) -> Iterator[str]:
        """The steps, one below the other."""
        names, words = step_names(), state_words()
        width = max(map(len, names.values())), max(len(word) for _mark, word, _style in words.values())
        hang = width[0] + width[1] + 8
        for one in self.steps:
            mark, word, style = words[one.state]
            name_style = "strong" if one.state is StepState.NOW else "dim" if one.state is StepState.OPTIONAL else ""
            head = [(f"  {mark} ", style), (f"{names[one.name]:<{width[0]}}  ", name_style)]
            below = self._below(one)
            if not below:
                yield Line(*head, (word, style))
                continue
            yield Line(*head, (f"{word:<{width[1]}}  ", style), *below[0], hang=hang)
            for pieces in below[1:]:
                yield Line((" " * hang, ""), *pieces, hang=hang + 2)

    def _below(self, step: Step) -> list[list[tuple[str, str]]]:
        """What is said of a step, line by line: its notes; what to type where that is now, or where nobody has to."""
        typed = self.typed(step.command)
        if step.state is StepState.NOW:
            said = [[(note, "")] for note in step.notes]
            return [*said, [("→ ", "accent"), (typed, "strong")]] if typed else said
        notes = list(step.notes)
        if step.state is StepState.OPTIONAL and typed:
            notes = [_("{note}: {command}").format(note="; ".join(notes), command=typed)] if notes else [typed]
        return [[(note, "dim")] for note in notes]


def step_names() -> dict[str, str]:
    """What people call the steps."""
    return {WRITE: _("write"), CHECK: _("check"), PROOF: _("proof"), APPROVE: _("approve"), SEND: _("send")}


def state_words() -> dict[StepState, tuple[str, str, str]]:
    """Of each state its mark, its word and its style."""
    return {
        StepState.DONE: ("✓", _("done"), "well"),
        StepState.NOW: ("→", _("now"), "accent"),
        StepState.NEXT: ("·", _("later"), "dim"),
        StepState.OPTIONAL: ("–", _("if you like"), "dim"),
    }


def make_guide(facts: GuideFacts, *, directory: str = "") -> Guide:
    """The way of an issue. What has gone out is done, whatever was left out on the way."""
    report = facts.report
    is_sent = bool(facts.sent_elsewhere) or (report is not None and _has_gone_out(report))
    steps: list[Step] = []
    for make in (_write, _check, _proof, _approve, _send):
        step = make(facts)
        if is_sent and step.name != SEND and step.state is not StepState.DONE:
            step = Step(name=step.name, state=_past_state(step.name))
        elif step.state is StepState.NOW and any(one.state is StepState.NOW for one in steps):
            step = Step(name=step.name, state=StepState.NEXT, notes=step.notes, command=step.command)
        steps.append(step)
    return Guide(
        steps=tuple(steps),
        approval=facts.approval,
        has_gone_out=is_sent,
        sent=(report.counts[DeliveryState.SENT], report.deliveries) if report is not None and report.freezes else None,
        unknown=facts.unknown,
        directory=directory,
    )


def _has_gone_out(report: Report) -> bool:
    """Whether it goes to the whole list; neither a part of it nor a folder of this machine is that."""
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
    return _under_way(number, report, is_embedded=facts.is_embedded)


def _under_way(number: int, report: Report, *, is_embedded: bool) -> Step:
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
    return make(StepState.DONE, f"report {number}")
