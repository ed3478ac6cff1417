"""Whether a file that is shown as a picture is one, whole, and of the format that its name says.

Its first octets say what it is, a walk through its structure whether it is whole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path, PurePosixPath

from newsletter_cli.base.reasons import system_reason
from newsletter_cli.model.picture import PictureFault, PictureFaultKind
from newsletter_cli.workspace.picture_structure import PNG, Cut, Damaged, walk

HEAD_BYTES = 4096
FORMAT_OF_SUFFIX = {
    ".avif": "AVIF",
    ".gif": "GIF",
    ".jpeg": "JPEG",
    ".jpg": "JPEG",
    ".png": "PNG",
    ".svg": "SVG",
    ".webp": "WebP",
}
SIGNATURES = (
    (PNG, "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"%PDF-", "PDF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\1\0", "ICO"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "ZIP"),
)
# Of the boxes of ISO 14496-12, by brand.
BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"mif1": "HEIC"}
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
ANNEX_POINTER = re.compile(rb"(?:/annex/objects/|(?:\.\./)*\.git/annex/objects/)")
WEB_PAGE = re.compile(rb"(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
DRAWING = re.compile(rb"<(?:\w+:)?svg[\s>/]")
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def read_picture_fault(path: Path) -> PictureFault | None:
    """What is wrong with a file that is shown as a picture; `None`: nothing."""
    try:
        status = path.stat()
        return _fault_of(path, status.st_size, status.st_mtime_ns, status.st_ino)
    except OSError as error:
        return PictureFault(PictureFaultKind.UNREAD, system_reason(error))


def is_named_as_picture(name: str) -> bool:
    """Whether a file's name says that it is a picture."""
    return PurePosixPath(name).suffix.lower() in FORMAT_OF_SUFFIX


# The preview asks again at each save, and the pictures have not changed.
@lru_cache(maxsize=1024)
def _fault_of(path: Path, size: int, mtime_ns: int, inode: int) -> PictureFault | None:
    del mtime_ns, inode
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        expected = FORMAT_OF_SUFFIX.get(path.suffix.lower())
        fault = _fault_of_head(head, expected)
        if fault is not None or expected is None:
            return fault
        try:
            walk(expected, file, size)
        except Cut:
            return PictureFault(PictureFaultKind.CUT)
        except Damaged as damaged:
            return damaged.args[0] if damaged.args else PictureFault(PictureFaultKind.DAMAGED)
        return None


def _fault_of_head(head: bytes, expected: str | None) -> PictureFault | None:
    """What the first octets say: whether it is of the format that its name says."""
    if not head:
        return PictureFault(PictureFaultKind.EMPTY)
    found = _format_of(head)
    if found is not None and found == expected:
        return None
    if found in FORMAT_OF_SUFFIX.values():
        return PictureFault(PictureFaultKind.MISNAMED, found or "")
    if found is not None:
        return PictureFault(PictureFaultKind.FOREIGN, found)
    kind = _kind_of_text(head)
    if expected == "SVG" and kind is not PictureFaultKind.WEB_PAGE and head.lstrip(BEFORE_XML).startswith(b"<"):
        return None  # its first element may stand far down, or in another encoding: the walk tells
    return PictureFault(kind)


def _format_of(head: bytes) -> str | None:
    """The format by its signature; `None` where it has none of those known."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        length = min(int.from_bytes(head[:4], "big"), 256)
        brands = [head[8:12], *(head[place : place + 4] for place in range(16, length, 4))]
        return next((BRANDS[brand] for brand in brands if brand in BRANDS), "MP4")
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "BMP"
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            return name
    text = _without_mark(head)
    if text.startswith(b"<") and not WEB_PAGE.match(text) and DRAWING.search(text):
        return "SVG"
    return None


def _kind_of_text(head: bytes) -> PictureFaultKind:
    text = _without_mark(head)
    if text.startswith(LFS_POINTER):
        return PictureFaultKind.LFS_POINTER
    if ANNEX_POINTER.match(text):
        return PictureFaultKind.ANNEX_POINTER
    if WEB_PAGE.match(text):
        return PictureFaultKind.WEB_PAGE
    # A picture that went through an editor, or through Git's change of line ends: something of its signature is left.
    if b"PNG" in head[:8] or b"JFIF" in head[:32]:
        return PictureFaultKind.DAMAGED
    return PictureFaultKind.UNKNOWN if NOT_TEXT.search(head) else PictureFaultKind.TEXT


def _without_mark(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
