"""`nl list import`: a CSV file into the managed list, its refused rows into a file to fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.audience.csv_output import Rejects, refuse_existing
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.importing import Additions, ImportedList, LeftOut, import_list
from newsletter_cli.audience.rights import rejects_folder
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.consent import parse_consent_date
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.workspace.folder import Workspace

SHOWN = 20


class ListImport(Struct, frozen=True, kw_only=True):
    """What an import did, the first rows it left out, and where the refused ones are."""

    imported: ImportedList
    first_left_out: tuple[LeftOut, ...]
    rejects: str | None
    other_list: str | None = None

    @property
    def has_faults(self) -> bool:
        """Whether a row could not be read."""
        return bool(self.imported.left_out["invalid"])

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names rows, not people."""
        return {
            **self.imported.as_dict(),
            "first_left_out": [one._asdict() for one in self.first_left_out],
            "rejects": self.rejects,
        }

    def lines(self) -> Iterator[str]:
        """The result for people."""
        done = self.imported
        for note in done.notes:
            yield Line((_("Assumed: {note}").format(note=note), "dim"))
        for note, count in done.assumed.most_common():
            yield ngettext("Assumed in {count} row: {note}", "Assumed in {count} rows: {note}", count).format(
                count=count, note=note
            )
        if done.is_repeated:
            yield _("This file was imported before, and the list has not changed since: nothing to do.")
        yield _("{rows} rows: {added} added, {updated} updated, {unchanged} unchanged").format(
            rows=done.rows, added=done.added, updated=done.updated, unchanged=done.unchanged
        )
        names = {"invalid": _("refused rows"), "double": _("doubles"), "suppressed": _("on the suppression list")}
        for kind, count in done.left_out.items():
            yield _("Left out: {count} {kind}").format(count=count, kind=names[kind])
        for one in self.first_left_out:
            yield _("  row {row}: {detail}").format(row=one.row, detail=one.detail)
        hidden = done.left_out.total() - len(self.first_left_out)
        if hidden > 0 and not done.is_repeated:
            yield _("  … and {count} more").format(count=hidden)
        if self.rejects:
            yield _("The refused rows, to fix and import again: {file}").format(file=self.rejects)
        if self.other_list:
            yield _('Issues still go to {name}: say [list] source = "managed" in newsletter.toml').format(
                name=self.other_list
            )


def run_import(
    workspace: Workspace,
    source: CsvSource,
    *,
    additions: Additions,
    rejects: Path | None,
    on_person: Callable[[str], None] | None = None,
) -> ListImport:
    """Import `source`; refused rows go to `rejects`, by default a private file in `state/rejects/`.

    `on_person` hears of everybody in the file, also where it was imported before.
    """
    now = datetime.now(UTC)
    path = rejects or rejects_folder(workspace.root / "state") / f"{source.path.stem}-{now:%Y%m%dT%H%M%S-%f}.csv"
    refuse_existing(path)
    shown: list[LeftOut] = []

    def hear(one: LeftOut) -> None:
        if len(shown) < SHOWN:
            shown.append(one)

    sweep(path.parent, is_alone=False)
    with open_state(workspace) as store, Rejects(path, name=workspace.name_of(path)) as refused:
        if rejects is not None:
            # Before there is something in it: whoever is erased must not stay there because of a kill.
            remember(workspace, rejects, Holding.ROWS)
        done = import_list(
            store,
            source,
            additions=additions,
            now=now,
            reject=refused.add,
            start_rejects=refused.start,
            finish_rejects=refused.finish,
            on_left_out=hear,
            read_date=lru_cache(maxsize=4096)(partial(parse_consent_date, workspace, now=now)),
            is_read_again=on_person is not None,
            on_person=on_person or (lambda key: None),
        )
    remember(workspace, source.path, Holding.GIVEN)
    return ListImport(
        imported=done,
        first_left_out=tuple(shown),
        rejects=workspace.name_of(path) if refused.count else None,
        other_list=_other_list(workspace),
    )


def _other_list(workspace: Workspace) -> str | None:
    """The list that counts where it is not the one just imported into."""
    settings = workspace.config.list
    is_csv = settings.source == "csv" or (settings.source == "auto" and (workspace.root / settings.file).is_file())
    if is_csv:
        return settings.file
    return None if settings.source in {"auto", "managed"} else settings.source
