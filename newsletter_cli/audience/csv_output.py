"""Writing personal data to CSV: private files, for spreadsheets, and harmless in them."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from newsletter_cli.audience.columns import REJECT_COLUMNS
from newsletter_cli.audience.row import Candidate, guarded
from newsletter_cli.audience.store import PRIVATE_FOLDER
from newsletter_cli.audience.words import is_header_safe
from newsletter_cli.base.errors import AlreadyExists, ListError
from newsletter_cli.base.files import PRIVATE_FILE, written_whole
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.base.reasons import system_reason

EXPORT_COLUMNS = ("email", "name", "status", "groups", "consent_at", "consent_how")
# A cell as long as a book would make the file of rejects as hostile as its source.
MAX_CELL = 2_000


def refuse_existing(path: Path) -> None:
    """Raises `AlreadyExists` rather than let a list be written over."""
    if path.exists():
        raise AlreadyExists(
            _("this file exists already"), file=str(path), hint=_("name another one, or move it out of the way")
        )


@contextlib.contextmanager
def private_file(path: Path, *, name: str, encoding: str = "utf-8-sig") -> Iterator[TextIO]:
    """A text file of mode 0600 that appears whole at the end, or not at all. Raises `ListError`.

    With a byte order mark unless told otherwise: Excel reads accents right with it only.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        sweep(path.parent, is_alone=False)
        with written_whole(path, mode=PRIVATE_FILE) as file:
            text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
            yield text
            # Flushed, and left open: the file is not finished yet.
            text.detach()
    except OSError as error:
        raise ListError(_("the system refused: {reason}").format(reason=system_reason(error)), file=name) from None


def write_row(file: TextIO, cells: Iterable[str]) -> None:
    """One row: formulas neutralised, control characters and endless cells cut."""
    csv.writer(file, lineterminator="\r\n").writerow([guarded(_tame(cell)) for cell in cells])


def _tame(cell: str) -> str:
    cell = cell[:MAX_CELL]
    if is_header_safe(cell):
        return cell
    return "".join(letter for letter in cell if letter in "\n\t" or is_header_safe(letter))


class Rejects:
    """The rows that an import refused, for a person to fix and import again.

    The file's own columns, then `nl_row` and `nl_reason`. Nothing is written when nothing was refused. The file is in
    its place once `finish` was called, and goes again where the import then fails.
    """

    def __init__(self, path: Path, *, name: str):
        self.path = path
        self.name = name
        self.count = 0
        self._header: Sequence[str] = ()
        self._file: TextIO | None = None
        self._is_finished = False
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Rejects:
        self._stack.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._stack.__exit__(kind, error, trace)  # type: ignore[arg-type]
        if kind is not None and self._is_finished:
            self.path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Put the file in its place: before the import is on record, after which it would not be read again."""
        if self._file is not None:
            self._stack.close()
            self._is_finished = True

    def start(self, header: Sequence[str]) -> None:
        """Keep the header of the file that is being read, without what an earlier round added."""
        self._header = [name for name in header if name.strip() not in REJECT_COLUMNS]

    def add(self, cells: Sequence[str], row: int, reason: str) -> None:
        """Write one refused row."""
        if self._file is None:
            self._file = self._stack.enter_context(private_file(self.path, name=self.name))
            if self._header:
                write_row(self._file, [*self._header, *REJECT_COLUMNS])
        width = len(self._header)
        kept = [*cells[:width], *[""] * (width - len(cells))] if width else list(cells)
        write_row(self._file, [*kept, str(row), reason] if width else kept)
        self.count += 1


def write_list(file: TextIO, candidates: Callable[[], Iterable[Candidate]]) -> int:
    """The candidates as a CSV that `nl list import` reads back; how many. Read twice: first for the attributes'
    names, which become columns."""
    names = sorted({name for candidate in candidates() for name in candidate.attributes})
    write_row(file, [*EXPORT_COLUMNS, *names])
    count = 0
    for candidate in candidates():
        if candidate.fault:
            continue
        consent = candidate.consent
        write_row(
            file,
            [
                candidate.address,
                candidate.name,
                str(candidate.status),
                "; ".join(candidate.groups),
                consent.at if consent else "",
                consent.how if consent else "",
                *(candidate.attributes.get(name, "") for name in names),
            ],
        )
        count += 1
    return count
