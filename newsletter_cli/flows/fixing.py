"""`nl check --fix`: the edits of findings, applied in memory until nothing is left to fix, then written."""

from __future__ import annotations

import codecs
import contextlib
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base.errors import AlreadyExists
from newsletter_cli.base.files import write_aside
from newsletter_cli.base.i18n import _
from newsletter_cli.check.reading import CONTENT_UNUSABLE
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import dominant_newline, split_lines
from newsletter_cli.model import Edit, Finding
from newsletter_cli.workspace.files import decode_any, storage_errors

MAX_PASSES = 10
# As `read_text` tells them apart, by how a file begins; the last is for all others.
ENCODINGS = (
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-8", b""),
)

Texts = Mapping[str, str]
Check = Callable[[Texts], tuple[Finding, ...]]


class Fixed(Struct, frozen=True, kw_only=True):
    """What fixing makes of the texts. `texts` holds those that changed only, by file."""

    texts: dict[str, str]
    findings_fixed: tuple[Finding, ...]

    @property
    def rules_fixed(self) -> dict[str, int]:
        """How often each rule's fault was fixed."""
        return dict(sorted(Counter(finding.rule for finding in self.findings_fixed).items()))


def fix(check: Check, texts: Texts) -> Fixed:
    """Apply the edits of what `check` finds, and of what it finds then, until there is nothing left to fix.

    `check` is given the texts that differ from those on disk. Where rules undo each other's work, never come to an
    end, or leave an issue that cannot be read, the fixing begins anew without them: the result is always one that a
    second run would not change.
    """
    unstable: set[str] = set()
    while True:
        fixed, restless = _fix(check, texts, unstable)
        if not restless:
            return fixed
        unstable |= restless


def _fix(check: Check, texts: Texts, unstable: Collection[str]) -> tuple[Fixed, set[str]]:
    """The result; where there is none after the last pass, the rules that were at work in the later ones."""
    current = dict(texts)
    done: list[Finding] = []
    restless: set[str] = set()
    applied: list[Finding] = []
    was_unusable = False
    for number in range(MAX_PASSES):
        changed = {file: text for file, text in current.items() if text != texts[file]}
        findings = check(changed)
        if number == 0 or not is_unusable(findings):
            was_unusable = is_unusable(findings)
        if applied and is_unusable(findings) and not was_unusable:
            # Fixed to death: an issue that could be read has to be readable afterwards.
            return Fixed(texts={}, findings_fixed=()), {finding.rule for finding in applied}
        current, applied = apply_edits([one for one in findings if one.rule not in unstable], current)
        if not applied:
            return Fixed(texts=changed, findings_fixed=tuple(done)), set()
        done += applied
        # Two that undo each other take turns: the last pass alone would show one of them.
        if number >= MAX_PASSES // 2:
            restless |= {finding.rule for finding in applied}
    return Fixed(texts={}, findings_fixed=()), restless


def is_unusable(findings: Iterable[Finding]) -> bool:
    """Whether a file of the issue could not be read."""
    return any(finding.rule == CONTENT_UNUSABLE.slug for finding in findings)


def apply_edits(findings: Iterable[Finding], texts: Texts) -> tuple[dict[str, str], list[Finding]]:
    """The texts with the edits of as many findings as go together, and these findings.

    A finding is fixed whole or not at all: not when one of its edits is stale, changes nothing, or overlaps with
    one of an earlier finding. Files that are not among the texts are never edited.
    """
    pages = {file: _Page(text) for file, text in texts.items()}
    applied = [finding for finding in findings if finding.edits and _take(finding.edits, pages)]
    return {file: page.result() for file, page in pages.items()}, applied


def make_edits(edits: Iterable[Edit], texts: Texts) -> dict[str, str]:
    """The texts that all these edits change, as they are then; none where one of the edits cannot be made."""
    edits = tuple(edits)
    pages = {edit.file: _Page(texts[edit.file]) for edit in edits if edit.file in texts}
    return {file: page.result() for file, page in pages.items()} if _take(edits, pages) else {}


def _take(edits: Iterable[Edit], pages: Mapping[str, _Page]) -> bool:
    """Have the pages take all the edits, or none of them."""
    taken: list[tuple[_Page, _Cut]] = []
    for edit in edits:
        page = pages.get(edit.file)
        cut = page.cut_for(edit) if page else None
        if page is None or cut is None:
            for earlier, made in taken:
                earlier.cuts.remove(made)
            return False
        page.take(cut)
        taken.append((page, cut))
    return True


