"""`nl images`: the pictures of an issue, made fit for mail, and the texts that name them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter_cli.flows.images import plan_images, write_images
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.reworking import NotReworked, rework
from tests.inside import run
from tests.workspaces import CONFIG, ISSUE, make_workspace, tree, write

ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825


def picture(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    with io.BytesIO() as file:
        Image.new(mode, size).save(file, kind, **options)
        return file.getvalue()


def photograph(size: tuple[int, int]) -> bytes:
    """As a telephone takes it: on its side, with the place and the maker."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Maker"
    exif.get_ifd(PLACE)[1] = "N"
    return picture("JPEG", size, exif=exif)


def workspace_of(root: Path, news: str, pictures: dict[str, bytes], **files: str) -> Workspace:
    others = {f"{name}.md": text for name, text in files.items()}
    texts = {**ISSUE, "news.md": f"---\nauthor: Grace\n---\n{news}", **others}
    workspace = make_workspace(root, CONFIG, {1: texts})
    for name, content in pictures.items():
        write(root / "sections" / "001" / name, content)
    return workspace


def section(root: Path, name: str = "news.md") -> str:
    return (root / "sections" / "001" / name).read_text(encoding="utf-8")


def opened(root: Path, name: str) -> Image.Image:
    return Image.open(io.BytesIO((root / "sections" / "001" / name).read_bytes()))


def test_a_webp_becomes_a_jpeg_wherever_it_is_named(tmp_path: Path) -> None:
    news = (
        '![The pier](<images/the pier.webp>) and ![it](images/the%20pier.webp "A title").\n\n'
        '<img src="images/the pier.webp" alt="again"> ![a][p] [the file](images/the%20pier.webp)\n\n'
        "[p]: images/the%20pier.webp\n"
    )
    issue = '---\ntitle: "Tidings #1"\ndate: 2026-06-11\nimages:\n  - images/the pier.webp\n---\nHello.\n'
    workspace_of(tmp_path, news, {"images/the pier.webp": picture("WEBP")}, _issue=issue)
    done = run("images", "1", "--yes", cwd=tmp_path)
    assert done.returncode == 0
    assert "images/the pier.webp → the pier.jpg" in done.stdout
    assert section(tmp_path).endswith(news.replace(".webp", ".jpg"))
    assert "  - images/the pier.jpg\n" in section(tmp_path, "_issue.md")
    assert opened(tmp_path, "images/the pier.jpg").format == "JPEG"
    assert not (tmp_path / "sections/001/images/the pier.webp").exists()


def test_what_is_transparent_stays_so(tmp_path: Path) -> None:
    image = Image.new("RGBA", (40, 20), (10, 20, 30, 40))
    with io.BytesIO() as file:
        image.save(file, "WEBP", lossless=True)
        workspace_of(tmp_path, "![A logo](logo.webp)\n", {"logo.webp": file.getvalue()})
    assert run("images", "1", "--yes", cwd=tmp_path).returncode == 0
    assert opened(tmp_path, "logo.png").getpixel((0, 0)) == (10, 20, 30, 40)


def test_a_photograph_is_turned_reduced_and_says_nothing_of_its_maker(tmp_path: Path) -> None:
    workspace_of(tmp_path, "![The pier](pier.jpg)\n", {"pier.jpg": photograph((1000, 3000))})
    done = run("images", "1", "--yes", cwd=tmp_path)
    assert "without the camera's notes" in done.stdout
    new = opened(tmp_path, "pier.jpg")
    shown = run("check", "1", "--offline", cwd=tmp_path).stdout
    assert "image-oversized" not in shown
    assert new.width == 3 * new.height or abs(new.width - 3 * new.height) <= 2
    assert new.width <= 1360
    assert not dict(new.getexif())
    assert section(tmp_path).endswith("![The pier](pier.jpg)\n")


