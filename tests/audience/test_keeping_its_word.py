"""The list over the years: what was decided of a person holds, whatever file, source or day comes next."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter_cli.audience import list_schema
from newsletter_cli.audience.list_schema import DATABASE, FIRST, OLD_COPY
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.membership import add_subscriber, parse_one_address, readmit, unsubscribe
from newsletter_cli.audience.rights import compact, count_due, forget_person, purge
from newsletter_cli.audience.store import MARK, Store, open_store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.config.list_settings import RetentionSettings
from newsletter_cli.model.subscriber import Subscriber, SubscriberStatus
from tests.audience.test_importing import people, take_in

NOW = datetime(2027, 1, 1, 10, tzinfo=UTC)
KEPT = RetentionSettings(unconfirmed_days=90, left_days=365, rejects_days=30, ledger_days=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "members.csv"


def add(store: Store, text: str, *, consent: str = "", is_confirmed: bool = True, now: datetime = NOW) -> None:
    address, name = parse_one_address(text)
    add_subscriber(
        store,
        address,
        name=name,
        groups=(),
        attributes={},
        consent_how=consent,
        consent_at="",
        is_confirmed=is_confirmed,
        now=now,
    )


def reason_of(store: Store, key: str) -> str | None:
    found = Suppression(store).find(key)
    return found.reason if found else None


@pytest.mark.parametrize(
    "file",
    [
        "email;name\nuna@x.fr;Una B\n",
        "email;name;status\nuna@x.fr;Una B;\n",
        "email;name;unsubscribed\nuna@x.fr;Una B;no\n",
        'email;ville\n"Una B <una@x.fr>, ute@x.fr";Paris\n',
    ],
)
def test_nothing_said_of_the_status_changes_nothing(store: Store, path: Path, file: str) -> None:
    add(store, "una@x.fr", is_confirmed=False)
    take_in(store, path, file)
    assert people(store)["una@x.fr"] == "unconfirmed"
    assert ManagedList(store).find("una@x.fr").name == "Una B"  # type: ignore[union-attr]
    take_in(store, path, "email;status\nuna@x.fr;confirmed\nnew@x.fr;\n")
    assert (people(store)["una@x.fr"], people(store)["new@x.fr"]) == ("confirmed", "confirmed")


@pytest.mark.parametrize("status", ["unsubscribed", "bounced", "complained", "confirmed", "unconfirmed", ""])
def test_of_whoever_was_erased_no_row_brings_anything_back(store: Store, path: Path, status: str) -> None:
    add(store, "Fay <fay@x.fr>", consent="form")
    forget_person(store, "fay@x.fr", now=NOW)
    done = take_in(store, path, f"email;name;status;ville\nfay@x.fr;Fay Secret;{status};Paris\n")
    assert done.left_out == {"suppressed": 1}
    assert people(store) == {}
    assert reason_of(store, "fay@x.fr") == "erased"


def test_what_was_kept_long_enough_does_not_come_back_with_the_next_file(store: Store, path: Path) -> None:
    with_lou = "email;name;status\nlou@x.fr;Lou;unsubscribed\n"
    take_in(store, path, with_lou)
    later = NOW + timedelta(days=400)
    assert purge(store, KEPT, now=later) == {"unsubscribed": 1}
    take_in(store, path, with_lou)
    assert people(store) == {}
    assert count_due(store, KEPT, now=later + timedelta(days=400)) == {}


def test_retention_counts_from_the_leaving(store: Store, path: Path) -> None:
    add(store, "Lou <lou@x.fr>")
    unsubscribe(store, ["lou@x.fr"], now=NOW)
    half = NOW + timedelta(days=200)
    unsubscribe(store, ["lou@x.fr"], now=half)
    unsubscribe(store, ["lou@x.fr"], now=half, status=SubscriberStatus.COMPLAINED)
    known = ManagedList(store).find("lou@x.fr")
    assert known is not None
    with store.transaction():
        ManagedList(store).put(known, now=half.isoformat())
    assert count_due(store, KEPT, now=NOW + timedelta(days=364)) == {}
    assert count_due(store, KEPT, now=NOW + timedelta(days=366)) == {"complained": 1}


def test_back_and_gone_again_counts_from_the_second_leaving(store: Store) -> None:
    add(store, "lou@x.fr")
    unsubscribe(store, ["lou@x.fr"], now=NOW)
    add(store, "lou@x.fr", consent="mail", now=NOW + timedelta(days=300))
    assert ManagedList(store).left_at("lou@x.fr") == ""
    unsubscribe(store, ["lou@x.fr"], now=NOW + timedelta(days=301))
    assert count_due(store, KEPT, now=NOW + timedelta(days=400)) == {}


def test_a_purge_undoes_no_newer_consent(store: Store) -> None:
    """Left in the managed list, back while the list was kept elsewhere."""
    add(store, "ann@x.fr", consent="form")
    unsubscribe(store, ["ann@x.fr"], now=NOW)
    address, _name = parse_one_address("ann@x.fr")
    later = NOW + timedelta(days=400)
    assert readmit(store, address, consent_how="mail of today", consent_at="", now=later)
    assert people(store) == {"ann@x.fr": "confirmed"}
    assert ManagedList(store).find("ann@x.fr").consent.how == "mail of today"  # type: ignore[union-attr]
    assert purge(store, KEPT, now=later) == {}
    assert reason_of(store, "ann@x.fr") is None


def test_a_row_that_an_older_nl_left_behind_undoes_none_either(store: Store) -> None:
    gone = Subscriber(key="ann@x.fr", address="ann@x.fr", status=SubscriberStatus.UNSUBSCRIBED)
    with store.transaction():
        ManagedList(store).put(gone, now="2027-01-01T10:00:00Z")
        Suppression(store).readmit("ann@x.fr", consent_at="", consent_how="mail", now="2027-06-01T10:00:00Z")
    assert purge(store, KEPT, now=NOW + timedelta(days=400)) == {"unsubscribed": 1}
    assert reason_of(store, "ann@x.fr") is None


@pytest.mark.parametrize(("days", "expected"), [(-1, "unsubscribed"), (1, None)])
def test_an_older_suppression_file_undoes_no_newer_consent(store: Store, days: int, expected: str | None) -> None:
    add(store, "pia@x.fr", consent="form")
    unsubscribe(store, ["pia@x.fr"], now=NOW)
    lines = list(Suppression(store).export_lines())
    add(store, "pia@x.fr", consent="again", now=NOW + timedelta(days=days))
    with store.transaction():
        done = Suppression(store).import_lines(lines, name="old.csv", now="2027-02-01T00:00:00Z")
    assert done == ((0, 1) if expected is None else (1, 0))
    assert reason_of(store, "pia@x.fr") == expected


def test_reasons_stay(store: Store, path: Path) -> None:
    take_in(store, path, "email;status\nbo@x.fr;bounced\nco@x.fr;complained\nun@x.fr;unsubscribed\n")
    assert [reason_of(store, key) for key in ("bo@x.fr", "co@x.fr", "un@x.fr")] == [
        "bounced",
        "complained",
        "unsubscribed",
    ]
    unsubscribe(store, ["bo@x.fr", "co@x.fr", "un@x.fr"], now=NOW)
    assert (reason_of(store, "co@x.fr"), people(store)["co@x.fr"]) == ("complained", "complained")
    assert (reason_of(store, "bo@x.fr"), people(store)["bo@x.fr"]) == ("unsubscribed", "unsubscribed")
    take_in(store, path, "email;status\nun@x.fr;complained\nco@x.fr;bounced\n")
    assert (reason_of(store, "un@x.fr"), reason_of(store, "co@x.fr")) == ("complained", "complained")


def test_a_row_says_the_reason_that_the_suppression_list_has(store: Store, path: Path) -> None:
    """A complaint that a file brings, about somebody who had unsubscribed."""
    add(store, "un@x.fr")
    unsubscribe(store, ["un@x.fr"], now=NOW)
    take_in(store, path, "email;status;ville\nun@x.fr;complained;Paris\nnew@x.fr;confirmed;\n")
    assert (people(store)["un@x.fr"], reason_of(store, "un@x.fr")) == ("complained", "complained")
    known = ManagedList(store).find("un@x.fr")
    assert known is not None
    assert (dict(known.attributes), known.left_at) == ({}, "2027-01-01T10:00:00Z")


def test_how_many_are_newly_suppressed_leaves_out_those_whose_reason_changed(store: Store) -> None:
    unsubscribe(store, ["a@x.fr"], now=NOW, status=SubscriberStatus.BOUNCED)
    assert unsubscribe(store, ["a@x.fr", "b@x.fr"], now=NOW) == 1


def old_list(folder: Path) -> None:
    """A list as the first version made it, somebody on it and somebody gone."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.executescript(FIRST + "PRAGMA user_version = 1;")
        for name, status in (("ada", "confirmed"), ("ben", "unsubscribed")):
            moment = "2026-01-01T00:00:00Z"
            connection.execute(
                "INSERT INTO subscriber(key, address, name, status, groups, attributes, consent_at, consent_how,"
                " consent_source, created_at, changed_at) VALUES (?, ?, ?, ?, '', '', '', '', '', ?, ?)",
                (f"{name}@x.fr", f"{name}@x.fr", name, status, moment, moment),
            )
        connection.commit()


