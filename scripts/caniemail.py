"""Renews the extract of caniemail's tables that `client-support` reads.

    python scripts/caniemail.py [VERSION]

Fetches the npm package `caniemail` with `npm pack` (the newest, or VERSION) and writes
newsletter_cli/check/caniemail.json: only the features that an editor's text can bring in.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "newsletter_cli" / "check" / "caniemail.json"
FEATURES = (
    "html-abbr",
    "html-bdi",
    "html-ruby",
    "image-apng",
    "image-avif",
    "image-bmp",
    "image-hdr",
    "image-heif",
    "image-ico",
    "image-mp4",
    "image-tiff",
    "image-webp",
)
# Support in part that is none for what we ask: the note's text says so.
IN_PART = {"html-lists-reversed": ("html-lists", re.compile(r"`reversed`[^.]*not supported"))}
SOURCE = "https://www.caniemail.com/ (MIT), extracted by scripts/caniemail.py from the npm package caniemail"


def main(version: str) -> None:
    """Fetch, extract, write."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"caniemail@{version}"], cwd=folder, check=True)  # noqa: S607
        [package] = Path(folder).glob("caniemail-*.tgz")
        with tarfile.open(package) as archive:
            tables = _read(archive, "package/data/caniemail.json")
            about = _read(archive, "package/package.json")
            licence = _text(archive, "package/LICENSE")
    extract = {
        "source": SOURCE,
        "version": about["version"],
        "updated": tables["last_update_date"][:10],
        "licence": licence.strip(),
        "features": dict(extracted(tables)),
    }
    TARGET.write_text(_laid_out(extract), encoding="utf-8")
    print(f"caniemail {about['version']} of {extract['updated']}: {len(FEATURES) + len(IN_PART)} features")


def extracted(tables: dict[str, Any]) -> list[tuple[str, dict[str, dict[str, str]]]]:
    """The newest answer (`y`, `a`, `n`, `u`) for each feature, family and platform."""
    by_slug = {one["slug"]: one for one in tables["data"]}
    found = [(slug, _answers(by_slug[slug], None)) for slug in FEATURES]
    for slug, (feature, note) in IN_PART.items():
        numbers = {number for number, text in by_slug[feature]["notes_by_num"].items() if note.search(text)}
        found.append((slug, _answers(by_slug[feature], numbers)))
    return sorted(found)


def _answers(feature: dict[str, Any], missing_notes: set[str] | None) -> dict[str, dict[str, str]]:
    return {
        family: {platform: _answer(list(tests.values())[-1], missing_notes) for platform, tests in platforms.items()}
        for family, platforms in sorted(feature["stats"].items())
    }


def _answer(said: str, missing_notes: set[str] | None) -> str:
    letter, *notes = said.split()
    if missing_notes is not None and missing_notes & {note.removeprefix("#") for note in notes}:
        return "n"
    return letter


def _read(archive: tarfile.TarFile, name: str) -> Any:
    return json.loads(_text(archive, name))


def _text(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(name)
    if file is None:
        sys.exit(f"{name} is not in the package")
    return file.read().decode()


def _laid_out(extract: dict[str, Any]) -> str:
    """One feature a line, so that a renewal can be read as a difference."""
    head = json.dumps({key: value for key, value in extract.items() if key != "features"}, ensure_ascii=False, indent=1)
    lines = [f" {json.dumps(slug)}: {json.dumps(answers)}" for slug, answers in extract["features"].items()]
    return head.removesuffix("\n}") + ',\n "features": {\n ' + ",\n ".join(lines) + "\n }\n}\n"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "latest")
