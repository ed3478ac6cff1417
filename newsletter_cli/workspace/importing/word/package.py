"""The parts of a `.docx` file: opened within bounds, and refused where it is something else."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.workspace.files import no_file, storage_errors

MOST_FILE_BYTES = 100_000_000
# Unpacked: one part, one that is parsed, and all of them. What is packed a thousandfold is no text that somebody wrote.
MOST_PART_BYTES = 60_000_000
MOST_XML_BYTES = 20_000_000
MOST_BYTES = 300_000_000
MOST_PARTS = 5000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MAIN = "word/document.xml"
MACROS = ("word/vbaProject.bin", "word/vbaData.xml")
IS_XML = (".xml", ".rels")
PIECE = 1 << 20


class Package(Struct, frozen=True, kw_only=True):
    """What is in the file, by the name of each part."""

    name: str
    parts: dict[str, bytes]


def read_package(path: Path) -> Package:
    """The parts of the document. Raises `ContentError` for what is no `.docx`, or not to be opened, `StorageError`."""
    name = str(path)
    with storage_errors(name):
        if not path.is_file():
            raise no_file(name)
        if path.stat().st_size > MOST_FILE_BYTES:
            raise _refused(
                name,
                _("the document has more than {size} MB, and is not read").format(size=MOST_FILE_BYTES // 1_000_000),
                _("reduce its pictures in Word: Picture Format, Compress Pictures"),
            )
        with path.open("rb") as file:
            head = file.read(1 << 20)
        _refuse_other_formats(name, head)
        try:
            with zipfile.ZipFile(path) as archive:
                parts = _parts(name, archive)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise damaged(name) from None
    _refuse_other_packages(name, parts)
    return Package(name=name, parts=parts)


def parse_part(package: Package, part: str) -> Any:
    """The XML of a part as a tree.

    Raises `ContentError` where it is broken, or declares entities: Word writes none, and they can be made to fill all
    memory or to fetch what lies elsewhere.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(package.parts[part], parser)
    except (etree.XMLSyntaxError, ValueError):
        raise damaged(package.name) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(
            package.name,
            _("the document declares entities, which Word never does, and is not read"),
            _("whom does it come from? Open it in Word, and save it anew"),
        )
    return root


def refuse_entities(package: Package) -> None:
    """Raises `ContentError` where any part declares some: mammoth would expand them."""
    for part, content in package.parts.items():
        head = content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
        is_text = head.startswith(b"<") and not part.lower().endswith(".svg")
        if is_text and any(mark in content for mark in (b"<!DOCTYPE", b"<!ENTITY", b"<\0!\0D", b"\0<\0!\0D")):
            parse_part(package, part)


def damaged(name: str) -> ContentError:
    """A document that no sense can be made of."""
    return _refused(
        name,
        _("the document is damaged, or no Word document"),
        _("open it in Word or LibreOffice, and save it anew as .docx"),
    )


def is_word(path: Path) -> bool:
    """Whether a file is called as documents of word processors are."""
    return path.suffix.lower() in (".docx", ".docm", ".doc", ".dotx", ".dotm", ".dot", ".odt", ".rtf", ".pages")


def _parts(name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise _bomb(name)
    parts: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise _protected(name)
        if entry.is_dir():
            continue
        # What the directory says of its size may be a lie: it is counted while it is unpacked.
        content = bytearray()
        most = min(MOST_XML_BYTES if entry.filename.lower().endswith(IS_XML) else MOST_PART_BYTES, left)
        with archive.open(entry) as file:
            while piece := file.read(PIECE):
                content += piece
                if len(content) > most:
                    raise _bomb(name)
        left -= len(content)
        parts[entry.filename] = bytes(content)
    return parts


def _refuse_other_formats(name: str, head: bytes) -> None:
    if not head:
        raise _refused(name, _("the file is empty"), _("is it the right one, and saved?"))
    if head.startswith(OLE):
        if ENCRYPTED in head:
            raise _protected(name)
        raise _refused(
            name,
            _("this is a document of Word 97–2003 (.doc), which cannot be read"),
            _("open it in Word or LibreOffice, and save it as .docx"),
        )
    kind = next((kind for start, kind in ((b"{\\rtf", "RTF"), (b"%PDF-", "PDF")) if head.startswith(start)), None)
    if kind is None and head.lstrip()[:1] == b"<":
        kind = "HTML"
    if kind is not None:
        raise _other(name, kind)
    if not head.startswith(b"PK"):
        raise damaged(name)


def _refuse_other_packages(name: str, parts: dict[str, bytes]) -> None:
    if any(part in parts for part in MACROS):
        raise _refused(
            name,
            _("the document holds macros, and is not read"),
            _("save it in Word as .docx (Word Document), which leaves them out"),
        )
    kind = parts.get("mimetype", b"")[:80].decode("ascii", "replace")
    if kind.startswith("application/vnd.oasis.opendocument"):
        raise _other(name, "OpenDocument")
    if any(part.startswith("Index/") and part.endswith(".iwa") for part in parts):
        raise _other(name, "Pages")
    for folder, program in (("xl/", "Excel"), ("ppt/", "PowerPoint")):
        if any(part.startswith(folder) for part in parts):
            raise _other(name, program)
    if MAIN not in parts and "_rels/.rels" not in parts:
        raise damaged(name)


def _other(name: str, kind: str) -> ContentError:
    return _refused(
        name,
        _("this is a document of another kind ({kind}), which cannot be read").format(kind=kind),
        _("open it in Word or LibreOffice, and save it as .docx"),
    )


def _protected(name: str) -> ContentError:
    return _refused(
        name,
        _("the document is protected by a password, and cannot be read"),
        _("in Word: File, Info, Protect Document, Encrypt with Password; empty the password, and save it"),
    )


def _bomb(name: str) -> ContentError:
    return _refused(
        name,
        _("unpacked, the document would take more room than any document does; it is not read"),
        _("whom does it come from? Open it in Word, reduce its pictures, and save it anew"),
    )


def _refused(name: str, message: str, hint: str) -> ContentError:
    return ContentError(message, file=name, hint=hint)
