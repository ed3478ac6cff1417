"""Workers on a shared ledger against one process on its own: messages a second into a receiver on this machine.

`python -m bench.workers [--messages N] [--rounds N] [--workers 1,2,4,8]`. PostgreSQL is one of our own, with `fsync`,
on the same machine and disk; the rounds are interleaved, and only ratios mean something. Before it, without any mail:
how many rows a second are planned, claimed, and attempted and recorded as sent, by one sender.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from time import perf_counter

import psycopg

from bench.__main__ import NL
from bench.receiver import COUNT, FIRST, LAST, Told, running_receiver
from bench.sending_peers import HOST
from bench.sending_workspace import Workspace
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.freeze import FreezeFacts, FrozenMessage, freeze
from newsletter_cli.deliver.ledger.leased import LeasedRecords
from newsletter_cli.deliver.ledger.leases import Lease
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.records import Batch, DeliveryOutcome
from newsletter_cli.deliver.ledger.transactions import as_shared
from newsletter_cli.model.delivery import DeliveryState, Reply
from newsletter_cli.model.subscriber import NOTHING, Recipient
from tests.postgresql import PostgresServer, find_initdb

ALONE, ALONE_SHARED = "one process, SQLite", "one process, PostgreSQL"
CLAIMS_AT_ONCE = (128, 1_000)
CLAIMED_ROWS = 100_000
TAKEN = Reply(250, "2.0.0 Ok")


def bare(url: str) -> str:
    """The address without its password, which comes by the environment."""
    return url.replace(":s3cret-w0rd@", "@")


class Stage:
    """A workspace with each kind of ledger."""

    def __init__(self, folder: Path, server: PostgresServer, messages: int):
        self.server, self.messages = server, messages
        self.own = Workspace(folder / "own")
        self.shared = Workspace(folder / "shared")
        path = self.shared.root / "newsletter.toml"
        path.write_text(path.read_text(encoding="utf-8") + f'\n[send]\nledger = "{bare(server.url)}"\n', "utf-8")
        os.environ["PGPASSWORD"] = "s3cret-w0rd"
        for workspace in (self.own, self.shared):
            workspace.write_list(messages)

    def alone(self, port: int) -> None:
        self.own.forget()
        self.own.send(port, self.messages)

    def alone_shared(self, port: int) -> None:
        self.forget()
        self.shared.send(port, self.messages)

    def workers(self, port: int, count: int) -> None:
        self.forget()
        self.shared.nl(*self.shared.send_arguments(port, self.messages), "--distributed")
        command = [*NL, "-C", str(self.shared.root), "worker", "--until-done", "--transport", f"smtp://{HOST}:{port}"]
        started = [
            subprocess.Popen([*command, "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            for _number in range(count)
        ]
        for process in started:
            if process.wait():
                raise SystemExit(f"nl worker: {process.returncode}")

    def forget(self) -> None:
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS nl_ledger CASCADE")
            connection.execute("CHECKPOINT")
        self.shared.forget()


def rate(told: Told, messages: int) -> float:
    """Messages a second, from the first that arrived to the last."""
    if told[COUNT] != messages:
        raise SystemExit(f"{told[COUNT]:.0f} messages arrived, not {messages}")
    return (messages - 1) / (told[LAST] - told[FIRST])


def compare(stage: Stage, counts: list[int], rounds: int) -> None:
    found: dict[str, list[float]] = {}
    for _round in range(rounds):
        runs = {ALONE: stage.alone, ALONE_SHARED: stage.alone_shared}
        for title, run in runs.items():
            with running_receiver() as (port, told):
                run(port)
                found.setdefault(title, []).append(rate(told, stage.messages))
        for count in counts:
            with running_receiver() as (port, told):
                stage.workers(port, count)
                found.setdefault(f"{count} worker{'s' * (count > 1)}", []).append(rate(told, stage.messages))
    print(f"\n{'first to last, messages/s':<44}{'rate':>8}{'ratio':>8}")
    base = statistics.median(found[ALONE])
    for title, rates in found.items():
        median = statistics.median(rates)
        print(f"{title:<44}{median:>8.0f}{median / base:>8.2f}")


def rows(server: PostgresServer, folder: Path) -> None:
    """What the ledger does alone: rows planned, claimed, attempted and recorded a second."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS nl_ledger CASCADE")
    with contextlib.closing(open_database(SharedLedger(url=server.url, state=folder / "rows"))) as opened:
        database = as_shared(opened)
        assert database is not None
        people = (
            Recipient(
                key=f"r{number}@example.org", address=f"r{number}@example.org", name="", groups=(), attributes=NOTHING,
                row=number,
            )
            for number in range(CLAIMED_ROWS * (len(CLAIMS_AT_ONCE) + 1))
        )  # fmt: skip
        facts = FreezeFacts(issue=1, frozen_at="2026-12-01T00:00:00Z", send_by="", segment="", list_name="list")
        start = perf_counter()
        freeze(
            database, facts, people, pace_of=lambda domain: "", fields_of=None,
            expected_candidates=lambda: CLAIMED_ROWS * (len(CLAIMS_AT_ONCE) + 1),
            message=lambda: FrozenMessage(template=b"x", content_hash="x", subject="x"),
        )  # fmt: skip
        planned = CLAIMED_ROWS * (len(CLAIMS_AT_ONCE) + 1) / (perf_counter() - start)
        print(f"\n{'one sender, rows/s':<44}{'rate':>8}")
        print(f"{'planned':<44}{planned:>8.0f}")
        database.raw.execute("ANALYZE delivery")
        for at_once in CLAIMS_AT_ONCE:
            records = LeasedRecords(database, Lease(database, 1))
            start = perf_counter()
            for _turn in range(CLAIMED_ROWS // at_once):
                records.claim("", at_once)
                records.commit(Batch())
            claimed = CLAIMED_ROWS // at_once * at_once
            print(f"{f'claimed, {at_once} at once':<44}{claimed / (perf_counter() - start):>8.0f}")
        records = LeasedRecords(database, Lease(database, 1))
        done = 0
        start = perf_counter()
        while perf_counter() - start < 5:
            found = records.claim("", 128)
            records.commit(Batch(attempting=[row.id for row in found]))
            records.commit(
                Batch(
                    outcomes=[
                        DeliveryOutcome(
                            row=row.id,
                            before=DeliveryState.ATTEMPTING,
                            after=DeliveryState.SENT,
                            reply=Reply(250, "Ok"),
                        )
                        for row in found
                    ]
                )
            )
            done += len(found)
        print(f"{'claimed, attempted and recorded, 128 at once':<44}{done / (perf_counter() - start):>8.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.workers", description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", default="1,2,4,8")
    options = parser.parse_args()
    print(f"medians of {options.rounds} interleaved rounds, Python {sys.version.split()[0]} on {sys.platform}")
    server = PostgresServer(find_initdb(), is_durable=True)
    try:
        with tempfile.TemporaryDirectory() as name:
            rows(server, Path(name))
            if options.rounds:
                counts = [int(count) for count in options.workers.split(",")]
                compare(Stage(Path(name), server, options.messages), counts, options.rounds)
    finally:
        time.sleep(0.1)
        server.close()


if __name__ == "__main__":
    main()
