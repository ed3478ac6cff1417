"""True pictures, as small as they can be: whole files of each format, of any size in pixels."""

from __future__ import annotations

import struct
import zlib

Colour = tuple[int, int, int]
GREY = (200, 200, 200)


def png(width: int = 8, height: int = 8, colour: Colour = GREY, *, size_bytes: int = 0) -> bytes:
    """A PNG of one colour, filled up with a comment to `size_bytes`."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress((b"\0" + bytes(colour) * width) * height))
    start, end = b"\x89PNG\r\n\x1a\n" + header, pixels + png_chunk(b"IEND", b"")
    missing = max(0, size_bytes - len(start) - len(end) - 12)
    return start + (png_chunk(b"tEXt", b"x" * missing) if missing else b"") + end


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk with its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def jpeg(width: int = 8, height: int = 8, *, segments: bytes = b"") -> bytes:
    """A grey JPEG; `segments` stand before its frame.

    Its two tables have one code of one bit each, “no change” and “end of block”: two zero bits for each 8 × 8 pixels.
    """
    table = bytes([1]) + bytes(15) + b"\0"
    tables = b"\xff\xdb" + struct.pack(">HB", 67, 0) + bytes([1]) * 64
    tables += b"".join(b"\xff\xc4" + struct.pack(">HB", 20, kind) + table for kind in (0x00, 0x10))
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00"
    bits = "00" * (-(-width // 8) * -(-height // 8))
    bits += "1" * (-len(bits) % 8)
    # An octet of ones would be followed by a zero octet; there is none.
    pixels = bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))
    start = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    return start + segments + tables + frame + scan + pixels + b"\xff\xd9"


def gif(width: int = 8, height: int = 8) -> bytes:
    """A GIF of one colour."""
    # Codes of eight bits: begin again (128) before the table would need nine, then the colour's own number.
    count, codes = width * height, b""
    for place in range(0, count, 100):
        codes += b"\x80" + bytes(min(100, count - place))
    codes += b"\x81"
    blocks = b"".join(
        bytes([len(codes[place : place + 255])]) + codes[place : place + 255] for place in range(0, len(codes), 255)
    )
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes([200] * 3 + [0] * 3)
    image = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x07" + blocks + b"\0"
    return screen + image + b"\x3b"


def webp(width: int = 8, height: int = 8) -> bytes:
    """A lossless WebP of one colour: five tables of one symbol each, so that no pixel takes a bit."""
    bits = "".join(format(number, f"0{length}b")[::-1] for number, length in ((width - 1, 14), (height - 1, 14)))
    bits += "0" + "000" + "0" + "0" + "0" + "1000" * 5  # no alpha, version, no transform, cache, second table
    bits += "0" * (-len(bits) % 8)
    data = b"\x2f" + bytes(int(bits[place : place + 8][::-1], 2) for place in range(0, len(bits), 8))
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def svg(width: int = 8, height: int = 8) -> bytes:
    """An SVG drawing of one rectangle."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
    return f'<?xml version="1.0"?>\n{head}<rect width="{width}" height="{height}"/></svg>\n'.encode()


def avif() -> bytes:
    """The boxes of an AVIF, which hold nothing to be seen."""
    return b"".join(
        struct.pack(">I", 8 + len(content)) + kind + content
        for kind, content in ((b"ftyp", b"avif\0\0\0\0mif1avif"), (b"meta", bytes(20)), (b"mdat", bytes(40)))
    )
