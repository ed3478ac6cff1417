"""`nl list export`, `nl list purge`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsletter_cli.audience.csv_output import private_file, refuse_existing, write_list
from newsletter_cli.audience.rights import compact, count_due, purge
from newsletter_cli.audience.row import Tally
from newsletter_cli.flows.audience import open_audience, open_state, personal_records
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.flows.sending.verifying import clear_dry_runs
from newsletter_cli.workspace.folder import Workspace


def export_whole_list(workspace: Workspace, path: Path, *, override: str | None) -> int:
    """The list as a private CSV file, formulas neutralised; how many people. Raises `ListError`."""
    refuse_existing(path)
    with open_audience(workspace, override=override) as audience, private_file(path, name=str(path)) as file:
        remember(workspace, path, Holding.ROWS)
        return write_list(file, lambda: audience.source.read(Tally()))


def write_person(workspace: Workspace, known: dict[str, Any], path: Path) -> None:
    """One person's data as a private JSON file."""
    refuse_existing(path)
    remember(workspace, path, Holding.PERSON)
    with private_file(path, name=str(path), encoding="utf-8") as file:
        file.write(json.dumps(known, ensure_ascii=False, indent=2) + "\n")


def due_for_purge(workspace: Workspace, *, is_aside: bool = False) -> dict[str, int]:
    """What has been kept long enough, by kind. `is_aside` as in `open_state`: nothing in `state/` changes."""
    with open_state(workspace, is_looking=True, is_aside=is_aside) as store:
        return count_due(
            store, workspace.config.list.retention, now=datetime.now(UTC), others=personal_records(workspace)
        )


def run_purge(workspace: Workspace) -> tuple[dict[str, int], bool]:
    """Erase it: how many, by kind; and whether no octet of it is left in a file."""
    clear_dry_runs(workspace)
    others = personal_records(workspace)
    with open_state(workspace) as store:
        counts = purge(store, workspace.config.list.retention, now=datetime.now(UTC), others=others)
        return counts, compact(store, others)
