"""What came back, gathered until it is decided and recorded: kept aside on the disk, so that memory stays flat.

    with open_state(workspace) as store, People(workspace, store) as people, Batch() as batch:
        batch.add(Incoming(...))
        batch.decide(store, people, rules)
        refuse_burst(batch.burst(people), command="nl bounces SOURCE --apply --anyway")
        recorded = batch.record(store, now=now)

`record` is one transaction: feedback, suppression list and managed list, all or nothing. What was recorded before, also
by another process meanwhile, changes nothing.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Self

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.breaker import Burst, find_burst
from newsletter_cli.after.deciding import LEAVING, Rules, decide, decide_again
from newsletter_cli.audience.feedback import FeedbackRecords
from newsletter_cli.audience.membership import take_off
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import TooManyLeaving
from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.flows.bounces.people import Addressee, People
from newsletter_cli.flows.bounces.values import Decided, Incoming, Recorded
from newsletter_cli.model.feedback import Feedback, FeedbackAction, FeedbackKind
from newsletter_cli.model.subscriber import SubscriberStatus

TABLES = """
CREATE TABLE incoming(
  id INTEGER PRIMARY KEY, reference BLOB NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, issue INTEGER,
  status TEXT NOT NULL, words TEXT NOT NULL, at TEXT NOT NULL, source TEXT NOT NULL,
  is_certain INTEGER NOT NULL, is_found INTEGER NOT NULL, is_reader INTEGER NOT NULL, has_moved INTEGER NOT NULL,
  has_happened INTEGER NOT NULL, doubt TEXT NOT NULL,
  address TEXT NOT NULL, place TEXT NOT NULL, handle TEXT NOT NULL,
  action TEXT NOT NULL DEFAULT '', is_known INTEGER NOT NULL DEFAULT 0);
