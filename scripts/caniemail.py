"""Renews the extract of caniemail's tables that `nl` reads.

    python scripts/caniemail.py [VERSION]

Fetches the npm package `caniemail` with `npm pack` (the newest, or VERSION) and writes
newsletter_cli/check/clients/caniemail.json: only the features that our e-mails and editors' texts can bring in.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "newsletter_cli" / "check" / "clients" / "caniemail.json"
# By the beginning of their slugs: all that e-mails of `nl` are made of, and that editors or themes may write.
WANTED = re.compile(
    r"css-(?:at-(?:media|supports)|background|border|selector|pseudo-(?:class|element)|display|text|font|list|white|word"
    r"|overflow|max|min|unit|rgb|margin$|padding$|width$|height$|box|caption-side$|clear$|color-scheme$|comments$"
    r"|column-(?:count|layout)|direction$|filter$|flex|float$|function|gap$|grid|hyphens$|important$|inline-size"
    r"|inset|justify|left-|letter|line-height|linear|radial|conic|modern|object|opacity|outline$|position$|table|tab-size"
    r"|transform$|variables$|vertical|visibility$|writing|z-index)"
    r"|html-|image-"
)
# Of no use in a newsletter, or never let through by `nl`.
UNWANTED = re.compile(
    r"css-(?:background-blend|border-image|text-emphasis|text-justify|text-orientation|overflow-anchor)"
    r"|html-(?:aria-(?!hidden|label$)|base$|button|input-(?!checkbox)|link$|loading|popover|required|textarea|target)"
)
# Support in part that is none for what we ask: the note's text says so. The name says what the note is about.
IN_PART = {
    "css-background-color-any": ("css-background-color", r"color keywords from CSS Level 1"),
    "css-background-picture": ("css-background", r"Only `background-color` values"),
    "css-background-size-in-short": ("css-background", r"shorthand for `background-size`"),
    "css-display-any": ("css-display", r"Only supports `display:none`"),
    "css-display-none-on-img": ("css-display-none", r"applied directly to an `<img>`"),
    "css-font-size-rem": ("css-font-size", r"`rem` values"),
    "css-height-on-blocks": ("css-height", r"Not supported on `<body>`"),
    "css-important-inline": ("css-important", r"Not supported inline"),
    "css-important-unspaced": ("css-important", r"no space before `!important`|with a space before"),
    "css-margin-auto": ("css-margin", r"`auto` value is not"),
    "css-margin-negative": ("css-margin", r"Negative values are not"),
    "css-margin-on-span": ("css-margin", r"Not supported on `<span>`"),
    "css-max-width-off-tables": ("css-max-width", r"Only works on `<table>`"),
    "css-padding-off-cells": ("css-padding", r"Only supported on table cells"),
    "css-rgb-alpha": ("css-rgb", r"Alpha value is not"),
    "css-rgb-spaced": ("css-rgb", r"Whitespace syntax is not"),
    "css-selector-attribute-by-class": ("css-selector-attribute", r"Can not be used with a class selector"),
    "css-selector-attribute-equal": ("css-selector-attribute", r"Only supports `\[attr~=value\]` syntax"),
    "css-selector-attribute-present": ("css-selector-attribute", r"Only supports `\[attr~?=value\]` syntax"),
    "css-text-align-start": ("css-text-align", r"Flow-relative values"),
    "css-white-space-pre": ("css-white-space", r"`pre` value is not"),
    "css-width-on-blocks": ("css-width", r"Not supported on `<body>`"),
    "html-background-off-body": ("html-background", r"Only supported on the `<body>`"),
    "html-dir-on-tables": ("html-dir", r"Removed from `<table>`"),
    "html-lists-reversed": ("html-lists", r"`reversed`[^.]*not supported"),
    "html-mailto-copies": ("html-mailto-links", r"`cc` and `bcc` are not"),
    "html-semantics-details": ("html-semantics", r"`<details>`|Only `<time>`"),
    "html-semantics-other": ("html-semantics", r"Only `<time>`"),
    "image-gif-moving": ("image-gif", r"animated gif"),
}
# Those of readers that `nl` has no name for are left out.
UNNAMED = frozenset(("microsoft", "rainloop"))
# Also where caniemail has no test.
UNKNOWN = "u"
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
    features = dict(extracted(tables))
    named = dict.fromkeys(column for answers in features.values() for column in answers)
    columns = sorted(named, key=lambda column: column.partition("/")[0])
    extract = {
        "source": SOURCE,
        "version": about["version"],
        "updated": tables["last_update_date"][:10],
        "licence": licence.strip(),
        "columns": columns,
        "features": {
            slug: "".join(answers.get(column, UNKNOWN) for column in columns) for slug, answers in features.items()
        },
    }
    TARGET.write_text(_laid_out(extract), encoding="utf-8")
    counted = f"{len(features)} features, {len(columns)} mail readers"
    print(f"caniemail {about['version']} of {extract['updated']}: {counted}")


def extracted(tables: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """The newest answer (`y`, `a`, `n`, `u`) for each feature and mail reader (`family/platform`)."""
    by_slug = {one["slug"]: one for one in tables["data"]}
    wanted = [slug for slug in by_slug if WANTED.match(slug) and not UNWANTED.match(slug)]
    found = [(slug, dict(_answers(by_slug[slug]))) for slug in wanted]
    for slug, (feature, note) in IN_PART.items():
        numbers = _notes_that_say(by_slug[feature], note)
        if not numbers:
            sys.exit(f"{feature} has no note {note!r} any more")
        said = [pattern for other, (of, pattern) in IN_PART.items() if of == feature and other != slug]
        others = {number for pattern in said for number in _notes_that_say(by_slug[feature], pattern)}
        found.append((slug, dict(_answers(by_slug[feature], numbers, others))))
    return sorted(found)


def _notes_that_say(feature: dict[str, Any], pattern: str) -> set[str]:
    return {number for number, text in feature["notes_by_num"].items() if text and re.search(pattern, text)}


def _answers(
    feature: dict[str, Any], meant: set[str] | None = None, others: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    for family, platforms in feature["stats"].items():
        for platform, tests in platforms.items():
            if family not in UNNAMED and tests:
                yield f"{family}/{platform}", _answer(list(tests.values())[-1], meant, others)


def _answer(said: str, meant: set[str] | None, others: Collection[str]) -> str:
    """The letter; where only the notes `meant` are asked about, whether they say that it is lost."""
    letter, *marked = said.split()
    if meant is None or letter == UNKNOWN:
        return letter
    notes = {note.removeprefix("#") for note in marked}
    if notes & meant:
        return "n"
    # Not shown at all, unless a note says that it is another part that is not.
    return "n" if letter == "n" and not notes & set(others) else "y"


def _read(archive: tarfile.TarFile, name: str) -> Any:
    return json.loads(_text(archive, name))


def _text(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(name)
    if file is None:
        sys.exit(f"{name} is not in the package")
    return file.read().decode()


def _laid_out(extract: dict[str, Any]) -> str:
    """One feature a line, a letter for each column, so that a renewal can be read as a difference."""
    told = {key: value for key, value in extract.items() if key != "features"}
    head = json.dumps(told, ensure_ascii=False, indent=1)
    lines = [f" {json.dumps(slug)}: {json.dumps(letters)}" for slug, letters in extract["features"].items()]
    return head.removesuffix("\n}") + ',\n "features": {\n ' + ",\n ".join(lines) + "\n }\n}\n"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "latest")
