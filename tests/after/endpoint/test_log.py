"""What every log of an endpoint promises: one suite, over each kind."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter_cli.after.endpoint.log import Log, LogExtent, LogUnavailable
from newsletter_cli.after.endpoint.opening import open_log
from newsletter_cli.after.endpoint.sqlite_log import SqliteLog
from newsletter_cli.base.errors import EndpointError
from tests.after.endpoint.examples import KEY, OTHER, entry

KINDS = ("sqlite", "postgresql")
A, B = KEY.newsletter, OTHER.newsletter


@pytest.fixture(params=KINDS)
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Log]]:
    """Opens the same log again: another process that writes it."""
    if request.param == "sqlite":
        place = str(tmp_path / "endpoint.db")
    else:
        import psycopg

        place = request.getfixturevalue("postgres_url")
        with psycopg.connect(place) as connection:
            connection.execute(
                "DROP TABLE IF EXISTS nl_endpoint_meta, nl_endpoint_entry, nl_endpoint_extent",
            )
    opened: list[Log] = []

    def open_again() -> Log:
        opened.append(open_log(place))
        return opened[-1]

    yield open_again
    for log in opened:
        log.close()


def test_what_was_appended_is_there_for_another_process(reopen: Callable[[], Log]) -> None:
    log = reopen()
    log.append([entry(1), entry(2)])
    log.append([entry(3)])
    other = reopen()
    assert other.id == log.id
    found = other.read_after(A, 0, 10)
    assert [one.token for one in found] == [entry(number).token for number in (1, 2, 3)]
    numbers = [one.n for one in found]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > 0
    assert other.extent(A) == LogExtent(last=numbers[-1], pruned=0)


def test_pages_follow_each_other(reopen: Callable[[], Log]) -> None:
    log = reopen()
    log.append([entry(number) for number in range(1, 8)])
    first = log.read_after(A, 0, 3)
    second = log.read_after(A, first[-1].n, 3)
    third = log.read_after(A, second[-1].n, 3)
    assert [one.token for one in (*first, *second, *third)] == [entry(number).token for number in range(1, 8)]
    assert log.read_after(A, third[-1].n, 3) == []


def test_newsletters_are_kept_apart(reopen: Callable[[], Log]) -> None:
    log = reopen()
    log.append([entry(1, A), entry(2, B), entry(3, A)])
    assert [one.token for one in log.read_after(A, 0, 10)] == [entry(1).token, entry(3).token]
    assert [one.token for one in log.read_after(B, 0, 10)] == [entry(2).token]
    assert log.read_after("nobody", 0, 10) == []
    assert log.extent("nobody") == LogExtent(last=0, pruned=0)


def test_only_what_is_old_and_was_fetched_is_taken_out(reopen: Callable[[], Log]) -> None:
    log = reopen()
    old, young = "2025-01-01T00:00:00Z", "2026-12-01T00:00:00Z"
    log.append([entry(1, A, old), entry(2, A, old), entry(3, A, young), entry(4, A, old), entry(5, B, old)])
    numbers = [one.n for one in log.read_after(A, 0, 10)]
    assert log.prune("2026-01-01T00:00:00Z") == 0
    log.note_fetched(A, numbers[2])
    log.note_fetched(A, numbers[0])  # who asks for an older place has what came later all the same
    assert log.prune("2026-01-01T00:00:00Z") == 2
    assert [one.n for one in log.read_after(A, 0, 10)] == numbers[2:]
    assert log.extent(A) == LogExtent(last=numbers[-1], pruned=numbers[1])
    assert len(log.read_after(B, 0, 10)) == 1


def test_numbers_are_never_given_twice(reopen: Callable[[], Log]) -> None:
    log = reopen()
    log.append([entry(1, A, "2025-01-01T00:00:00Z")])
    (first,) = log.read_after(A, 0, 10)
    log.note_fetched(A, 10**17)  # as far as there is any
    assert log.prune("2026-01-01T00:00:00Z") == 1
    assert log.extent(A) == LogExtent(last=first.n, pruned=first.n)
    again = reopen()
    again.append([entry(2, A)])
    assert again.read_after(A, 0, 10)[0].n > first.n


def test_whoever_fetches_while_others_write_misses_nothing(reopen: Callable[[], Log]) -> None:
    """Numbers become visible in their order: PostgreSQL alone would show 10 before 9."""
    reader, writers = reopen(), [reopen() for _ in range(3)]
    each = 40

    def write(number: int, log: Log) -> None:
        for count in range(each):
            base = number * 10_000 + count * 10
            log.append([entry(base), entry(base + 1)])

    threads = [threading.Thread(target=write, args=(number, log)) for number, log in enumerate(writers)]
    for thread in threads:
        thread.start()
    seen: list[str] = []
    after = 0
    while True:
        is_over = not any(thread.is_alive() for thread in threads)
        for one in reader.read_after(A, after, 50):
            after = one.n
            seen.append(one.token)
        if is_over and not reader.read_after(A, after, 1):
            break
    assert len(seen) == len(set(seen)) == len(writers) * each * 2


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE entry (n INTEGER)")
    with pytest.raises(EndpointError, match="another program"):
        open_log(str(path))
    (tmp_path / "text").write_text("no database, and longer than the header of one: " * 20)
    with pytest.raises(EndpointError):
        open_log(str(tmp_path / "text"))


def test_a_full_disk_takes_nothing_and_later_everything(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "endpoint.db")
    log.append([entry(1)])
    (pages,) = log._writer.execute("PRAGMA page_count").fetchone()
    log._writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LogUnavailable, match="full"):
        log.append([entry(number) for number in range(2, 500)])
    assert len(log.read_after(A, 0, 1_000)) == 1
    log._writer.execute("PRAGMA max_page_count = 1000000")
    log.append([entry(number) for number in range(2, 500)])
    assert len(log.read_after(A, 0, 1_000)) == 499
    log.close()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "endpoint.db")
    log.append([entry(1)])
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    log.close()
    assert set(modes.values()) == {0o600}, modes


def test_a_database_that_was_away_is_found_again(postgres_url: str) -> None:
    import psycopg

    from newsletter_cli.after.endpoint.postgresql_log import PostgresqlLog

    log = PostgresqlLog(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("TRUNCATE nl_endpoint_entry")
        log.append([entry(1)])
        log.read_after(A, 0, 10)
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'nl serve'")
        with pytest.raises(LogUnavailable) as lost:
            log.append([entry(2)])
        with pytest.raises(LogUnavailable):
            log.read_after(A, 0, 10)
        # Neither a password nor what was to be written.
        assert "s3cret" not in str(lost.value)
        assert entry(2).token not in str(lost.value)
        log.append([entry(2)])
        assert [one.token for one in log.read_after(A, 0, 10)] == [entry(1).token, entry(2).token]
    log.close()


def test_a_database_that_is_locked_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter_cli.after.endpoint.sqlite_log.BUSY_SECONDS", 0.05)
    log = SqliteLog(tmp_path / "endpoint.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "endpoint.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogUnavailable, match="locked"):
            log.append([entry(1)])
        other.execute("COMMIT")
    log.append([entry(1)])
    assert len(log.read_after(A, 0, 10)) == 1
    log.close()
