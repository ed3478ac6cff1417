"""What an approval means for a send: what stops it, and what whoever sends should know.

Where `[send] require_approval` asks for one, nothing goes out without an approval of just this; elsewhere a person is
told. A picture that is not what was approved, or does not come, stops a send in any case, until a person says that it
may go on (`--anyway`): readers would load it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _, shown_moment
from newsletter_cli.deliver.ledger.reading import FreezeRow
from newsletter_cli.flows.clearance.approval import NOT_APPROVED, ApprovalState, Change, with_pictures
from newsletter_cli.flows.clearance.approval_telling import FROZEN, changed_words, difference_lines
from newsletter_cli.flows.sending.problems import SendProblem
from newsletter_cli.workspace.approvals import approval_name, read_approval

if TYPE_CHECKING:
    from newsletter_cli.flows.sending.job import SendJob


def approval_problems(job: SendJob, state: ApprovalState) -> Iterator[SendProblem]:
    """What stops the send."""
    is_required = job.workspace.config.send.require_approval
    if is_required and not state.stands:
        yield _not_approved(job, state)
    elif not job.options.is_anyway:
        yield from (_changed_picture(job, one) for one in state.changes if one.kind == "picture")
    if not job.options.is_anyway:
        for one in state.missing:
            yield SendProblem(
                code="picture-missing",
                message=_("the picture {address} cannot be fetched: {reason}").format(
                    address=one.address, reason=one.reason
                ),
                hint=one.hint
                or _("readers would not see it: put it back, or try again later; if it may go all the same: --anyway"),
            )


def approval_notes(job: SendJob, state: ApprovalState) -> Iterator[str]:
    """What whoever sends should know, where it does not stop them."""
    if state.is_given and not state.stands and not job.workspace.config.send.require_approval:
        yield _("the approval does not stand any more: {changes}").format(changes=changed_words(state))
    if job.options.is_anyway:
        for one in state.missing:
            yield _("the picture {address} cannot be fetched: {reason}").format(address=one.address, reason=one.reason)


def state_of_waiting(job: SendJob, freezes: tuple[FreezeRow, ...]) -> ApprovalState:
    """How what waits of earlier freezes stands with the approval that there is now: it goes out as it was frozen.

    Where another text is approved by now, somebody may have mended a fault: that what was approved when it was frozen
    still goes out is a person's decision (`--anyway`).
    """
    try:
        approval = read_approval(job.workspace, job.number)
    except ContentError as error:
        file = approval_name(job.workspace, job.number)
        return ApprovalState(fault=str(error), file=file, changes=(Change(kind="file", name=file),))
    if approval is None:
        return NOT_APPROVED
    file = approval_name(job.workspace, job.number)
    others = [one for one in freezes if one.content_hash != approval.hash]
    if not others or (job.options.is_anyway and all(map(_was_approved, others))):
        state = ApprovalState(approval=approval, stands=True, file=file, now=freezes[-1].content_hash)
        return state if others else with_pictures(job.workspace, state, approval.pictures)
    changes = (Change(kind="part", name=FROZEN),)
    return ApprovalState(approval=approval, file=file, changes=changes, now=others[-1].content_hash)


def recorded(state: ApprovalState) -> str:
    """What a freeze keeps of it."""
    told = state.as_dict()
    return "" if told is None else json.dumps(told, ensure_ascii=False)


def _was_approved(freeze: FreezeRow) -> bool:
    return bool(freeze.approved) and json.loads(freeze.approved)["stands"] is True


def _not_approved(job: SendJob, state: ApprovalState) -> SendProblem:
    again = _("see what it is now, and approve it: nl approve {number}").format(number=job.number)
    if not state.is_given:
        return SendProblem(
            code="not-approved",
            message=_("nobody has approved issue {number}, and [send] require_approval asks for it").format(
                number=job.number
            ),
            hint=again,
        )
    if state.approval is None:
        return SendProblem(code="not-approved", message=state.fault, hint=again)
    if any(one.name == FROZEN for one in state.changes):
        again = _(
            "for those who have nothing yet, with what is approved now: nl send {number} --afresh; "
            "to go on with what was approved when it began: --anyway"
        ).format(number=job.number)
    message = _("what {name} approved on {moment} has changed since: {changes}")
    return SendProblem(
        code="approval-withdrawn",
        message=message.format(
            name=state.approval.by, moment=shown_moment(state.approval.at), changes=changed_words(state)
        ),
        hint=again,
        place=state.file,
        details=tuple(difference_lines(state)),
    )


def _changed_picture(job: SendJob, change: Change) -> SendProblem:
    return SendProblem(
        code="picture-changed",
        message=_("the picture {address} is not the one that was approved").format(address=change.name),
        hint=_("look at it, and approve it: nl approve {number}; if it may go all the same: --anyway").format(
            number=job.number
        ),
    )
