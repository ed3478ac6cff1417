"""A file that is shown as a picture: is it one, whole, and of the format that its name says?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from newsletter_cli.model.picture import PictureFault, PictureFaultKind
from newsletter_cli.workspace import picture_structure
from newsletter_cli.workspace.pictures import read_picture_fault
from tests.pictures import avif, gif, jpeg, png, png_chunk, svg, webp
from tests.tree import ROOT
from tests.workspaces import write

WHOLE = {"a.png": png(), "a.jpg": jpeg(), "a.JPEG": jpeg(33, 17), "a.gif": gif(), "a.webp": webp(), "a.svg": svg(),
         "a.avif": avif()}  # fmt: skip
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 132735\n"
Kind = PictureFaultKind


def fault_of(folder: Path, name: str, content: bytes) -> PictureFault | None:
    return read_picture_fault(write(folder / name, content))


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_one(tmp_path: Path, name: str) -> None:
    assert fault_of(tmp_path, name, WHOLE[name]) is None


def test_those_of_the_sample() -> None:
    pictures = [path for path in (ROOT / "sections").rglob("*") if path.suffix in (".png", ".jpg")]
    assert pictures
    assert [read_picture_fault(path) for path in pictures] == [None] * len(pictures)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes behind its end.png", png() + b"from the camera"),
        ("notes behind its end.jpg", jpeg() + b"more" * 40_000),
        ("a wrong sum of a note.png", png(size_bytes=200).replace(b"xxxx", b"yyyy", 1)),
        ("a small picture within.jpg", jpeg(segments=b"\xff\xe1\x00\x0cExif\0\0\xff\xd8\xff\xd9")),
        ("marks filled up.jpg", jpeg().replace(b"\xff\xc0", b"\xff\xff\xff\xc0")),
        ("older.gif", gif().replace(b"GIF89a", b"GIF87a")),
        ("notes before.svg", b"<!-- " + b"by an editor " * 500 + b"-->" + svg().partition(b"\n")[2]),
        ("entities.svg", b'<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;"/>'),
        ("two octets each.svg", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'.encode("utf-16")),
        ("a mark first.svg", b"\xef\xbb\xbf" + svg().partition(b"\n")[2]),
    ],
)
def test_what_every_reader_puts_up_with(tmp_path: Path, name: str, content: bytes) -> None:
    assert fault_of(tmp_path, name, content) is None


@pytest.mark.parametrize("name", WHOLE)
def test_cut_anywhere(tmp_path: Path, name: str) -> None:
    whole = WHOLE[name]
    # The last line end of a drawing is none of it.
    for length in range(len(whole) - 1 if name.endswith(".svg") else len(whole)):
        fault = fault_of(tmp_path, f"{length}-{name}", whole[:length])
        assert fault is not None, length
        assert length == 0 or fault.kind is not Kind.EMPTY
    assert fault_of(tmp_path, name, whole[:-2]) in (
        PictureFault(Kind.CUT),
        PictureFault(Kind.BROKEN_DRAWING, "2"),
    )


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.png", b"", PictureFault(Kind.EMPTY)),
        ("a.png", POINTER, PictureFault(Kind.LFS_POINTER)),
        ("a.jpg", POINTER.replace(b"\n", b"\r\n"), PictureFault(Kind.LFS_POINTER)),
        ("a.svg", POINTER, PictureFault(Kind.LFS_POINTER)),
        ("a.png", b"/annex/objects/SHA256E-s1--0.png\n", PictureFault(Kind.ANNEX_POINTER)),
        ("a.png", b"../../.git/annex/objects/xX/yY/SHA256E-s1--0.png", PictureFault(Kind.ANNEX_POINTER)),
        ("a.png", b"\n<!DOCTYPE html><p>Sign in</p>", PictureFault(Kind.WEB_PAGE)),
        ("a.jpg", b"<!-- cached --><HTML>", PictureFault(Kind.WEB_PAGE)),
        ("a.svg", b"<!doctype html><svg></svg>", PictureFault(Kind.WEB_PAGE)),
        ("a.png", b"Picture to come\n", PictureFault(Kind.TEXT)),
        ("a.webp", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", PictureFault(Kind.TEXT)),
        ("a.jpg", png(), PictureFault(Kind.MISNAMED, "PNG")),
        ("a.jpeg", webp(), PictureFault(Kind.MISNAMED, "WebP")),
        ("a.png", jpeg(), PictureFault(Kind.MISNAMED, "JPEG")),
        ("a.PNG", gif(), PictureFault(Kind.MISNAMED, "GIF")),
        ("a.png", svg(), PictureFault(Kind.MISNAMED, "SVG")),
        ("a.svg", png(), PictureFault(Kind.MISNAMED, "PNG")),
        ("picture", png(), PictureFault(Kind.MISNAMED, "PNG")),
        ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", PictureFault(Kind.FOREIGN, "HEIC")),
        ("a.heic", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", PictureFault(Kind.FOREIGN, "HEIC")),
        ("a.png", b"%PDF-1.7\n", PictureFault(Kind.FOREIGN, "PDF")),
        ("a.pdf", b"%PDF-1.7\n", PictureFault(Kind.FOREIGN, "PDF")),
        ("a.png", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", PictureFault(Kind.FOREIGN, "BMP")),
        ("a.tif", b"II*\0\x08\0\0\0", PictureFault(Kind.FOREIGN, "TIFF")),
        ("a.png", b"BMs of the month", PictureFault(Kind.TEXT)),
        ("a.png", bytes(4000), PictureFault(Kind.UNKNOWN)),
        ("a.png", png().replace(b"\r\n", b"\n"), PictureFault(Kind.DAMAGED)),
        ("a.png", png().decode("latin-1").encode(), PictureFault(Kind.DAMAGED)),
        ("a.png", png()[:45] + b"\0" + png()[46:], PictureFault(Kind.DAMAGED)),
        ("a.png", png(0, 8), PictureFault(Kind.DAMAGED)),
        ("a.png", png().replace(png()[33:-12], b""), PictureFault(Kind.DAMAGED)),
        ("a.png", png()[:8] + png_chunk(b"IDAT", b"x") + png()[8:], PictureFault(Kind.DAMAGED)),
        ("a.jpg", jpeg().replace(b"\xff\xc0", b"\xff\xfe"), PictureFault(Kind.DAMAGED)),
        ("a.jpg", jpeg(0, 8), PictureFault(Kind.DAMAGED)),
        ("a.jpg", b"\xff\xd8\xff\xd9", PictureFault(Kind.DAMAGED)),
        ("a.gif", gif()[:19] + b"\x3b", PictureFault(Kind.DAMAGED)),
        ("a.webp", webp().replace(b"VP8L", b"EXIF"), PictureFault(Kind.DAMAGED)),
        ("a.avif", avif()[:24], PictureFault(Kind.DAMAGED)),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>\n<g>\n</svg>", PictureFault(Kind.BROKEN_DRAWING, "3")),
        ("a.svg", b"<svg width='8'></svg>", PictureFault(Kind.ROOTLESS_DRAWING)),
    ],
)  # fmt: skip
def test_what_is_none(tmp_path: Path, name: str, content: bytes, fault: PictureFault) -> None:
    assert fault_of(tmp_path, name, content) == fault


def test_one_that_is_not_there_and_one_that_nobody_may_read(tmp_path: Path) -> None:
    missing = read_picture_fault(tmp_path / "gone.png")
    assert missing is not None
    assert missing.kind is Kind.UNREAD
    (tmp_path / "folder.png").mkdir()
    assert getattr(read_picture_fault(tmp_path / "folder.png"), "kind", None) is Kind.UNREAD


def test_one_that_was_put_right_is_read_anew(tmp_path: Path) -> None:
    assert fault_of(tmp_path, "a.png", png()[:-1] + b"\0") is not None
    assert fault_of(tmp_path, "a.png", png()) is None


@pytest.mark.parametrize(
    ("name", "opening", "repeated"),
    [
        ("a.png", png()[:33], png_chunk(b"teXt", b"")),
        ("a.png", png()[:33], png_chunk(b"IDAT", b"")),
        ("a.jpg", b"\xff\xd8", b"\xff\xfe\x00\x02"),
        ("a.jpg", b"\xff\xd8\xff", b"\xff"),
        ("a.jpg", jpeg()[:-2], b"\xff\x00"),
        ("a.gif", gif()[:19], b"\x21\xfe\x01a\x00"),
        ("a.gif", gif()[:19] + b"\x21\xfe", b"\x01a"),
        ("a.webp", webp()[:12], b"EXIF\0\0\0\0"),
        ("a.avif", avif()[:24], b"\0\0\0\x08free"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>", b"<g>"),
        ("a.svg", b"<svg ", b"a"),
        ("a.png", b"", b"<!-- "),
        ("a.png", b"<!--", b"-"),
    ],
)
def test_the_longest_of_a_kind_takes_a_walk_alone(tmp_path: Path, name: str, opening: bytes, repeated: bytes) -> None:
    """Twice the file, twice the steps."""
    steps = []
    for count in (2000, 4000):
        path = write(tmp_path / f"{count}{name}", opening + repeated * count)
        calls = [0]

        def note(frame: object, event: str, argument: object, calls: list[int] = calls) -> None:
            calls[0] += event in ("call", "c_call")

        sys.setprofile(note)
        try:
            read_picture_fault(path)
        finally:
            sys.setprofile(None)
        steps.append(calls[0])
    assert steps[1] <= 2.1 * steps[0] + 50


def test_a_bomb_of_entities_is_a_fault(tmp_path: Path) -> None:
    lines = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    drawing = f'<!DOCTYPE svg [<!ENTITY e0 "aaaaaaaaaa">{lines}]><svg xmlns="http://www.w3.org/2000/svg">&e12;</svg>'
    assert getattr(fault_of(tmp_path, "a.svg", drawing.encode()), "kind", None) is Kind.BROKEN_DRAWING


def test_a_drawing_of_gigabytes_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_structure, "MAX_DRAWING_BYTES", 100)
    assert fault_of(tmp_path, "a.svg", svg() + b"<" * 100) is None
