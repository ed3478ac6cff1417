"""What is PostgreSQL's own: one schema for both, connections that end, words that show no row."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from newsletter_cli.base.errors import LedgerBusy, LedgerError
from newsletter_cli.deliver.ledger.database import copy_ledger, has_ledger, open_database
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.postgresql import TABLES, said
from newsletter_cli.deliver.ledger.reading import read_deliveries, read_report
from newsletter_cli.deliver.ledger.runs import read_ledger_id
from newsletter_cli.deliver.ledger.schema import MIGRATIONS
from newsletter_cli.deliver.ledger.transactions import Database, stream, transaction
from tests.deliver.shared import new_ledger
from tests.deliver.stage import ISSUE, freeze_people, recipient


@pytest.fixture
def state(postgres_url: str, tmp_path: Path) -> SharedLedger:
    return new_ledger(postgres_url, tmp_path / "state")


def test_there_is_none_before_it_is_opened(state: SharedLedger) -> None:
    assert not has_ledger(state)
    open_database(state).close()
    assert has_ledger(state)


def test_both_databases_have_the_same_tables(state: SharedLedger, ledger: Database, tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "file")) as file:
        names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert sorted(name for name in names if not name.startswith("sqlite_")) == sorted(TABLES)
        for table in TABLES:
            wanted = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
            found = ledger.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'nl_ledger' AND table_name = ?"
                " ORDER BY ordinal_position",
                (table,),
            )
            assert [row[0] for row in found] == wanted, table


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_an_older_ledger_is_brought_up_to_date(state: SharedLedger, version: int) -> None:
    with closing(open_database(state, migrations=MIGRATIONS[:version])) as old:
        old.execute("INSERT INTO meta VALUES ('kept', 'yes')")
        before = read_ledger_id(old)
    with closing(open_database(state)) as new:
        assert read_ledger_id(new) == before
        assert new.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone() == (str(len(MIGRATIONS)),)


def test_a_newer_ledger_is_not_touched(state: SharedLedger, ledger: Database) -> None:
    ledger.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    with pytest.raises(LedgerError, match="newer nl"):
        open_database(state)


def test_a_migration_that_fails_leaves_nothing(state: SharedLedger) -> None:
    with pytest.raises(psycopg.Error):
        open_database(state, migrations=[*MIGRATIONS, "CREATE TABLE ok(a TEXT); INSERT INTO nowhere VALUES (1);"])
    assert not has_ledger(state)


def test_many_make_it_at_once(state: SharedLedger) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _number: open_database(state), range(8)))
    assert len({read_ledger_id(database) for database in opened}) == 1
    for database in opened:
        database.close()


def test_a_connection_that_was_cut_is_made_again(state: SharedLedger, ledger: Database) -> None:
    freeze_people(ledger, [recipient(1)])
    with closing(psycopg.connect(state.url, autocommit=True)) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with pytest.raises(LedgerError, match=r"AdminShutdown|cannot be used"), transaction(ledger):
        ledger.execute("UPDATE delivery SET name = ''")
    with transaction(ledger):
        ledger.execute("UPDATE delivery SET name = 'again'")
    assert ledger.execute("SELECT name FROM delivery").fetchone() == ("again",)


def test_a_copy_has_all_of_it_and_changes_nothing(state: SharedLedger, ledger: Database) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 4)])
    with closing(copy_ledger(state)) as copy:
        assert isinstance(copy, sqlite3.Connection)
        assert read_ledger_id(copy) == read_ledger_id(ledger)
        assert read_report(copy, ISSUE).as_dict() == read_report(ledger, ISSUE).as_dict()
        assert list(read_deliveries(copy, ISSUE)) == list(read_deliveries(ledger, ISSUE))
        copy.execute("DELETE FROM delivery")
    assert read_report(ledger, ISSUE).deliveries == 3


def test_rows_are_streamed_while_others_are_written(ledger: Database) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 9)])
    seen = []
    for (row,) in stream(ledger, "SELECT id FROM delivery ORDER BY id"):
        ledger.execute("UPDATE delivery SET name = 'x' WHERE id = ?", (row,))
        seen.append(row)
    assert seen == list(range(1, 9))


def test_one_plans_at_a_time(state: SharedLedger, tmp_path: Path) -> None:
    elsewhere = SharedLedger(url=state.url, state=tmp_path / "elsewhere")
    with only_writer(state), pytest.raises(LedgerBusy, match=r"another nl send .* process"), only_writer(elsewhere):
        pass
    with only_writer(elsewhere):
        pass


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    place = SharedLedger(url="postgresql://editor:s3cret@127.0.0.1:1/letter", state=tmp_path)
    with pytest.raises(LedgerError) as refused:
        open_database(place)
    told = f"{refused.value} {refused.value.hint} {refused.value.file}"
    assert "s3cret" not in told
    assert "editor" not in told
    assert "postgresql://127.0.0.1:1/letter" in told


def test_a_refusal_shows_no_row(state: SharedLedger, ledger: Database) -> None:
    freeze_people(ledger, [recipient(1)])
    with pytest.raises(LedgerError) as refused, transaction(ledger):
        ledger.execute("CREATE EXTENSION nothing_of_this_name")
    assert "reader1@example.org" not in str(refused.value)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("SELECT a FROM b WHERE c = ? AND d = :name", "SELECT a FROM b WHERE c = %s AND d = %(name)s"),
        ("SELECT 'what? :now' WHERE a LIKE 'x:%' AND b = ?", "SELECT 'what? :now' WHERE a LIKE 'x:%%' AND b = %s"),
        ("SELECT unnest(?::bigint[])", "SELECT unnest(%s::bigint[])"),
        ("SELECT instr(a, '@')", "SELECT strpos(a, '@')"),
        ("BEGIN IMMEDIATE", "BEGIN"),
    ],
)
def test_statements_are_said_in_its_words(statement: str, wanted: str) -> None:
    assert said(statement) == wanted
