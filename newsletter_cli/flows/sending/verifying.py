"""The dry run's own half: every message that waits, built as a send builds it, looked at, kept as an `.eml` file."""

from __future__ import annotations

import contextlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct, field

from newsletter_cli.base.errors import StorageError, UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.building import Builder, load_templates
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.deliver.ledger.waiting import count_waiting, read_templates
from newsletter_cli.deliver.maildir import is_of_the_viewer, open_private
from newsletter_cli.deliver.message.person import Unbuildable
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.deliver.message.verifier import Verifier
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.flows.sending.job import SendJob
from newsletter_cli.flows.sending.problems import SendProblem
from newsletter_cli.flows.sending.transport import pace_book
from newsletter_cli.flows.way_out import one_click_note, way_out_notes
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace, folder_name

PROGRESS_EVERY = 500
# Only for looking at: what a dry run shows must take nobody off the list, so its links lead nowhere.
STAND_IN_SECRET = b"nl: dry run, no token of a send.."


class Verified(Struct, kw_only=True):
    """The messages that are as they should be, and those that are not. Sizes are in bytes."""

    verified: int = 0
    sizes: Counter[int] = field(default_factory=Counter)
    paces: Counter[str] = field(default_factory=Counter)
    unbuildable: int = 0
    reason: str = ""
    way_out: tuple[str, ...] = ()
    problems: list[SendProblem] = field(default_factory=list)

    def count(self, size: int, pace: str) -> None:
        """One more message is as it should be."""
        self.verified += 1
        self.sizes[size] += 1
        self.paces[pace] += 1

    @property
    def most_bytes(self) -> int:
        """The size of the largest."""
        return max(self.sizes, default=0)

    @property
    def median_bytes(self) -> int:
        """The size that half of the messages do not pass."""
        seen, half = 0, (self.verified + 1) // 2
        for size in sorted(self.sizes):
            seen += self.sizes[size]
            if seen >= half:
                return size
        return 0

    def notes(self) -> Iterator[str]:
        """What the editor should know."""
        yield from self.way_out
        if self.unbuildable:
            yield ngettext(
                "for {count} recipient no message can be made, and a send counts them as refused: {reason}",
                "for {count} recipients no message can be made, and a send counts them as refused: {reason}",
                self.unbuildable,
            ).format(count=shown_count(self.unbuildable), reason=self.reason)


def verify_waiting(
    job: SendJob, put: Callable[[bytes, int], None], on_progress: Callable[[int, int], None] = lambda done, total: None
) -> Verified:
    """Build and verify each message that the send would send now, and hand it to `put` with its number.

    Raises `LedgerError` for a frozen message that is damaged.
    """
    result, book = Verified(), pace_book(job.workspace)
    # None could be made where the issue has faults: they are told already.
    frozen = {freeze_id: octets for freeze_id, octets in read_templates(job.connection, job.number).items() if octets}
    templates = load_templates(frozen)
    verifiers = {freeze_id: Verifier(template) for freeze_id, template in templates.items()}
    if templates:
        result.way_out = (*way_out_notes(job.workspace.config), *one_click_note(job.workspace.config))
    builder = Builder(templates, Tokens(STAND_IN_SECRET), finish=job.finish)
    total = count_waiting(job.connection, job.number)
    for number, row in enumerate(Records(job.connection, job.number).read_waiting(), 1):
        if row.freeze_id not in templates:
            continue
        try:
            person = builder.person(row)
            data = builder.build(row, person).data
        except Unbuildable as fault:
            result.unbuildable += 1
            result.reason = result.reason or str(fault)
            continue
        found = verifiers[row.freeze_id].check(data, person)
        if found is not None:
            # A fault of nl itself: one is enough to be told of.
            if not result.problems:
                result.problems.append(SendProblem(code="message", message=found))
            continue
        result.count(len(data), book.name_of(row.domain))
        put(data, number)
        if number % PROGRESS_EVERY == 0:
            on_progress(number, total)
    return result


DRY_RUNS = "dry-run"


def clear_dry_runs(workspace: Workspace) -> None:
    """Messages that dry runs left for looking at: whoever is erased must not stay in them. Raises `StorageError`."""
    _remove(workspace, workspace.root / "state" / DRY_RUNS)


def _remove(workspace: Workspace, folder: Path) -> None:
    """Raises `StorageError`: Windows removes no file that a mail program has open."""
    with storage_errors(workspace.name_of(folder)), contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


class EmlFolder:
    """A folder of messages: all of them in the folder that was asked for, else the first `few` in `state/`.

    `kind` ends the name of that one: a proof's messages are not a send's. Nobody asked for the one in `state/`: where
    it cannot be written, `notes` say so, and that is all.
    """

    def __init__(self, workspace: Workspace, number: int, folder: Path | None, *, few: int, kind: str = ""):
        self._workspace, self._number = workspace, number
        self._limit = None if folder is not None else few
        self._is_own = folder is None
        self._folder = folder or workspace.root / "state" / DRY_RUNS / (folder_name(number) + kind)
        self.name = workspace.name_of(self._folder)
        self.written = 0
        self.notes: list[str] = []

    def __enter__(self) -> Self:
        try:
            self._open()
        except StorageError as error:
            self._give_up(error)
        return self

    def _open(self) -> None:
        if self._is_own:
            self._workspace.private_folder(DRY_RUNS)
            _remove(self._workspace, self._folder)
        with storage_errors(self.name):
            if not self._is_own and self._folder.is_dir() and self._is_filled():
                raise UsageError(
                    _("the folder {folder} is not empty").format(folder=self.name),
                    hint=_("name a new one: its messages could be taken for others"),
                )
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._is_own:
            remember(self._workspace, self._folder, Holding.MESSAGES)

    def _is_filled(self) -> bool:
        return not all(is_of_the_viewer(path.name) for path in self._folder.iterdir())

    def _give_up(self, error: StorageError) -> None:
        if not self._is_own:
            raise error
        self._limit = 0
        self.notes.append(_("no messages to look at were written: {reason}").format(reason=error))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open."""

    def put(self, data: bytes, number: int) -> None:
        """Write one more message (dot-stuffed, as `splice` gives it), where there is room for it."""
        if self._limit is not None and self.written >= self._limit:
            return
        try:
            with storage_errors(self.name), open_private(self._folder / f"{number:06d}.eml") as file:
                file.write(unstuff(data))
        except StorageError as error:
            self._give_up(error)
        else:
            self.written += 1
