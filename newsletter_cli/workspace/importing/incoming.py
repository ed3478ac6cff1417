"""What somebody hands in for one section: its text, and the pictures that come with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from newsletter_cli.base.errors import ContentError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.model import Finding
from newsletter_cli.workspace.files import no_file, read_text, storage_errors
from newsletter_cli.workspace.importing.pictures import find_beside

# A picture or attachment of more is none that anybody reads in an e-mail.
MOST_BYTES = 50_000_000


class Incoming(Struct, frozen=True, kw_only=True):
    """A text as it came. `files`: what it shows and links to, by the address that it has in the text."""

    name: str
    text: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_incoming(path: Path, *, encoding: str = "utf-8") -> Incoming:
    """The text of a Markdown file, with the files beside it. Raises `ContentError`, `UsageError`, `StorageError`."""
    refuse_absent(path)
    name = str(path)
    text = read_text(path, name=name, encoding=encoding)
    if not text.strip("\ufeff \t\r\n"):
        raise ContentError(_("the file is empty"), file=name, hint=_("is it the right one, and saved?"))
    files, findings = gather_beside(text, path)
    return Incoming(name=name, text=text, files=files, findings=findings)


def gather_beside(text: str, path: Path) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """What lies beside the file at `path` and is named in `text`, and a finding for each that does not come along.

    Raises `ContentError`, `StorageError`.
    """
    beside = find_beside(text, (), path, name=str(path))
    files = {}
    for address, source in beside.files.items():
        with storage_errors(str(source)):
            if source.stat().st_size > MOST_BYTES:
                raise ContentError(
                    _("this file has more than {size} MB, and is not brought in").format(size=MOST_BYTES // 1_000_000),
                    file=str(source),
                    hint=_("put it online, and link to it"),
                )
            files[address] = source.read_bytes()
    return files, beside.findings


def refuse_absent(path: Path) -> None:
    """Raises `UsageError` where there is no such file, or a folder."""
    if path.exists() and not path.is_file():
        found = no_file(str(path))
        raise UsageError(str(found), hint=_("name the file itself"))
    if not path.is_file():
        raise UsageError(
            _("there is no file {file}").format(file=path), hint=_("paths are seen from the folder you are in")
        )
