"""Where a person's data may lie: the one place that a new kind of place is to be added to.

    what                                 who looks and erases there
    state/list.db, its older copies      `audience.rights`, `Store.compact`: the list, what came back after a send
    state/rejects/*.csv                  `audience.rights`
    state/ledger.db                      `LedgerPeople`, one of `personal_records`
    state/proofs/002/ledger.db           `ProofPeople`, another one; the messages beside it, `people_erasing`
    state/dry-run/                       `clear_dry_runs`: messages built for looking at
    lists that `nl` does not write       `foreign_sources`: rows are named, for the editor to erase

    folders of messages, reports, exports `people_erasing`: what `nl` wrote and knows of (`people_files`)
    files that were imported from        `find_given_rows`: rows are named, for the editor to erase

Not reached: backups, mail that was sent, copies that people made.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from newsletter_cli.audience.rights import rows_of
from newsletter_cli.audience.source import ListSource
from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.privacy import SUPPRESSION_HEADER
from newsletter_cli.flows.audience import LIST_VARIABLE, csv_source, grist_source, sql_source
from newsletter_cli.flows.people_files import Holding, read_known
from newsletter_cli.workspace.folder import Workspace


class Unread(Struct, frozen=True, kw_only=True):
    """A list that could not be read: nobody may take it for an empty one."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class ForeignRows(Struct, kw_only=True):
    """What the lists that `nl` does not write say of some people: by list, by normalised address; and those unread."""

    rows: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)

    def of(self, key: str) -> dict[str, list[dict[str, Any]]]:
        """The rows about one person, by list; lists without one are absent."""
        return {name: found[key] for name, found in self.rows.items() if found[key]}


def find_foreign_rows(workspace: Workspace, keys: Collection[str], *, override: str | None) -> ForeignRows:
    """Read every list that `nl` does not write, and may stand for this newsletter, for these people."""
    result = ForeignRows()
    for name, open_source in foreign_sources(workspace, override=override):
        try:
            result.rows[name] = rows_of(open_source(), keys)
        except NewsletterError as error:
            result.unread.append(Unread(name=name, reason=error.message))
    return result


def find_given_rows(workspace: Workspace, keys: Collection[str]) -> ForeignRows:
    """The same of the files that were imported from, and are still there."""
    result = ForeignRows()
    for one in read_known(workspace):
        if one.holds is Holding.GIVEN and not _is_hashed(one.path):
            name = workspace.name_of(one.path)
            try:
                result.rows[name] = rows_of(csv_source(workspace, one.path), keys)
            except NewsletterError as error:
                result.unread.append(Unread(name=name, reason=error.message))
    return result


def _is_hashed(path: Path) -> bool:
    """Whether it is an exported suppression list, which has no addresses."""
    with contextlib.suppress(OSError), path.open(encoding="utf-8-sig", errors="replace") as file:
        return file.readline(200).startswith(SUPPRESSION_HEADER)
    return False


def foreign_sources(workspace: Workspace, *, override: str | None) -> Iterator[tuple[str, Callable[[], ListSource]]]:
    """The lists that others write: named now, configured, or lying there, whichever counts for a send."""
    settings = workspace.config.list
    named = override or os.environ.get(LIST_VARIABLE) or None
    file = workspace.root / settings.file
    paths = [Path(named).absolute()] if named else []
    if settings.source == "csv" or file.is_file():
        paths.append(file)
    for path in {path.resolve(): path for path in paths}.values():
        yield workspace.name_of(path), lambda path=path: csv_source(workspace, path)  # type: ignore[misc]
    if settings.source == "grist":
        yield f"Grist {settings.grist.table or ''}".strip(), lambda: grist_source(workspace)
    if settings.source == "sql":
        yield "SQL", lambda: sql_source(workspace)
