"""Pictures of the e-mail, taken by a real Chromium; and what is said where there is none."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import imagesize
import pytest

from newsletter_cli.base.errors import ContentError, StorageError, UsageError
from newsletter_cli.check.browser.chromium import find_chromium
from newsletter_cli.preview.screenshots import LOOKS, ScreenshotStyle, _take, take_screenshots
from newsletter_cli.workspace.folder import Workspace
from tests.pictures import png
from tests.workspaces import CONFIG, ISSUE, make_workspace, tree, write

RED, WHITE = (255, 0, 0), (255, 255, 255)
LONG = "\n\n".join(f"Paragraph {number} of a long text." for number in range(120))
Pixel = tuple[int, int, int]


def colours(path: Path) -> set[Pixel]:
    """Every colour of a PNG that Chromium wrote: 8 bits, no interlacing (PNG specification, 9)."""
    data, position, packed, depth = path.read_bytes(), 8, b"", 3
    while position < len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        content = data[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, height, _bits, colour_type = struct.unpack(">IIBB", content[:10])
            depth = {2: 3, 6: 4}[colour_type]
        elif kind == b"IDAT":
            packed += content
        position += 12 + length
    raw, stride, found = zlib.decompress(packed), width * depth, set()
    above = bytes(stride)
    for row in range(height):
        start = row * (stride + 1)
        line = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above, depth)
        if line != above:
            found |= {tuple(line[at : at + 3]) for at in range(0, stride, depth)}
        above = line
    return found  # type: ignore[return-value]


def unfiltered(kind: int, line: bytearray, above: bytes, depth: int) -> bytes:
    for at in range(len(line)):
        left = line[at - depth] if at >= depth else 0
        corner = above[at - depth] if at >= depth else 0
        guess = left + above[at] - corner
        nearest = min((left, above[at], corner), key=lambda one: abs(guess - one))
        line[at] = (line[at] + (0, left, above[at], (left + above[at]) // 2, nearest)[kind]) & 255
    return bytes(line)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "ws", CONFIG, {2: ISSUE | {"news.md": f"---\nauthor: Grace\n---\n{LONG}\n"}})


@pytest.mark.long
@pytest.mark.needs("chromium")
def test_pictures_of_every_look(workspace: Workspace, tmp_path: Path) -> None:
    folder, before = tmp_path / "pictures" / "of it", tree(workspace.root / "sections")
    # A new picture takes the place of an old one.
    write(folder / "002-mobile.png", "the old one")
    lines = list(take_screenshots(workspace, 2, folder))
    pictures = {look.name: folder / f"002-{look.name}.png" for look in LOOKS}
    assert {path.name for path in folder.iterdir()} == {path.name for path in pictures.values()}
    sizes = {name: imagesize.get(path) for name, path in pictures.items()}
    assert {name: width for name, (width, _height) in sizes.items()} == {
        "desktop": 680, "mobile": 360, "dark": 680, "images-off": 680,
    }  # fmt: skip
    # 120 paragraphs: all of it.
    assert min(height for _width, height in sizes.values()) > 120 * 30
    for look, line in zip(LOOKS, lines, strict=True):
        width, height = sizes[look.name]
        assert line == f"{pictures[look.name]}: {width} × {height} pixels"
    assert tree(workspace.root / "sections") == before
    assert not (workspace.root / "build").exists()


@pytest.mark.needs("chromium")
@pytest.mark.long
def test_the_issues_own_images_are_shown_and_the_dark_is_dark(tmp_path: Path) -> None:
    news = "---\nauthor: Grace\n---\n![A red square](images/réd%20square.png)\n"
    config = CONFIG + '[post]\nurl = "https://tidings.example/{slug}/"\n'
    workspace = make_workspace(tmp_path / "ws", config, {1: {"news.md": news}})
    write(tmp_path / "ws/sections/001/images/réd square.png", png(40, 40, RED))
    looks = (
        ScreenshotStyle(name="dark", width_px=200, is_dark=True),
        ScreenshotStyle(name="images-off", width_px=200, has_images=False),
    )
    list(take_screenshots(workspace, 1, tmp_path, looks))
    found = {look.name: colours(tmp_path / f"001-{look.name}.png") for look in looks}
    assert {name for name, those in found.items() if RED in those} == {"dark"}
    assert {name for name, those in found.items() if WHITE in those} == {"images-off"}


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(
    "start",
    [
        "<!-- <head> --><html><head>",
        *(pytest.param(one, marks=pytest.mark.long) for one in ("<html><head>", '<html lang="<head>"><head>')),
    ],
)
def test_no_script_of_a_theme_runs(tmp_path: Path, start: str) -> None:
    program = find_chromium()
    assert program is not None
    script = 'document.body.style.height = "5000px"'
    page = f'<!doctype html>{start}</head><body>x<script>{script}</script><script nonce="nl">{script}</script>'
    _picture, height_px = _take(program, tmp_path, page, ScreenshotStyle(name="small", width_px=320))
    assert height_px < 100


def test_without_a_browser_it_is_said_what_to_do(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter_cli.preview.screenshots.find_chromium", lambda: None)
    with pytest.raises(UsageError) as refused:
        list(take_screenshots(workspace, 2, tmp_path / "pictures"))
    assert refused.value.exit_status == 2
    assert "Chromium" in refused.value.message
    assert "apt install chromium" in (refused.value.hint or "")
    assert not (tmp_path / "pictures").exists()


@pytest.mark.parametrize("script", ["exit 1", "echo '<pre hidden>640</pre>'", "echo '<pre hidden>0</pre>'"])
def test_a_browser_that_gives_nothing_leaves_the_old_picture(workspace: Workspace, tmp_path: Path, script: str) -> None:
    program = write(tmp_path / "browser", f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    write(tmp_path / "002-desktop.png", "the old one")
    with pytest.raises(UsageError, match="browser gave no picture"):
        list(take_screenshots(workspace, 2, tmp_path, program=program))
    assert (tmp_path / "002-desktop.png").read_text(encoding="utf-8") == "the old one"
    assert {path.name for path in tmp_path.iterdir()} == {"ws", "browser", "002-desktop.png"}


def test_faults_of_the_content_and_of_the_disk_are_told(workspace: Workspace, tmp_path: Path) -> None:
    program = write(tmp_path / "browser", "#!/bin/sh\n")
    in_the_way = write(tmp_path / "taken", "a file")
    with pytest.raises(StorageError):
        list(take_screenshots(workspace, 2, in_the_way, program=program))
    write(workspace.root / "sections/002/news.md", "---\nauthor: [Grace\n---\n")
    with pytest.raises(ContentError) as refused:
        list(take_screenshots(workspace, 2, tmp_path / "pictures", program=program))
    assert refused.value.file == "sections/002/news.md"
