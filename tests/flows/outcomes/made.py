"""Ledgers and lists of every kind, written as a send and the years would have left them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from newsletter_cli.audience.store import open_store
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.flows.sending.newsletter import CONFIG, TEXTS
from tests.workspaces import make_workspace

BEGAN = 1_781_000_000  # 2026-06-09, 10:13:20 UTC


def make(root: Path, *, issues: int = 1, config: str = "") -> Workspace:
    """A workspace with these issues, none of which was sent."""
    make_workspace(root, CONFIG + config, dict.fromkeys(range(1, issues + 1), TEXTS))
    return open_workspace(root)


@contextmanager
def ledger(root: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(root / "state")) as connection:
        yield connection


def freeze(connection: sqlite3.Connection, issue: int, *, subject: str = "Tidings", **excluded: int) -> None:
    """That the issue was frozen, and ran once."""
    wave = connection.execute(
        "INSERT INTO wave(issue, frozen_at, segment, list_name, content_hash, template, subject, candidates, known,"
        " accepted, send_by, paces) VALUES (?, '2026-06-09T10:13:00Z', '', 'list.csv', '', x'00', ?, 1, 0, '', '', '')",
        (issue, subject),
    ).lastrowid
    for reason, count in excluded.items():
        connection.execute("INSERT INTO exclusion_count VALUES (?, ?, ?)", (wave, reason, count))
    connection.execute(
        "INSERT INTO run(issue, host, pid, transport, started_at, ended_at, ending)"
        " VALUES (?, 'laptop', 7, 'smtp://ada@mail.example.org', ?, ?, 'done')",
        (issue, "2026-06-09T10:13:00Z", "2026-06-09T10:30:00Z"),
    )


def deliver(connection: sqlite3.Connection, issue: int, key: str, state: str = "sent", **values: object) -> None:
    """One delivery."""
    row: dict[str, object] = {"issue": issue, "wave": 1, "key": key, "address": "", "name": "", "fields": ""}
    row |= {"pace": "", "state": state, "at": BEGAN, "tries": 1, "code": 250 if state == "sent" else 550} | values
    names = ", ".join(row)
    connection.execute(f"INSERT INTO delivery({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))


def come_back(root: Path, issue: int | None, kind: FeedbackKind, count: int = 1) -> None:
    """What came back of an issue."""
    with open_store(root / "state") as store, store.transaction() as connection:
        for number in range(count):
            connection.execute(
                "INSERT INTO feedback(reference, kind, key, issue, status, words, at, source, recorded_at)"
                " VALUES (?, ?, 'zoe@quart.example', ?, '5.1.1', 'zoe is gone', '2026-06-10T10:00:00Z', 'mailbox', '')",
                (f"{issue} {kind} {number}".encode(), kind, issue),
            )


def join(root: Path, key: str, day: str, *, left: str = "") -> None:
    """Somebody joined the managed list, and perhaps left it."""
    with open_store(root / "state") as store, store.transaction() as connection:
        connection.execute(
            "INSERT INTO subscriber(key, address, name, status, groups, attributes, consent_at, consent_how,"
            " consent_source, created_at, changed_at, left_at) VALUES (?, ?, '', ?, '', '', '', '', '', ?, ?, ?)",
            (key, key, "unsubscribed" if left else "confirmed", day, day, left),
        )


def suppress(root: Path, mark: bytes, reason: str, since: str) -> None:
    """Somebody is on the suppression list."""
    with open_store(root / "state") as store, store.transaction() as connection:
        connection.execute("INSERT INTO suppression VALUES (?, ?, ?)", (mark.ljust(32), reason, since))
