"""Chromium: where it is, and one run of it without a window."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsletter_cli.base.programs import find_program

# The names it goes by on a PATH; Chrome and Edge are the same engine.
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WINDOWS = (
    r"Chromium\Application\chrome.exe",
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    "--headless",
    # In containers the sandbox cannot start; the page is our own, and nothing of it comes from outside.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Otherwise it looks for the network at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=30000",
)


class BrowserFailed(Exception):
    """Chromium did not start, or gave no answer in time. The message says which."""


def find_chromium() -> Path | None:
    """A Chromium, Chrome or Edge of this machine; `None` where there is none."""
    for name in NAMES:
        found = find_program(name)
        if found:
            return Path(found)
    return next((path for path in _usual_places() if path.is_file()), None)


def _usual_places() -> Iterator[Path]:
    system = platform.system()
    if system == "Darwin":
        yield from map(Path, MACOS)
        yield from (Path.home() / place.removeprefix("/") for place in MACOS)
    elif system == "Windows":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if os.environ.get(variable):
                yield from (Path(os.environ[variable]) / place for place in WINDOWS)


def readable_folder(program: Path) -> Path | None:
    """Where a page for it has to lie; `None`: anywhere. A snap has a `/tmp` of its own."""
    common = Path.home() / "snap" / "chromium" / "common"
    is_snap = "snap" in program.resolve().parts or program.resolve().name == "snap"
    return common if is_snap and common.is_dir() else None


def dump_page(program: Path, page: Path, *, is_dark: bool, has_images: bool = True, timeout_seconds: float) -> str:
    """The page's HTML once its scripts have run, for a reader who prefers the light or the dark.

    Raises `BrowserFailed`.
    """
    looks = _looks(page, is_dark=is_dark, has_images=has_images)
    return _run([str(program), *FLAGS, *looks, "--dump-dom", page.as_uri()], timeout_seconds)


def take_picture(
    program: Path,
    page: Path,
    target: Path,
    *,
    width_px: int,
    height_px: int,
    is_dark: bool,
    has_images: bool = True,
    timeout_seconds: float,
) -> None:
    """A picture (PNG) of the page's upper left part, written to `target`. Raises `BrowserFailed`."""
    looks = _looks(page, is_dark=is_dark, has_images=has_images)
    size = f"--window-size={width_px},{height_px}"
    _run([str(program), *FLAGS, *looks, size, f"--screenshot={target}", page.as_uri()], timeout_seconds)
    if not target.is_file():
        raise BrowserFailed("no picture")


def _looks(page: Path, *, is_dark: bool, has_images: bool) -> tuple[str, str]:
    settings = [f"preferredColorScheme={0 if is_dark else 1}", *([] if has_images else ["imagesEnabled=false"])]
    # One for each way of looking: they run at the same time.
    profile = page.parent / f"profile-{page.stem}-{'dark' if is_dark else 'light'}"
    return f"--blink-settings={','.join(settings)}", f"--user-data-dir={profile}"


def _run(command: Sequence[str], timeout_seconds: float) -> str:
    try:
        # In a session of its own: Chromium leaves its children behind otherwise.
        process = subprocess.Popen(  # noqa: S603 - a program of this machine, arguments of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise BrowserFailed(str(error)) from None
    try:
        output = process.communicate(timeout=timeout_seconds)[0]
    except subprocess.TimeoutExpired:
        raise BrowserFailed(f"> {timeout_seconds:.0f} s") from None
    finally:
        _stop(process)
    return output.decode("utf-8", "replace")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
