"""A database is looked at without waiting for its writer, and without leaving anything beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newsletter_cli.audience import copying
from newsletter_cli.audience.copying import copy_database, empty_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some folder?" / "a#1.db"


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1), (2);")
        yield connection


def rows(copy: sqlite3.Connection) -> int:
    return int(copy.execute("SELECT count(*) FROM t").fetchone()[0])


@pytest.mark.parametrize("is_writable", [True, False])
def test_what_was_committed_while_somebody_writes(
    path: Path, writer: sqlite3.Connection, is_writable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "is_writable", lambda path: is_writable)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (3)")
    with closing(copy_database(path)) as copy:
        assert rows(copy) == 2
        copy.execute("DELETE FROM t")
    writer.execute("COMMIT")
    assert rows(writer) == 3


@pytest.mark.parametrize("is_writable", [True, False])
def test_nothing_is_left_beside_it(
    path: Path, writer: sqlite3.Connection, is_writable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.close()
    monkeypatch.setattr(copying, "is_writable", lambda path: is_writable)
    before = path.read_bytes()
    copy_database(path).close()
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == before


def test_what_is_no_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is none, whatever it is called" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        copy_database(path)
    with pytest.raises(OSError, match="none"):
        copy_database(path.with_name("none.db"))
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_an_empty_one_can_be_undone() -> None:
    with closing(empty_database()) as connection:
        connection.execute("CREATE TABLE t(a)")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("ROLLBACK")
        assert rows(connection) == 0
