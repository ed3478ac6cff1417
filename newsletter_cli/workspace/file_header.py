"""A file of an issue → its header and its body, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.markdown.frontmatter import Header, find_fence_faults, read_header, split_header
from newsletter_cli.model import Finding, Level, SourceText
from newsletter_cli.workspace.fields import ENTRY_FIELDS
from newsletter_cli.workspace.files import TextRead, conflicts_in, read_any_text, refuse_conflicts
from newsletter_cli.workspace.inside import refuse_outside

T = TypeVar("T")


class Texts:
    """The texts of files: those that somebody is about to write, else what is on disk. Remembers what was read."""

    def __init__(self, root: Path, overrides: Mapping[str, str]):
        self.root = root
        self.overrides = overrides
        self.read: dict[str, str] = {}
        self.findings: list[Finding] = []

    def of(self, path: Path, name: str) -> str:
        """The text of the file."""
        read = TextRead(text=self.overrides[name]) if name in self.overrides else read_any_text(path, name=name)
        self.read[name] = read.text
        refuse_conflicts(read.text, name=name)
        self.findings += [_conflict_in_code(name, found.line) for found in conflicts_in(read.text, name=name)]
        if read.encoding:
            self.findings.append(_other_encoding(name, read.encoding))
        return read.text


def _conflict_in_code(name: str, line: int) -> Finding:
    return Finding(
        file=name,
        rule="conflict-in-code",
        level=Level.WARNING,
        message=_("a conflict that Git left, or an example of one, stands in this code"),
        line=line,
        suggestion=_("where it is an example, say so: <!-- nl: ignore conflict-in-code -->"),
    )


def _other_encoding(name: str, encoding: str) -> Finding:
    return Finding(
        file=name,
        rule="file-encoding",
        level=Level.WARNING,
        message=_("this file is not UTF-8: it was read as {encoding}").format(encoding=encoding),
        line=1,
        suggestion=_("look over its accents, and save the file as UTF-8 in your editor"),
    )


def each_fault(faults: Iterable[ContentError]) -> Iterator[ContentError]:
    """The faults and those found with them, none of them twice."""
    for fault in faults:
        others, fault.also = fault.also, ()
        yield fault
        yield from each_fault(one for one in others if isinstance(one, ContentError))


class FileFaults(list[ContentError]):
    """What is wrong with a file, all of it, and not only what is met first."""

    def read(self, read: Callable[[], T], fallback: T) -> T:
        """What `read` gives; `fallback` where it raises `ContentError`, which is remembered."""
        try:
            return read()
        except ContentError as fault:
            self.append(fault)
            return fallback

    def done(self) -> None:
        """Raises the first, with the others in its `also`."""
        if self:
            found = list(each_fault(self))
            found[0].also = tuple(found[1:])
            raise found[0]


def read_file_header(
    path: Path, name: str, texts: Texts, faults: FileFaults, known: tuple[str, ...]
) -> tuple[Header, SourceText]:
    """The front matter and the body of a file, its faults told. Raises `ContentError` where neither can be told."""
    refuse_outside(texts.root, path, ContentError, name=name, area="sections")
    text = texts.of(path, name)
    faults += find_fence_faults(text, file=name)
    faults.done()
    document = split_header(text, file=name, styles=("yaml", "toml"))
    body = SourceText(text=document.body, file=name, first_line=document.body_line)
    header, found = read_header(document, file=name)
    faults += found
    return header.in_words_of(known, ENTRY_FIELDS), body
