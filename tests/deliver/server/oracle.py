"""The promise, checked: what the receiving end wrote down against what the ledger says.

The record is the truth about what was accepted. The ledger is asked twice: through `nl report --json`, as any script
would, and row by row, read-only, because numbers that add up can hide two rows that are both wrong.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.deliver.server.record import Accepted, address_key, read_record, read_violations

STATES = ("pending", "claimed", "attempting", "sent", "deferred", "refused", "in_doubt")
# Where the message may have been accepted: the server's word was heard, or cannot be known.
MAY_HAVE_IT = {"sent", "in_doubt"}
SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`nl report N --json`."""

    issue: int
    candidates: int
    excluded: dict[str, int]
    counts: dict[str, int]
    is_complete: bool


class Broken(AssertionError):
    """The promise is broken; says how, all of it at once."""


def parse_report(text: str) -> Report:
    """What `nl report N --json` printed; its keys are a contract."""
    told = json.loads(text)
    assert set(told) >= {"issue", "candidates", "excluded", "counts", "complete"}, told
    assert set(told["counts"]) == set(STATES), told["counts"]
    assert isinstance(told["complete"], bool)
    return Report(
        issue=told["issue"],
        candidates=told["candidates"],
        excluded=told["excluded"],
        counts=told["counts"],
        is_complete=told["complete"],
    )


def read_states(state: Path, issue: int) -> dict[str, str]:
    """The state of each address in the ledger of a workspace; nothing where there is no ledger, or no freeze yet."""
    path = state / "ledger.db"
    if not path.exists():
        return {}
    try:
        # Read-only: what a killed process left in the write-ahead log is read and left there.
        rows = _rows(f"file:{path}?mode=ro", issue)
    except sqlite3.OperationalError:
        # Even that wants to write its index of the log, and the disk may be full: then somewhere else.
        with tempfile.TemporaryDirectory() as folder:
            for one in (path, path.with_name(f"{path.name}-wal")):
                if one.exists():
                    shutil.copy(one, folder)
            rows = _rows(f"file:{folder}/{path.name}", issue)
    states = {address_key(key): told for key, told in rows}
    assert len(states) == len(rows), "two rows of the ledger are one address"
    return states


def _rows(uri: str, issue: int) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(uri, uri=True, timeout=30)) as connection:
        try:
            return connection.execute("SELECT key, state FROM delivery WHERE issue = ?", (issue,)).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return []


def faults_of_send(
    accepted: Collection[Accepted],
    states: dict[str, str],
    *,
    settled: Collection[str] = (),
    decided: Collection[str] = (),
) -> list[str]:
    """What is wrong at this moment, with no process sending.

    `settled`: addresses that a person said `skip` of, which may or may not have the message. `decided`: those a
    person said `resend` or `sent` of: a double there, or a `sent` without a message, is theirs.
    """
    faults = []
    copies = Counter(one.recipient for one in accepted)
    doubled = sorted(address for address, count in copies.items() if count > 1 and address not in decided)
    if doubled:
        faults.append(f"accepted more than once: {_some(doubled)}")
    unknown = sorted(address for address in copies if address not in states)
    if unknown:
        faults.append(f"accepted and not in the ledger: {_some(unknown)}")
    # Rows that are being attempted belong to a process that died: the next start puts them in doubt.
    may_have_it = MAY_HAVE_IT | {"attempting"}
    denied = sorted(
        f"{address} ({states[address]})"
        for address in copies
        if address in states and states[address] not in may_have_it and address not in settled
    )
    if denied:
        faults.append(f"accepted, and the ledger says otherwise: {_some(denied)}")
    missing = sorted(
        address for address, told in states.items() if told == "sent" and not copies[address] and address not in decided
    )
    if missing:
        faults.append(f"sent says the ledger, and never accepted: {_some(missing)}")
    return faults


def faults_of_report(report: Report, states: dict[str, str], *, candidates: int | None = None) -> list[str]:
    """What does not add up in the numbers."""
    faults = []
    total = sum(report.counts.values()) + sum(report.excluded.values())
    if report.candidates != total:
        faults.append(f"{report.candidates} candidates, but {total} deliveries and exclusions: {report}")
    if candidates is not None and report.candidates != candidates:
        faults.append(f"the list has {candidates} candidates, the report {report.candidates}")
    counted = Counter(states.values())
    if any(report.counts[state] != counted[state] for state in STATES):
        faults.append(f"the report says {report.counts}, the ledger's rows {dict(counted)}")
    unfinished = sum(report.counts[state] for state in STATES if state not in {"sent", "refused"})
    if report.is_complete and unfinished:
        faults.append(f"complete, with {unfinished} unfinished: {report.counts}")
    return faults


def check_promise(
    record: Path,
    state: Path,
    *,
    issue: int,
    report: str | None = None,
    candidates: int | None = None,
    settled: Collection[str] = (),
    decided: Collection[str] = (),
) -> None:
    """The whole oracle. Raises `Broken`."""
    accepted = read_record(record)
    states = read_states(state, issue)
    faults = faults_of_send(accepted, states, settled=settled, decided=decided)
    if report is not None:
        faults += faults_of_report(parse_report(report), states, candidates=candidates)
    pairs = {(one.recipient, one.message_id) for one in accepted}
    if not len(pairs) == len({address for address, _id in pairs}) == len({number for _address, number in pairs}):
        faults.append("a Message-ID belongs to one address, and an address has one, however often it was tried")
    faults += [f"against the rules of SMTP: {what}" for what in read_violations(record)]
    if faults:
        raise Broken("\n".join(faults))


def check_finished(record: Path, state: Path, *, issue: int, expected: Collection[str]) -> None:
    """Everybody expected has it, exactly once, and nobody else. Raises `Broken`."""
    copies = Counter(one.recipient for one in read_record(record))
    wanted = {address_key(address) for address in expected}
    faults = []
    if missed := sorted(wanted - copies.keys()):
        faults.append(f"missed: {_some(missed)}")
    if extra := sorted(copies.keys() - wanted):
        faults.append(f"nobody asked for: {_some(extra)}")
    if doubled := sorted(address for address, count in copies.items() if count > 1):
        faults.append(f"accepted more than once: {_some(doubled)}")
    states = read_states(state, issue)
    if wrong := sorted(f"{address} ({states.get(address)})" for address in wanted if states.get(address) != "sent"):
        faults.append(f"not sent in the ledger: {_some(wrong)}")
    if faults:
        raise Broken("\n".join(faults))


def count_attempting(state: Path, issue: int) -> int:
    """How many rows a killed process leaves to doubt."""
    return sum(1 for told in read_states(state, issue).values() if told == "attempting")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{len(names)}: {', '.join(names[:SHOWN])}{more}"
