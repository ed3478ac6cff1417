"""Whom something that came back is about: a token's delivery, and what is known of its person."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import NamedTuple, Self

from newsletter_cli.after.deciding import Known, SentIssue
from newsletter_cli.audience.address import parse_address
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.ledger.database import copy_ledger, has_ledger
from newsletter_cli.deliver.ledger.reading import count_by_domain, read_handed, read_sent
from newsletter_cli.deliver.ledger.runs import read_tokens
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.flows.clearance.proof_records import all_proofs_folders
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.sending.ledger import look_into_ledger
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.model.subscriber import GONE
from newsletter_cli.workspace.folder import Workspace


class Addressee(NamedTuple):
    """Whose delivery a token stands for. `key` is the normalised address that they have now, empty where nobody is
    named there any more; `address` the one it went to, as written; `issue` its number. `is_reader` is false for the
    reviewer of a proof; `has_moved`: it went to an address that they have no more.
    """

    key: str
    address: str
    issue: int
    is_reader: bool
    has_moved: bool


class People:
    """The people of a workspace, as the ledgers and the private list know them; for many questions. A context manager.

    All raise `LedgerError`, `ListError`.
    """

    def __init__(self, workspace: Workspace, store: Store):
        self._workspace, self._store = workspace, store
        self._suppression, self._moves = Suppression(store), Moves(store)
        self._subscribers = ManagedList(store)
        self._ledger: Database | None = None
        self._tokens: Tokens | None = None
        self._proofs: list[tuple[Tokens, int, Database]] | None = None
        self._last: tuple[str, Addressee | None] | None = None
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Self:
        if has_ledger(ledger_of(self._workspace)):
            self._ledger = self._open.enter_context(look_into_ledger(self._workspace))
            self._tokens = read_tokens(self._ledger)
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def of_token(self, token: str) -> Addressee | None:
        """Whose delivery it stands for; `None` for what is no token of ours."""
        # One message is asked about several times.
        if self._last is None or self._last[0] != token:
            self._last = token, self._find(token)
        return self._last[1]

    def _find(self, token: str) -> Addressee | None:
        if self._ledger is not None and self._tokens is not None:
            row = self._tokens.row_of(token)
            handed = None if row is None else read_handed(self._ledger, row)
            if handed is not None:
                key = self._moves.current(handed.key) if handed.key else ""
                has_moved = bool(key) and parse_address(handed.address).key != key
                return Addressee(
                    key=key, address=handed.address, issue=handed.issue, is_reader=True, has_moved=has_moved
                )
        return self._reviewer(token)

    def known(self, whom: Addressee, *, since: str, returned: Mapping[int, frozenset[FeedbackKind]]) -> Known:
        """What is known of somebody when something is decided that came at `since` (ISO 8601, UTC). `returned`: by
        issue, the kinds of what came back of it.
        """
        key = whom.key
        if not key:
            # Their name was erased: there is nothing to decide any more.
            return Known(has_left=True)
        subscriber = self._subscribers.find(key)
        is_gone = subscriber is not None and subscriber.status in GONE
        # Where nobody ever left, there need be no key to know anybody by, and looking makes none.
        has_leavers = self._suppression.has_any_trace()
        return Known(
            has_left=is_gone or (has_leavers and self._suppression.find(key) is not None),
            is_back=has_leavers and self._suppression.is_back_since(key, since),
            has_moved=whom.has_moved,
            is_reader=whom.is_reader,
            sent=tuple(SentIssue(*one) for one in self._sent(key)),
            returned=returned,
        )

    def count_by_domain(self, issue: int, domains: frozenset[str]) -> tuple[int, dict[str, int]]:
        """How many an issue was for, and how many of them at each of these domains."""
        return (0, {}) if self._ledger is None else count_by_domain(self._ledger, issue, domains)

    def _sent(self, key: str) -> list[tuple[int, str]]:
        return [] if self._ledger is None else read_sent(self._ledger, key)

    def _reviewer(self, token: str) -> Addressee | None:
        if self._proofs is None:
            self._proofs = []
            for folder in all_proofs_folders(self._workspace):
                copy = self._open.enter_context(contextlib.closing(copy_ledger(folder)))
                self._proofs.append((read_tokens(copy), int(folder.name), copy))
        for tokens, issue, connection in self._proofs:
            row = tokens.row_of(token)
            handed = None if row is None else read_handed(connection, row)
            if handed is not None:
                return Addressee(key=handed.key, address=handed.address, issue=issue, is_reader=False, has_moved=False)
        return None