def test_a_list_of_an_older_nl_goes_on_working(tmp_path: Path) -> None:
    old_list(tmp_path / "state")
    with open_store(tmp_path / "state") as store:
        assert people(store) == {"ada@x.fr": "confirmed", "ben@x.fr": "unsubscribed"}
        assert ManagedList(store).left_at("ben@x.fr") == "2026-01-01T00:00:00Z"
        copy = tmp_path / "state" / OLD_COPY.format(version=1)
        assert copy.stat().st_mode & 0o077 == 0
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("SELECT count(*) FROM subscriber").fetchone() == (2,)
        # Whoever is erased must not stand in the copy, either.
        forget_person(store, "ada@x.fr", now=NOW)
        assert compact(store)
        assert not copy.exists()


def test_a_change_of_the_tables_happens_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_list(tmp_path / "state")
    monkeypatch.setattr(list_schema, "MIGRATIONS", (FIRST, list_schema.SECOND + "; BROKEN"))
    with pytest.raises(Exception, match="refused"):
        open_store(tmp_path / "state")
    monkeypatch.undo()
    with open_store(tmp_path / "state") as store:
        assert len(people(store)) == 2


def leave(folder: Path, *keys: str) -> None:
    with open_store(folder) as store:
        for key in keys:
            unsubscribe(store, [key], now=NOW)