def test_a_jpeg_that_is_only_cleaned_keeps_its_pixels(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[MAKER] = "Maker"
    image = Image.effect_noise((64, 64), 50)
    with io.BytesIO() as file:
        image.save(file, "JPEG", exif=exif, quality=70)
        content = file.getvalue()
    workspace_of(tmp_path, "![The pier](pier.jpg)\n", {"pier.jpg": content})
    assert run("images", "1", "--yes", cwd=tmp_path).returncode == 0
    new = opened(tmp_path, "pier.jpg")
    assert not dict(new.getexif())
    assert new.tobytes() == Image.open(io.BytesIO(content)).tobytes()


def test_the_originals_are_kept_and_keep_out_of_git(tmp_path: Path) -> None:
    content = picture("WEBP")
    workspace_of(tmp_path, "![The pier](images/pier.webp)\n", {"images/pier.webp": content})
    run("images", "1", "--yes", cwd=tmp_path)
    originals = tmp_path / "sections/001/.originals"
    assert (originals / "images/pier.webp").read_bytes() == content
    assert (originals / ".gitignore").read_text() == "*\n"
    run("assemble", "1", "--offline", cwd=tmp_path)
    assert not [name for name in tree(tmp_path / "build") if "originals" in name]
    # Another picture of the same name, later: both are kept.
    write(tmp_path / "sections/001/images/pier.webp", picture("WEBP", (20, 10)))
    write(tmp_path / "sections/001/news.md", "![The pier](images/pier.webp)\n")
    run("images", "1", "--yes", cwd=tmp_path)
    assert (originals / "images/pier.webp").read_bytes() == content
    assert (originals / "images/pier-2.webp").exists()
    assert "images/pier-2.jpg" in section(tmp_path)


def test_a_dry_run_changes_nothing_and_a_second_run_finds_nothing(tmp_path: Path) -> None:
    workspace_of(tmp_path, "![The pier](pier.webp)\n", {"pier.webp": picture("WEBP")})
    before = tree(tmp_path / "sections")
    assert "pier.jpg" in run("images", "1", "--dry-run", cwd=tmp_path).stdout
    assert tree(tmp_path / "sections") == before
    run("images", "1", "--yes", cwd=tmp_path)
    after = tree(tmp_path / "sections")
    assert "no picture needs to be changed" in run("images", "1", "--yes", cwd=tmp_path).stdout
    assert tree(tmp_path / "sections") == after


def test_a_run_that_was_killed_before_the_texts_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = workspace_of(tmp_path, "![The pier](pier.webp)\n", {"pier.webp": picture("WEBP")})

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    plan = plan_images(workspace, 1)
    with monkeypatch.context() as patch:
        patch.setattr("newsletter_cli.flows.images.write_fixed", killed)
        with pytest.raises(KeyboardInterrupt):
            write_images(workspace, plan)
    assert "pier.webp" in section(tmp_path)
    run("images", "1", "--yes", cwd=tmp_path)
    names = set(tree(tmp_path / "sections" / "001"))
    assert "pier.jpg" in names
    assert not {"pier.webp", "pier-2.jpg"} & names
    assert section(tmp_path).endswith("![The pier](pier.jpg)\n")


def test_what_is_right_or_cannot_be_changed_is_left(tmp_path: Path) -> None:
    pictures = {
        "small.png": picture("PNG"),
        "moving.gif": picture("GIF", save_all=True, append_images=[Image.new("RGB", (40, 20), "red")]),
        "broken.webp": b"RIFF\x00\x00\x00\x00WEBPnonsense",
        "event.webp": picture("WEBP"),
        "unused.webp": picture("WEBP"),
    }
    news = "![a](small.png) ![b](moving.gif) ![c](broken.webp)\n"
    agenda = (
        '---\nauthor: Ada\nevents:\n  - title: Tea\n    start: 2026-06-18\n    description: "![d](event.webp)"\n---\n'
    )
    workspace_of(tmp_path, news, pictures, agenda=agenda)
    before = tree(tmp_path / "sections")
    done = run("images", "1", "--yes", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("left as it is") == 2
    assert tree(tmp_path / "sections") == before


def test_a_picture_of_an_iphone(tmp_path: Path) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    workspace_of(tmp_path, "![The pier](images/pier.heic)\n", {"images/pier.heic": picture("HEIF")})
    assert run("images", "1", "--yes", cwd=tmp_path).returncode == 0
    assert opened(tmp_path, "images/pier.jpg").size == (40, 20)


def test_without_the_extra_a_picture_of_an_iphone_is_left() -> None:
    with pytest.raises(NotReworked, match=r"pillow-heif"):
        rework(b"nothing that is known", ".heic", widest=1200)
