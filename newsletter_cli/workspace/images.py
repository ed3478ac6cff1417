"""The files that stand beside the sections: images above all."""

from __future__ import annotations

import unicodedata
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from newsletter_cli.base.fetchers import keep_from_fetching

IMAGE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp"))
# What a page may show or offer. Beside the sections, anything else is more likely an editor's own notes.
MEDIA_SUFFIXES = IMAGE_SUFFIXES | {".svg", ".avif", ".pdf", ".mp3", ".mp4", ".webm", ".ogg", ".csv", ".ics", ".zip"}
# Copies, locks and indexes that editors and systems leave about, in small letters; hidden files besides.
LEFTOVERS = ("*~", "*.orig", "*.bak", "*.tmp", "*.swp", "~$*", "#*#", "thumbs.db", "desktop.ini")


def find_assets(folder: Path) -> dict[str, Path]:
    """The files of an issue that go to its readers, by their path relative to its folder (forward slashes).

    Of those beside the sections, the media of a page; of those in folders, all that are no Markdown. Left alone are
    hidden files, what editors leave behind, and links that lead out of the folder: the build may be published.
    """
    root = folder.resolve()
    assets = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.suffix.lower() == ".md" or any(map(is_leftover, relative.parts)):
            continue
        if path.parent == folder and path.suffix.lower() not in MEDIA_SUFFIXES:
            continue
        if path.is_file() and path.resolve().is_relative_to(root):
            # As people type them: a Mac takes accents apart in the names of files.
            assets[unicodedata.normalize("NFC", relative.as_posix())] = path
    return assets


def is_leftover(name: str) -> bool:
    """Whether a file or folder of that name is hidden, or something that an editor or system leaves about."""
    return name.startswith(".") or any(fnmatchcase(name.lower(), pattern) for pattern in LEFTOVERS)


def is_measured(name: str) -> bool:
    """Whether a file of that name is an image whose size in pixels can be told."""
    return PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES


def read_image_sizes(assets: dict[str, Path]) -> dict[str, tuple[int, int]]:
    """The (width, height) in pixels of the images among the assets; files that are none are left out."""
    images = {name: path for name, path in assets.items() if is_measured(name)}
    if not images:
        return {}
    keep_from_fetching()
    import imagesize

    sizes = {}
    for name, path in images.items():
        try:
            width, height = imagesize.get(path)
        except (OSError, ValueError):
            continue
        if width > 0 and height > 0:
            sizes[name] = (int(width), int(height))
    return sizes
