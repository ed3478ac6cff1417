"""The way of an issue in five steps: write, check, proof, approve, send. Where it stands, and what to type next.

This is the one answer: `nl status` shows all of it, other commands end with its next line.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from newsletter_cli.base.called import called
from newsletter_cli.base.i18n import _
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.clearance.approval import ApprovalState
from newsletter_cli.flows.clearance.guide_steps import (
    APPROVE,
    CHECK,
    PROOF,
    SEND,
    WRITE,
    GuideFacts,
    Step,
    StepState,
    has_gone_out,
    make_steps,
)
from newsletter_cli.model.delivery import DeliveryState


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
    """The way of an issue, from what is known of it."""
    report = facts.report
    return Guide(
        steps=make_steps(facts),
        approval=facts.approval,
        has_gone_out=has_gone_out(facts),
        sent=(report.counts[DeliveryState.SENT], report.deliveries) if report is not None and report.freezes else None,
        unknown=facts.unknown,
        directory=directory,
    )
