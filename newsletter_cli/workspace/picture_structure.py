"""How the files of each format of pictures are built: a walk through one, from its signature to its end.

A walk reads no more than it must, in one pass, and decodes no pixel. It raises `Cut` or `Damaged`. What browsers and
mail readers put up with (notes behind the end, a wrong checksum of a note) is put up with here.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from typing import BinaryIO

from newsletter_cli.model.picture import PictureFault, PictureFaultKind

PNG = b"\x89PNG\r\n\x1a\n"
PIECE_BYTES = 64 * 1024
DRAWING_ROOT = "http://www.w3.org/2000/svg svg"
# The largest drawing that is looked into: it is read as a whole.
MAX_DRAWING_BYTES = 50_000_000
END_OF_JPEG = b"\xff\xd9"


class Cut(Exception):
    """The file ends before what it announces."""


class Damaged(Exception):
    """What stands there is not what the format has there; its argument is what to say, where that is more than that."""


def _need(is_right: bool) -> None:
    if not is_right:
        raise Damaged


def _walk_png(file: BinaryIO, size: int) -> None:
    """Its chunks until the last, with the checksums of those that no reader can do without (PNG, 5)."""
    file.seek(len(PNG))
    has_pixels, is_first = False, True
    while True:
        length, kind = struct.unpack(">I4s", file.read(8))
        _need((kind == b"IHDR" and length == 13) if is_first else kind.isalpha())
        if length + 4 > size - file.tell():
            raise Cut
        if kind[:1].isupper():
            checksum, content = _checksum(file, kind, length)
            _need(struct.unpack(">I", file.read(4))[0] == checksum)
            _need(not is_first or 0 not in struct.unpack(">II", content[:8]))
        else:
            file.seek(length + 4, 1)
        has_pixels = has_pixels or (kind == b"IDAT" and length > 0)
        is_first = False
        if kind == b"IEND":
            return _need(has_pixels)


def _checksum(file: BinaryIO, kind: bytes, length: int) -> tuple[int, bytes]:
    """The checksum of a chunk, and its last octets: all of a short one."""
    checksum, piece = zlib.crc32(kind), b""
    while length:
        piece = file.read(min(length, PIECE_BYTES))
        if not piece:
            raise Cut
        checksum = zlib.crc32(piece, checksum)
        length -= len(piece)
    return checksum, piece


def _walk_jpeg(file: BinaryIO, size: int) -> None:
    """Its segments up to the scan, then the mark of its end, which no scan can hold (ITU T.81, B.1)."""
    file.seek(2)
    has_frame = False
    while (mark := _read_mark(file)) != 0xDA:
        if mark == 0x01 or 0xD0 <= mark <= 0xD8:  # those that stand alone
            continue
        _need(mark not in (0x00, 0xD9))
        (length,) = struct.unpack(">H", file.read(2))
        _need(length >= 2)
        if length - 2 > size - file.tell():
            raise Cut
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            _need(struct.unpack(">BHH", file.read(5))[2] > 0)
            has_frame = True
            length -= 5
        file.seek(length - 2, 1)
    _need(has_frame)
    if not _has_end_of_jpeg(file, size):
        raise Cut


def _read_mark(file: BinaryIO) -> int:
    mark = file.read(1)
    _need(mark in (b"", b"\xff"))
    while mark == b"\xff":  # any number of them may go before
        mark = file.read(1)
    return int(struct.unpack("B", mark)[0])


def _has_end_of_jpeg(file: BinaryIO, size: int) -> bool:
    start = file.tell()
    # Nearly always it is the last thing; cameras and telephones put more behind it.
    file.seek(max(start, size - PIECE_BYTES))
    if END_OF_JPEG in file.read():
        return True
    file.seek(start)
    last = b""
    while piece := file.read(PIECE_BYTES):
        if END_OF_JPEG in last + piece:
            return True
        last = piece[-1:]
    return False


def _walk_gif(file: BinaryIO, size: int) -> None:
    """Its blocks until the trailer (GIF89a, appendix A)."""
    del size
    file.seek(10)
    _skip_colours(file, struct.unpack("B", file.read(1))[0])
    file.seek(2, 1)
    has_image = False
    while (kind := struct.unpack("B", file.read(1))[0]) != 0x3B:
        _need(kind in (0x21, 0x2C))
        if kind == 0x2C:
            _skip_colours(file, struct.unpack(">8xB", file.read(9))[0])
            has_image = True
        file.seek(1, 1)
        while length := struct.unpack("B", file.read(1))[0]:
            if len(file.read(length)) < length:
                raise Cut
    _need(has_image)


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << (flags & 7) + 1, 1)


def _walk_webp(file: BinaryIO, size: int) -> None:
    """Its chunks, in the length that it says itself (RFC 9649, 2.3)."""
    file.seek(4)
    end = 8 + struct.unpack("<I", file.read(4))[0]
    if end > size:
        raise Cut
    file.seek(12)
    has_image = False
    while file.tell() + 8 <= end:
        kind, length = struct.unpack("<4sI", file.read(8))
        _need(length <= end - file.tell())
        has_image = has_image or (kind in (b"VP8 ", b"VP8L", b"ANMF") and length > 0)
        file.seek(length + length % 2, 1)
    _need(has_image)


def _walk_avif(file: BinaryIO, size: int) -> None:
    """Its boxes, each as long as it says (ISO 14496-12, 4.2)."""
    file.seek(0)
    kinds = set()
    while (place := file.tell()) < size:
        length, kind = struct.unpack(">I4s", file.read(8))
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
        elif length == 0:
            length = size - place
        _need(length >= 8)
        if length > size - place:
            raise Cut
        kinds.add(kind)
        file.seek(place + length)
    _need(b"meta" in kinds)
    if b"mdat" not in kinds:
        raise Cut


def _walk_drawing(file: BinaryIO, size: int) -> None:
    """Well-formed XML whose first element is that of an SVG, with its name space: else browsers show a broken frame."""
    from xml.parsers import expat

    if size > MAX_DRAWING_BYTES:
        return
    file.seek(0)
    roots: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        del attributes
        roots.append(name)
        parser.StartElementHandler = None

    parser.StartElementHandler = begin
    try:
        # In one go: fed piece by piece, a picture within the drawing would be looked through again for each piece.
        parser.Parse(file.read(), True)
    except (expat.ExpatError, ValueError) as error:
        raise Damaged(PictureFault(PictureFaultKind.BROKEN_DRAWING, str(getattr(error, "lineno", 1)))) from error
    if roots != [DRAWING_ROOT]:
        raise Damaged(PictureFault(PictureFaultKind.ROOTLESS_DRAWING))


WALKS: Mapping[str, Callable[[BinaryIO, int], None]] = {
    "AVIF": _walk_avif,
    "GIF": _walk_gif,
    "JPEG": _walk_jpeg,
    "PNG": _walk_png,
    "SVG": _walk_drawing,
    "WebP": _walk_webp,
}


def walk(name: str, file: BinaryIO, size: int) -> None:
    """Walk through a file that has the signature of a format, by its name (`PNG`). Raises `Cut`, `Damaged`."""
    try:
        WALKS[name](file, size)
    except struct.error as error:  # nothing was left to be read
        raise Cut from error
