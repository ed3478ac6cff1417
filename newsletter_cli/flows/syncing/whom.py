"""Whom an entry of the log is about: by its token, by a Message-ID of ours, or by the keyed hash of an address."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Self

from newsletter_cli.after.endpoint.entries import NewEntry
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.store import Store
from newsletter_cli.base.endpoint_key import KeyPart
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.reading import read_keys, read_sent
from newsletter_cli.deliver.ledger.runs import read_tokens
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.flows.bounces.people import Addressee, People
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.sending.ledger import look_into_ledger
from newsletter_cli.workspace.folder import Workspace


class Whom:
    """Finds people for entries, many at a time: nothing of an address stands in the log. A context manager.

    All raise `LedgerError`, `ListError`.
    """

    def __init__(self, workspace: Workspace, store: Store, people: People, parts: Sequence[KeyPart]) -> None:
        self._workspace, self._store, self._people = workspace, store, people
        self._parts = {part.id: part for part in parts}
        self._ledger: Database | None = None
        self._tokens: Tokens | None = None
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Self:
        if has_ledger(ledger_of(self._workspace)):
            self._ledger = self._open.enter_context(look_into_ledger(self._workspace))
            self._tokens = read_tokens(self._ledger)
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def find(self, entries: Sequence[NewEntry]) -> list[Addressee | None]:
        """Whom each is about; `None` for whoever is not known here."""
        ids = {one.message_id.lower() for one in entries if one.message_id and not one.token}
        hashes = {(one.key, one.person) for one in entries if one.person and not one.token}
        rows, keys = self._rows_of(ids), self._keys_of(hashes)
        return [self._whom(one, rows, keys) for one in entries]

    def _whom(self, entry: NewEntry, rows: dict[str, int], keys: dict[tuple[str, str], str]) -> Addressee | None:
        if entry.token:
            return self._people.of_token(entry.token)
        row = rows.get(entry.message_id.lower())
        if row is not None and self._tokens is not None:
            return self._people.of_token(self._tokens.token(row))
        key = keys.get((entry.key, entry.person))
        return None if key is None else self._reader(key, entry.at)

    def _reader(self, key: str, at: str) -> Addressee | None:
        """A reader by their address alone: it is about the last issue that they had got by then."""
        if self._ledger is None:
            return None
        had = [issue for issue, moment in read_sent(self._ledger, key) if moment <= at]
        current = Moves(self._store).current(key)
        if not had:
            return None
        return Addressee(key=current, address=key, issue=had[-1], is_reader=True, has_moved=current != key)

    def _rows_of(self, wanted: set[str]) -> dict[str, int]:
        """The rows of these Message-IDs. They tell their row to nobody: each delivery's own is worked out again."""
        found: dict[str, int] = {}
        if wanted and self._ledger is not None and self._tokens is not None:
            domains = {one.rpartition("@")[2] for one in wanted}
            for row, _key in read_keys(self._ledger):
                for domain in domains:
                    message_id = self._tokens.message_id(row, domain).lower()
                    if message_id in wanted:
                        found[message_id] = row
        return found

    def _keys_of(self, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The normalised addresses behind these hashes, of those who were ever written to."""
        found: dict[tuple[str, str], str] = {}
        parts = [part for part in self._parts.values() if any(part.id == name for name, _hashed in wanted)]
        for key in self._written_to() if parts else ():
            for part in parts:
                one = (part.id, part.person_hash(key))
                if one in wanted:
                    found[one] = key
        return found

    def _written_to(self) -> Iterator[str]:
        seen = set()
        for _row, key in read_keys(self._ledger) if self._ledger is not None else ():
            if "@" in key and key not in seen:
                seen.add(key)
                yield key
