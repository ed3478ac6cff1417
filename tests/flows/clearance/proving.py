"""Proofs of the small newsletter of `tests.flows.sending`: sent, looked at, and what reviewers got."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from newsletter_cli.base.errors import UsageError
from newsletter_cli.flows.clearance.proof import dry_proof, send_proof
from newsletter_cli.flows.clearance.proof_records import Proof, read_proofs
from newsletter_cli.flows.clearance.proof_values import DryProof, ProofOptions, ProofQuestion, SentProof
from newsletter_cli.flows.clearance.reviewers import parse_reviewers
from tests.flows.sending.newsletter import Editor, Newsletter, parse


class ProofEditor(Editor):
    """Who is asked before a proof; says yes unless told otherwise."""

    def __init__(self, *, is_willing: bool = True):
        super().__init__(is_willing=is_willing)
        self.proofs: list[ProofQuestion] = []

    def ask_proof(self, question: ProofQuestion) -> None:
        self.proofs.append(question)
        if not self.is_willing:
            raise UsageError("nothing was sent")


def prove(newsletter: Newsletter, *to: str, editor: ProofEditor | None = None, **options: Any) -> SentProof:
    wanted = ProofOptions(wanted=parse_reviewers(to), **options)
    return send_proof(newsletter.workspace, 1, wanted, editor or ProofEditor())


def prove_dry(newsletter: Newsletter, *to: str, **options: Any) -> DryProof:
    return dry_proof(newsletter.workspace, 1, ProofOptions(wanted=parse_reviewers(to), **options))


def proofs(newsletter: Newsletter) -> Sequence[Proof]:
    return read_proofs(newsletter.workspace, 1)


def kept(newsletter: Newsletter, number: int) -> Sequence[EmailMessage]:
    """The messages of a proof as they were handed over."""
    return [parse(path) for path in proofs(newsletter)[number - 1].messages()]


def kept_octets(newsletter: Newsletter, number: int) -> Sequence[bytes]:
    """The same, octet for octet."""
    return [path.read_bytes() for path in proofs(newsletter)[number - 1].messages()]
