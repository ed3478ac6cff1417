"""The files that stand beside the sections: images above all."""

from __future__ import annotations

from pathlib import Path

IMAGE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp"))


def find_assets(folder: Path) -> dict[str, Path]:
    """Every file of an issue's folder that is no Markdown, by its path relative to it (forward slashes).

    Hidden files and links that lead out of the folder are left alone.
    """
    root = folder.resolve()
    assets = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.suffix.lower() == ".md" or any(part.startswith(".") for part in relative.parts):
            continue
        if path.is_file() and path.resolve().is_relative_to(root):
            assets[relative.as_posix()] = path
    return assets


def read_image_sizes(assets: dict[str, Path]) -> dict[str, tuple[int, int]]:
    """The (width, height) in pixels of the images among the assets; files that are none are left out."""
    images = {name: path for name, path in assets.items() if path.suffix.lower() in IMAGE_SUFFIXES}
    if not images:
        return {}
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
