"""Pictures of the e-mail through headless Chromium: on a desk, on a phone, in the dark, with images off."""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.files import write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.check.browser import find_chromium
from newsletter_cli.check.browser.chromium import BrowserFailed, dump_page, readable_folder, take_picture
from newsletter_cli.flows.check import render_and_check
from newsletter_cli.flows.message import read_pictures
from newsletter_cli.render.mime import replace_image_sources
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace, folder_name

TIMEOUT_SECONDS = 60.0
# Two browsers at a time: more of them slow one another down.
WORKERS = 2
# Nothing leaves the machine, and nothing runs but the ruler below: no theme can guess its nonce.
NONCE = secrets.token_urlsafe(16)
POLICY = f"default-src 'none'; img-src file:; style-src 'unsafe-inline'; script-src 'nonce-{NONCE}'"
RULER = f"""<script nonce="{NONCE}">
addEventListener("load", () => {{
  parent.postMessage(Math.ceil(document.documentElement.getBoundingClientRect().height), "*");
}});
</script>"""
# In a frame: Chromium's own window does not get narrower than 500 pixels.
WRAPPER = """<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<style>html, body {{ margin: 0; overflow: hidden }}
iframe {{ display: block; border: 0; width: {width}px; height: {height}px }}</style>
<pre hidden></pre>
<script>
addEventListener("message", event => {{ document.querySelector("pre").textContent = event.data; }});
</script>
<iframe src="{source}"></iframe>"""
MEASURED = re.compile(r"<pre[^>]*>(\d+)</pre>")


class ScreenshotStyle(Struct, frozen=True, kw_only=True):
    """One way to look at the e-mail; `width_px` in CSS pixels."""

    name: str
    width_px: int
    is_dark: bool = False
    has_images: bool = True


LOOKS = (
    ScreenshotStyle(name="desktop", width_px=680),
    ScreenshotStyle(name="mobile", width_px=360),
    ScreenshotStyle(name="dark", width_px=680, is_dark=True),
    ScreenshotStyle(name="images-off", width_px=680, has_images=False),
)


def take_screenshots(
    workspace: Workspace,
    number: int,
    folder: Path,
    looks: tuple[ScreenshotStyle, ...] = LOOKS,
    program: Path | None = None,
) -> Iterator[str]:
    """A picture of the whole e-mail for each look, `002-desktop.png` and so on, in `folder`; a line for each.

    The e-mail is that of the sources as they stand, its own images in it, nothing from the network. A picture that
    was there before is replaced once the new one is whole. Raises `UsageError` where there is no browser or it gives
    no picture, `ContentError`, `ConfigError`, `StorageError`.
    """
    program = program or find_chromium()
    if program is None:
        raise UsageError(
            _("pictures need Chromium, Chrome or Edge, and none was found"),
            hint=_("install Chromium, Chrome or Edge (Debian, Ubuntu: apt install chromium)"),
        )
    rendered, _checked = render_and_check(workspace, number, has_local_images=True)
    page = rendered.looked_at.email
    with storage_errors(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=readable_folder(program), ignore_cleanup_errors=True) as name:
        work = Path(name)
        pictures = read_pictures(workspace, rendered.sources, page, local_files=rendered.local_files)
        page = replace_image_sources(page, dict(_write_pictures(work, pictures)))
        with ThreadPoolExecutor(WORKERS) as pool:
            taken = pool.map(lambda one: _take(program, work, page, one), looks)
            for look, (picture, height_px) in zip(looks, taken, strict=True):
                target = folder / f"{folder_name(number)}-{look.name}.png"
                _put(picture, target)
                yield _("{file}: {width} × {height} pixels").format(file=target, width=look.width_px, height=height_px)


def _write_pictures(work: Path, pictures: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The issue's images beside the page; yields the address that each has in the e-mail, and has from now on."""
    for index, (address, content) in enumerate(pictures.items()):
        path = work / f"image-{index}{PurePosixPath(address).suffix}"
        path.write_bytes(content)
        yield address, quote(path.name)


def _take(program: Path, work: Path, page: str, look: ScreenshotStyle) -> tuple[Path, int]:
    """The picture of one look, and its height in pixels."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    # First of all, so that it holds for all, wherever a theme may write `<head>`.
    guarded = re.sub(r"\A\s*(?:<!doctype[^>]*>)?", lambda start: start[0] + policy, page, flags=re.IGNORECASE)
    inner, outer, picture = (work / f"{look.name}{end}" for end in ("-email.html", ".html", ".png"))
    inner.write_text(guarded + RULER, encoding="utf-8")
    try:
        height_px = _measure(program, outer, inner, look)
        _wrap(outer, inner, look, height_px)
        take_picture(
            program,
            outer,
            picture,
            width_px=look.width_px,
            height_px=height_px,
            is_dark=look.is_dark,
            has_images=look.has_images,
            timeout_seconds=TIMEOUT_SECONDS,
        )
    except BrowserFailed as failure:
        raise UsageError(
            _("{program} gave no picture ({reason})").format(program=program.name, reason=failure),
            hint=_("run the command again; “{program} --version” tells whether it works at all").format(
                program=program.name
            ),
        ) from None
    return picture, height_px


def _measure(program: Path, outer: Path, inner: Path, look: ScreenshotStyle) -> int:
    _wrap(outer, inner, look, 100)
    dumped = dump_page(
        program, outer, is_dark=look.is_dark, has_images=look.has_images, timeout_seconds=TIMEOUT_SECONDS
    )
    found = MEASURED.search(dumped)
    if found is None or int(found[1]) == 0:
        raise BrowserFailed("no answer")
    return int(found[1])


def _wrap(outer: Path, inner: Path, look: ScreenshotStyle, height_px: int) -> None:
    outer.write_text(WRAPPER.format(width=look.width_px, height=height_px, source=quote(inner.name)), encoding="utf-8")


def _put(picture: Path, target: Path) -> None:
    """The picture in its place at once: its folder may be on another disk."""
    with storage_errors(str(target)):
        write_file(target, picture.read_bytes(), is_lasting=False)
