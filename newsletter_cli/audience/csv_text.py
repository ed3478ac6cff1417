"""The bytes of a CSV file → text → records. Any encoding met in the wild; no record can end the run."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, TextIO

from newsletter_cli.audience.making import maker
from newsletter_cli.base.i18n import _, ngettext

CHUNK_BYTES = 1 << 20
# So much of the text is divided into lines at once, and read quickly where each of them is surely a record.
CHUNK_CHARACTERS = 1 << 15
# Longer lines are refused unread: memory stays flat whatever the file holds.
MAX_LINE = 1_000_000
# A cell of a longer one may be longer than the csv module reads.
LONG_LINE = 100_000
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = {b"PK\x03\x04": "xlsx, ods", b"\xd0\xcf\x11\xe0": "xls", b"%PDF": "pdf", b"\x1f\x8b": "gz"}
FALLBACK = "nl-cp1252"


class Encoding(NamedTuple):
    """How the bytes are read: codec, error handler, and what to tell the editor (empty when nothing is assumed).

    `has_nul`: there are NUL bytes in what is no UTF-16.
    """

    codec: str
    errors: str
    note: str
    has_nul: bool = False


class NotText(ValueError):
    """The file is no text at all; the message says what it is."""


def _byte_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", "replace"), error.start + 1


codecs.register_error(FALLBACK, _byte_as_cp1252)


def detect_encoding(file: BinaryIO) -> Encoding:
    """How to read `file`, judged by all of its bytes (not a sample: one accent on line 90,000 decides).

    A byte order mark wins; then UTF-8 where all of it is; then UTF-8 with strays or cp1252, Excel's in Western
    Europe; else charset-normalizer's opinion. Raises `NotText`. Leaves the file at its start.
    """
    head = file.read(4096)
    file.seek(0)
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            raise NotText(_("this is no text but a file of another kind ({kind})").format(kind=kind))
    for mark, codec in BOMS:
        if head.startswith(mark):
            return Encoding(codec=codec, errors="replace" if codec != "utf-8-sig" else FALLBACK, note="")
    even, odd = head[0:400:2].count(0), head[1:400:2].count(0)
    # Every other byte; where they stand together, a crash left them.
    if max(even, odd) > len(head[:400]) * 0.3 > min(even, odd) * 3:
        codec = "utf-16-le" if odd > even else "utf-16-be"
        return Encoding(codec=codec, errors="replace", note=_("read as UTF-16 (it has no byte order mark)"))
    strays, others, is_cp1252, has_nul = _count_non_ascii(file)
    return _by_count(file, strays, others, is_cp1252=is_cp1252)._replace(has_nul=has_nul)


def _by_count(file: BinaryIO, strays: int, others: int, *, is_cp1252: bool) -> Encoding:
    if not strays:
        return Encoding(codec="utf-8", errors=FALLBACK, note="")
    if others > strays:
        note = ngettext(
            "read as UTF-8, with {count} stray byte read as Windows-1252",
            "read as UTF-8, with {count} stray bytes read as Windows-1252",
            strays,
        )
        return Encoding(codec="utf-8", errors=FALLBACK, note=note.format(count=strays))
    if is_cp1252:
        return Encoding(
            codec="cp1252", errors="replace", note=_("not UTF-8: read as Windows-1252 (--encoding says otherwise)")
        )
    codec = _best_guess(file)
    return Encoding(
        codec=codec,
        errors="replace",
        note=_("not UTF-8: read as {codec} (--encoding says otherwise)").format(codec=codec),
    )


def _count_non_ascii(file: BinaryIO) -> tuple[int, int, bool, bool]:
    """Bytes that are not UTF-8, characters that are and not ASCII, whether the whole could be cp1252, has NUL bytes."""
    strays = others = 0
    is_cp1252, has_nul = True, False
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while chunk := file.read(CHUNK_BYTES):
        has_nul = has_nul or b"\0" in chunk
        if chunk.isascii():
            continue
        text = decoder.decode(chunk)
        # surrogateescape shows each stray byte as U+DC80…U+DCFF
        here = sum(map(text.count, map(chr, range(0xDC80, 0xDD00)))) if not _is_encodable(text) else 0
        strays += here
        others += len(text) - len(text.encode("ascii", "ignore")) - here
        is_cp1252 = is_cp1252 and not chunk.translate(None, bytes(set(range(256)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}))
    file.seek(0)
    return strays, others, is_cp1252, has_nul


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _best_guess(file: BinaryIO) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(file.read(CHUNK_BYTES // 4)).best()
    file.seek(0)
    return best.encoding if best is not None else "latin-1"


def open_text(file: BinaryIO, encoding: Encoding) -> TextIO:
    """The file as text, line ends kept (the csv module wants them)."""
    return io.TextIOWrapper(file, encoding.codec, encoding.errors, newline="")


class Record(NamedTuple):
    """The cells of one record; with a `fault`, what could be saved of it. `lines` is how many lines it spans.

    `first_line` and `more_lines` are those of a record of several, as they stand in the file; `is_open`: its quotation
    marks do not come in pairs; `end` is the last letter of its line end (`""`: the file ends without one).
    """

    cells: list[str]
    fault: str = ""
    lines: int = 1
    first_line: str = ""
    more_lines: tuple[str, ...] = ()
    is_open: bool = False
    end: str = "\n"


class _LineTooLong(Exception):
    pass


def read_records(text: TextIO, delimiter: str) -> Iterator[Record]:
    """The records of a CSV text. One that cannot be read is a `Record` with a fault, and the next one follows."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    record = maker(Record)
    while True:
        if simple := lines.take_simple():
            # In the order of the fields, for nearly every row of a list.
            for cells in csv.reader(simple, delimiter=delimiter):
                yield record((cells, "", 1, "", (), False, "\n"))
            continue
        lines.quotes = lines.count = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _LineTooLong):
            lines.skip_quoted()
            lines.more.clear()
            fault = ngettext(
                "a cell is far too long, or a quotation mark is never closed ({count} line)",
                "a cell is far too long, or a quotation mark is never closed ({count} lines)",
                lines.count,
            ).format(count=lines.count)
            yield Record([], fault=fault, lines=lines.count)
            continue
        end = lines.last[-1]
        if end == "\n" and lines.count == 1 and not lines.quotes % 2:
            yield record((cells, "", 1, "", (), False, "\n"))
            continue
        yield Record(
            cells,
            lines=lines.count,
            first_line=lines.first if lines.count > 1 else "",
            more_lines=tuple(lines.more),
            is_open=lines.quotes % 2 == 1,
            end=end if end in "\r\n" else "",
        )
        lines.more.clear()


