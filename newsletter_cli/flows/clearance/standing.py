"""What is known of how far an issue is, gathered for the guide. No program is started, and no server asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter_cli.base.errors import LedgerError, NewsletterError
from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.reading import Report, read_report
from newsletter_cli.deliver.ledger.runs import read_ledger_id
from newsletter_cli.flows.clearance.approval import approval_state
from newsletter_cli.flows.clearance.guide import Guide, make_guide
from newsletter_cli.flows.clearance.guide_steps import GuideFacts
from newsletter_cli.flows.clearance.proof_records import Proof, read_proofs
from newsletter_cli.flows.clearance.waiting import read_waiting
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.obstacles import OF_THE_BUILD, OF_THE_HEADER, OF_THE_TEXTS, Obstacle
from newsletter_cli.flows.sending.ledger import look_into_ledger
from newsletter_cli.flows.sending.transport import choose_transport
from newsletter_cli.model import Finding, Issue, Level
from newsletter_cli.workspace.approvals import approval_name
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.sent import read_sent_records

if TYPE_CHECKING:
    from newsletter_cli.flows.content import SeenContent
    from newsletter_cli.flows.read import Sources


def read_guide(
    workspace: Workspace,
    issue: Issue,
    findings: Iterable[Finding],
    obstacles: Sequence[Obstacle],
    sources: Sources | None,
    *,
    directory: str = "",
) -> Guide:
    """The way of the issue. `sources` are what it is made from, `None` where that cannot be used."""
    number, levels = issue.number, [(one.level, one.is_fixable) for one in findings]
    proofs, unknown = _proofs(workspace, number)
    seen = None
    if proofs or (workspace.root / approval_name(workspace, number)).is_file():
        seen = _seen(workspace, sources)
    report, elsewhere, why = _report(workspace, number)
    facts = GuideFacts(
        number=number,
        has_pads=issue.pad is not None or any(one.pad is not None for one in issue.sections),
        unwritten=tuple(one.message for one in obstacles if one.code in OF_THE_TEXTS),
        lacking=tuple(one.message for one in obstacles if one.code in OF_THE_HEADER),
        unready=tuple(one.message for one in obstacles if one.code not in OF_THE_TEXTS | OF_THE_HEADER | OF_THE_BUILD),
        errors=sum(level is Level.ERROR for level, _is_fixable in levels),
        fixable=sum(level is not Level.INFO and is_fixable for level, is_fixable in levels),
        warnings=sum(level is Level.WARNING for level, _is_fixable in levels),
        unbuilt=tuple(one.message for one in obstacles if one.code in OF_THE_BUILD),
        content_hash="" if seen is None else seen.hash,
        proofs=proofs,
        is_approval_required=workspace.config.send.require_approval,
        approval=approval_state(workspace, number, seen=seen),
        report=report,
        is_embedded=_is_embedded(workspace),
        unknown=why or unknown,
        waits_until=read_waiting(workspace.root / "state", number),
        sent_elsewhere=elsewhere,
        has_reviewers=bool(workspace.config.proof.group),
        has_bounces=workspace.config.send.bounces is not None and workspace.config.mailbox.url is not None,
    )
    return make_guide(facts, directory=directory)


def _seen(workspace: Workspace, sources: Sources | None) -> SeenContent | None:
    from newsletter_cli.flows.sending.message import content_of

    if sources is None:
        return None
    try:
        return content_of(workspace, sources, now=datetime.now(UTC)).seen
    except NewsletterError:  # `approval_state` tells why
        return None


def _proofs(workspace: Workspace, number: int) -> tuple[tuple[Proof, ...], str]:
    try:
        return read_proofs(workspace, number), ""
    except LedgerError as error:
        return (), str(error)


def _report(workspace: Workspace, number: int) -> tuple[Report | None, str, str]:
    """What the ledger says; when another one sent it; and why neither can be told: a ledger that is closed or broken is
    no reason to say nothing.
    """
    report, own = None, ""
    try:
        if has_ledger(ledger_of(workspace)):
            with look_into_ledger(workspace) as connection:
                report, own = read_report(connection, number), read_ledger_id(connection)
    except NewsletterError as error:
        return None, "", str(error)
    try:
        record = read_sent_records(workspace).get(number)
    except NewsletterError as error:
        return report, "", str(error)
    is_here = report is not None and bool(report.freezes)
    return report, record.at if record is not None and (record.ledger != own or not is_here) else "", ""


def _is_embedded(workspace: Workspace) -> bool:
    try:
        return choose_transport(workspace, None).is_embedded
    except NewsletterError:
        return False