def is_old(folder: Path) -> bool:
    with open_store(folder) as store:
        return store.is_old_copy()


def test_an_older_list_that_is_put_back_is_noticed(tmp_path: Path) -> None:
    leave(tmp_path, "a@x.fr")
    older = (tmp_path / DATABASE).read_bytes()
    leave(tmp_path, "b@x.fr", "c@x.fr")
    newest = (tmp_path / DATABASE).read_bytes()
    assert not is_old(tmp_path)
    (tmp_path / DATABASE).write_bytes(older)
    assert is_old(tmp_path)
    # However much is done with it.
    leave(tmp_path, "d@x.fr", "e@x.fr", "f@x.fr", "g@x.fr")
    assert is_old(tmp_path)
    kept = (tmp_path / DATABASE).read_bytes()
    (tmp_path / DATABASE).write_bytes(newest)
    assert not is_old(tmp_path)
    (tmp_path / DATABASE).write_bytes(kept)
    with open_store(tmp_path) as store:
        store.accept_as_newest()
        assert not store.is_old_copy()
    leave(tmp_path, "h@x.fr")
    assert not is_old(tmp_path)


def test_a_list_that_is_gone_is_noticed_and_one_without_a_mark_is_taken_as_it_is(tmp_path: Path) -> None:
    leave(tmp_path, "a@x.fr", "b@x.fr")
    (tmp_path / MARK).unlink()
    assert not is_old(tmp_path)
    leave(tmp_path, "c@x.fr")
    (tmp_path / DATABASE).unlink()
    assert is_old(tmp_path)