class _Lines:
    """The lines of a text, bounded, and the quotation marks met since the record began."""

    def __init__(self, text: TextIO):
        self._text = text
        # Lines that were read and are still to come, the last one first; and the text behind them, which is no whole
        # line yet.
        self._ahead: list[str] = []
        self._rest = ""
        self.quotes = 0
        self.count = 0
        self.last = "\n"
        self.first = ""
        self.more: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._readline()
        if not line:
            raise StopIteration
        self.last = line
        self.count += 1
        if self.count > 1:
            self.more.append(line)
        else:
            self.first = line
        if '"' in line:
            self.quotes += line.count('"')
        if len(line) >= MAX_LINE and line[-1] not in "\r\n":
            while line and line[-1] not in "\r\n":
                line = self._readline()
                self.quotes += line.count('"')
            raise _LineTooLong
        return line

    def take_simple(self) -> list[str]:
        """The lines that follow, when each of them is a record, whoever reads it: no quotation mark, no lone carriage
        return, no end of a file that may be cut short. Else none, and they are to be read one by one.
        """
        if self._ahead:
            return []
        lines, is_simple = self._read_lines()
        if is_simple:
            return lines
        self._ahead = lines[::-1]
        return []

    def _read_lines(self) -> tuple[list[str], bool]:
        """The next lines of the text, as `readline` would give them, and whether they are simple. None at the end."""
        while True:
            more = self._text.read(CHUNK_CHARACTERS)
            text = self._rest + more
            lines = io.StringIO(text, newline="").readlines()
            # The line feed of a carriage return may be in what follows.
            self._rest = lines.pop() if lines and more and lines[-1][-1] != "\n" else ""
            if lines or not more:
                break
            if len(self._rest) >= MAX_LINE:
                lines, self._rest = [self._rest[:MAX_LINE]], self._rest[MAX_LINE:]
                break
        is_simple = '"' not in text and text.count("\r") == text.count("\r\n")
        return lines, is_simple and bool(lines) and lines[-1][-1] == "\n" and len(lines[0]) < LONG_LINE

    def _readline(self) -> str:
        """As `readline(MAX_LINE)` of the text: a longer line comes in pieces."""
        if not self._ahead:
            self._ahead = self._read_lines()[0][::-1]
            if not self._ahead:
                return ""
        line = self._ahead.pop()
        if len(line) > MAX_LINE:
            self._ahead.append(line[MAX_LINE:])
            line = line[:MAX_LINE]
        return line

    def skip_quoted(self) -> None:
        """Go on behind the cell that was too long: to the end of the line that closes its quotation mark."""
        while self.quotes % 2:
            line = self._readline()
            if not line:
                return
            self.quotes += line.count('"')
            self.count += line.endswith(("\n", "\r"))
