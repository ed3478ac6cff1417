"""The proofs of an issue that were sent: how many got each, and the messages octet for octet as they were handed over.

    state/proofs/002/ledger.db      the ledger of the proofs of issue 2: in it, an “issue” is the number of a proof
    state/proofs/002/01/proof.json  what proof 1 was, besides: its sections, for telling what has changed since
    state/proofs/002/01/0003.eml    the message of the ledger's row 3, signature included, its lines ended by CRLF

All of it is personal data and private; `nl list forget` reaches it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.deliver.ledger.database import copy_ledger, has_ledger
from newsletter_cli.deliver.ledger.reading import read_issues, read_report
from newsletter_cli.deliver.ledger.transactions import DATABASE, NAME, Database
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.model.delivery import DeliveryState, Outgoing
from newsletter_cli.render.differences import SectionText
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace, folder_name

PROOFS = "proofs"
ABOUT = "proof.json"
MESSAGES = "*.eml"


class Proof(Struct, frozen=True, kw_only=True):
    """One proof, and what became of it. `at` is ISO 8601, UTC; `until` is a day or a moment as ISO 8601 has it, or
    empty; `by` may be empty.

    `content_hash` is that of the issue's own message, as a send would freeze it: the marks of a proof are not in it.
    `folder` holds the messages that were handed over. `rehearsed` of those sent went into a folder of this machine.
    """

    issue: int
    number: int
    at: str
    until: str
    by: str
    content_hash: str
    counts: dict[DeliveryState, int]
    rehearsed: int
    folder: Path

    @property
    def addresses(self) -> int:
        """How many reviewers it is for."""
        return sum(self.counts.values())

    @property
    def sent(self) -> int:
        """How many of them it was handed over for, and accepted."""
        return self.counts[DeliveryState.SENT]

    @property
    def is_complete(self) -> bool:
        """Whether it was accepted for each of them."""
        return self.sent == self.addresses

    def messages(self) -> tuple[Path, ...]:
        """The files of the messages that were handed over, in the order of the ledger."""
        return tuple(sorted(self.folder.glob(MESSAGES)))

    def as_dict(self) -> dict[str, Any]:
        """The proof for scripts; it names no reviewer."""
        return {
            "proof": self.number,
            "at": self.at,
            "until": self.until or None,
            "by": self.by or None,
            "content": self.content_hash,
            "addresses": self.addresses,
            "counts": {state.value: self.counts[state] for state in DeliveryState},
            "in_folder_only": self.rehearsed,
            "complete": self.is_complete,
        }


class ProofFacts(Struct, frozen=True, kw_only=True):
    """What a proof was, besides what its ledger has. `texts` are subject, preheader, editorial and sections, as
    `compare_sections` takes them.
    """

    by: str
    until: str
    texts: tuple[SectionText, ...]


def read_proofs(workspace: Workspace, number: int) -> tuple[Proof, ...]:
    """The proofs of issue `number`, the oldest first; none where none was ever sent from here. Raises `LedgerError`."""
    folder = proofs_folder(workspace, number)
    if not has_ledger(folder):
        return ()
    # A copy: whoever looks waits for nobody who sends, and changes nothing.
    with naming_the_ledger(number), contextlib.closing(copy_ledger(folder)) as connection:
        return tuple(_read(workspace, connection, number, proof) for proof in read_issues(connection))


@contextlib.contextmanager
def naming_the_ledger(number: int) -> Iterator[None]:
    """What is wrong with the ledger of proofs is not said of that of readers."""
    try:
        yield
    except LedgerError as error:
        if error.file == NAME:
            error.file = f"state/{PROOFS}/{folder_name(number)}/{DATABASE}"
        raise


def _read(workspace: Workspace, connection: Database, issue: int, number: int) -> Proof:
    report = read_report(connection, number)
    facts = read_facts(workspace, issue, number)
    return Proof(
        issue=issue,
        number=number,
        at=report.freezes[0].frozen_at,
        until="" if facts is None else facts.until,
        by="" if facts is None else facts.by,
        content_hash=report.freezes[-1].content_hash,
        counts=report.counts,
        rehearsed=report.rehearsed,
        folder=proof_folder(workspace, issue, number),
    )


def proofs_folder(workspace: Workspace, number: int) -> Path:
    """Where the proofs of an issue are; there or not."""
    return workspace.root / "state" / PROOFS / folder_name(number)


def all_proofs_folders(workspace: Workspace) -> Iterator[Path]:
    """The folders of the issues of which proofs were sent."""
    with contextlib.suppress(OSError):
        found = (workspace.root / "state" / PROOFS).glob("*/ledger.db")
        yield from sorted(one.parent for one in found if one.parent.name.isdecimal())


def proof_folder(workspace: Workspace, issue: int, number: int) -> Path:
    """Where the messages of a proof are; there or not."""
    return proofs_folder(workspace, issue) / f"{number:02d}"


def make_proof_folder(workspace: Workspace, issue: int, number: int) -> Path:
    """The same, made where it is missing, for nobody else's eyes. Raises `StorageError`."""
    return workspace.private_folder(f"{PROOFS}/{folder_name(issue)}/{number:02d}")


def write_facts(workspace: Workspace, issue: int, number: int, facts: ProofFacts) -> None:
    """Keep what the proof is. Raises `StorageError`."""
    path = make_proof_folder(workspace, issue, number) / ABOUT
    told = {"by": facts.by, "until": facts.until, "texts": [_told(one) for one in facts.texts]}
    with storage_errors(workspace.name_of(path)):
        write_file(path, json.dumps(told, ensure_ascii=False, indent=1).encode(), mode=PRIVATE_FILE)


def read_facts(workspace: Workspace, issue: int, number: int) -> ProofFacts | None:
    """What a proof was; `None` where that is lost: it is not needed for sending."""
    try:
        told = json.loads((proof_folder(workspace, issue, number) / ABOUT).read_text("utf-8"))
        texts = tuple(_text(one) for one in told["texts"])
        return ProofFacts(by=str(told["by"]), until=str(told["until"]), texts=texts)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _told(one: SectionText) -> dict[str, Any]:
    return {"slug": one.slug, "title": one.title, "lines": list(one.lines)}


def _text(told: dict[str, Any]) -> SectionText:
    lines: Sequence[Any] = told["lines"]
    return SectionText(slug=str(told["slug"]), title=str(told["title"]), lines=tuple(map(str, lines)))


def keep_message(workspace: Workspace, issue: int, number: int, message: Outgoing) -> None:
    """Keep a message as it is handed over, signature and all. Raises `StorageError`: then it is not handed over."""
    path = make_proof_folder(workspace, issue, number) / f"{message.row:04d}.eml"
    with storage_errors(workspace.name_of(path)):
        write_file(path, unstuff(message.data), mode=PRIVATE_FILE)
