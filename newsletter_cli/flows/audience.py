"""The workspace's list, opened: where the configuration, the environment or an option says it is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from newsletter_cli.audience.address import AddressFault
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.grist import GristSource
from newsletter_cli.audience.grist_api import GristDoc
from newsletter_cli.audience.list_server import ListServerSource
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.rights import PersonalRecords
from newsletter_cli.audience.secret import read_secret
from newsletter_cli.audience.select import Segment, Selection, select_recipients
from newsletter_cli.audience.source import ListSource
from newsletter_cli.audience.sql_source import SqlSource
from newsletter_cli.audience.store import Store, look_into_store, open_store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import ListError, NoListYet, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.people import LedgerPeople
from newsletter_cli.flows.clearance.proof_people import ProofPeople
from newsletter_cli.flows.clearance.proof_records import all_proofs_folders
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.secret_uses import grist_use, is_sqlite, own_sqlite_url, sql_use
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import configured_path

LIST_VARIABLE = "NL_LIST"


class Audience(Struct, frozen=True):
    """The list's source and the private state beside it. `others` are the other places that know people."""

    source: ListSource
    store: Store
    others: tuple[PersonalRecords, ...] = ()

    def select(self, segment: Segment | None = None) -> Selection:
        """Recipients and exclusions as a stream; see `select_recipients`."""
        if isinstance(self.source, ListServerSource):
            return select_recipients(self.source, is_suppressed=None, segment=segment, as_they_are=None)
        moves = Moves(self.store)
        # The managed list has everybody under the address they have now.
        has_moves = self.source.kind != "managed" and moves.has_any()
        return select_recipients(
            self.source,
            is_suppressed=suppression_of(self.store),
            segment=segment,
            as_they_are=moves.as_they_are if has_moves else None,
        )

    def read_gone(self) -> Iterator[str]:
        """The normalised addresses of those who left, as the source says."""
        return (Moves(self.store).current(one.key) for one in self.source.read_gone())


def suppression_of(store: Store) -> Callable[[str], bool] | None:
    """Whether somebody is on the suppression list, by their normalised address; `None` where nobody is."""
    suppression = Suppression(store)
    return (lambda key: suppression.find(key) is not None) if suppression.has_any() else None


@contextlib.contextmanager
def open_audience(
    workspace: Workspace, *, override: str | None = None, is_looking: bool = False, is_aside: bool = False
) -> Iterator[Audience]:
    """The list to write to, and the state. `override` is a CSV file (`--list`); `NL_LIST` comes after it.

    `is_looking`, `is_aside` as in `open_state`. Raises `ListError`.
    """
    with open_state(workspace, is_looking=is_looking, is_aside=is_aside) as store:
        yield Audience(list_source(workspace, store, override=override), store, personal_records(workspace))


@contextlib.contextmanager
def open_list_server(
    workspace: Workspace, address: str, *, override: str | None = None, is_looking: bool = False
) -> Iterator[Audience]:
    """The list on a list server as the audience of a send: nobody's row is read, nobody is suppressed.

    Raises `UsageError` where a list of readers is named besides, and `ListError`.
    """
    if override or os.environ.get(LIST_VARIABLE):
        raise UsageError(
            _("{option} names readers, and send.to_list sends to {address} alone").format(
                option="--list" if override else LIST_VARIABLE, address=address
            ),
            hint=_("leave one of them out"),
        )
    try:
        source = ListServerSource(address)
    except AddressFault as fault:
        raise ListError(
            _("send.to_list: {reason}").format(reason=fault), file="newsletter.toml", hint="lettre@listes.example.org"
        ) from None
    with open_state(workspace, is_looking=is_looking) as store:
        yield Audience(source, store)


def personal_records(workspace: Workspace) -> tuple[PersonalRecords, ...]:
    """The other places that know people by their address: the ledger, once anything was sent, and those of proofs."""
    ledger = ledger_of(workspace)
    places: list[PersonalRecords] = [LedgerPeople(ledger)] if has_ledger(ledger) else []
    places += [ProofPeople(workspace=workspace)] if any(all_proofs_folders(workspace)) else []
    return tuple(places)


def open_state(workspace: Workspace, *, is_looking: bool = False, is_aside: bool = False) -> Store:
    """The private state of the list; `is_looking`: none is made where there is none; `is_aside`: a copy of it, and
    nothing in `state/` changes at all. Raises `ListError`.
    """
    state = workspace.root / "state"
    return look_into_store(state, is_aside=is_aside) if is_looking or is_aside else open_store(state)


def list_source(workspace: Workspace, store: Store, *, override: str | None = None) -> ListSource:
    """The source that the option, the environment or the configuration names."""
    named = named_source(workspace, override)
    return configured_source(workspace, store) if named is None else named


def named_source(workspace: Workspace, override: str | None) -> CsvSource | None:
    """The CSV file that the option, or after it the environment, names instead of the configured list."""
    path = override or os.environ.get(LIST_VARIABLE)
    return csv_source(workspace, Path(path).absolute()) if path else None


