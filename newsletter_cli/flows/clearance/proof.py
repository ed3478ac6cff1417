"""`nl proof N`: the issue as readers will get it, to the few who read it first. A send in all, but for its own ledger.

What a proof will do is decided in `proof_plan.py`; what it says of itself is `proof_dress.py`, who gets it
`reviewers.py`, what is kept of it `proof_records.py`.
Nothing of it counts as the issue's send: no `sent/N.toml`, no row in the ledger of readers; and the tokens in its links
are of its own ledger, so that they unsubscribe nobody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial

from newsletter_cli.audience.address import parse_address
from newsletter_cli.deliver.interrupt import noting_interruption
from newsletter_cli.deliver.ledger.database import copy_ledger, open_database
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.reading import read_deliveries
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.flows.clearance.proof_plan import ProofPlan, plan_proof
from newsletter_cli.flows.clearance.proof_records import make_proof_folder, naming_the_ledger, proofs_folder
from newsletter_cli.flows.clearance.proof_values import (
    DryProof,
    ProofOptions,
    ProofQuestion,
    ProofWatcher,
    Reviewer,
    SentProof,
)
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.flows.sending.job import Question, find_missing_means, opening_means
from newsletter_cli.flows.sending.problems import refuse_obstacles
from newsletter_cli.flows.sending.send import deliver
from newsletter_cli.flows.sending.transport import choose_transport
from newsletter_cli.flows.sending.verifying import EmlFolder, verify_waiting
from newsletter_cli.workspace.folder import Workspace

FEW = 3


def send_proof(workspace: Workspace, number: int, options: ProofOptions, watcher: ProofWatcher) -> SentProof:
    """Send a proof to whoever has not had it, or go on with one under way.

    Raises as `send_issue`; nothing was sent then but what the ledger of proofs says.
    """
    chosen = choose_transport(workspace, options.transport)
    folder = workspace.private_folder(f"{proofs_folder(workspace, number).relative_to(workspace.root / 'state')}")
    with (
        naming_the_ledger(number),
        only_writer(folder),
        contextlib.closing(open_database(folder)) as connection,
        opening_means(workspace, chosen) as means,
    ):
        plan, job = plan_proof(
            workspace, number, options, chosen, connection, watcher, meet=partial(refuse_obstacles, number)
        )
        done = SentProof(
            issue=number,
            dressed=plan.dress.made,
            until=plan.dress.until,
            by=plan.dress.by,
            people=(),
            transport=job.transport,
            is_embedded=job.is_embedded,
            command=options.command(number),
            notes=plan.reviewers.notes,
            doubtful=plan.doubtful,
        )
        if plan.has_work:
            messages = make_proof_folder(workspace, number, plan.number)
            for place in (messages, chosen.folder):
                if place is not None:
                    remember(workspace, place, Holding.MESSAGES)
            with noting_interruption() as is_interrupted:
                done.sent = deliver(job, means, is_interrupted)
        done.people = tuple(_people(connection, plan))
    return done


def dry_proof(workspace: Workspace, number: int, options: ProofOptions) -> DryProof:
    """All of a proof but the sending. Nothing is recorded; the first messages can be looked at.

    Raises as `send_proof` does for what is no fault of the issue.
    """
    chosen = choose_transport(workspace, options.transport)
    listener = _Listener()
    problems = list(find_missing_means(workspace, chosen, is_dry=True))
    with (
        EmlFolder(workspace, number, None, few=FEW, kind="-proof") as folder,
        contextlib.closing(copy_ledger(proofs_folder(workspace, number))) as connection,
    ):
        plan, job = plan_proof(
            workspace, number, options, chosen, connection, listener, meet=problems.extend, is_dry=True
        )
        done = DryProof(
            dressed=plan.dress.made,
            until=plan.dress.until,
            by=plan.dress.by,
            question=listener.question,
            transport=job.transport,
        )
        if plan.has_work:
            done.messages = verify_waiting(job, folder.put)
        done.outbox, done.written = folder.name, folder.written
    done.problems = problems + done.messages.problems
    done.notes = [*plan.reviewers.notes, *done.messages.notes(), *folder.notes]
    return done


class _Listener:
    """Keeps what would be asked; the answer is yes, and nothing comes of it."""

    question: ProofQuestion | None = None

    def ask(self, question: Question) -> None: ...

    def ask_proof(self, question: ProofQuestion) -> None:
        self.question = question

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None: ...

    def show(self) -> None: ...

    def end(self) -> None: ...


def _people(connection: Database, plan: ProofPlan) -> Iterator[Reviewer]:
    """What became of it for those who were asked for, and for those who waited for it."""
    asked = {one.key for one in plan.reviewers.recipients}
    for one in read_deliveries(connection, plan.number):
        if "@" in one.address and parse_address(one.address).key in asked:
            yield Reviewer(address=one.address, state=one.state, code=one.code, reply=one.reply)
