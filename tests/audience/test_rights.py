"""What is known of one person, erased, and forgotten in time."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.membership import unsubscribe
from newsletter_cli.audience.rights import (
    compact,
    count_due,
    export_person,
    forget_person,
    purge,
    rejects_folder,
    rows_of,
)
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.config.list_settings import RetentionSettings
from newsletter_cli.model.subscriber import Subscriber, SubscriberStatus

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "lea.singular@x.fr"
KEPT = RetentionSettings(unconfirmed_days=90, left_days=365, rejects_days=30, ledger_days=1000)


class FakeLedger:
    """Another place that knows people."""

    name = "deliveries"

    def __init__(self) -> None:
        self.rows = [{"key": KEY, "issue": 1}, {"key": "other@x.fr", "issue": 1}]

    def export_person(self, key: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["key"] == key]

    def forget_person(self, key: str) -> int:
        found = self.export_person(key)
        for row in found:
            row["key"] = ""
        return len(found)

    def count_due(self, before: str) -> int:
        return sum(bool(row["key"]) for row in self.rows) if before > "2023" else 0

    def purge(self, before: str) -> int:
        return sum(self.forget_person(str(row["key"])) for row in [*self.rows] if row["key"])

    def compact(self) -> bool:
        return True


@pytest.fixture
def known(store: Store, tmp_path: Path) -> Store:
    with store.transaction():
        ManagedList(store).put(Subscriber(key=KEY, address="Lea.Singular@x.fr", name="Léa"), now="2026-01-01T00:00:00Z")
        ManagedList(store).put(Subscriber(key="jean@x.fr", address="jean@x.fr"), now="2026-01-01T00:00:00Z")
    rejects = rejects_folder(store.folder)
    rejects.mkdir()
    (rejects / "r.csv").write_text(
        "email,name,nl_row,nl_reason\r\nLEA.singular@X.fr,'=x,3,far\r\n'=cmd,Jean,4,no @\r\n"
        '"Léa <lea.singular@x.fr>",L,5,x\r\n',
        "utf-8-sig",
    )
    return store


def test_all_that_is_known(known: Store, tmp_path: Path) -> None:
    found = export_person(known, KEY, [FakeLedger()])
    assert found["subscriber"]["name"] == "Léa"
    assert found["deliveries"] == [{"key": KEY, "issue": 1}]
    assert found["rejected_rows"] == 2
    assert found["suppressed"] is None


def test_the_rows_of_a_list_that_somebody_else_keeps(tmp_path: Path) -> None:
    """Also the rows that cannot be read: they are about a person all the same."""
    path = tmp_path / "l.csv"
    path.write_text(
        "email;ville;status\nother@x.fr;Lyon;\nLea.singular@x.fr;Paris;\nlea.singular@x.fr;;perhaps\n"
        "lea.singular@x.fr ou a@x.fr;;\n", "utf-8",
    )  # fmt: skip
    found = rows_of(CsvSource(path=path, name="l.csv"), [KEY, "nobody@x.fr"])
    assert [row["row"] for row in found[KEY]] == [3, 4, 5]
    assert [bool(row["unreadable"]) for row in found[KEY]] == [False, True, True]
    assert found[KEY][0]["attributes"] == {"ville": "Paris"}
    assert found["nobody@x.fr"] == []


def test_forgotten_everywhere_but_in_the_hash(known: Store) -> None:
    ledger = FakeLedger()
    done = forget_person(known, KEY, now=NOW, others=[ledger])
    assert compact(known, [ledger])
    assert (done.was_subscriber, done.records, done.reject_rows) == (True, 1, 2)
    assert [row["key"] for row in ledger.rows] == ["", "other@x.fr"]
    assert ManagedList(known).find(KEY) is None
    found = Suppression(known).find(KEY)
    assert found is not None
    assert found.reason == "erased"
    left = b"".join(file.read_bytes() for file in known.folder.rglob("*") if file.is_file()).lower()
    assert b"singular" not in left
    assert b"'=cmd,jean,4" in left
    assert ManagedList(known).find("jean@x.fr") is not None


def test_forgetting_somebody_nobody_knows_is_remembered(store: Store) -> None:
    done = forget_person(store, "unknown@x.fr", now=NOW)
    assert not done.was_subscriber
    assert Suppression(store).find("unknown@x.fr") is not None


def test_an_erasure_outweighs_an_earlier_reason(store: Store) -> None:
    unsubscribe(store, [KEY], now=NOW)
    forget_person(store, KEY, now=NOW)
    unsubscribe(store, [KEY], now=NOW)
    found = Suppression(store).find(KEY)
    assert found is not None
    assert found.reason == "erased"


def test_what_was_kept_long_enough_goes_and_the_rest_stays(store: Store) -> None:
    people = {
        "old.pending@x.fr": (SubscriberStatus.UNCONFIRMED, 91), "new.pending@x.fr": (SubscriberStatus.UNCONFIRMED, 89),
        "old.left@x.fr": (SubscriberStatus.UNSUBSCRIBED, 366), "new.left@x.fr": (SubscriberStatus.UNSUBSCRIBED, 364),
        "old.bounced@x.fr": (SubscriberStatus.BOUNCED, 400), "old.friend@x.fr": (SubscriberStatus.CONFIRMED, 4000),
    }  # fmt: skip
    with store.transaction():
        for key, (status, days) in people.items():
            moment = (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            ManagedList(store).put(Subscriber(key=key, address=key, status=status), now=moment)
    rejects = rejects_folder(store.folder)
    rejects.mkdir()
    for name, days in (("old.csv", 31), ("new.csv", 29)):
        (rejects / name).write_text("x")
        stamp = (NOW - timedelta(days=days)).timestamp()
        os.utime(rejects / name, (stamp, stamp))
    due = {"unconfirmed": 1, "unsubscribed": 1, "bounced": 1, "rejects": 1, "deliveries": 2}
    ledger = FakeLedger()
    assert count_due(store, KEPT, now=NOW, others=[ledger]) == due
    assert purge(store, KEPT, now=NOW, others=[ledger]) == due
    assert count_due(store, KEPT, now=NOW, others=[ledger]) == {}
    left = {key for key in people if ManagedList(store).find(key)}
    assert left == {"new.pending@x.fr", "new.left@x.fr", "old.friend@x.fr"}
    assert Suppression(store).find("old.left@x.fr") is not None
    assert Suppression(store).find("old.pending@x.fr") is None
    assert [path.name for path in rejects.iterdir()] == ["new.csv"]


def test_nothing_is_due_where_things_are_kept_for_good(known: Store) -> None:
    for_good = RetentionSettings(unconfirmed_days=0, left_days=0, rejects_days=0, ledger_days=0)
    assert count_due(known, for_good, now=NOW + timedelta(days=99_999), others=[FakeLedger()]) == {}