def configured_source(workspace: Workspace, store: Store) -> ListSource:
    """The source that `newsletter.toml` names."""
    settings = workspace.config.list
    kind = settings.source if settings.source != "auto" else _found_kind(workspace, store)
    if kind == "csv":
        return csv_source(workspace, configured_file(workspace))
    if kind == "managed":
        return ManagedList(store)
    return grist_source(workspace) if kind == "grist" else sql_source(workspace)


def configured_file(workspace: Workspace) -> Path:
    """The CSV file that the configuration names, there or not. Raises `ListError` for one outside the workspace:
    that takes a person's word (`--list`).
    """
    return configured_path(
        workspace.root,
        workspace.config.list.file,
        ListError,
        key="list.file",
        hint=_("move the file here; or say it yourself: --list FILE.csv, or NL_LIST in the environment"),
    )


def csv_source(
    workspace: Workspace, path: Path, *, encoding: str | None = None, delimiter: str | None = None
) -> CsvSource:
    """A CSV file read with the workspace's column names.

    Raises `UsageError` for a delimiter that is none, and for a file that is no list but one of `nl`'s own databases.
    """
    refuse_own_database(workspace, path)
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n \0'):
        raise UsageError(
            _("“{text}” cannot separate columns").format(text=delimiter), hint=_("one character: “;”, “,” — or tab")
        )
    return CsvSource(
        path=path,
        name=workspace.name_of(path),
        columns=workspace.config.list.columns,
        unused_columns=workspace.config.list.unused_columns,
        encoding=encoding or workspace.config.list.encoding,
        delimiter=delimiter,
    )


def refuse_own_database(workspace: Workspace, path: Path) -> None:
    """Raises `UsageError`: only SQLite may open them (see `private_database`)."""
    if path.suffix == ".db" and path.resolve().parent == (workspace.root / "state").resolve():
        raise UsageError(
            _("this is a database of nl itself, and no list to read"),
            file=workspace.name_of(path),
            hint=_("the list as a file: nl list export --all --output list.csv"),
        )


def _found_kind(workspace: Workspace, store: Store) -> str:
    """`csv` or `managed`, whichever there is; never a guess between two lists."""
    file = workspace.config.list.file
    has_file = configured_file(workspace).is_file()
    has_managed = bool(ManagedList(store).count_by_status())
    if has_file and has_managed:
        raise NoListYet(
            _("there are two lists: {file} and the one `nl list import` made").format(file=file),
            file="newsletter.toml",
            hint=_('say which one counts: [list] source = "csv" or source = "managed"'),
        )
    if not has_file and not has_managed:
        raise NoListYet(
            _("there is no list yet"),
            hint=_("write {file} (a first row email;name, then one person a row), or: nl list import FILE.csv").format(
                file=file
            ),
        )
    return "csv" if has_file else "managed"


def grist_source(workspace: Workspace) -> GristSource:
    """The table of `[list.grist]`. Raises `ListError` where its key is missing."""
    settings = workspace.config.list.grist
    # Where there is no key yet, that is said first.
    if settings.key_command or os.environ.get(settings.key_env, "").strip():
        workspace.permit_secret(grist_use(workspace))
    key = read_secret(
        _("the key of Grist"),
        variable=settings.key_env,
        command=workspace.permitted("list.grist.key_command", settings.key_command),
    )
    table = settings.table or ""
    return GristSource(
        doc=GristDoc(
            url=settings.url,
            doc=settings.doc or "",
            key=key,
            name=f"Grist {table}",
            timeout_seconds=settings.timeout_seconds,
        ),
        table=table,
        columns=workspace.config.list.columns,
        unused_columns=workspace.config.list.unused_columns,
        is_written_back=settings.write_back,
    )


def sql_source(workspace: Workspace) -> SqlSource:
    """The query of `[list.sql]`. Raises `ListError` where its URL is missing."""
    settings = workspace.config.list.sql
    url = settings.url
    if url is None or settings.url_command or os.environ.get(settings.url_env, "").strip():
        url = read_secret(
            _("the database’s URL"),
            variable=settings.url_env,
            command=workspace.permitted("list.sql.url_command", settings.url_command),
        )
    elif is_sqlite(url):
        url = own_sqlite_url(workspace, url)
    if not is_sqlite(url):
        workspace.permit_secret(sql_use(workspace))
    return SqlSource(
        url=url,
        query=settings.query or "",
        columns=workspace.config.list.columns,
        unused_columns=workspace.config.list.unused_columns,
    )


def write_back(workspace: Workspace, store: Store, keys: Sequence[str]) -> int | None:
    """Note an unsubscription at the source, where the configuration asks for it; how many rows changed there."""
    if workspace.config.list.source != "grist" or not workspace.config.list.grist.write_back:
        return None
    source = configured_source(workspace, store)
    if isinstance(source, GristSource) and source.is_written_back:
        return source.mark_unsubscribed(frozenset(keys))
    return None