class _Cut(Struct, frozen=True, order=True, kw_only=True):
    """Offsets into a text, and what comes there instead."""

    start: int
    end: int
    new: str


class _Page:
    """A text under the knife. Lines and columns are counted behind a byte order mark.

    `cuts` are sorted, none overlaps with another.
    """

    def __init__(self, text: str):
        self.mark = BOM if text.startswith(BOM) else ""
        self.text = text.removeprefix(BOM)
        self.newline = dominant_newline(self.text)
        self.starts = [0]
        for line in split_lines(self.text):
            self.starts.append(self.starts[-1] + len(line))
        self.cuts: list[_Cut] = []

    def cut_for(self, edit: Edit) -> _Cut | None:
        """What the edit does to this text; `None` for nothing, or where it cannot be done."""
        start = self._offset(edit.line, edit.column)
        if start is None or edit.old == edit.new or not self.text.startswith(edit.old, start):
            return None
        cut = _Cut(start=start, end=start + len(edit.old), new=_in_newlines(edit, self.newline))
        index = bisect_left(self.cuts, cut.start, key=lambda other: other.start)
        return None if any(_overlap(cut, other) for other in self.cuts[max(index - 1, 0) : index + 1]) else cut

    def take(self, cut: _Cut) -> None:
        """Remember a cut to make."""
        insort(self.cuts, cut)

    def result(self) -> str:
        """The text with all its cuts made."""
        parts, position = [self.mark], 0
        for cut in self.cuts:
            parts += [self.text[position : cut.start], cut.new]
            position = cut.end
        return "".join([*parts, self.text[position:]])

    def _offset(self, line: int, column: int) -> int | None:
        """Where line and column (from 1) stand, `None` beyond the line."""
        if not 1 <= line <= len(self.starts) or column < 1:
            return None
        found = self.starts[line - 1] + column - 1
        following = self.starts[line] if line < len(self.starts) else len(self.text)
        return found if found < following or found == following == len(self.text) else None


def _overlap(one: _Cut, other: _Cut) -> bool:
    """Whether the two cannot both be made. Two insertions at one place would have no order."""
    return one.start == other.start or (one.start < other.end and other.start < one.end)


def _in_newlines(edit: Edit, newline: str) -> str:
    """The new text with the line ends of its file, where the rule wrote its own."""
    if newline == "\n" or "\n" in edit.old.replace("\r\n", ""):
        return edit.new
    return edit.new.replace("\r\n", "\n").replace("\n", newline)


def write_fixed(root: Path, before: Texts, after: Texts) -> None:
    """Write the texts of `after` over the files below `root` they were read from (as `before`).

    Byte order mark, encoding, file mode and symbolic links stay. All is written aside first: raises `AlreadyExists`
    when a file has changed since, `StorageError` when the disk refuses or a file may not be written, and then none of
    them is changed.
    """
    with contextlib.ExitStack() as asides:
        ready = []
        for file, text in after.items():
            # Through a symbolic link to the file it means.
            path = (root / file).resolve()
            content = encoded_like(path, file, before[file], text)
            with storage_errors(file):
                _refuse_protected(path)
                aside = write_aside(path, content)
                asides.callback(aside.unlink, missing_ok=True)
            ready.append((file, path, aside))
        for file, path, _aside in ready:
            encoded_like(path, file, before[file], "")
        for file, path, aside in ready:
            with storage_errors(file):
                aside.replace(path)


def encoded_like(path: Path, name: str, before: str, after: str) -> bytes:
    """The new bytes of a file whose text is still `before`; mark and encoding as they are. Raises as `write_fixed`."""
    with storage_errors(name):
        data = path.read_bytes()
    for encoding, mark in ENCODINGS:
        if data.startswith(mark):
            body = before.removeprefix(BOM).encode(encoding, "surrogatepass")
            if mark + body == data:
                return mark + after.removeprefix(BOM).encode(encoding)
            break
    read = decode_any(data)
    if read is not None and read.encoding and read.text == before:
        # What is written anew is written as it should have been.
        return after.encode()
    raise AlreadyExists(
        _("the file has changed meanwhile; it was left alone"), file=name, hint=_("run nl check --fix once more")
    )


def _refuse_protected(path: Path) -> None:
    # A file that its owner write-protected, or that Windows holds for another program, could be replaced all the same.
    with path.open("r+b"):
        pass
