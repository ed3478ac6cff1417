"""`nl list suppression export`, `import`: who must never be written to, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, field

from newsletter_cli.audience.csv_output import private_file, refuse_existing
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.fault import refuse_faults
from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.row import Tally, parse_rows
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.privacy import SUPPRESSION_HEADER
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.audience import csv_source, open_state, refuse_own_database
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.model.subscriber import GONE
from newsletter_cli.workspace.folder import Workspace

SHOWN = 20
IMPORTED = "imported"


class SuppressionImport(Struct, kw_only=True):
    """What such a file did: how many are newly suppressed; whose newer consent is on record; who has not left.

    `again`: the new ones who had left before and agreed anew, each with their row. The file does not say when they
    left, so which came last is not known.

    `invalid` are the rows that cannot be read, each with its number and why.
    """

    new: int = 0
    back: int = 0
    stayed: int = 0
    again: dict[str, int] = field(default_factory=dict)
    invalid: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The result for people; it names rows, nobody."""
        for note in self.notes:
            yield Line((_("Assumed: {note}").format(note=note), "dim"))
        text = ngettext(
            "{count} more person will not be written to", "{count} more people will not be written to", self.new
        )
        yield text.format(count=self.new)
        if self.again:
            text = ngettext(
                "Among them {count} person who had come back with a consent on record (row {rows}): such a file does "
                "not say when somebody left, so leaving counts. If they agreed after it: nl list add ADDR --consent "
                "“how”",
                "Among them {count} people who had come back with a consent on record (rows {rows}): such a file does "
                "not say when somebody left, so leaving counts. If they agreed after it: nl list add ADDR --consent "
                "“how”",
                len(self.again),
            )
            rows = ", ".join(map(str, list(self.again.values())[:SHOWN])) + (" …" if len(self.again) > SHOWN else "")
            yield text.format(count=len(self.again), rows=rows)
        if self.stayed:
            text = ngettext(
                "Left alone: {count} row of the file does not say that its person left",
                "Left alone: {count} rows of the file do not say that their people left",
                self.stayed,
            )
            yield text.format(count=self.stayed)
        if self.back:
            text = ngettext(
                "Left alone: {count} person agreed anew since, and their consent is on record",
                "Left alone: {count} people agreed anew since, and their consents are on record",
                self.back,
            )
            yield text.format(count=self.back)
        if self.invalid:
            text = ngettext(
                "Not understood, and nobody suppressed for it: {count} row",
                "Not understood, and nobody suppressed for them: {count} rows",
                len(self.invalid),
            )
            yield text.format(count=len(self.invalid))
        for row, reason in self.invalid[:SHOWN]:
            yield _("  row {row}: {detail}").format(row=row, detail=reason)
        if (hidden := len(self.invalid) - SHOWN) > 0:
            yield _("  … and {count} more").format(count=hidden)


def export_suppression(workspace: Workspace, path: Path) -> int:
    """The suppression list as a private file of keyed hashes; how many."""
    refuse_existing(path)
    count = -2  # the name of the key, and the header
    with open_state(workspace) as store, private_file(path, name=str(path), encoding="utf-8") as file:
        remember(workspace, path, Holding.HASHES)
        for line in Suppression(store).export_lines():
            file.write(line + "\n")
            count += 1
    return count


def import_suppression(workspace: Workspace, path: Path) -> SuppressionImport:
    """Add an exported suppression list, or those of a CSV file who must not be written to.

    Of a file that says where everybody stands, only those who left; of another one, everybody. All of it or nothing.
    Raises `ListError`.
    """
    name, now = str(path), timestamp(datetime.now(UTC))
    refuse_own_database(workspace, path.absolute())
    if path.is_file():
        remember(workspace, path, Holding.GIVEN)
    done = SuppressionImport()
    with open_state(workspace) as store:
        with database_errors(name), path.open(encoding="utf-8-sig", errors="replace") as file:
            if file.readline(200).startswith(SUPPRESSION_HEADER):
                file.seek(0)
                with store.transaction():
                    done.new, done.back = Suppression(store).import_lines(file, name=name, now=now)
                return done
        _import_people(store, csv_source(workspace, path.absolute()), done, now)
    return done


def _import_people(store: Store, source: CsvSource, done: SuppressionImport, now: str) -> None:
    tally, suppression = Tally(), Suppression(store)
    with source.open(tally) as table, store.transaction():
        is_telling = table.columns.has_status

        def rows() -> Iterator[tuple[str, str]]:
            for one in parse_rows(table.rows, table.columns, tally, source.default_status):
                if one.fault:
                    done.invalid.append((one.row, one.fault))
                elif is_telling and one.status not in GONE:
                    done.stayed += 1
                else:
                    if suppression.is_back_since(one.key, "") and not suppression.find(one.key):
                        done.again.setdefault(one.key, one.row)
                    yield one.key, str(one.status) if is_telling else IMPORTED

        done.new = suppression.add_each(rows(), now=now)
        # Who left, the file may say in a column that is not understood: better asked than half taken.
        refuse_faults(tally.faults, list_name=source.name)
    done.notes = tally.notes
