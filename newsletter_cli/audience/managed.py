"""The managed list: subscribers kept by `nl` in `state/list.db`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from newsletter_cli.audience.address import Address
from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.row import Candidate, Tally
from newsletter_cli.audience.store import Store
from newsletter_cli.model.subscriber import GONE, NOTHING, Consent, Subscriber, SubscriberStatus

# What an import may change: a filled cell replaces what was known, an empty one changes nothing, groups add up. The
# 13th value is whether the file says anything of the status: nothing said changes nothing. Nobody who left comes back
# by an import; a confirmation stays when a file knows less.
MERGE = """
INSERT INTO subscriber(key, address, name, status, groups, attributes, consent_at, consent_how, consent_source,
  created_at, changed_at, left_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT(key) DO UPDATE SET
  name = iif(excluded.name = '', name, excluded.name),
  status = iif(?13, merge_status(status, excluded.status), status),
  groups = merge_groups(groups, excluded.groups), attributes = merge_attributes(attributes, excluded.attributes),
  consent_at = iif(consent_at || consent_how <> '', consent_at, excluded.consent_at),
  consent_how = iif(consent_at || consent_how <> '', consent_how, excluded.consent_how),
  consent_source = iif(consent_at || consent_how <> '', consent_source, excluded.consent_source),
  changed_at = excluded.changed_at, left_at = iif(left_at <> '', left_at, excluded.left_at)
WHERE excluded.name NOT IN ('', name)
  OR (?13 AND excluded.status <> status AND merge_status(status, excluded.status) <> status)
  OR (excluded.groups NOT IN ('', groups) AND merge_groups(groups, excluded.groups) <> groups)
  OR (excluded.attributes NOT IN ('', attributes)
      AND merge_attributes(attributes, excluded.attributes) <> attributes)
  OR (consent_at || consent_how = '' AND excluded.consent_at || excluded.consent_how <> '')
"""
REPLACE = """
INSERT INTO subscriber(key, address, name, status, groups, attributes, consent_at, consent_how, consent_source,
  created_at, changed_at, left_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(key) DO UPDATE SET address = excluded.address, name = excluded.name, status = excluded.status,
  groups = excluded.groups, attributes = excluded.attributes, consent_at = excluded.consent_at,
  consent_how = excluded.consent_how, consent_source = excluded.consent_source, changed_at = excluded.changed_at,
  left_at = excluded.left_at
"""
ALL = """
SELECT id, key, address, name, status, groups, attributes, consent_at, consent_how, consent_source
FROM subscriber ORDER BY id
"""
ONE = """
SELECT key, address, name, status, groups, attributes, consent_at, consent_how, consent_source, created_at, changed_at,
  left_at
FROM subscriber WHERE key = ?
"""
DUE = "SELECT key FROM subscriber WHERE status = ? AND changed_at < ?"
DUE_SINCE_LEAVING = "SELECT key FROM subscriber WHERE status = ? AND left_at < ?"
# How far a status weighs in a merge: the heavier one stays.
WEIGHT = {
    SubscriberStatus.UNCONFIRMED: 0,
    SubscriberStatus.CONFIRMED: 1,
    SubscriberStatus.BOUNCED: 2,
    SubscriberStatus.UNSUBSCRIBED: 3,
    SubscriberStatus.COMPLAINED: 4,
}
STATUSES = {str(status): status for status in SubscriberStatus}
_STATUS_TEXTS = {status: text for text, status in STATUSES.items()}
Values = tuple[str, ...]
_as_json = json.JSONEncoder(ensure_ascii=False).encode
_quoted = json.encoder.encode_basestring


def _texts_as_json(texts: Mapping[str, str]) -> str:
    """As `_as_json` writes it; to begin anew for each row of a list takes three times as long."""
    return "{" + ", ".join([f"{_quoted(name)}: {_quoted(text)}" for name, text in texts.items()]) + "}"


class ManagedList:
    """The source `managed`. Changes happen inside the caller's `Store.transaction()`."""

    kind = "managed"
    has_doubles = False

    def __init__(self, store: Store):
        self._store = store
        self._connection = store.connection
        for name, function in (
            ("merge_status", merge_status),
            ("merge_groups", merge_groups),
            ("merge_attributes", merge_attributes),
        ):
            self._connection.create_function(name, 2, function, deterministic=True)

    @property
    def name(self) -> str:
        """The file of the list."""
        return self._store.name

    def read(self, tally: Tally) -> Iterator[Candidate]:
        """Every subscriber, in the order they came, as they stand at the first one."""
        with self._store.reading() as connection:
            tally.rows = connection.execute("SELECT count(*) FROM subscriber").fetchone()[0]
            for row in connection.execute(ALL):
                number, key, address, name, status, groups, attributes, *consent = row
                yield Candidate(
                    row=number,
                    key=key,
                    address=address,
                    name=name,
                    status=STATUSES[status],
                    groups=_groups(groups),
                    attributes=_attributes(attributes),
                    consent=Consent(*consent),
                    fault="",
                    notes=(),
                )

    def read_gone(self) -> Iterator[Candidate]:
        """Nobody stands here twice."""
        return iter(())

    def find(self, key: str) -> Subscriber | None:
        """The subscriber with this normalised address."""
        with database_errors(self.name):
            row = self._connection.execute(ONE, (key,)).fetchone()
        return None if row is None else _subscriber(row)

    def count_by_status(self) -> dict[str, int]:
        """How many subscribers have which status."""
        with database_errors(self.name):
            return dict(
                self._connection.execute("SELECT status, count(*) FROM subscriber GROUP BY status ORDER BY 2 DESC")
            )

    def merge(self, rows: Iterable[tuple[str | bool, ...]]) -> int:
        """Add or complete subscribers (`values_of`, and whether their status was said); how many rows changed."""
        before = self._connection.total_changes
        self._connection.executemany(MERGE, rows)
        return self._connection.total_changes - before

    def put(self, subscriber: Subscriber, *, now: str) -> None:
        """Write one subscriber as given."""
        self._connection.execute(REPLACE, values_of(subscriber, now=now))

    def set_address(self, key: str, address: Address, *, now: str) -> None:
        """Give the subscriber with this normalised address another one; all else of them stays."""
        self._connection.execute(
            "UPDATE subscriber SET key = ?, address = ?, changed_at = ? WHERE key = ?",
            (address.key, address.text, now, key),
        )

    def set_status(self, keys: Iterable[str], status: SubscriberStatus, *, now: str) -> int:
        """Have these people leave, for this reason; a weightier one stays. How many changed."""
        before = self._connection.total_changes
        self._connection.executemany(
            "UPDATE subscriber SET status = :status, changed_at = :now, left_at = iif(left_at = '', :now, left_at)"
            " WHERE key = :key AND status <> :status AND merge_status(status, :status) = :status",
            ({"key": key, "status": str(status), "now": now} for key in keys),
        )
        return self._connection.total_changes - before

    def remove(self, key: str) -> bool:
        """Erase a subscriber; an address they had leads nowhere any more."""
        self._connection.execute("DELETE FROM moved WHERE key = ?", (key,))
        return bool(self._connection.execute("DELETE FROM subscriber WHERE key = ?", (key,)).rowcount)

    def keys_due(self, status: SubscriberStatus, moment: str) -> list[str]:
        """Who left for this reason before `moment` (ISO 8601, UTC), or has not confirmed and not changed since."""
        statement = DUE_SINCE_LEAVING if status in GONE else DUE
        with database_errors(self.name):
            rows = self._connection.execute(statement, (str(status), moment))
            return [row[0] for row in rows]

    def left_at(self, key: str) -> str:
        """When this person left (ISO 8601, UTC); empty where they have not."""
        found = self.find(key)
        return found.left_at if found else ""

    def count_without_consent(self) -> int:
        """How many are written to without a record of when or how they agreed."""
        with database_errors(self.name):
            return int(
                self._connection.execute(
                    "SELECT count(*) FROM subscriber WHERE status = 'confirmed' AND consent_at || consent_how = ''"
                ).fetchone()[0]
            )


def values_of(subscriber: Subscriber | Candidate, *, now: str, consent: Consent | None = None) -> Values:
    """The subscriber as the database's values, in the order of its columns."""
    status, groups, attributes = subscriber.status, subscriber.groups, subscriber.attributes
    return (
        subscriber.key,
        subscriber.address,
        subscriber.name,
        _STATUS_TEXTS[status],
        _as_json(groups) if groups else "",
        _texts_as_json(attributes) if attributes else "",
        *(consent or subscriber.consent or Consent()),
        now,
        now,
        (getattr(subscriber, "left_at", "") or now) if status in GONE else "",
    )


def _subscriber(row: sqlite3.Row | tuple[str, ...]) -> Subscriber:
    key, address, name, status, groups, attributes, at, how, source, created, changed, left = row
    return Subscriber(
        key=key,
        address=address,
        name=name,
        status=STATUSES[status],
        groups=_groups(groups),
        attributes=_attributes(attributes),
        consent=Consent(at=at, how=how, source=source),
        created_at=created,
        changed_at=changed,
        left_at=left,
    )


def _groups(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _attributes(text: str) -> Mapping[str, str]:
    return json.loads(text) if text else NOTHING


def merge_status(known: str, new: str) -> str:
    """The heavier status: leaving outweighs staying, a confirmation outweighs none."""
    return max(known, new, key=lambda status: WEIGHT[STATUSES[status]])


def merge_groups(known: str, new: str) -> str:
    """The groups of both, JSON lists; each once, the known ones first."""
    if not new or new == known:
        return known
    return _as_json(list(dict.fromkeys((*_groups(known), *_groups(new)))))


def merge_attributes(known: str, new: str) -> str:
    """The attributes of both, JSON objects; where both have one, the new."""
    if not new or new == known:
        return known
    return _as_json({**_attributes(known), **_attributes(new)})
