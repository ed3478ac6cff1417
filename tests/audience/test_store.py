"""The private state: modes, the key, the suppression list."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter_cli.audience import store as store_module
from newsletter_cli.audience.list_schema import DATABASE
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.membership import add_subscriber, parse_one_address, readmit, unsubscribe
from newsletter_cli.audience.store import KEY_FILE, Store, open_store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import ListBusy, ListError, UsageError
from newsletter_cli.model.subscriber import SubscriberStatus

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add(store: Store, text: str, **changes: object) -> object:
    address, name = parse_one_address(text)
    options = {
        "name": name, "groups": (), "attributes": {}, "consent_how": "", "consent_at": "",
        "is_confirmed": True, "now": NOW,
    }  # fmt: skip
    return add_subscriber(store, address, **(options | changes))  # type: ignore[arg-type]


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing on Windows")
def test_everything_is_private_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with open_store(tmp_path / "state") as store:
            unsubscribe(store, ["a@x.fr"], now=NOW)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()}
            folder = stat.S_IMODE((tmp_path / "state").stat().st_mode)
    finally:
        os.umask(old)
    assert folder == 0o700
    assert {DATABASE, KEY_FILE, f"{DATABASE}-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_the_suppression_list_holds_no_address(tmp_path: Path) -> None:
    with open_store(tmp_path / "state") as store:
        unsubscribe(store, ["very.particular@example.org"], now=NOW)
        store.compact()
    for path in (tmp_path / "state").iterdir():
        assert b"particular" not in path.read_bytes()


def test_other_keys_give_other_hashes(tmp_path: Path) -> None:
    with open_store(tmp_path / "a") as one, open_store(tmp_path / "b") as other:
        assert Suppression(one).hash_of("a@x.fr") != Suppression(other).hash_of("a@x.fr")
        assert Suppression(one).hash_of("a@x.fr") == Suppression(one).hash_of("a@x.fr")


@pytest.mark.parametrize("change", ["gone", "other", "broken"])
def test_a_lost_or_changed_key_stops_everything(tmp_path: Path, change: str) -> None:
    with open_store(tmp_path) as store:
        unsubscribe(store, ["a@x.fr"], now=NOW)
    key = tmp_path / KEY_FILE
    if change == "gone":
        key.unlink()
    else:
        key.write_text("ab" * 32 if change == "other" else "zz")
    with open_store(tmp_path) as store, pytest.raises(ListError) as caught:
        Suppression(store).find("a@x.fr")
    assert "backup" in str(caught.value.hint)


def test_whoever_left_comes_back_with_a_consent_on_record_only(store: Store) -> None:
    add(store, "Léa <Lea@x.fr>")
    unsubscribe(store, ["lea@x.fr"], now=NOW)
    with pytest.raises(ListError, match="unsubscribed") as caught:
        add(store, "lea@x.fr")
    assert "lea" not in str(caught.value)
    add(store, "lea@x.fr", consent_how="letter of 3 March")
    one = ManagedList(store).find("lea@x.fr")
    assert one is not None
    assert (one.status, one.consent.how, one.name) == (SubscriberStatus.CONFIRMED, "letter of 3 March", "Léa")
    assert Suppression(store).find("lea@x.fr") is None
    assert [record["consent_how"] for record in Suppression(store).readmissions("lea@x.fr")] == ["letter of 3 March"]


def test_readmission_where_the_list_is_kept_elsewhere(store: Store) -> None:
    address, _name = parse_one_address("lea@x.fr")
    assert not readmit(store, address, consent_how="mail", consent_at="", now=NOW)
    unsubscribe(store, ["lea@x.fr"], now=NOW)
    assert readmit(store, address, consent_how="mail", consent_at="", now=NOW)
    assert Suppression(store).find("lea@x.fr") is None


@pytest.mark.parametrize("text", ["", "lea", "a@x.fr, b@x.fr"])
def test_one_address_is_one_address(text: str) -> None:
    with pytest.raises(UsageError):
        parse_one_address(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(keys=st.sets(st.emails().map(str.lower), min_size=1, max_size=5))
def test_an_exported_suppression_list_comes_back_whole(
    tmp_path_factory: pytest.TempPathFactory, keys: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("s")
    with open_store(folder / "a") as one:
        unsubscribe(one, keys, now=NOW)
        lines = list(Suppression(one).export_lines())
    assert not any("@" in line for line in lines)
    (folder / "b").mkdir()
    (folder / "b" / KEY_FILE).write_bytes((folder / "a" / KEY_FILE).read_bytes())
    with open_store(folder / "b") as other:
        suppression = Suppression(other)
        with other.transaction():
            assert suppression.import_lines(lines, name="s.csv", now="") == (len(keys), 0)
        assert all(suppression.find(key) for key in keys)
        with other.transaction():
            assert suppression.import_lines(lines, name="s.csv", now="") == (0, 0)


@pytest.mark.parametrize("line", ["zz,unsubscribed,2026", "ab,unsubscribed,2026", "ab" * 32 + ",why,2026"])
def test_lines_that_are_no_suppression_list_change_nothing(store: Store, line: str) -> None:
    good = Suppression(store).hash_of("a@x.fr").hex() + ",unsubscribed,2026-01-01"
    with pytest.raises(ListError) as caught, store.transaction():
        Suppression(store).import_lines([good, line], name="s.csv", now="")
    assert caught.value.line == 2
    assert not Suppression(store).has_any()


def test_hashes_of_another_key_are_refused(tmp_path: Path) -> None:
    with open_store(tmp_path / "a") as one, open_store(tmp_path / "b") as other:
        unsubscribe(one, ["a@x.fr"], now=NOW)
        with pytest.raises(ListError, match="another key"), other.transaction():
            Suppression(other).import_lines(Suppression(one).export_lines(), name="s.csv", now="")


def test_two_first_uses_at_once_make_one_key(tmp_path: Path) -> None:
    found: list[bytes] = []

    def use() -> None:
        with open_store(tmp_path) as store:
            found.append(store.secret)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_somebody_else_writing_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 0.1)
    with open_store(tmp_path) as one, open_store(tmp_path) as other, one.transaction():
        with pytest.raises(ListBusy, match="another nl"):
            unsubscribe(other, ["a@x.fr"], now=NOW)
        assert ManagedList(other).count_by_status() == {}  # reading goes on


def test_what_is_no_list_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"not a database, but precious " * 100)
    with pytest.raises(ListError, match="no list of nl"):
        open_store(tmp_path)
    assert b"precious" in (tmp_path / DATABASE).read_bytes()


def test_a_newer_list_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path).connection.close()
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ListError, match="newer nl"):
        open_store(tmp_path)
