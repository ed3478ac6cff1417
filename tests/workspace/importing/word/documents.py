"""Word documents for tests: by python-docx, and with XML of their own where that has no word for it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import docx
from docx.document import Document
from PIL import Image

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)


STYLES = b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    with io.BytesIO() as file:
        Image.new("RGB", size, "teal").save(file, kind)
        return file.getvalue()


def saved(document: Document, path: Path) -> Path:
    document.save(str(path))
    return path


def with_body(path: Path, body: str, *, parts: Mapping[str, bytes] | None = None) -> Path:
    """A document whose body is this XML, between two paragraphs."""
    path.write_bytes(_around())
    # The many styles of an empty document take mammoth longer than all else.
    return changed(path, body=body, parts={"word/styles.xml": STYLES, **(parts or {})})


@cache
def _around() -> bytes:
    document = docx.Document()
    for text in ("Before it.", "HERE", "After it."):
        document.add_paragraph(text)
    with io.BytesIO() as file:
        document.save(file)
        return file.getvalue()


def changed(path: Path, *, body: str | None = None, parts: Mapping[str, bytes] | None = None) -> Path:
    """The same file, the paragraph HERE another, with these parts besides or instead."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content |= parts or {}
    if body is not None:
        text = content["word/document.xml"].decode()
        text = re.sub(r"<w:document [^>]*>", f"<w:document {NAMESPACES}>", text, count=1)
        text, count = re.subn(r"<w:p>(?:(?!</w:p>).)*HERE.*?</w:p>", lambda _found: body, text, count=1)
        assert count == 1
        content["word/document.xml"] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in content.items():
            archive.writestr(name, one)
    return path


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"
