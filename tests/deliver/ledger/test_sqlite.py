"""The ledger's file: private, migrated, refused where it is not ours."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from newsletter_cli.base.errors import LedgerBusy, LedgerError
from newsletter_cli.deliver.ledger.database import has_ledger, open_database
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.records import Batch, Records
from newsletter_cli.deliver.ledger.runs import LedgerMark, begin_run, end_run, is_old_copy
from newsletter_cli.deliver.ledger.schema import MIGRATIONS
from newsletter_cli.deliver.ledger.transactions import DATABASE, transaction
from tests.deliver.stage import ISSUE, freeze_people, recipient


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.mark.skipif(os.name != "posix", reason="modes mean nothing on Windows")
def test_nobody_else_can_read_it(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(1)])
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    for path in state.glob(f"{DATABASE}*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_what_was_committed_is_on_the_disk(ledger: sqlite3.Connection) -> None:
    assert ledger.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert ledger.execute("PRAGMA synchronous").fetchone() == (2,)


def test_there_is_none_before_it_is_opened(state: Path) -> None:
    assert not has_ledger(state)
    open_database(state).close()
    assert has_ledger(state)


def test_an_older_ledger_is_brought_up_to_date(state: Path) -> None:
    open_database(state).close()
    newer = (*MIGRATIONS, "ALTER TABLE run ADD COLUMN note TEXT NOT NULL DEFAULT '';\nCREATE TABLE more(x);")
    connection = open_database(state, migrations=newer)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(newer),)
    assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)
    connection.close()


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(state: Path) -> None:
    open_database(state).close()
    with pytest.raises(LedgerError):
        open_database(state, migrations=(*MIGRATIONS, "CREATE TABLE more(x);\nCREATE TABLE run(x);"))
    connection = open_database(state)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'more'").fetchone() is None
    connection.close()


def test_a_newer_ledger_is_not_touched(state: Path) -> None:
    connection = open_database(state)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerError, match="newer nl"):
        open_database(state)


def test_what_is_no_ledger_is_refused(state: Path) -> None:
    state.mkdir()
    (state / DATABASE).write_bytes(b"this is no database, whatever it is called" * 100)
    with pytest.raises(LedgerError, match="no ledger"):
        open_database(state)


def test_an_older_copy_is_known(state: Path, ledger: sqlite3.Connection, tmp_path: Path) -> None:
    run = begin_run(ledger, state, issue=1, host="here", transport="maildir:x", now="2026-11-28T10:00:00Z")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        ledger.backup(copy)
    end_run(ledger, state, run, ending="done", now="2026-11-28T10:01:00Z")
    assert not is_old_copy(ledger, state)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert is_old_copy(copy, state)


def test_a_copy_taken_while_a_send_went_on_is_known(state: Path, ledger: sqlite3.Connection, tmp_path: Path) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 9)])
    begin_run(ledger, state, issue=1, host="here", transport="maildir:x", now="2026-11-28T10:00:00Z")
    now = 0.0
    records = Records(ledger, ISSUE, mark=LedgerMark(state, monotonic=lambda: now))
    records.claim("", 8)
    records.commit(Batch(attempting=[1]))
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        ledger.backup(copy)
    now = 2.0
    records.commit(Batch(attempting=[2]))
    assert not is_old_copy(ledger, state)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert is_old_copy(copy, state)


HOLDING = """
import os, sys, time
from pathlib import Path
from newsletter_cli.deliver.ledger.lock import only_writer
with only_writer(Path(sys.argv[1])):
    print("held by", os.getpid(), flush=True)
    time.sleep(60)
"""


def test_the_lock_names_its_holder_and_ends_with_its_process(state: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLDING, str(state)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        # Its own word: in a virtual environment on Windows, what was started is a launcher with another number.
        holder = process.stdout.readline().removeprefix("held by ").strip()
        assert holder.isdecimal()
        with pytest.raises(LedgerBusy, match=f"process {holder} on .*, since 20"), only_writer(state):
            pass
    finally:
        process.kill()
        process.communicate()
    with only_writer(state):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO exclusion_count VALUES (1, 'double', 1), (1, 'double', 2)",
        "INSERT INTO meta VALUES ('secret', NULL)",
        "INSERT INTO wave(id) VALUES (?)",
    ],
)
def test_a_statement_of_ours_that_breaks_a_rule_is_no_damaged_file(ledger: sqlite3.Connection, statement: str) -> None:
    with pytest.raises((sqlite3.IntegrityError, sqlite3.ProgrammingError)), transaction(ledger):
        ledger.execute(statement)
    assert not ledger.in_transaction
