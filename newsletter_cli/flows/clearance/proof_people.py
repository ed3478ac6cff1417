"""What the ledgers of proofs know of one person: their right of access, their erasure, the end of retention."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.deliver.ledger.database import copy_ledger
from newsletter_cli.deliver.ledger.people import LedgerPeople
from newsletter_cli.deliver.ledger.reading import read_freezes, read_issues, read_key
from newsletter_cli.deliver.ledger.runs import read_tokens
from newsletter_cli.flows.clearance.proof_records import MESSAGES, all_proofs_folders
from newsletter_cli.workspace.folder import Workspace


class ProofPeople(Struct, frozen=True, kw_only=True):
    """The ledgers of all issues' proofs, as one place that knows people. The messages themselves are files that
    `people_files` knows of; what retention ends takes them along.
    """

    workspace: Workspace
    name: str = "proofs"

    def export_person(self, key: str) -> list[dict[str, Any]]:
        """Every proof that was sent to this person, or was to be. Raises `LedgerError`."""
        found = []
        for folder, ledger in self._ledgers():
            for row in ledger.export_person(key):
                found.append({**row, "issue": int(folder.name), "proof": row["issue"]})
        return found

    def forget_person(self, key: str) -> int:
        """Make them anonymous; how many."""
        return sum(ledger.forget_person(key) for _folder, ledger in self._ledgers())

    def compact(self) -> bool:
        """Leave nothing of what was erased in the files."""
        held_open = [folder for folder, ledger in self._ledgers() if not ledger.compact()]
        return not held_open

    def count_due(self, before: str) -> int:
        """How many are older than that moment (ISO 8601, UTC)."""
        return sum(ledger.count_due(before) for _folder, ledger in self._ledgers())

    def purge(self, before: str) -> int:
        """Make those anonymous, and remove their messages; how many. Raises `LedgerError`."""
        count = 0
        for folder, ledger in self._ledgers():
            _remove_messages(folder, before)
            count += ledger.purge(before)
        return count

    def _ledgers(self) -> Iterator[tuple[Path, LedgerPeople]]:
        for folder in all_proofs_folders(self.workspace):
            yield folder, LedgerPeople(folder)


def is_token_of_proof(workspace: Workspace, token: str) -> bool:
    """Whether a link that holds this token stood in a proof: it is no reader's. Raises `LedgerError`."""
    for folder in all_proofs_folders(workspace):
        with contextlib.closing(copy_ledger(folder)) as connection:
            row = read_tokens(connection).row_of(token)
            if row is not None and read_key(connection, row) is not None:
                return True
    return False


def _remove_messages(folder: Path, before: str) -> None:
    with contextlib.closing(copy_ledger(folder)) as connection:
        old = [one for one in read_issues(connection) if read_freezes(connection, one)[-1].frozen_at < before]
    for number in old:
        for path in (folder / f"{number:02d}").glob(MESSAGES):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise LedgerError(system_reason(error), file=f"state/proofs/{folder.name}") from None
