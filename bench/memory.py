"""What the largest things cost in memory: a draft full of pictures, a list of a million recipients.

`python -m bench.memory [--pictures N] [--rows N]`, by hand. Each line is a command as an editor types it, in a process
of its own; beside its peak, what is beyond the same command over next to nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from struct import pack

import tomlkit

from bench.__main__ import NL
from bench.audience import write_list
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.workspace.scaffold import create_workspace

PICTURE_BYTES = 2_000_000
# A list of one person beside the long one.
FEW = 1
# The addresses of a made-up list stand for nobody; one faulty row in a thousand is part of it.
SENDING = ("send", "1", "--dry-run", "--list")


def picture(number: int) -> bytes:
    """A PNG of about `PICTURE_BYTES`, which no program makes smaller: noise."""
    width, height = 1000, PICTURE_BYTES // 3000
    noise = random.Random(number).randbytes(width * 3 * height)
    rows = b"".join(b"\0" + noise[start : start + width * 3] for start in range(0, len(noise), width * 3))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))

    header = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b"")


def make_letter(root: Path, pictures: int) -> Path:
    """A workspace whose issue has so many pictures of its own."""
    workspace = create_workspace(root, name="Lettre", language="fr", sections=default_sections("fr"))
    issue = workspace.issue_folder(1)
    (issue / "images").mkdir(parents=True)
    text = ""
    for number in range(pictures):
        (issue / "images" / f"{number}.png").write_bytes(picture(number))
        text += f"![Relevé numéro {number}](images/{number}.png)\n\n"
    (issue / "_issue.md").write_text("---\ntitle: Pesante\ndate: 2026-01-15\n---\nBonjour.\n", encoding="utf-8")
    slug = workspace.config.sections[0].slug
    (issue / f"{slug}.md").write_text(f"---\nauthor: Ada\nstatus: ready\n---\n{text}Fin.\n", encoding="utf-8")
    config = root / "newsletter.toml"
    document = tomlkit.parse(config.read_text(encoding="utf-8"))
    document["sender"] = {"address": "lettre@example.org"}
    config.write_text(tomlkit.dumps(document), encoding="utf-8")
    return root


def peak_mebibytes(*arguments: str) -> float:
    """The most memory that `nl` with these arguments ever had. Faults of the content are no failure."""
    process = subprocess.Popen([*NL, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace")
    process.stderr.close()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(said)
    return used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def show(title: str, weight_mebibytes: float, peak: Callable[[bool], float]) -> None:
    """`peak` of the real thing, and of next to nothing."""
    least, most = peak(False), peak(True)
    beyond = most - least
    print(f"{title:<46}{weight_mebibytes:>8.0f}{most:>10.0f}{beyond:>10.0f}{beyond / weight_mebibytes:>8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--pictures", type=int, default=40)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"MiB, Python {sys.version.split()[0]} on {sys.platform}")
        print(f"{'':<46}{'weight':>8}{'peak':>10}{'beyond':>10}{'ratio':>8}")
        light, heavy = make_letter(folder / "light", 1), make_letter(folder / "heavy", options.pictures)
        weight = (options.pictures - 1) * PICTURE_BYTES / 2**20
        for words in (("assemble", "1", "--offline"), ("check", "1", "--offline")):
            show(
                f"nl {words[0]}, {options.pictures} pictures of 2 MB",
                weight,
                lambda is_heavy, words=words: peak_mebibytes("-C", str(heavy if is_heavy else light), *words),  # type: ignore[misc]
            )
        few, many = folder / "few.csv", folder / "many.csv"
        write_list(few, FEW)
        write_list(many, options.rows)
        show(
            f"nl send --dry-run, {options.rows} recipients",
            many.stat().st_size / 2**20,
            lambda is_many: peak_mebibytes("-C", str(light), *SENDING, str(many if is_many else few)),
        )


if __name__ == "__main__":
    main()
