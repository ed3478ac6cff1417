"""`nl report` on a ledger of many deliveries: how long it takes, and its peak of memory.

`python -m bench.report [--deliveries N] [--issues N] [--keep FOLDER]`. The ledger is made by the script: nobody is
written to, every reader is made up. `--keep` leaves the workspace there, to look at its pages.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.__main__ import NL
from bench.sending_workspace import SETTINGS
from newsletter_cli.audience.store import open_store
from newsletter_cli.deliver.ledger.database import open_database

FIRST = datetime(2026, 1, 15, 9, 2, tzinfo=UTC)
DOMAINS = ("gmail.com", "orange.fr", "outlook.fr", "interieur.gouv.fr", "free.fr", "insee.fr", "xn--lve-6la.example")
SAID = {
    "refused": (
        (550, "5.1.1 <…>: Recipient address rejected: User unknown in virtual mailbox table"),
        (550, "5.1.1 The email account that you tried to reach does not exist. a1-20020aa7d6c1si{row} - gsmtp"),
        (552, "5.2.2 Mailbox full, {local} is over quota"),
    ),
    "deferred": (
        (451, "4.7.1 Greylisted, try again in {row} seconds"),
        (421, "4.7.0 [192.0.2.7] Too many connections <script>alert({row})</script>"),
    ),
    "in_doubt": ((0, "nl: ended before the answer was recorded"),),
}
STATES = ("sent", "refused", "deferred", "in_doubt", "pending")
WEIGHTS = (970, 14, 9, 3, 4)
KINDS = ("hard", "full", "soft", "sender-fault", "complaint", "unsubscribe", "out-of-office", "reply")
LEAVING = ("unsubscribed", "bounced", "complained")


def main(arguments: list[str] | None = None) -> None:
    """Make the ledger, then time the reports."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--deliveries", type=int, default=1_000_000)
    parser.add_argument("--issues", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        root = wanted.keep or Path(temporary)
        start = time.perf_counter()
        make_workspace(root, wanted.deliveries, wanted.issues)
        print(f"made in {time.perf_counter() - start:.1f} s: {wanted.deliveries} deliveries, {wanted.issues} issues")
        latest = str(wanted.issues)
        for command in (
            ["report", latest],
            ["report", latest, "--html"],
            ["report", "--all"],
            ["report", "--all", "--html"],
        ):
            seconds, mebibytes = measure(command, root)
            print(f"nl {' '.join(command):<24}{seconds:>8.2f} s{mebibytes:>8.0f} MiB")


def measure(command: list[str], root: Path) -> tuple[float, float]:
    """Seconds and peak of memory of one `nl` process."""
    start = time.perf_counter()
    process = subprocess.Popen([*NL, *command], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"nl {' '.join(command)} ended with {status}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def make_workspace(root: Path, deliveries: int, issues: int) -> None:
    """A workspace whose ledger has the last issue sent to so many, those before to fewer, and whose list knows why."""
    chance = random.Random(1)
    root.mkdir(parents=True, exist_ok=True)
    (root / "newsletter.toml").write_text(SETTINGS.format(connections=4), encoding="utf-8")
    (root / "sections" / f"{issues:03}").mkdir(parents=True, exist_ok=True)
    (root / "sections" / f"{issues:03}" / "_issue.md").write_text("---\ntitle: La lettre\n---\n", encoding="utf-8")
    with closing(open_database(root / "state")) as ledger:
        ledger.execute("PRAGMA synchronous = OFF")
        for issue in range(1, issues + 1):
            count = deliveries * (issues + issue) // (2 * issues)
            began = FIRST + timedelta(days=30 * (issue - 1))
            ledger.execute("BEGIN")
            wave = ledger.execute(
                "INSERT INTO wave(issue, frozen_at, segment, list_name, content_hash, template, subject, candidates,"
                " known, accepted, send_by, paces) VALUES (?, ?, '', 'list.csv', '', x'00', ?, ?, 0, '', '', '')",
                (issue, _stamp(began), f"La lettre n° {issue} : été & données", count),
            ).lastrowid
            ledger.executemany(
                "INSERT INTO exclusion_count VALUES (?, ?, ?)",
                [
                    (wave, reason, number * issue)
                    for reason, number in (("unsubscribed", 9), ("invalid", 2), ("double", 1))
                ],
            )
            _add_runs(ledger, issue, began)
            ledger.executemany(
                "INSERT INTO delivery(issue, wave, key, address, name, fields, pace, state, tries, at, code, reply)"
                " VALUES (?, ?, ?, '', ?, '', '', ?, ?, ?, ?, ?)",
                _rows(chance, issue, int(wave or 0), count, began),
            )
            ledger.execute("COMMIT")
    with open_store(root / "state") as store, store.transaction() as connection:
        _add_list(connection, chance, min(deliveries, 20_000), issues)


def _add_runs(ledger, issue: int, began: datetime) -> None:  # type: ignore[no-untyped-def]
    spans = ((0, 14, "interrupted"), (21, 40, "done"))
    ledger.executemany(
        "INSERT INTO run(issue, host, pid, transport, started_at, ended_at, ending)"
        " VALUES (?, '', 1, 'smtp://', ?, ?, ?)",
        [
            (issue, _stamp(began + timedelta(minutes=begin)), _stamp(began + timedelta(minutes=end)), how)
            for begin, end, how in spans
        ],
    )


def _rows(chance: random.Random, issue: int, wave: int, count: int, began: datetime) -> Iterator[tuple[object, ...]]:
    start = int(began.timestamp())
    for row in range(count):
        local = f"lea.martin{row}"
        domain = chance.choices((*DOMAINS, f"small{row % max(1, count // 3)}.example"), (30, 18, 12, 14, 9, 6, 2, 9))[0]
        (state,) = chance.choices(STATES, WEIGHTS)
        code, reply = (250, "2.0.0 Ok: queued") if state == "sent" else chance.choice(SAID.get(state, ((0, ""),)))
        minute = chance.triangular(0, 33, 26)
        at = start + int(60 * (minute if minute < 14 else minute + 7))
        reply = reply.format(row=row, local=local)
        tries = 0 if state == "pending" else 1 + (chance.random() < 0.01)
        at = 0 if state == "pending" else at
        yield issue, wave, f"{local}@{domain}", f"Léa Martin {row}", state, tries, at, code, reply


def _add_list(connection, chance: random.Random, count: int, issues: int) -> None:  # type: ignore[no-untyped-def]
    for number in range(count):
        day = FIRST + timedelta(days=30 * issues * chance.random() ** 1.7)
        has_left = chance.random() < 0.06
        gone = _stamp(day + timedelta(days=chance.randrange(1, 90))) if has_left else ""
        status = "unsubscribed" if has_left else "confirmed"
        connection.execute(
            "INSERT INTO subscriber(key, address, name, status, groups, attributes, consent_at, consent_how,"
            " consent_source, created_at, changed_at, left_at) VALUES (?, ?, '', ?, '', '', '', '', '', ?, ?, ?)",
            (f"reader{number}@example.org", f"reader{number}@example.org", status, _stamp(day), _stamp(day), gone),
        )
        if has_left:
            reason = chance.choices(LEAVING, (8, 3, 1))[0]
            connection.execute("INSERT INTO suppression VALUES (?, ?, ?)", (number.to_bytes(32, "big"), reason, gone))
    for issue in range(1, issues + 1):
        for kind, most in zip(KINDS, (9, 4, 6, 3, 2, 8, 12, 3), strict=True):
            for number in range(chance.randrange(most + 1)):
                connection.execute(
                    "INSERT INTO feedback(reference, kind, key, issue, status, words, at, source, recorded_at)"
                    " VALUES (?, ?, '', ?, '', '', '', 'mailbox', '')",
                    (f"{issue} {kind} {number}".encode(), kind, issue),
                )


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main()