CREATE INDEX incoming_of ON incoming(key) WHERE key <> '';
CREATE INDEX incoming_once ON incoming(reference);
CREATE INDEX incoming_by ON incoming(action, kind);
"""
COLUMNS = (
    "reference, kind, key, issue, status, words, at, source, is_certain, is_found, is_reader, has_moved, has_happened, "
    "doubt, address, place, handle"
)
# A word with a figure in it, but for a code of the server's.
NUMBERED = re.compile(r"(?<!\S)(?!\d{3}\b|\d\.\d+\.\d+)\S*\d\S*")
GROUP_LENGTH = 60
# What is kept of a person's life; an answer, and an absence, are nobody's business.
KEPT = frozenset({*LEAVING, FeedbackKind.FULL, FeedbackKind.SOFT, FeedbackKind.SENDER_FAULT})


def refuse_burst(burst: Burst | None, *, command: str) -> None:
    """Raises `TooManyLeaving` where there is one; `command` is what a person runs who has looked."""
    if burst is None:
        return
    if burst.domain:
        text = _("{count} of {total} readers at {domain} would be taken off the list in one run; none of them was")
    else:
        text = _("{count} of {total} readers would be taken off the list in one run; none of them was")
    raise TooManyLeaving(
        text.format(count=burst.count, total=burst.total, domain=burst.domain),
        hint=_(
            "so many at once are often a server’s mistake: look at their words; if they are right: {command}"
        ).format(command=command),
    )


class Batch:
    """A context manager; what it holds is gone when it ends."""

    def __init__(self) -> None:
        # Without a name: a file of SQLite's own, which nobody else can open, gone when it is closed.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.executescript(TABLES)
        self._connection.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def __len__(self) -> int:
        return int(self._ask("SELECT count(*) FROM incoming")[0][0])

    def add(self, one: Incoming) -> None:
        """Put it to the others."""
        told, whom = one.feedback, one.whom
        self._connection.execute(
            f"INSERT INTO incoming({COLUMNS}) VALUES ({', '.join('?' * 17)})",
            (
                told.reference,
                told.kind,
                whom.key if whom else "",
                whom.issue if whom else told.issue,
                told.status,
                without_addresses(told.words),
                told.at,
                told.source,
                one.is_certain,
                whom is not None,
                whom is None or whom.is_reader,
                whom is not None and whom.has_moved,
                one.has_happened,
                one.doubt,
                one.address or (whom.key if whom else ""),
                one.place,
                one.handle,
            ),
        )

    def decide(self, store: Store, people: People, rules: Rules) -> None:
        """Decide about each, by what is known before and by the others."""
        records, seen = FeedbackRecords(store), ""
        for number, reference in self._stream("SELECT id, reference FROM incoming ORDER BY id"):
            is_double = "SELECT 1 FROM incoming WHERE reference = ? AND id < ? LIMIT 1"
            if records.knows(reference) or self._ask(is_double, reference, number):
                self._connection.execute("UPDATE incoming SET is_known = 1 WHERE id = ?", (number,))
        returned: dict[int, frozenset[FeedbackKind]] = {}
        columns = "id, is_known, kind, key, issue, at, is_certain, is_found, is_reader, has_moved, has_happened, doubt"
        for row in self._stream(f"SELECT {columns} FROM incoming ORDER BY key, id"):
            number, is_known, kind, key, issue, at, is_certain, is_found, is_reader, has_moved, has_happened, doubt = (
                row
            )
            known = None
            if is_found:
                if key != seen:
                    returned, seen = self._returned(records, key), key
                whom = Addressee(key=key, address="", issue=issue, is_reader=bool(is_reader), has_moved=bool(has_moved))
                known = people.known(whom, since=at, returned=returned)
            action = decide(
                FeedbackKind(kind),
                issue=issue,
                is_certain=bool(is_certain),
                known=known,
                rules=rules,
                has_happened=bool(has_happened),
                wants_a_look=doubt in (Doubt.HAS_LEFT, Doubt.ASKS_FOR_PROOF),
            )
            action = decide_again(action) if is_known else action
            self._connection.execute("UPDATE incoming SET action = ? WHERE id = ?", (action, number))

    def burst(self, people: People) -> Burst | None:
        """Whether so many would be taken off that a person has to look first."""
        leaving: Counter[str] = Counter()
        issues = set()
        sql = "SELECT DISTINCT key, issue FROM incoming WHERE action = ? AND kind <> ?"
        keys = set()
        for key, issue in self._ask(sql, FeedbackAction.SUPPRESS, FeedbackKind.UNSUBSCRIBE):
            issues.add(issue)
            if key not in keys:
                keys.add(key)
                leaving[key.rpartition("@")[2]] += 1
        total, there = 0, dict.fromkeys(leaving, 0)
        for issue in issues - {None}:
            count, by_domain = people.count_by_domain(issue, frozenset(leaving))
            total = max(total, count)
            there = {domain: max(some, by_domain.get(domain, 0)) for domain, some in there.items()}
        return find_burst(leaving, there, total)

    def record(
        self, store: Store, *, now: str, also: Callable[[], None] = lambda: None, only: FeedbackKind | None = None
    ) -> Recorded:
        """Record what is new (`only`: of this kind), and take off whoever is to be: one transaction, in which `also` is
        called, too.

        Raises `ListError`.
        """
        done = Recorded()
        records, suppression = FeedbackRecords(store), Suppression(store)
        with store.transaction():
            leaving: dict[SubscriberStatus, list[str]] = defaultdict(list)
            for feedback, action in self._to_record(only):
                if not records.add([feedback], now=now):
                    continue
                done.new += 1
                # They may have come back while somebody was asked.
                if action is FeedbackAction.SUPPRESS and not suppression.is_back_since(feedback.key, feedback.at):
                    leaving[LEAVING.get(feedback.kind, SubscriberStatus.BOUNCED)].append(feedback.key)
            for status, keys in leaving.items():
                done.taken_off[status] = take_off(store, keys, now=now, status=status)
            done.unsubscribed = leaving[SubscriberStatus.UNSUBSCRIBED]
            also()
            reach("before-feedback-commit")
        reach("after-feedback-commit")
        return done

    def decided(self, action: FeedbackAction | None = None, kind: FeedbackKind | None = None) -> Iterator[Decided]:
        """All of them, or those of one action or kind, in the order they came."""
        columns = "kind, action, is_known, is_reader, doubt, address, status, words, issue, place, handle"
        where = "(:action IS NULL OR action = :action) AND (:kind IS NULL OR kind = :kind)"
        sql = f"SELECT {columns} FROM incoming WHERE {where} ORDER BY id"
        for row in self._connection.cursor().execute(sql, {"action": action, "kind": kind}):
            kind_, action_, is_known, is_reader, doubt, address, status, words, issue, place, handle = row
            yield Decided(
                kind=FeedbackKind(kind_),
                action=FeedbackAction(action_),
                is_known=bool(is_known),
                is_reader=bool(is_reader),
                doubt=doubt,
                address=address,
                status=status,
                words=words,
                issue=issue,
                place=place,
                handle=handle,
            )

    def has_records(self) -> bool:
        """Whether there is anything to record that was not before."""
        return next(self._to_record(), None) is not None

    def counts(self) -> dict[tuple[FeedbackAction, FeedbackKind], int]:
        """How many there are by what is done, and what they say."""
        rows = self._ask("SELECT action, kind, count(*) FROM incoming GROUP BY 1, 2")
        return {(FeedbackAction(action), FeedbackKind(kind)): count for action, kind, count in rows}

    def alarms(self) -> list[tuple[str, str, int]]:
        """What servers blame the sender for: status, their words, how often; the commonest first.

        Words that differ by a number only (of a queue, an address, a link) are the same; shown are the first of them.
        """
        groups: dict[tuple[str, str], tuple[str, int]] = {}
        sql = "SELECT status, words FROM incoming WHERE action = ? ORDER BY id"
        for status, words in self._connection.cursor().execute(sql, (FeedbackAction.ALARM,)):
            group = status, NUMBERED.sub("#", words)[:GROUP_LENGTH]
            first, count = groups.get(group, (words, 0))
            groups[group] = first, count + 1
        found = [(status, words, count) for (status, _group), (words, count) in groups.items()]
        return sorted(found, key=lambda one: -one[2])

    def count_known(self) -> int:
        """How many were recorded before, or stand in it twice."""
        return int(self._ask("SELECT count(*) FROM incoming WHERE is_known")[0][0])

    def _to_record(self, only: FeedbackKind | None = None) -> Iterator[tuple[Feedback, FeedbackAction]]:
        columns = "reference, kind, key, issue, status, words, at, source, action, is_certain, is_found, is_reader"
        for row in self._stream(f"SELECT {columns} FROM incoming WHERE NOT is_known AND has_happened ORDER BY id"):
            reference, kind, key, issue, status, words, at, source, action, is_certain, is_found, is_reader = row
            kind = FeedbackKind(kind)
            is_theirs = bool(is_certain and is_found and is_reader)
            # Whom a message merely names, it is not put down to.
            if kind not in KEPT or kind is not (only or kind) or not (is_theirs or kind is FeedbackKind.SENDER_FAULT):
                continue
            yield (
                Feedback(
                    reference=reference,
                    kind=kind,
                    key=key if is_theirs else "",
                    issue=issue,
                    status=status,
                    words=words,
                    at=at,
                    source=source,
                ),
                FeedbackAction(action),
            )

    def _returned(self, records: FeedbackRecords, key: str) -> dict[int, frozenset[FeedbackKind]]:
        """By issue, what came back to somebody: of what was recorded, and of what is here."""
        kinds: defaultdict[int, set[FeedbackKind]] = defaultdict(set)
        if key:
            for one in records.of_person(key):
                if one.issue is not None:
                    kinds[one.issue].add(one.kind)
            sql = (
                "SELECT DISTINCT issue, kind FROM incoming WHERE key = ? AND key <> ''"
                " AND is_certain AND is_reader AND has_happened"
            )
            for issue, kind in self._ask(sql, key):
                if issue is not None:
                    kinds[issue].add(FeedbackKind(kind))
        return {issue: frozenset(found) for issue, found in kinds.items()}

    def _ask(self, sql: str, *values: Any) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()

    def _stream(self, sql: str) -> Iterator[Any]:
        """Rows one at a time, while they are changed: by their ids, which no change touches."""
        yield from self._connection.cursor().execute(sql)
